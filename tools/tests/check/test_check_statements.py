"""Statements go by key, on one table, in bounds."""

import json
import re

import pytest

from kithcheck import sql
from kithcheck.sql import dump
from kithcheck.sql.parser import parse
from kithdev.failure import Failure

_TENANT = "  tenant_id BIGINT UNSIGNED NOT NULL,\n"
_FILES = {
    "contacts-svc/schema/released.sha256": "",
    "contacts-svc/schema/0001_events.sql": "CREATE TABLE events (\n" + _TENANT + """
  contact_id BINARY(16) NOT NULL,
  at_micros BIGINT NOT NULL,
  event_id BINARY(16) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  note VARBINARY(100) NULL,
  PRIMARY KEY (tenant_id, contact_id, at_micros, event_id),
  KEY by_kind (tenant_id, contact_id, kind, at_micros)
) COMMENT='kith: home(contact_id)'""",
    "contacts-svc/schema/0002_words.sql": "CREATE TABLE words (\n" + _TENANT + """
  word VARBINARY(100) NOT NULL,
  contact_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, word, contact_id)
) COMMENT='kith: lookup(of events)'""",
    "contacts-svc/schema/0003_outbox.sql": """CREATE TABLE outbox (
  id BINARY(16) NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (id)
) COMMENT='kith: log'""",
    "contacts-svc/schema/0004_marks.sql": "CREATE TABLE marks (\n" + _TENANT + """
  contact_id BINARY(16) NOT NULL,
  mark BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id, mark)
) COMMENT='kith: home(contact_id), few'""",
    "contacts-svc/schema/0005_leases.sql": """CREATE TABLE leases (
  name VARBINARY(100) NOT NULL,
  PRIMARY KEY (name)
) COMMENT='kith: operations'""",
}  # fmt: skip
_PATH = "contacts-svc/event_row.cc"
_OWNER = "tenant_id = ? AND contact_id = ?"
_POINT = f"{_OWNER} AND at_micros = ? AND event_id = ?"


@pytest.fixture(scope="module", autouse=True)
def parsed():
    """All at once, as the parser takes a while to start."""
    parse([*_FILES.values(), *_GOOD, *(text for text, _, _ in _BAD)])


@pytest.fixture
def found(plant):
    """The faults of one statement."""

    def _found(text, mark="", path=_PATH):
        statement = sql.Statement(text, mark, path, 3)
        return sql.check(plant(_FILES), {"contacts-svc": [statement]})

    return _found


_GOOD = [
    f"SELECT note FROM events WHERE {_POINT}",
    f"SELECT note FROM events WHERE {_POINT} FOR UPDATE",
    f"SELECT note FROM events e WHERE {_OWNER} LIMIT ?",
    f"SELECT note FROM events WHERE {_OWNER} ORDER BY at_micros DESC, event_id DESC LIMIT ?",
    f"SELECT note FROM events WHERE {_OWNER} AND kind = ? ORDER BY at_micros LIMIT 1",
    f"SELECT note FROM events FORCE INDEX (by_kind) WHERE {_OWNER} AND kind = ? ORDER BY at_micros DESC LIMIT 1",
    f"SELECT note FROM events WHERE {_OWNER} AND at_micros <= ? AND (at_micros < ? OR event_id < ?) ORDER BY at_micros DESC, event_id DESC LIMIT ?",
    "SELECT note FROM events WHERE tenant_id = ? AND contact_id IN (:list) LIMIT ?",
    "SELECT note FROM events WHERE (tenant_id, contact_id) IN ((?, ?), (?, ?)) LIMIT ?",
    "SELECT mark FROM marks WHERE tenant_id = ? AND contact_id IN (:list) ORDER BY contact_id, mark",
    "SELECT contact_id FROM words WHERE tenant_id = ? AND word = ? AND contact_id > ? ORDER BY contact_id LIMIT ?",
    f"(SELECT note FROM events WHERE {_OWNER} ORDER BY at_micros LIMIT 5) UNION ALL (SELECT note FROM events WHERE {_OWNER} ORDER BY at_micros LIMIT 5) ORDER BY 1 LIMIT 5",
    f"SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE {_OWNER} LIMIT 1000) AS few",
    "INSERT INTO events (tenant_id, contact_id, at_micros, event_id, kind) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)",
    f"UPDATE events SET kind = ?, note = ? WHERE {_POINT}",
    f"UPDATE events SET at_micros = ? WHERE {_POINT}",
    f"DELETE FROM events WHERE {_OWNER} LIMIT 100",
    "INSERT INTO outbox (id, body) VALUES (?, ?)",
    "SELECT name FROM leases ORDER BY name DESC",
]  # fmt: skip


