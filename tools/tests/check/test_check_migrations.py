"""Tables declare what they are and keep to it; migrations only add."""

import re

import pytest

from kithcheck import sql
from kithcheck.sql import released
from kithcheck.sql.parser import parse
from kithcheck.tree import Tree
from kithdev.failure import Failure

_HOME = """CREATE TABLE things (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  -- As it was typed.
  name VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  create_micros BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id),
  KEY by_name (tenant_id, contact_id, name)
) ENGINE=InnoDB COMMENT='kith: home(contact_id)'
"""
_LOOKUP = """CREATE TABLE names (
  tenant_id BIGINT UNSIGNED NOT NULL,
  name VARBINARY(100) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, name, contact_id)
) COMMENT='kith: lookup(of things)'
"""
_KEY = """CREATE TABLE labels (
  tenant_id BIGINT UNSIGNED NOT NULL,
  label VARBINARY(100) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, label)
) COMMENT='kith: key(of things)'
"""
_LOG = """CREATE TABLE outbox (
  id BINARY(16) NOT NULL,
  tenant_id BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (id)
) COMMENT='kith: log'
"""
_FOLDER = "contacts-svc/schema/"
_RELEASED = f"{_FOLDER}{released.LIST}"
_FILES = {
    _RELEASED: "",
    f"{_FOLDER}0001_things.sql": _HOME,
    f"{_FOLDER}0002_names.sql": _LOOKUP,
    f"{_FOLDER}0003_labels.sql": _KEY,
    f"{_FOLDER}0004_outbox.sql": _LOG,
}


@pytest.fixture(scope="module", autouse=True)
def parsed():
    """All at once, as the parser takes a while to start."""
    made = [_HOME.replace(old, new) for old, new, _, _ in _TABLES]
    parse([*_FILES.values(), *made, *(text for text, _, _ in _CHANGES)])


@pytest.fixture
def found(plant):
    """The faults of the good migrations with some files more, or changed."""

    def _found(files):
        return sql.check(plant({**_FILES, **files}), {})

    return _found


def test_the_good_ones_pass(found):
    assert found({}) == []


