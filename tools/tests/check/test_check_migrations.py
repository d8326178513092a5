"""Tables declare what they are and keep to it; migrations only add."""

import re

import pytest

from cases import MIGRATIONS, SCHEMA, cases
from kithcheck import sql
from kithcheck.sql import released
from kithcheck.sql.parser import parse
from kithcheck.tree import Tree
from kithdev.failure import Failure

_RELEASED = f"{SCHEMA}{released.LIST}"
_EVENTS, _WORDS, _LABELS, *_, _LAST = list(MIGRATIONS)[1:]
_HOME = MIGRATIONS[_EVENTS]
_MORE = f"{SCHEMA}0007_more.sql"

_CASES = [re.split(" -> |: (?=[^:]*$)", line) for line in cases("bad_tables.txt")]
_CHANGES = [line.split(" -- ") for line in cases("bad_migrations.sql")]


@pytest.fixture(scope="module", autouse=True)
def parsed():
    """All at once, as the parser takes a while to start."""
    made = [_HOME.replace(old, new) for old, new, _ in _CASES]
    parse([*MIGRATIONS.values(), *made, *(text for text, _ in _CHANGES)])


@pytest.fixture
def found(plant):
    """The faults of the good migrations with some files more, or changed."""

    def _found(files):
        return sql.check(plant({**MIGRATIONS, **files}), {})

    return _found


def test_the_good_ones_pass(found):
    assert found({}) == []


@pytest.mark.parametrize("old, new, what", _CASES)
def test_what_is_wrong_with_a_table(found, old, new, what):
    assert old in _HOME
    faults = found({_EVENTS: _HOME.replace(old, new)})
    assert any(each.path == _EVENTS and what in each.what for each in faults), faults


@pytest.mark.parametrize(
    "path, old, new, what",
    [
        (_WORDS, "word, contact_id)", "contact_id, word)", "end with contact_id"),
        (_WORDS, "(tenant_id, word, c", "(word, tenant_id, c", "begins otherwise"),
        (_WORDS, "of events", "of nothing", "no table here"),
        (_LABELS, "of events", "of nothing", "no table here"),
        (_LABELS, "label)", "label, contact_id)", "no plain column"),
    ],
)
def test_what_leads_to_a_table_fits_it(found, expect, path, old, new, what):
    assert old in MIGRATIONS[path]
    expect(found({path: MIGRATIONS[path].replace(old, new)}), path, 1, what, "")


@pytest.mark.parametrize("text, what", _CHANGES)
def test_migrations_only_add(found, expect, text, what):
    expect(found({_MORE: text}), _MORE, 1, what, "")


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE events ADD COLUMN n BIGINT NULL",
        "ALTER TABLE events ADD COLUMN n BIGINT NOT NULL DEFAULT 0, ADD KEY k (n)",
        "ALTER TABLE events ADD KEY k (tenant_id, note), ALGORITHM=INPLACE",
        "CREATE INDEX k ON events (tenant_id, note)",
        "CREATE TABLE tries (id BIGINT PRIMARY KEY) COMMENT='kith: operations'",
    ],
)
def test_what_adds_passes(found, text):
    assert found({_MORE: text}) == []


@pytest.mark.parametrize("name", ["0008_a", "0006_z", "more", "0007-a"])
def test_numbers_have_no_gaps(found, expect, name):
    path = f"{SCHEMA}{name}.sql"
    found = found({path: "CREATE INDEX k ON events (tenant_id, note)"})
    expect(found, path, 1, "not number 000[67]", "without gaps, each number once")


def test_tables_of_common_code_are_judged_where_they_stand(plant, expect):
    statement = sql.Statement(
        "CREATE TABLE tries (a BIGINT)", "", "common/mysql/a.cc", 7
    )
    found = sql.check(plant(MIGRATIONS), {"contacts-svc": [statement]})
    expect(found, "common/mysql/a.cc", 7, "does not declare", "COMMENT=")


@pytest.fixture
def after_release(plant):
    """The faults after a release and a change: after_release({path: text})."""
    tree = plant(MIGRATIONS)
    assert released.release(tree) == [_RELEASED]
    assert released.release(Tree(tree.root)) == []
    return lambda files: sql.check(plant(files), {})


def test_released_migrations_stay_as_they_are(after_release, plant, expect):
    assert after_release({}) == []
    found = after_release({_EVENTS: _HOME.replace("As it was typed", "As typed")})
    expect(found, _EVENTS, 1, "changed after its release", "a migration of the next")
    (plant({_EVENTS: _HOME}).root / _LAST).unlink()
    expect(after_release({}), _LAST, 1, "released, and gone", "put it back")


def test_a_release_forgives_nothing_and_takes_what_is_new(after_release, plant, expect):
    index = "CREATE INDEX k ON events (tenant_id, note)"
    assert after_release({_MORE: index}) == []
    with pytest.raises(Failure, match="changed after its release"):
        released.release(plant({_EVENTS: _HOME + " "}))
    assert released.release(plant({_EVENTS: _HOME})) == [_RELEASED]
    expect(after_release({_MORE: f"{index} "}), _MORE, 1, "changed after", "")


def test_without_a_release_it_asks_for_one(plant, expect):
    tree = plant(MIGRATIONS)
    (tree.root / _RELEASED).unlink()
    found = sql.check(Tree(tree.root), {})
    expect(found, _RELEASED, 1, "no list of the released", "./dev fix release")
