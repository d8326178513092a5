"""How the binaries start, say how they are, and stop."""

import http.client
import json
import re
import signal
import subprocess
from pathlib import Path

import grpc
import pytest

from builders import code, phone, touch, view_by, wait_until
from conftest import BINARIES, KEYS, four_processes
from kithdev.client import SERVICES, Client
from kithdev.credentials import ApiKey, write_keys
from kithdev.processes import NAMES, OWNERS, schema_of

SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"


def get(address: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address, timeout=5)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read().decode()


def health(address: str, service: str = "") -> bytes:
    """The answer of the standard health service, as bytes: one enum."""
    request = b"\x0a" + bytes([len(service)]) + service.encode()
    with grpc.insecure_channel(f"ipv4:{address}") as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        return check(request, timeout=5)


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        arguments, capture_output=True, text=True, timeout=30, check=False
    )


def faults(done: subprocess.CompletedProcess) -> str:
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    return "\n".join(line.get("fault", "") for line in lines)


def test_the_gateway_has_no_database():
    """It keeps no state: what it links is read from the binaries."""
    linked = {name: run("ldd", str(BINARIES / name)).stdout for name in NAMES}
    for name in NAMES:
        assert ("mysql" in linked[name]) == (name != "gateway"), name


@pytest.mark.parametrize("name", NAMES)
def test_health_metrics_and_logs(suite, client, fresh, name):
    client.gateway.RecordTouch(touch(fresh("r"), phone(fresh("phone"))))
    address = suite.services[name].address
    assert health(address.grpc) == SERVING
    for service in SERVICES.values():
        if service.binary == name:
            assert health(address.grpc, service.descriptor.full_name) == SERVING
    assert get(address.ops, "/livez")[0] == 200
    assert get(address.ops, "/readyz")[0] == 200
    status, metrics = get(address.ops, "/metrics")
    assert status == 200
    wanted = ["grpc_server_started_total", "grpc_server_handled_total"]
    wanted += ["grpc_server_handling_seconds_bucket", "kith_build_info"]
    if name in OWNERS:
        wanted += ["kith_workers", "kith_worker_queue_length"]
        wanted += ["kith_db_connections_opened_total"]
        wanted += ["kith_db_transaction_retries_total"]
        wanted += ["kith_db_unknown_commits_total"]
    for metric in wanted:
        assert f"\n{metric}{{" in metrics or f"\n{metric} " in metrics, metric
    assert 'grpc_code="OK"' in metrics
    lines = [json.loads(line) for line in suite.log(name).read_text().splitlines()]
    calls = [line for line in lines if line["message"] == "call"]
    assert calls and all(len(line["trace_id"]) == 32 for line in calls)


def test_a_trace_runs_through_all_services(suite, client, fresh):
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    client.gateway.RecordTouch(
        touch(fresh("r"), phone(fresh("phone"))),
        metadata=[("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01")],
    )
    for name in NAMES:
        assert trace_id in suite.log(name).read_text(), name


@pytest.mark.parametrize("name", OWNERS)
def test_the_log_tells_who_moves_the_changes(suite, name):
    schema = schema_of(name)
    select = "SELECT holder FROM leases WHERE name = 'sequencer'"
    wait_until(lambda: suite.database.execute(select, schema))
    holder = suite.database.execute(select, schema).strip()

    def told():
        lines = map(json.loads, suite.log(name).read_text().splitlines())
        taken = [line for line in lines if line["message"] == "sequencing changes"]
        return [line["holder"] for line in taken if line["database"] == schema]

    wait_until(lambda: told()[-1:] == [holder])


@pytest.mark.parametrize("name", NAMES)
def test_bad_configuration_names_all_faults_at_once(name, tmp_path):
    keys = tmp_path / "keys.textproto"
    keys.write_text("keys { id: 'x' }")
    done = run(
        str(BINARIES / name),
        "--listen_address=nowhere",
        "--ops_address=127.0.0.1:99999",
        f"--keys_file={keys}",
        "--tenants_file=/nonexistent",
    )
    assert done.returncode == 2
    told = faults(done)
    wanted = ["--listen_address", "--ops_address", "/nonexistent"]
    if name in OWNERS:
        wanted += ["--db_address", "--db_user", "--db_name"]
    else:
        wanted += ["--contacts_target", "--identity_target"]
    for fault in wanted:
        assert fault in told, told


