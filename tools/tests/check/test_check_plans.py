"""Plans that scan or sort are told, on a real MariaDB with rows in it."""

import re

import pytest

from cases import cases
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
    """A server with the tables, which the check fills."""
    directory = tmp_path_factory.mktemp("plans")
    server = PrivateMariaDB(directory, directory / "mariadbd.log")
    server.start()
    server.create_schema("kith_things")
    server.execute(f"{_SCHEMA}; {_LOG}", "kith_things")
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
    "text, what", [line.split(" -- ") for line in cases("plans.sql")]
)
def test_what_scans_or_sorts_is_told(explain, expect, text, what):
    found = explain(text.replace("OWNER", _OWNER))
    if what == "fine":
        assert found == []
    else:
        expect(found, "things-svc/a.cc", 5, what, "")


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
    taken = sorted(re.findall(r"\b[a-f][12]\b", bound))
    assert " ".join(taken) == "a1 b1 c1 c2 d1 d2 e1 e2 f1 f1 f2"
    assert bound.endswith("LIMIT 20")
