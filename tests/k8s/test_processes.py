"""What manifests say of flags, ports and paths, asked of the real binaries."""

import re
import shutil
import socket
import subprocess
import time
import uuid
from typing import NamedTuple

import grpc
import pytest

import manifests
import pods
from builders import mail, touch, wait_until
from certificates import Authority
from collector import Collector, service
from flag_policies import UPKEEP_SESSIONS
from kithdev.client import Client
from kithdev.credentials import (
    GATEWAY_SCOPES,
    ApiKey,
    Tenant,
    write_keys,
    write_tenants,
)
from kithdev.mariadb import PrivateMariaDB
from planting import rewrites, workload

_PASSWORD = "for-trying-only"
_TRYING = "100ms"


class Database(NamedTuple):
    """A server, and what the services take as --db_address."""

    server: PrivateMariaDB
    address: str


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "kith-ca")


@pytest.fixture(scope="module")
def database(tmp_path_factory, authority):
    """A MariaDB with TLS, and in it what users.sh makes of an empty one."""
    directory = tmp_path_factory.mktemp("database")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = authority.identity("database", "localhost", "127.0.0.1")
    one = PrivateMariaDB(
        directory,
        directory / "mariadbd.log",
        [
            "--skip-networking=0",
            "--bind-address=127.0.0.1",
            f"--port={port}",
            f"--ssl-ca={authority.file}",
            f"--ssl-cert={server.certificate}",
            f"--ssl-key={server.key}",
        ],
    )
    try:
        one.start()
        _make_users(one, directory)
        yield Database(one, f"tcp:127.0.0.1:{port}")
    finally:
        one.dispose()


def _make_users(server, directory):
    """Runs the script of the component mariadb, as its image's entry point does."""
    bundle = manifests.bundle("one")
    files = bundle.files(workload(bundle, "mariadb"))
    users = [path for path in files if path.startswith("/etc/kith/users/")]
    assert len(users) == 6
    for path in users:
        target = directory / path.lstrip("/")
        target.parent.mkdir(parents=True)
        target.write_text(_PASSWORD)
    script = (manifests.K8S / "components" / "mariadb" / "users.sh").read_text()
    script = script.replace("/etc/kith/users", f"{directory}/etc/kith/users")
    client = shutil.which("mariadb")
    shell = f"""set -e
docker_process_sql() {{
  {client} --no-defaults --socket={server.socket} --user=root "$@"
}}
{script}"""
    subprocess.run(["bash", "-c", shell], check=True, timeout=60)


@pytest.fixture(scope="module")
def caller():
    """A key that may do all."""
    return ApiKey("caller", "demo")


@pytest.fixture
def content(tmp_path, authority, caller):
    """What the READMEs of overlays ask for, made on the spot."""
    gateway = ApiKey("gateway", "demo", GATEWAY_SCOPES)
    write_keys(tmp_path / "keys", [gateway, caller])
    write_tenants(tmp_path / "tenants", [Tenant(1, "demo")])
    sample = manifests.K8S / "components" / "sample-secrets"

    def make(source):
        if source.name.endswith("-tls"):
            if source.key == "ca.crt":
                return authority.file.read_bytes()
            host = source.name.removesuffix("-tls")
            path = authority.file.with_name(f"{host}.pem")
            if not path.exists():
                authority.identity(host, host, "127.0.0.1")
            wanted = {"tls.crt": path, "tls.key": path.with_suffix(".key")}
            return wanted[source.key].read_bytes()
        return {
            "keys.textproto": (tmp_path / "keys").read_bytes(),
            "tenants.textproto": (tmp_path / "tenants").read_bytes(),
            "connectors.textproto": (sample / "connectors.textproto").read_bytes(),
            "service.key": gateway.token.encode(),
            "session.keys": b"ab" * 32 + b"\n",
            "link.keys": b"ef" * 32 + b"\n",
            "suppression.key": b"cd" * 32 + b"\n",
            "ca.crt": authority.file.read_bytes(),
            "password": _PASSWORD.encode(),
        }[source.key]

    return make


def _others(bundle, each, address, started, **more):
    """Where this machine is not the cluster."""
    flags = dict(more)
    if bundle.flag(each, "db_address"):
        flags["db_address"] = address
    if bundle.flag(each, "docs_directory"):
        # The image has them there; the build may not, without npm.
        flags["docs_directory"] = ""
    for name, value in bundle.flags(each):
        if name.endswith("_target") and name not in more:
            host = value.removeprefix("dns:///").partition(":")[0]
            flags[name] = f"ipv4:{started[host].addresses['grpc']}"
    return pods.overriding(flags)


def _migrate(runner, bundle, database):
    for each in bundle.workloads():
        if each.role == "migration":
            others = _others(bundle, each, database.address, {})
            done = runner.run(each, others)
            assert done.returncode == 0, done.stderr


def _start(runner, bundle, database, **more):
    """Starts all that serve, the gateway last."""
    servers = sorted(bundle.servers(), key=lambda each: each.role == "gateway")
    for each in servers:
        others = _others(bundle, each, database.address, runner.running, **more)
        runner.start(each, others)


def _wait_ready(runner):
    for one in runner.running.values():
        runner.wait(one, lambda one=one: one.probe("readinessProbe") == 200)


@pytest.fixture
def runner(request, tmp_path, content):
    """Runs what an overlay has; ends what is left of it."""
    bundle = manifests.bundle(request.param)
    one = pods.Pods(bundle, tmp_path, content)
    yield one, bundle
    one.stop()