_TABLES = [
    (" COMMENT='kith: home(contact_id)'", "", "does not declare", "COMMENT='kith:"),
    ("home(contact_id)", "heim(contact_id)", "does not declare", "COMMENT='kith:"),
    ("PRIMARY KEY (tenant_id, contact_id),", "", "no PRIMARY KEY", "give it one"),
    ("KEY (tenant_id, contact_id),", "KEY (contact_id, tenant_id),", "begins with contact_id|owner second", "begin it with"),
    ("KEY (tenant_id, contact_id),", "KEY (tenant_id, name, contact_id),", "owner second", r"\(tenant_id, contact_id\)"),
    ("home(contact_id)", "home(name)", "owner second|home to name", "begin it with|lookup or key"),
    (" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "", "no collation", "COLLATE utf8mb4_bin"),
    ("utf8mb4_bin", "utf8mb4_0900_ai_ci", "only one of", "utf8mb4_unicode_ci"),
    ("create_micros BIGINT", "create_micros INT", "no BIGINT", "microseconds"),
    ("create_micros BIGINT", "create_time DATETIME(6)", "DATETIME", "_micros BIGINT"),
    ("create_micros BIGINT", "price DECIMAL(10, 2)", "DECIMAL", "micros of the currency"),
    ("create_micros BIGINT", "extra JSON", "JSON", "VARBINARY"),
    ("create_micros BIGINT", "`rank` BIGINT, rank BIGINT", "reserved", "says more"),
    ("create_micros BIGINT NOT NULL", "n BIGINT NOT NULL AUTO_INCREMENT", "AUTO_INC", "ops::Uuid"),
    ("create_micros BIGINT NOT NULL", "n BIGINT REFERENCES a (b)", "foreign key", "in the transaction"),
    ("KEY by_name (tenant_id, contact_id, name)", "FOREIGN KEY (name) REFERENCES a (b)", "foreign key", "in the transaction"),
    ("KEY by_name", "FULLTEXT KEY by_name", "FULLTEXT", "lookup table of the words"),
    ("KEY by_name", "UNIQUE KEY by_name", "UNIQUE", "kith: key"),
    ("create_micros BIGINT NOT NULL", "n BIGINT UNIQUE", "UNIQUE", "kith: key"),
    ("tenant_id BIGINT UNSIGNED", "tenant_id BIGINT", "no BIGINT UNSIGNED", "make it"),
    ("ENGINE=InnoDB COMMENT='kith: home(contact_id)'", "COMMENT='kith: home(contact_id)' PARTITION BY HASH(tenant_id)", "cannot be parsed", "no trigger, procedure, view, partition"),
    ("CREATE TABLE", "CREATE TEMPORARY TABLE", "TEMPORARY", "a table that stays"),
    ("CREATE TABLE", "CREATE OR REPLACE TABLE", "OR_REPLACE", "under a new name"),
]  # fmt: skip


@pytest.mark.parametrize("old, new, what, mend", _TABLES)
def test_what_is_wrong_with_a_table(found, old, new, what, mend):
    assert old in _HOME
    path = f"{_FOLDER}0001_things.sql"
    faults = [
        each for each in found({path: _HOME.replace(old, new)}) if each.path == path
    ]
    assert any(
        re.search(what, each.what) and re.search(mend, each.mend) for each in faults
    ), faults


@pytest.mark.parametrize(
    "path, old, new, what, mend",
    [
        ("0002_names.sql", "(tenant_id, name, contact_id)", "(tenant_id, contact_id, name)", "end with contact_id", "looked-up columns"),
        ("0002_names.sql", "of things", "of nothing", "lacks", "name the table"),
        ("0003_labels.sql", "of things", "of nothing", "lacks", "name the table"),
        ("0003_labels.sql", "(tenant_id, label)", "(tenant_id, label, contact_id)", "no plain column", "unique columns"),
        ("0002_names.sql", "(tenant_id, name, contact_id)", "(name, tenant_id, contact_id)", "begins with name", "begin it with tenant_id"),
    ],
)  # fmt: skip
def test_what_leads_to_a_table_fits_it(found, expect, path, old, new, what, mend):
    text = _FILES[_FOLDER + path]
    assert old in text
    faults = found({_FOLDER + path: text.replace(old, new)})
    expect(faults, _FOLDER + path, 1, what, mend)


_CHANGES = [
    ("ALTER TABLE things DROP COLUMN name", "DropColumn", "only add"),
    ("ALTER TABLE things RENAME COLUMN name TO title", "RenameColumn", "only add"),
    ("ALTER TABLE things ADD PRIMARY KEY (name)", "another PRIMARY", "only add"),
    ("DROP TABLE things", "Drop", "only add"),
    ("TRUNCATE TABLE things", "Truncate", "only add"),
    ("UPDATE things SET create_micros = 0", "Update", "only add"),
    ("ALTER TABLE things ADD COLUMN n BIGINT NOT NULL", "no DEFAULT", "DEFAULT"),
    ("ALTER TABLE things ADD n TEXT NULL", "no collation", "COLLATE"),
    ("ALTER TABLE other ADD COLUMN n BIGINT NULL", "makes other", "mend the table's"),
    ("ALTER TABLE things ADD UNIQUE KEY u (name)", "UNIQUE", "kith: key"),
    ("ALTER TABLE things ADD FULLTEXT KEY u (name)", "FULLTEXT", "lookup table"),
    ("CREATE VIEW v AS SELECT 1", "CreateView", "no trigger"),
    ("CREATE SEQUENCE s", "CreateSequence", "no trigger"),
    ("CREATE UNIQUE INDEX u ON things (name)", "CreateIndex", "no trigger"),
    ("CREATE TRIGGER t BEFORE INSERT ON things FOR EACH ROW SET @a = 1", "parsed", "no trigger"),
    ("CREATE PROCEDURE p() BEGIN END", "parsed", "no trigger"),
    ("CREATE TABLE other LIKE things", "LIKE", "name the columns"),
    ("CREATE TABLE other AS SELECT 1", "QUERY", "name the columns"),
    ("CREATE INDEX a ON things (name); CREATE INDEX b ON things (name)", "2 statements", "of its own"),
]  # fmt: skip


@pytest.mark.parametrize("text, what, mend", _CHANGES)
def test_migrations_only_add(found, expect, text, what, mend):
    path = f"{_FOLDER}0005_more.sql"
    expect(found({path: text}), path, 1, what, mend)


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE things ADD COLUMN n BIGINT NULL",
        "ALTER TABLE things ADD COLUMN n BIGINT NOT NULL DEFAULT 0, ADD KEY k (n)",
        "ALTER TABLE things ADD KEY k (tenant_id, name), ALGORITHM=INPLACE",
        "CREATE INDEX k ON things (tenant_id, name)",
        "CREATE TABLE tries (id BIGINT NOT NULL, PRIMARY KEY (id)) COMMENT='kith: operations'",
    ],
)
def test_what_adds_passes(found, text):
    assert found({f"{_FOLDER}0005_more.sql": text}) == []