@pytest.mark.parametrize("text", _GOOD)
def test_what_goes_by_key_passes(found, text):
    assert found(text) == []


_BAD = [
    ("SELECT note FROM events WHERE contact_id = ? LIMIT 1", "without tenant_id", "WHERE tenant_id = ?"),
    ("SELECT note FROM events WHERE (tenant_id = ? OR kind = ?) AND contact_id = ? LIMIT 1", "without tenant_id", "WHERE tenant_id = ?"),
    ("SELECT note FROM events WHERE tenant_id = kind + 1 AND contact_id = ? LIMIT 1", "without tenant_id", "WHERE tenant_id = ?"),
    ("SELECT note FROM events WHERE tenant_id = ? AND kind = ? LIMIT 1", "without contact_id", "lookup table first"),
    ("SELECT note FROM events WHERE tenant_id = ? AND contact_id > ? ORDER BY contact_id LIMIT 1", "without contact_id", "kith: list"),
    ("SELECT note FROM events WHERE tenant_id = ? AND contact_id NOT IN (?, ?) LIMIT 1", "without contact_id", "fix contact_id"),
    ("SELECT contact_id FROM words WHERE tenant_id = ? AND contact_id = ? LIMIT 1", "without word", "fix word"),
    ("UPDATE events SET kind = ? WHERE tenant_id = ? AND at_micros = ? LIMIT 1", "UPDATE on events without contact_id", "fix contact_id"),
    ("DELETE FROM events WHERE tenant_id = ? LIMIT 1", "DELETE on events without contact_id", "fix contact_id"),
    (f"SELECT * FROM events WHERE {_POINT}", r"SELECT \*", "name the columns"),
    (f"SELECT events.* FROM events WHERE {_POINT}", r"SELECT \*", "name the columns"),
    (f"SELECT note FROM events WHERE {_OWNER} LIMIT ? OFFSET ?", "OFFSET", "last key"),
    (f"SELECT note FROM events WHERE {_OWNER} LIMIT ?, ?", "OFFSET", "last key"),
    (f"SELECT COUNT(*) FROM events WHERE {_OWNER} LIMIT 1", "without a bound", r"\(SELECT 1"),
    (f"SELECT MAX(at_micros) FROM events WHERE {_OWNER} LIMIT 1", "without a bound", "LIMIT n"),
    (f"SELECT kind FROM events WHERE {_OWNER} GROUP BY kind LIMIT 1", "without a bound", "LIMIT n"),
    (f"SELECT DISTINCT kind FROM events WHERE {_OWNER} LIMIT 1", "without a bound", "LIMIT n"),
    (f"SELECT COUNT(*) FROM (SELECT 1 FROM events WHERE {_POINT}) AS few", "derived", "LIMIT n"),
    ("SELECT e.note FROM events e JOIN words w ON w.contact_id = e.contact_id", "a join", "a statement of its own"),
    ("SELECT note FROM events, words", "a join", "a statement of its own"),
    (f"SELECT note FROM events WHERE {_OWNER} AND kind IN (SELECT 1 FROM words) LIMIT 1", "sub-select", "a statement of its own"),
    (f"SELECT note FROM events WHERE {_POINT} AND EXISTS (SELECT 1 FROM words)", "sub-select", "a statement of its own"),
    (f"SELECT (SELECT 1 FROM words) FROM events WHERE {_POINT}", "sub-select", "a statement of its own"),
    ("WITH a AS (SELECT 1) SELECT note FROM a", "WITH", "a statement of its own"),
    (f"SELECT note FROM events WHERE {_POINT} UNION SELECT note FROM events WHERE {_POINT}", "compares all", "UNION ALL"),
    ("UPDATE events JOIN words ON word = note SET kind = 1", "a join", "a statement of its own"),
    ("DELETE events FROM events JOIN words ON word = note", "several tables", "a statement of its own"),
    (f"SELECT note FROM events WHERE {_POINT} FOR SHARE", "only one of MariaDB and MySQL", "FOR UPDATE"),
    (f"DELETE FROM events WHERE {_POINT} RETURNING note", "RETURNING", "by key"),
    ("REPLACE INTO outbox (id, body) VALUES (?, ?)", "REPLACE", "duplicate key"),
    ("INSERT IGNORE INTO outbox (id, body) VALUES (?, ?)", "IGNORE", "1062"),
    ("INSERT INTO outbox VALUES (?, ?)", "without its columns", "INSERT INTO table"),
    ("INSERT INTO outbox (id, body) SELECT word, word FROM words LIMIT 1", "not from VALUES", "INSERT INTO table"),
    ("INSERT INTO outbox (id, body) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE body = new.body", "row alias", "VALUES"),
    ("INSERT INTO events (tenant_id, contact_id, kind) VALUES (?, ?, ?)", "leaves out at_micros, event_id", "NOT NULL"),
    ("SELECT GET_LOCK('a', 1)", "GET_LOCK", "lease row"),
    (f"UPDATE events SET kind = NOW() WHERE {_POINT}", "NOW", "ops::Clock"),
    (f"UPDATE events SET contact_id = ? WHERE {_POINT}", "UPDATE of contact_id", "delete the row and insert"),
    (f"SELECT note FROM events WHERE {_OWNER}", "without LIMIT", "few"),
    (f"DELETE FROM events WHERE {_OWNER}", "without LIMIT", "add LIMIT"),
    (f"SELECT note FROM events WHERE {_OWNER} ORDER BY event_id LIMIT 1", "no key of events", "UNION ALL"),
    (f"SELECT note FROM events WHERE {_OWNER} ORDER BY note LIMIT 1", "sorts", "columns of one key"),
    (f"SELECT note FROM events WHERE {_OWNER} ORDER BY at_micros DESC, event_id LIMIT 1", "sorts", "one direction"),
    (f"SELECT note FROM events WHERE {_OWNER} ORDER BY at_micros + 1 LIMIT 1", "an expression", "columns of one key"),
    (f"SELECT note FROM events FORCE INDEX (by_kind) WHERE {_OWNER} ORDER BY at_micros LIMIT 1", "sorts", "fixed by ="),
    (f"SELECT note FROM events FORCE INDEX (by_note) WHERE {_OWNER} LIMIT 1", "no key by_note", "PRIMARY, by_kind"),
    ("SELECT note FROM events WHERE tenant_id = ? AND contact_id IN (?, ?) ORDER BY at_micros LIMIT 1", "sorts", "IN sorts"),
    ("SELECT body FROM outbox WHERE id = ?", "is a log", "kith: maintenance"),
    (f"SELECT note FROM strangers WHERE {_OWNER} LIMIT 1", "makes strangers", "its tables alone"),
    ("SAVEPOINT a", "SAVEPOINT", "Transact"),
    ("ROLLBACK TO SAVEPOINT a", "SAVEPOINT", "Transact"),
    ("CREATE TEMPORARY TABLE a (b INT)", "outside of common/mysql", "migration"),
    ("BEGIN", "outside of common/mysql", "mysql::Transact"),
    ("SELECT note FROM", "cannot be parsed", "one table"),
    ("UPDATE events, words SET kind = 1", "cannot be parsed", "one table"),
    (f"SELECT note FROM events WHERE {_POINT}; SELECT 1", "2 statements", "keep to one"),
]  # fmt: skip


