"""All of the suite as one process, kith."""

import http.client
import json
import signal
import subprocess
from pathlib import Path

import grpc
import pytest
from google.protobuf import json_format
from kith.contacts.v1 import contact_pb2

from builders import code, phone, touch, view_by, wait_until, whole_view
from conftest import BINARIES, KEYS, PATIENT, TENANTS
from kithdev.client import Client
from kithdev.credentials import ApiKey
from kithdev.layout import Layout
from kithdev.processes import NAMES, OWNERS
from kithdev.suite import Suite
from watching import watch_of

KITH = str(BINARIES / "kith")
BACKENDS = ApiKey("backends", "demo", scopes=("upstreams.call", "contacts.read"))


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    one = Suite(
        Layout(tmp_path_factory.mktemp("one"), BINARIES),
        TENANTS,
        [*KEYS, BACKENDS],
        flags={"gateway": [PATIENT, "--serve_backends"]},
        one=True,
    )
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture
def client(suite):
    with Client(suite.targets(), suite.token("demo")) as one:
        yield one


def metrics(suite) -> str:
    return metric(suite.services["gateway"].address.ops, "")


def metric(address: str, name: str) -> str:
    """The lines of a metric; all with an empty name."""
    connection = http.client.HTTPConnection(address)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    return "".join(f"{line}\n" for line in text.splitlines() if line.startswith(name))


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [KITH, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def faults(done: subprocess.CompletedProcess) -> list[str]:
    return [json.loads(line)["fault"] for line in done.stderr.splitlines()]


def test_one_process_serves_every_api(suite, client, fresh):
    assert len({suite.services[name].process.pid for name in NAMES}) == 1
    answer = client.gateway.RecordTouch(touch(fresh("r"), phone(fresh("phone"))))
    contact = client.contacts.GetContact(
        contact_pb2.GetContactRequest(contact_id=answer.contact_id)
    )
    assert contact.contact_id == answer.contact_id


def test_one_ops_server_has_the_metrics_of_all(suite, client, fresh):
    client.gateway.RecordTouch(touch(fresh("r"), phone(fresh("phone"))))
    text = metrics(suite)
    for area in ("contacts", "identity", "interactions"):
        for gauge in ("kith_workers", "kith_sequencer_active"):
            assert f'{gauge}{{database="kith_{area}"}}' in text
        assert f"kith.{area}.v1." in text
    wait_until(
        lambda: metrics(suite).count('kith_sequencer_active{database="kith_') == 3
        and 'kith_sequencer_active{database="kith_identity"} 1' in metrics(suite)
    )


def test_the_log_names_what_each_gate_let_in(suite, client, fresh):
    trace_id = "6af92f3577b34da6a3ce929d0e0e4737"
    client.gateway.RecordTouch(
        touch(fresh("r"), phone(fresh("phone"))),
        metadata=[("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01")],
    )
    lines = [
        json.loads(line)
        for line in suite.log("gateway").read_text().splitlines()
        if trace_id in line
    ]
    areas = {line["service"].split(".")[1] for line in lines}
    assert areas == {"gateway", "identity", "contacts", "interactions"}


def test_a_key_without_the_scope_is_refused_by_the_service_itself(suite):
    with Client(suite.targets(), suite.token("directory")) as directory:
        request = touch("r", phone("+12025550143"))
        assert code(directory.gateway.RecordTouch, request) == (
            grpc.StatusCode.PERMISSION_DENIED
        )


def test_services_are_called_through_the_gateway_as_well(suite):
    body = {"contactIds": ["00000000-0000-7000-8000-000000000001"]}
    connection = http.client.HTTPConnection(suite.services["gateway"].address.http)
    connection.request(
        "POST",
        "/kith.contacts.v1.ContactsService/BatchGetContacts",
        json.dumps(body),
        {
            "Authorization": f"Bearer {suite.token('backends')}",
            "Content-Type": "application/json",
        },
    )
    reply = connection.getresponse()
    assert reply.status == 200, reply.read()
    json_format.Parse(reply.read(), contact_pb2.BatchGetContactsResponse())


def flags_of_another(suite, addresses: Path) -> list[str]:
    """Of another process on the databases of the suite."""
    return [
        "--listen_address=127.0.0.1:0",
        "--ops_address=127.0.0.1:0",
        f"--address_file={addresses}",
        f"--keys_file={suite.layout.keys_file}",
        f"--tenants_file={suite.layout.tenants_file}",
        f"--suppression_key_file={suite.layout.suppression_key_file}",
        *suite.login_flags("kith"),
    ]


def read_addresses(addresses: Path) -> dict[str, str]:
    wait_until(addresses.exists)
    return dict(line.split("=") for line in addresses.read_text().split())


def test_services_listen_only_if_they_are_told_to(suite, tmp_path):
    addresses = tmp_path / "address"
    with subprocess.Popen(
        [KITH, *flags_of_another(suite, addresses)], stderr=subprocess.DEVNULL
    ) as process:
        try:
            lines = read_addresses(addresses)
            assert set(lines) == {"grpc", "ops"}
            targets = {name: lines["grpc"] for name in NAMES}
            with Client(targets, suite.token("demo")) as client:
                wait_until(
                    lambda: code(client.gateway.GetCustomerView, view_by("a@b.example"))
                    == grpc.StatusCode.NOT_FOUND
                )
                request = contact_pb2.GetContactRequest(contact_id="x")
                assert code(client.contacts.GetContact, request) == (
                    grpc.StatusCode.UNIMPLEMENTED
                )
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_it_ends_in_time_while_the_database_hangs(suite, tmp_path, fresh):
    addresses, log = tmp_path / "address", tmp_path / "log"
    flags = [
        *flags_of_another(suite, addresses),
        f"--service_key_file={suite.layout.gateway_key_file}",
        "--drain_delay=0",
        "--drain_timeout=1s",
    ]
    with log.open("w") as out, subprocess.Popen([KITH, *flags], stderr=out) as process:
        try:
            lines = read_addresses(addresses)
            targets = {name: lines["grpc"] for name in NAMES}
            wait_until(
                lambda: metric(lines["ops"], "kith_feed_connected").count(" 1\n") == 3
            )
            with Client(targets, suite.token("demo")) as client:
                touched = touch(fresh("r"), phone(fresh("phone")))
                assert code(client.gateway.RecordTouch, touched) == grpc.StatusCode.OK
                suite.database.pause()
                late = touch(fresh("r"), phone(fresh("phone")))
                call = client.gateway.RecordTouch.future(late, timeout=30)
                process.send_signal(signal.SIGTERM)
                # 1 s, and the 5 s after which it exits, whatever runs.
                assert process.wait(15) == 1
                assert call.exception() is not None
        finally:
            suite.database.resume()
            process.kill()
    last = json.loads(log.read_text().splitlines()[-1])
    assert last["message"] == "did not stop in time"


def test_a_drain_ends_streams_with_a_token_and_lets_calls_end(suite, client, fresh):
    value = fresh("phone")
    client.gateway.RecordTouch(touch(fresh("r"), phone(value)))
    customer = client.gateway.GetCustomerView(view_by(value)).view.contact
    stream = client.gateway.WatchCustomer(watch_of(customer.contact_id), timeout=60)
    first = next(stream)
    assert first.resume_token
    log = suite.log("gateway")
    suite.services["gateway"].process.signal(signal.SIGTERM)
    tokens = [first.resume_token]
    with pytest.raises(grpc.RpcError) as ended:
        for message in stream:
            tokens.append(message.resume_token)
    assert ended.value.code() == grpc.StatusCode.UNAVAILABLE
    assert tokens[-1]
    suite.services["gateway"].stop()
    assert json.loads(log.read_text().splitlines()[-1])["message"] == "stopped"
    suite.restart("gateway")


def test_what_was_answered_survives_a_kill(suite, client, fresh):
    values = [fresh("phone") for _ in range(20)]
    for value in values:
        client.gateway.RecordTouch(touch(fresh("r"), phone(value)))
    suite.kill("gateway")
    suite.restart("gateway")
    with Client(suite.targets(), suite.token("demo")) as anew:
        for value in values:
            assert len(whole_view(anew, view_by(value)).interactions) == 1


def test_lookups_of_all_services_are_compared(suite):
    done = run("--check_lookups", *suite.login_flags("kith"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") >= len(OWNERS)


def test_a_migration_that_fails_is_told_and_the_others_are_done(suite):
    flags = suite.login_flags("kith", "_migrate")
    wrong = [
        "--identity_db_user=nobody" if flag.startswith("--identity_db_user") else flag
        for flag in flags
    ]
    done = run("--migrate", *wrong)
    assert done.returncode == 1
    told = [json.loads(line) for line in done.stderr.splitlines()]
    ended = [line for line in told if line["message"] == "migration"]
    assert ["error" in line for line in ended] == [False, True, False]


def test_bad_configuration_names_all_faults_at_once():
    done = run(
        "--listen_address=nowhere",
        "--contacts_listen_address=1.2.3.4:7",
        "--identity_db_password_file=/no/such/file",
        "--part_timeout=0",
        "--db_address=mysql://host",
    )
    assert done.returncode == 2
    told = faults(done)
    for wanted in (
        "--listen_address: ",
        "--contacts_listen_address: ",
        "--contacts_db_user: not given",
        "--identity_db_name: not given",
        "--identity_db_password_file: ",
        "--part_timeout: ",
        "--db_address: ",
        "--keys_file: not given",
    ):
        assert sum(fault.startswith(wanted) for fault in told) == 1, (wanted, told)


def test_it_has_no_flag_that_it_would_not_heed():
    told = run("--help").stdout
    for flag in ("--db_user", "--db_name", "--contacts_target", "--dump_statements"):
        assert f"{flag} (" not in told
    assert run("--db_user=x").returncode != 0


def test_it_is_a_main_and_nothing_else():
    folder = Path(__file__).parents[2] / "kith"
    assert [path.name for path in folder.glob("*.cc")] == ["main.cc"]
