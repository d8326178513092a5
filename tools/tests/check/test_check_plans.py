"""Plans that scan or sort are told, on a real MariaDB with rows in it."""

import pytest

from kithcheck import plans, sql
from kithcheck.sql import migrations
from kithcheck.sql.binding import bind
from kithcheck.sql.parser import parse
from kithdev.mariadb import PrivateMariaDB

_SCHEMA = """CREATE TABLE events (
  tenant_id BIGINT UNSIGNED NOT NULL,
  contact_id BINARY(16) NOT NULL,
  at_micros BIGINT NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  name VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (tenant_id, contact_id, at_micros)
) COMMENT='kith: home(contact_id)'"""
_LOG = "CREATE TABLE outbox (id BIGINT NOT NULL, PRIMARY KEY (id)) COMMENT='kith: log'"
_OWNER = "tenant_id = ? AND contact_id = ?"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A server with the tables, one owner of 1,000 rows among them."""
    directory = tmp_path_factory.mktemp("plans")
    server = PrivateMariaDB(directory, directory / "mariadbd.log")
    server.start()
    server.create_schema("kith_things")
    server.execute(f"{_SCHEMA}; {_LOG}", "kith_things")
    server.execute(
        "INSERT INTO events SELECT 1, UNHEX(REPEAT('ab', 16)), seq, seq % 7, 'x' "
        "FROM seq_1_to_1000",
        "kith_things",
    )
    yield server
    server.dispose()


@pytest.fixture
def explain(database, plant):
    """The faults of the plan of one statement."""

    def _explain(text):
        tree = plant(
            {
                "things-svc/schema/0001_events.sql": _SCHEMA,
                "things-svc/schema/0002_outbox.sql": _LOG,
            }
        )
        tables, faults = migrations.read(tree, "things-svc", [])
        assert faults == []
        statement = sql.Statement(text, "", "things-svc/a.cc", 5)
        return list(
            plans.explain(database, "kith_things", list(tables.values()), [statement])
        )

    return _explain


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT kind FROM events WHERE {_OWNER} AND at_micros = ?",
        f"SELECT kind FROM events WHERE {_OWNER} ORDER BY at_micros DESC LIMIT ?",
        f"SELECT kind FROM events WHERE {_OWNER} AND at_micros <= ? ORDER BY at_micros DESC LIMIT ?",
        "SELECT kind FROM events WHERE tenant_id = ? AND contact_id IN (:list)",
        "SELECT contact_id FROM events WHERE tenant_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ?",
        f"UPDATE events SET kind = ? WHERE {_OWNER} AND at_micros = ?",
        f"DELETE FROM events WHERE {_OWNER} LIMIT 100",
        "INSERT INTO events (tenant_id, contact_id, at_micros, kind) VALUES (?, ?, ?, ?)",
        "SELECT id FROM outbox ORDER BY id LIMIT 100",
        f"(SELECT kind FROM events WHERE {_OWNER} LIMIT 5) UNION ALL (SELECT kind FROM events WHERE {_OWNER} LIMIT 5)",
    ],
)  # fmt: skip
def test_what_goes_by_key_passes(explain, text):
    assert explain(text) == []


@pytest.mark.parametrize(
    "text, what, mend",
    [
        ("SELECT name FROM events WHERE kind = ? LIMIT 1", "reads all of events", "add a key"),
        ("UPDATE events SET kind = 1 WHERE name = ?", "reads all of events", "from its first on"),
        ("DELETE FROM events WHERE kind = ?", "reads all of events", "add a key"),
        ("SELECT id FROM outbox WHERE id + 1 = ?", "reads all of outbox", "add a key"),
        (f"SELECT kind FROM events WHERE {_OWNER} ORDER BY kind LIMIT ?", "sorts what it reads of events", "FORCE INDEX"),
        ("SELECT kind FROM events WHERE tenant_id = ? AND contact_id IN (:list) ORDER BY at_micros LIMIT ?", "sorts", "UNION ALL"),
        ("SELECT title FROM events", "Unknown column", "mend the statement"),
        ("SELECT kind FROM event", "doesn't exist", "the migration"),
        ("INSERT INTO events (title) VALUES (?)", "Unknown column", "mend the statement"),
    ],
)  # fmt: skip
def test_what_scans_or_sorts_is_told(explain, expect, text, what, mend):
    expect(explain(text), "things-svc/a.cc", 5, what, mend)


def test_a_group_over_a_history_is_told(explain):
    found = explain(f"SELECT kind FROM events WHERE {_OWNER} GROUP BY kind")
    assert any("temporary table" in each.what for each in found)


def test_values_go_where_their_columns_are():
    text = (
        "UPDATE t SET a = ?, b = b + ? WHERE (c, d) IN ((?, ?), (?, ?))\n"
        "  AND e BETWEEN ? AND ? AND f IN (:list) LIMIT ?"
    )
    values = {name: [f"{name}1", f"{name}2"] for name in "abcdef"}
    bound = bind(text, parse([text])[0].statements[0], values)
    assert sorted(word for word in bound.replace("(", " ").replace(")", " ").replace(",", " ").split() if word[-1] in "12") == [
        "a1", "b1", "c1", "c2", "d1", "d2", "e1", "e2", "f1", "f1", "f2",
    ]  # fmt: skip
    assert bound.endswith("LIMIT 20")