@pytest.mark.parametrize(
    "name, what, mend",
    [
        ("0006_more.sql", "0005 comes next", "without gaps"),
        ("0004_more.sql", "0005 comes next", "each number once"),
        ("more.sql", "not the name", "NNNN_"),
        ("0005-more.sql", "not the name", "NNNN_"),
    ],
)
def test_numbers_have_no_gaps(found, expect, name, what, mend):
    text = "ALTER TABLE things ADD COLUMN n BIGINT NULL"
    faults = [
        each for each in found({_FOLDER + name: text}) if "makes" not in each.what
    ]
    assert len(faults) == 1
    assert what in faults[0].what and mend in faults[0].mend


def test_tables_of_common_code_are_judged_where_they_stand(plant, expect):
    statement = sql.Statement(
        "CREATE TABLE leases (a BIGINT)", "", "common/mysql/a.cc", 7
    )
    found = sql.check(plant(_FILES), {"contacts-svc": [statement]})
    expect(found, "common/mysql/a.cc", 7, "does not declare", "COMMENT=")


@pytest.fixture
def after_release(plant):
    """The faults after a release and a change: after_release({path: text})."""
    tree = plant(_FILES)
    assert released.release(tree) == [_RELEASED]
    assert released.release(Tree(tree.root)) == []
    return lambda files: sql.check(plant(files), {})


def test_released_migrations_stay_as_they_are(after_release, expect):
    path = f"{_FOLDER}0001_things.sql"
    assert after_release({}) == []
    found = after_release({path: _HOME.replace("-- As it was typed.", "-- As typed.")})
    expect(found, path, 1, "changed after its release", "in a migration of the next")


def test_a_released_migration_does_not_go(after_release, plant):
    path = f"{_FOLDER}0004_outbox.sql"
    (plant({}).root / path).unlink()
    assert [(each.path, each.what) for each in after_release({})] == [
        (path, "released, and gone")
    ]


def test_a_release_forgives_nothing_and_takes_what_is_new(after_release, plant):
    path, more = f"{_FOLDER}0001_things.sql", f"{_FOLDER}0005_more.sql"
    assert after_release({more: "CREATE INDEX k ON things (tenant_id, name)"}) == []
    with pytest.raises(Failure, match="changed after its release"):
        released.release(plant({path: _HOME + " "}))
    assert released.release(plant({path: _HOME})) == [_RELEASED]
    changed = after_release({more: "CREATE INDEX k2 ON things (tenant_id, name)"})
    assert [each.path for each in changed] == [more]


def test_without_a_release_it_asks_for_one(plant, expect):
    tree = plant(_FILES)
    (tree.root / _RELEASED).unlink()
    found = sql.check(Tree(tree.root), {})
    expect(found, _RELEASED, 1, "no list of the released", "./dev fix release")
