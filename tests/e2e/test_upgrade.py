"""Upgrade and rollback across a migration: either schema under either binary.

A binary serves its own schema and every later one, since migrations only add; it
waits for its own where the database has an earlier one. The release before is played by
the binaries of today on a schema with one migration more, the release after by
them on a schema with one less."""

import http.client
import json
import re
import subprocess

import grpc
import pytest

from builders import TRANSIENT, code, phone, touch, until_it_works, wait_until
from calling import Caller
from conftest import four_processes
from kithdev.paths import ROOT
from kithdev.processes import GATEWAY, OWNERS

pytestmark = four_processes


def schema(name: str) -> str:
    return f"kith_{name.removesuffix('-svc')}"


def migrations(name: str) -> list[str]:
    """The statements of a service's migrations, without comments."""
    files = sorted((ROOT / name / "schema").glob("[0-9]*.sql"))
    return [re.sub(r"--[^\n]*", "", file.read_text()) for file in files]


def take_back(suite, name: str) -> None:
    """Makes the database of a service that of the release before."""
    last = migrations(name)[-1]
    kind, table = re.match(r"\s*(CREATE|ALTER) TABLE (\w+)", last).groups()
    undo = f"DROP TABLE {table}"
    if kind == "ALTER":
        added = re.findall(r"ADD (COLUMN|KEY) (\w+)", last)
        drops = ", ".join(f"DROP {what} {added_name}" for what, added_name in added)
        undo = f"ALTER TABLE {table} {drops}"
    number = len(migrations(name))
    suite.database.execute(
        f"{undo}; DELETE FROM schema_version WHERE version = {number}", schema(name)
    )


def add_next(suite, name: str) -> None:
    """Makes the database that of the release after: what a migration may do."""
    tables = suite.database.execute("SHOW TABLES", schema(name)).split()
    for table in tables:
        suite.database.execute(
            f"ALTER TABLE {table} ADD COLUMN next_number BIGINT NOT NULL DEFAULT 7,"
            " ADD COLUMN next_text VARBINARY(100) NULL",
            schema(name),
        )
    number = len(migrations(name)) + 1
    suite.database.execute(
        "CREATE TABLE next_table (tenant_id BIGINT UNSIGNED NOT NULL PRIMARY KEY);"
        "INSERT INTO schema_version (version, name, applied_micros, next_number) "
        f"VALUES ({number}, 'next', 1, 7)",
        schema(name),
    )


def get(suite, name: str, path: str) -> int:
    address = suite.services[name].address.ops
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def reason(suite, name: str) -> str:
    """Why it is not ready, as its log says last."""
    lines = suite.log(name).read_text().splitlines()
    told = [one for one in map(json.loads, lines) if one["message"] == "not ready"]
    return told[-1]["reason"] if told else ""


def migrate(suite, name: str) -> subprocess.CompletedProcess:
    command = suite.command(name, "--migrate", f"{schema(name)}_migrate")
    return subprocess.run(command, capture_output=True, text=True, check=False)


def wanted(name: str) -> str:
    number = len(migrations(name))
    return (
        f"the database is at schema version {number - 1}, want {number}; "
        "run the service with --migrate"
    )


@pytest.mark.parametrize("started", [True, False], ids=["serves", "starts"])
def test_a_binary_waits_for_its_schema_and_needs_no_restart(
    suite, client, fresh, started
):
    """Where the rollout came before the migration, or a backup is an old one."""
    for name in OWNERS:
        if not started:
            suite.services[name].stop()
        take_back(suite, name)
        suite.start_service(name)
    for name in OWNERS:
        wait_until(lambda name=name: reason(suite, name) == wanted(name))
        assert get(suite, name, "/readyz") == 503
        assert get(suite, name, "/livez") == 200
    wait_until(lambda: get(suite, GATEWAY, "/readyz") == 503)
    assert "contacts-svc is not serving" in reason(suite, GATEWAY)
    number = fresh("phone")
    early = code(client.gateway.RecordTouch, touch(fresh("r"), phone(number)))
    assert early in TRANSIENT or early == grpc.StatusCode.INTERNAL
    pids = [suite.services[name].process.pid for name in OWNERS]
    suite.migrate()
    suite.wait_ready()
    until_it_works(client.gateway.RecordTouch, touch(fresh("r"), phone(number)))
    assert pids == [suite.services[name].process.pid for name in OWNERS]


def test_the_release_before_serves_the_next_ones_schema(suite, client, fresh):
    callers = [Caller(client, fresh("c"), fresh("phone")) for _ in range(2)]
    try:
        for name in OWNERS:
            add_next(suite, name)
            callers[0].goes_on(20)
    finally:
        for caller in callers:
            caller.stop()
    assert not [error for caller in callers for error in caller.errors]
    # As by a rollback: it starts there, too.
    for name in OWNERS:
        suite.restart(name)
    until_it_works(client.gateway.RecordTouch, touch(fresh("r"), phone(fresh("phone"))))
    for name in OWNERS:
        assert suite.lookups(name, "check").returncode == 0
        # But it does not migrate what it does not know.
        done = migrate(suite, name)
        assert done.returncode == 1
        assert "newer than this binary's" in done.stderr