def test_a_bad_keys_file_names_each_key(suite, tmp_path):
    keys = tmp_path / "keys.textproto"
    keys.write_text("keys { id: 'abcd' tenant: 'nobody' scopes: 'all' }")
    done = run(
        str(BINARIES / "gateway"),
        f"--keys_file={keys}",
        f"--tenants_file={suite.layout.tenants_file}",
        "--contacts_target=127.0.0.1:1",
        "--identity_target=127.0.0.1:1",
        "--interactions_target=127.0.0.1:1",
    )
    assert done.returncode == 2
    for fault in ("secret_sha256", "nobody", "assurance", 'scope "all"'):
        assert fault in faults(done)


def test_one_port_one_server(suite):
    taken = suite.services["gateway"].address.grpc
    done = run(
        str(BINARIES / "gateway"),
        f"--listen_address={taken}",
        f"--keys_file={suite.layout.keys_file}",
        f"--tenants_file={suite.layout.tenants_file}",
        "--contacts_target=127.0.0.1:1",
        "--identity_target=127.0.0.1:1",
        "--interactions_target=127.0.0.1:1",
    )
    assert done.returncode == 1
    assert f"cannot listen on {taken}" in done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_sigterm_is_a_clean_stop(suite, name):
    process = suite.services[name].process
    log = suite.log(name)
    process.signal(signal.SIGTERM)
    suite.services[name].stop()
    last = json.loads(log.read_text().splitlines()[-1])
    assert last["message"] == "stopped"
    suite.restart(name)


def test_not_serving_before_the_schema_is_right(suite):
    database = suite.database
    table = "kith_contacts.schema_version"
    database.execute(f"RENAME TABLE {table} TO kith_contacts.hidden")
    service = suite.services["contacts-svc"]
    try:
        suite.services["contacts-svc"].stop()
        suite.start_service("contacts-svc")
        assert health(service.address.grpc) == NOT_SERVING
        assert get(service.address.ops, "/livez")[0] == 200
        assert get(service.address.ops, "/readyz")[0] == 503
    finally:
        database.execute(f"RENAME TABLE kith_contacts.hidden TO {table}")
    service.wait_ready(10)
    assert health(service.address.grpc) == SERVING


