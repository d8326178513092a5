"""The suite comes up as a whole, and heals in part. Binaries are stand-ins."""

import os
import shutil
import signal
import socket
import stat
from datetime import date
from pathlib import Path

import pytest
from google.protobuf import text_format
from kith.config.v1 import config_pb2

from kithdev.commands import lookups
from kithdev.credentials import ALL_SCOPES, ApiKey, Tenant, kept_key, write_tenants
from kithdev.failure import Failure
from kithdev.layout import Layout
from kithdev.processes import GATEWAY, NAMES, ONE, OWNERS
from kithdev.suite import Suite
from kithdev.tenants import TENANTS

_FAKE = Path(__file__).with_name("fake_service.py")
_TENANTS = [Tenant(1, "demo"), Tenant(2, "other", "DE", "Europe/Berlin", ("n/a",))]


@pytest.fixture
def layout(tmp_path):
    binaries = tmp_path / "bin"
    binaries.mkdir()
    for name in (*NAMES, ONE):
        shutil.copy(_FAKE, binaries / name)
        (binaries / name).chmod(0o755)
    return Layout(tmp_path / "run", binaries)


@pytest.fixture
def make(layout):
    made = []

    def _make(**options):
        keys = [ApiKey("developer", "demo"), ApiKey("reader", "other", ("a.read",))]
        made.append(Suite(layout, _TENANTS, keys, **options))
        return made[-1]

    yield _make
    for suite in made:
        suite.stop()


def pids(suite):
    return {name: service.process.pid for name, service in suite.services.items()}


def test_everything_comes_up_and_goes_down(make):
    suite = make()
    suite.start()
    assert all(service.ready() for service in suite.services.values())
    assert set(suite.targets()) == set(NAMES)
    assert suite.stop() == [GATEWAY, *OWNERS, "mariadbd"]
    assert suite.stop() == []


def test_what_runs_as_wanted_stays(make):
    suite = make()
    suite.start()
    before = pids(suite)
    assert suite.start_services() == []
    later = make()
    later.configure()
    assert later.start_services() == []
    assert pids(later) == before


def test_a_changed_binary_is_restarted(make, layout):
    suite = make()
    suite.start()
    before = pids(suite)
    os.utime(layout.binaries / "identity-svc", ns=(1, 1))
    assert suite.start_services() == ["identity-svc"]
    suite.wait_ready()
    changed = {name for name, pid in pids(suite).items() if pid != before[name]}
    assert changed == {"identity-svc"}


def test_one_that_is_stopping_is_started_again_once_it_has(make):
    suite = make(flags={GATEWAY: ["--drain=0.5"]})
    suite.start()
    gateway = suite.services[GATEWAY]
    before = gateway.process.pid
    gateway.process.signal(signal.SIGTERM)
    while gateway.ready():
        pass  # Until it has heard.
    assert suite.start_services() == [GATEWAY]
    suite.wait_ready()
    assert gateway.process.pid != before


def test_all_may_be_one_process(make, layout):
    suite = make(
        one=True, flags={GATEWAY: ["--a=1", "--b=1"], "contacts-svc": ["--b=1"]}
    )
    suite.start()
    assert len(set(pids(suite).values())) == 1
    assert len(set(suite.targets().values())) == len(NAMES)
    flags = (layout.logs / "kith.log").read_text().split()
    assert flags.count("--b=1") == 1
    for area in ("contacts", "identity", "interactions"):
        assert f"--{area}_db_user=kith_{area}" in flags
    assert not [flag for flag in flags if "_target=" in flag]
    targets = suite.targets()
    suite.kill("identity-svc")
    suite.restart("contacts-svc")
    assert suite.targets() == targets
    assert suite.stop() == [ONE, "mariadbd"]


def test_one_form_ends_the_other(make):
    four = make()
    four.start()
    one = make(one=True)
    assert one.start_services() == [ONE]
    assert set(pids(four).values()) == {None}
    assert four.start_services() == list(NAMES)
    assert set(pids(one).values()) == {None}


def test_a_killed_service_returns_where_it_was(make):
    suite = make()
    suite.start()
    target = suite.targets()["contacts-svc"]
    suite.kill("contacts-svc")
    assert not suite.services["contacts-svc"].running
    suite.restart("contacts-svc")
    assert suite.targets()["contacts-svc"] == target


