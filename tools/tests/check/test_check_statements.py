"""Statements go by key, on one table, in bounds."""

import json

import pytest

from cases import MIGRATIONS, cases
from kithcheck import sql
from kithcheck.sql import dump
from kithcheck.sql.parser import parse
from kithdev.failure import Failure

_PATH = "contacts-svc/event_row.cc"


def _whole(text):
    text = text.replace(" POINT", " OWNER AND at_micros = ? AND event_id = ?")
    return text.replace(" OWNER", " tenant_id = ? AND contact_id = ?")


_GOOD = [_whole(line) for line in cases("good_statements.sql")]
_BAD = [_whole(line).split(" -- ") for line in cases("bad_statements.sql")]


@pytest.fixture(scope="module", autouse=True)
def parsed():
    """All at once, as the parser takes a while to start."""
    parse([*MIGRATIONS.values(), *_GOOD, *(text for text, _ in _BAD)])


@pytest.fixture
def found(plant):
    """The faults of one statement."""

    def _found(text, mark="", path=_PATH):
        statement = sql.Statement(text, mark, path, 3)
        return sql.check(plant(MIGRATIONS), {"contacts-svc": [statement]})

    return _found


@pytest.mark.parametrize("text", _GOOD)
def test_what_goes_by_key_passes(found, text):
    assert found(text) == []


@pytest.mark.parametrize("text, what", _BAD)
def test_what_does_not_is_told(found, text, what):
    faults = [each for each in found(text) if what in each.what]
    assert faults, found(text)
    assert (faults[0].path, faults[0].line) == (_PATH, 3)
    assert faults[0].mend


_LIST = "SELECT contact_id FROM events WHERE tenant_id = ? AND contact_id > ? "


@pytest.mark.parametrize(
    "text, what",
    [
        (_LIST + "ORDER BY contact_id LIMIT ?", ""),
        (_LIST + "ORDER BY contact_id", "marked list"),
        (_LIST + "LIMIT ?", "marked list"),
        (_LIST.replace("= ?", "IN (?, ?)") + "ORDER BY contact_id LIMIT ?", "marked"),
        (
            "DELETE FROM events WHERE tenant_id = ? ORDER BY contact_id LIMIT 1",
            "marked",
        ),
    ],
)
def test_a_list_pages_over_the_owner(found, text, what):
    faults = found(text, "list")
    assert bool(faults) == bool(what)
    assert not what or any(what in each.what for each in faults)


def test_maintenance_spans_tenants_in_bounds(found, expect):
    sweep = "DELETE FROM events WHERE at_micros < ?"
    assert found(f"{sweep} LIMIT 500", "maintenance") == []
    expect(found(sweep, "maintenance"), _PATH, 3, "without LIMIT", "add LIMIT")


@pytest.mark.parametrize("text", ["BEGIN", "COMMIT", "ROLLBACK", "SET @@sql_mode = ''"])
def test_sessions_are_common_codes_own(found, text):
    assert found(text, path="common/mysql/transaction.cc") == []
    assert "outside of common/mysql" in found(text)[0].what


@pytest.mark.parametrize("text", ["SAVEPOINT a", "ROLLBACK TO SAVEPOINT a"])
def test_nothing_goes_back_half_way(found, text):
    assert "more than a session" in found(text, path="common/mysql/a.cc")[0].what


def test_statements_come_from_the_binary(plant):
    line = json.dumps({"sql": "SELECT ?", "mark": "list", "where": "../../a/b.cc:57"})
    script = f"#!/bin/sh\n[ $1 = {dump.FLAG} ] && echo '{line}'\n"
    tree = plant({"build/dev/bin/contacts-svc": script})
    with pytest.raises(Failure, match="not built"):
        dump.of_binary(tree.root, "identity-svc")
    (tree.root / "build/dev/bin/contacts-svc").chmod(0o755)
    assert dump.of_binary(tree.root, "contacts-svc") == [
        dump.Statement("SELECT ?", "list", "a/b.cc", 57)
    ]