def last_reason(log: Path) -> str:
    """Why a process is not ready, as the end of its log says."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    told = [line for line in lines if line["message"] in ("ready", "not ready")]
    return told[-1]["reason"]


@four_processes
def test_not_ready_while_the_database_is_read_only(suite):
    database, service = suite.database, suite.services["contacts-svc"]
    user = "'kith_contacts'@'localhost'"
    database.execute("SET GLOBAL read_only = 1")
    try:
        wait_until(lambda: get(service.address.ops, "/readyz")[0] == 503)
        assert "(1290)" in last_reason(suite.log("contacts-svc"))
        wait_until(
            lambda: any(
                "sequencing changes failed" in line and "(1290)" in line
                for line in suite.log("contacts-svc").read_text().splitlines()
            )
        )
        # A user whom it does not hold for can write, and so can the service.
        database.execute(f"GRANT READ_ONLY ADMIN ON *.* TO {user}")
        suite.restart("contacts-svc")
        service = suite.services["contacts-svc"]
        service.wait_ready(10)
    finally:
        database.execute("SET GLOBAL read_only = 0")
        database.execute(f"REVOKE READ_ONLY ADMIN ON *.* FROM {user}")
        suite.restart("contacts-svc")
    suite.wait_ready()


@pytest.mark.parametrize("name", NAMES)
def test_a_flag_that_is_not_known_is_told_and_the_exit_code_is_1(name, tmp_path):
    done = run(str(BINARIES / name), "--no_such_flag=1")
    assert done.returncode == 1
    assert "no_such_flag" in done.stderr
    done = run(str(BINARIES / name), f"--flagfile={tmp_path / 'gone'}")
    assert done.returncode == 1
    assert str(tmp_path / "gone") in done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_without_flags_each_fault_names_the_flag_that_is_wanted(name):
    done = run(str(BINARIES / name))
    assert done.returncode == 2
    told = faults(done).splitlines()
    assert told and all(line.startswith("--") for line in told), told


def test_migrating_twice_changes_nothing(suite):
    suite.migrate()
    suite.migrate()


def test_keys_are_read_again_when_their_file_changes(suite):
    added = ApiKey("rotated", "demo")
    write_keys(suite.layout.keys_file, [*KEYS, added])
    try:
        with Client(suite.targets(), added.token) as client:
            request = view_by("nobody@example.com")
            wait_until(
                lambda: code(client.gateway.GetCustomerView, request)
                == grpc.StatusCode.NOT_FOUND
            )
            suite.layout.keys_file.write_text("keys {")
            wait_until(
                lambda: "keys not read again" in suite.log("gateway").read_text()
            )
            assert code(client.gateway.GetCustomerView, request) == (
                grpc.StatusCode.NOT_FOUND
            )
    finally:
        write_keys(suite.layout.keys_file, KEYS)


def test_an_unknown_key_is_told_what_is_wanted(suite):
    with Client(suite.targets(), None) as nobody:
        with pytest.raises(grpc.RpcError) as error:
            nobody.gateway.RecordTouch(touch("r", phone("+12025550123")))
    assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED
    assert "authorization: Bearer kith_" in error.value.details()


# A request of grpc.reflection.v1alpha: list_services, of all hosts.
LIST_SERVICES = b"\x3a\x01*"


def reflect(address: str) -> bytes:
    """What the standard reflection service lists, without a key."""
    path = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
    with grpc.insecure_channel(f"ipv4:{address}") as channel:
        call = channel.stream_stream(path)(iter([LIST_SERVICES]), timeout=10)
        return b"".join(call)


def test_reflection_answers_where_it_is_asked_for_alone(suite):
    with pytest.raises(grpc.RpcError) as error:
        reflect(suite.services["gateway"].address.grpc)
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED
    replica = suite.start_replica("gateway", ["--reflection"])
    try:
        told = reflect(suite.services[replica].address.grpc)
        assert b"kith.gateway.v1.GatewayService" in told
    finally:
        suite.services.pop(replica).stop()


def test_the_gateway_counts_what_it_asks_of_others(suite, client, fresh):
    client.gateway.RecordTouch(touch(fresh("r"), phone(fresh("phone"))))
    _, metrics = get(suite.services["gateway"].address.ops, "/metrics")
    labels = (
        'grpc_method="BatchClaimIdentities",'
        'grpc_service="kith.identity.v1.IdentityService",grpc_type="unary"'
    )
    for metric in (
        f"grpc_client_started_total{{{labels}}}",
        f"grpc_client_msg_sent_total{{{labels}}}",
        f'grpc_client_handled_total{{grpc_code="OK",{labels}}}',
        f"grpc_client_handling_seconds_count{{{labels}}}",
    ):
        assert f"\n{metric} " in metrics and f"\n{metric} 0\n" not in metrics, metric


@pytest.mark.parametrize("name", ["gateway", "identity-svc"])
def test_a_request_that_unpacks_to_much_is_not_unpacked(suite, name):
    def peak_mib() -> float:
        status = Path(f"/proc/{suite.services[name].process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) / 1024

    before = peak_mib()
    target = suite.targets()[name]
    channel = grpc.insecure_channel(target, compression=grpc.Compression.Gzip)
    with channel:
        method = "/grpc.health.v1.Health/Check"
        with pytest.raises(grpc.RpcError) as error:
            channel.unary_unary(method)(bytes(256 << 20), timeout=60)
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert peak_mib() < before + 64