@pytest.mark.parametrize("overlay", manifests.OVERLAYS)
def test_every_flag_is_known_to_its_binary(overlay):
    bundle = manifests.bundle(overlay)
    told = [each for each in bundle.workloads() if each.role != "database"]
    for each in told:
        known = pods.known_flags(pods.binary(each))
        named = {name for name, _ in bundle.flags(each)}
        assert named and named <= known, f"{each}: {sorted(named - known)}"


@pytest.mark.parametrize("runner", ["prod"], indirect=True)
def test_a_misspelt_flag_of_a_flag_file_stops_the_process(runner):
    pods_of, bundle = runner
    rewrites("gateway-flags", "gateway.flags", "--http_address", "--htpp_address")(
        bundle
    )
    gateway = workload(bundle, "gateway")
    assert "htpp_address" not in pods.known_flags(pods.binary(gateway))
    done = pods_of.run(gateway, [])
    assert done.returncode != 0
    assert "htpp_address" in done.stderr


@pytest.mark.parametrize("runner", ["prod"], indirect=True)
def test_production_starts_is_probed_and_drains(runner, database):
    pods_of, bundle = runner
    _start(pods_of, bundle, database)
    # Whoever forgets the migrations has processes that wait for them.
    for one in pods_of.running.values():
        assert one.probe("livenessProbe") == 200
        assert one.probe("readinessProbe") == 503
    _migrate(pods_of, bundle, database)
    _wait_ready(pods_of)
    for one in pods_of.running.values():
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert one.probe(probe) == 200
        assert one.get("ops", "/readyzz") == 404
        assert {"grpc", "ops"} <= set(one.workload.ports) == set(one.addresses)
    _read_metrics(pods_of, bundle)
    _count_sessions(bundle, database)
    _drain(pods_of)


def _read_metrics(pods_of, bundle):
    """What is scraped is there, and has what autoscalers go by."""
    (monitor,) = bundle.of("PodMonitor")
    path = monitor["spec"]["podMetricsEndpoints"][0]["path"]
    for name, one in pods_of.running.items():
        status, metrics = one.fetch("ops", path)
        assert status == 200
        scaler = bundle.find("HorizontalPodAutoscaler", name)
        for metric in scaler["spec"]["metrics"]:
            if metric["type"] == "Pods":
                assert re.search(
                    rf"^{metric['pods']['metric']['name']}[ {{]", metrics, re.M
                )


def _count_sessions(bundle, database):
    """What sessions_fit_the_database reckons with holds."""
    rows = database.server.execute(
        "SELECT user, COUNT(*) FROM information_schema.processlist "
        "WHERE user LIKE 'kith%' GROUP BY user"
    )
    found = {user: int(n) for user, n in (row.split() for row in rows.splitlines())}
    print("sessions of a replica:", found)
    assert len(found) == 3
    for each in bundle.servers():
        workers = int(bundle.flag(each, "workers") or 0)
        if workers:
            name = bundle.flag(each, "db_user")
            assert found[name] <= workers + UPKEEP_SESSIONS


def _drain(pods_of):
    """Each is not ready first, lives on, and ends by itself within its grace."""
    begun = time.monotonic()
    running = list(pods_of.running.values())
    for one in running:
        one.terminate()
    for one in running:
        pods_of.wait(one, lambda one=one: one.probe("readinessProbe") == 503)
        assert one.probe("livenessProbe") == 200
    assert set(pods_of.stop().values()) == {0}
    print(f"drained in {time.monotonic() - begun:.1f} s")


@pytest.mark.parametrize("runner", ["dev", "one"], indirect=True)
def test_what_is_for_trying_starts_with_its_own_secrets(runner, database):
    pods_of, bundle = runner
    _migrate(pods_of, bundle, database)
    _start(pods_of, bundle, database, drain_delay=_TRYING)
    _wait_ready(pods_of)
    assert {one.probe("livenessProbe") for one in pods_of.running.values()} == {200}
    assert set(pods_of.stop().values()) == {0}


@pytest.mark.parametrize("runner", ["traced"], indirect=True)
def test_all_send_spans_of_a_call_to_the_collector(runner, database, authority, caller):
    pods_of, bundle = runner
    identity = authority.identity("collector", "127.0.0.1")
    collector = Collector([identity.certificate, identity.key]).start()
    try:
        _migrate(pods_of, bundle, database)
        target = f"ipv4:127.0.0.1:{collector.port}"
        _start(pods_of, bundle, database, drain_delay=_TRYING, trace_target=target)
        _wait_ready(pods_of)
        trace = uuid.uuid4().hex
        _touch(pods_of.running["gateway"], authority, caller, f"00-{trace}-{1:016x}-01")
        wait_until(
            lambda: set(map(service, collector.trace(trace))) == set(pods_of.running)
        )
    finally:
        collector.kill()


def _touch(gateway, authority, caller, parent):
    """A call that all processes take part in."""
    credentials = grpc.ssl_channel_credentials(authority.file.read_bytes())
    targets = {"gateway": f"ipv4:{gateway.addresses['grpc']}"}
    with Client(targets, caller.token, credentials=credentials) as client:
        request = touch(f"{uuid.uuid4()}", mail("ada@example.com"))
        client.gateway.RecordTouch(request, metadata=[("traceparent", parent)])
