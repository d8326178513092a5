"""Tables declare what they are and keep to it; migrations only add."""

import re

import pytest

from cases import cases
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

_TABLES = [re.split(" -> |: (?=[^:]*$)", line) for line in cases("bad_tables.txt")]
_CHANGES = [line.split(" -- ") for line in cases("bad_migrations.sql")]


@pytest.fixture(scope="module", autouse=True)
def parsed():
    """All at once, as the parser takes a while to start."""
    made = [_HOME.replace(old, new) for old, new, _ in _TABLES]
    parse([*_FILES.values(), *made, *(text for text, _ in _CHANGES)])


@pytest.fixture
def found(plant):
    """The faults of the good migrations with some files more, or changed."""

    def _found(files):
        return sql.check(plant({**_FILES, **files}), {})

    return _found


def test_the_good_ones_pass(found):
    assert found({}) == []


@pytest.mark.parametrize("old, new, what", _TABLES)
def test_what_is_wrong_with_a_table(found, old, new, what):
    assert old in _HOME
    path = f"{_FOLDER}0001_things.sql"
    faults = found({path: _HOME.replace(old, new)})
    assert any(each.path == path and what in each.what for each in faults), faults


_NAMES, _LABELS = f"{_FOLDER}0002_names.sql", f"{_FOLDER}0003_labels.sql"


@pytest.mark.parametrize(
    "path, old, new, what",
    [
        (_NAMES, "name, contact_id)", "contact_id, name)", "end with contact_id"),
        (_NAMES, "(tenant_id, name, c", "(name, tenant_id, c", "begins otherwise"),
        (_NAMES, "of things", "of nothing", "no table here"),
        (_LABELS, "of things", "of nothing", "no table here"),
        (_LABELS, "label)", "label, contact_id)", "no plain column"),
    ],
)
def test_what_leads_to_a_table_fits_it(found, expect, path, old, new, what):
    assert old in _FILES[path]
    expect(found({path: _FILES[path].replace(old, new)}), path, 1, what, "")


@pytest.mark.parametrize("text, what", _CHANGES)
def test_migrations_only_add(found, expect, text, what):
    path = f"{_FOLDER}0005_more.sql"
    expect(found({path: text}), path, 1, what, "")


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE things ADD COLUMN n BIGINT NULL",
        "ALTER TABLE things ADD COLUMN n BIGINT NOT NULL DEFAULT 0, ADD KEY k (n)",
        "ALTER TABLE things ADD KEY k (tenant_id, name), ALGORITHM=INPLACE",
        "CREATE INDEX k ON things (tenant_id, name)",
        "CREATE TABLE tries (id BIGINT PRIMARY KEY) COMMENT='kith: operations'",
    ],
)
def test_what_adds_passes(found, text):
    assert found({f"{_FOLDER}0005_more.sql": text}) == []


@pytest.mark.parametrize("name", ["0006_a", "0004_z", "more", "0005-a"])
def test_numbers_have_no_gaps(found, expect, name):
    path = f"{_FOLDER}{name}.sql"
    found = found({path: "CREATE INDEX k ON things (tenant_id, name)"})
    expect(found, path, 1, "not number 000[56]", "without gaps, each number once")


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