@pytest.mark.parametrize("text, what, mend", _BAD)
def test_what_does_not_is_told(found, text, what, mend):
    faults = [each for each in found(text) if re.search(what, each.what)]
    assert faults, found(text)
    assert (faults[0].path, faults[0].line) == (_PATH, 3)
    assert re.search(mend, faults[0].mend), faults[0].mend


_LIST = "SELECT contact_id FROM events WHERE tenant_id = ? AND contact_id > ? "


def test_a_list_pages_over_the_owner(found):
    assert found(_LIST + "ORDER BY contact_id LIMIT ?", "list") == []


@pytest.mark.parametrize(
    "text",
    [
        _LIST + "ORDER BY contact_id",
        _LIST + "LIMIT ?",
        "SELECT note FROM events WHERE tenant_id IN (?, ?) AND contact_id > ? ORDER BY contact_id LIMIT ?",
        "DELETE FROM events WHERE tenant_id = ? ORDER BY contact_id LIMIT 1",
    ],
)  # fmt: skip
def test_a_list_that_does_not_page_is_told(found, text):
    faults = [each for each in found(text, "list") if "marked list" in each.what]
    assert len(faults) == 1
    assert "ORDER BY contact_id LIMIT ?" in faults[0].mend


def test_maintenance_spans_tenants_in_bounds(found, expect):
    sweep = "DELETE FROM events WHERE at_micros < ?"
    assert found(f"{sweep} LIMIT 500", "maintenance") == []
    expect(found(sweep, "maintenance"), _PATH, 3, "without LIMIT", "add LIMIT")