def test_the_gateway_is_told_the_targets_and_extra_flags(make, layout):
    suite = make(flags={"gateway": ["--part_timeout=300ms"]})
    suite.start()
    flags = (layout.logs / "gateway.log").read_text().split()
    targets = suite.targets()
    for area in ("contacts", "identity", "interactions"):
        assert f"--{area}_target={targets[f'{area}-svc']}" in flags
    assert "--part_timeout=300ms" in flags
    assert not any(flag.startswith("--db_") for flag in flags)


def test_a_port_in_use_is_named(make):
    with socket.create_server(("127.0.0.1", 0)) as other:
        base = other.getsockname()[1] - 10
        with pytest.raises(Failure, match=f"contacts-svc .* port {base + 10}"):
            make(port_base=base).start()


def test_a_service_that_ends_is_told_with_its_log(make):
    suite = make(flags={"identity-svc": ["--break=1"]})
    with pytest.raises(Failure) as failed:
        suite.start()
    assert "identity-svc ended" in str(failed.value)
    assert "bad configuration: break" in str(failed.value)


def test_each_service_has_two_users_of_its_own(make):
    suite = make()
    suite.start()
    grants = suite.database.execute(
        "SELECT grantee, table_schema, group_concat(privilege_type ORDER BY 1) "
        "FROM information_schema.schema_privileges "
        "WHERE table_schema LIKE 'kith%' GROUP BY 1, 2"
    )
    rows = [line.split("\t") for line in grants.splitlines()]
    assert len(rows) == 6
    for grantee, schema, privileges in rows:
        user = grantee.split("'")[1]
        assert user.removesuffix("_migrate") == schema.replace("\\", "")
        assert ("CREATE" in privileges) == user.endswith("_migrate")


def test_lookups_are_compared_by_each_service_as_its_own_user(make, monkeypatch, capfd):
    suite = make()
    monkeypatch.setattr(lookups, "suite", lambda: suite)
    with pytest.raises(Failure, match="The database does not run"):
        lookups.run(["check"])
    suite.start()
    assert lookups.run(["check"]) == 1  # As identity-svc answers.
    told = capfd.readouterr().out.splitlines()
    lines, missing = told[:6], told[6:]
    assert lines[::2] == [f"{name}:" for name in OWNERS]
    for name, line in zip(OWNERS, lines[1::2]):
        assert "--check_lookups" in line
        assert f"--db_user=kith_{name.removesuffix('-svc')} " in line
    assert missing[0] == "values of contacts that do not exist: 2"
    assert missing[1].startswith("--holdings=list ")
    assert missing[2].startswith("--contacts=missing ")


def test_config_files_are_what_the_services_read(make, layout):
    make().configure()
    tenants = text_format.Parse(
        layout.tenants_file.read_text(), config_pb2.TenantsFile()
    )
    assert [one.slug for one in tenants.tenants] == ["demo", "other"]
    assert tenants.tenants[1].placeholders == ["n/a"]
    keys = text_format.Parse(layout.keys_file.read_text(), config_pb2.KeysFile())
    assert keys.keys[0].scopes == list(ALL_SCOPES)
    assert len(keys.keys[0].secret_sha256) == 64
    assert keys.keys[1].scopes == ["a.read"]
    assert stat.S_IMODE(layout.keys_file.stat().st_mode) == 0o600


def test_the_demo_tenant_has_rules_of_actions(tmp_path):
    write_tenants(tmp_path / "tenants", list(TENANTS.values()))
    text = (tmp_path / "tenants").read_text()
    demo, kontor = text_format.Parse(text, config_pb2.TenantsFile()).tenants
    assert [one.day for one in demo.actions.hours] == [1, 2, 3, 4, 5, 6]
    holidays = [date.fromisoformat(one) for one in demo.actions.holidays]
    assert {day.year for day in holidays} == {2026, 2027, 2028}
    assert len(demo.actions.rules) == 2
    assert not kontor.HasField("actions")


def test_a_kept_key_is_made_once(tmp_path):
    path = tmp_path / "secrets" / "dev.key"
    first = kept_key(path, ApiKey("demo", "demo"))
    assert kept_key(path, ApiKey("demo", "demo")) == first
    assert path.read_text() == first.token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