def test_maintenance_stands_in_one_file(plant, expect):
    sweep = "DELETE FROM events WHERE at_micros < ? LIMIT 500"
    places = [
        "contacts-svc/sweep.cc",
        "contacts-svc/feed.cc",
        "common/mysql/request_log.cc",
    ]
    dumped = [sql.Statement(sweep, "maintenance", path, 3) for path in places]
    found = sql.check(plant(_FILES), {"contacts-svc": dumped})
    expect(found, "contacts-svc/feed.cc", 3, "and in contacts-svc/sweep.cc", "one file")


def test_an_unknown_mark(found, expect):
    text = f"SELECT note FROM events WHERE {_POINT}"
    expect(found(text, "sweep"), _PATH, 3, "no mark", "list or maintenance")


@pytest.mark.parametrize(
    "text", ["BEGIN", "COMMIT", "ROLLBACK", "SET SESSION sql_mode = ''"]
)
def test_sessions_are_common_codes_own(found, text):
    assert found(text, path="common/mysql/transaction.cc") == []


def test_statements_come_from_the_binary(plant):
    line = json.dumps({"sql": "SELECT ?", "mark": "list", "where": "a/b.cc:57"})
    tree = plant(
        {
            "build/dev/bin/contacts-svc": f"#!/bin/sh\n[ $1 = {dump.FLAG} ] && echo '{line}'\n"
        }
    )
    with pytest.raises(Failure, match="not built"):
        dump.of_binary(tree.root, "identity-svc")
    (tree.root / "build/dev/bin/contacts-svc").chmod(0o755)
    assert dump.of_binary(tree.root, "contacts-svc") == [
        dump.Statement("SELECT ?", "list", "a/b.cc", 57)
    ]


def test_a_dump_that_is_none_is_told():
    with pytest.raises(Failure, match="no statement: oops"):
        dump.read("oops\n")
