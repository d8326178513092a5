"""Links with TLS: whom each end believes, and whom it refuses."""

import json
import socket
import ssl
import subprocess
import threading
from concurrent import futures

import grpc
import pytest

from builders import phone, touch, view_by, wait_until
from certificates import Authority, Identity
from conftest import BINARIES, PATIENT, start_suite
from kithdev.client import Client
from kithdev.credentials import password
from kithdev.mariadb import PrivateMariaDB
from kithdev.processes import NAMES, OWNERS

LOCAL = ("localhost", "127.0.0.1")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "kith-test-ca")


@pytest.fixture(scope="module")
def stranger_authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "stranger-ca")


def identity_flags(prefix: str, identity: Identity) -> list[str]:
    return [
        f"--{prefix}_certificate_file={identity.certificate}",
        f"--{prefix}_key_file={identity.key}",
    ]


def database_options(authority: Authority, port: int, server: Identity) -> list[str]:
    return [
        "--skip-networking=0",
        "--bind-address=127.0.0.1",
        # Takes 127.0.0.1 for localhost, which the users come from.
        "--skip-name-resolve=0",
        f"--port={port}",
        f"--ssl-ca={authority.file}",
        f"--ssl-cert={server.certificate}",
        f"--ssl-key={server.key}",
        # Tells of each session how it is encrypted.
        "--performance-schema=ON",
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def secured(tmp_path_factory, authority):
    """A suite with TLS, in both directions, on each link there is."""
    port = free_port()
    client = authority.identity("the-gateway")
    flags = {}
    for name in NAMES:
        flags[name] = identity_flags("tls", authority.identity(name, *LOCAL))
    for name in OWNERS:
        flags[name] += [
            f"--tls_ca_file={authority.file}",
            f"--db_address=tcp:127.0.0.1:{port}",
            f"--db_tls_ca_file={authority.file}",
        ]
    flags["gateway"] += [
        f"--backends_tls_ca_file={authority.file}",
        *identity_flags("backends_tls", client),
        PATIENT,
    ]
    server = authority.identity("database", *LOCAL)
    suite = start_suite(
        tmp_path_factory.mktemp("secured"),
        flags=flags,
        database_options=database_options(authority, port, server),
    )
    yield suite
    suite.stop()


def targets(suite, *names: str) -> dict[str, str]:
    return {name: suite.targets()[name] for name in names}


def credentials(authority: Authority) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(authority.file.read_bytes())


def test_a_customer_comes_and_goes_over_secured_links(secured, authority, fresh):
    number = fresh("phone")
    with Client(
        targets(secured, "gateway"), secured.token("demo"), (), credentials(authority)
    ) as client:
        client.gateway.RecordTouch(touch(fresh("r"), phone(number)))
        view = client.gateway.GetCustomerView(view_by(number)).view
    assert not [source for source in view.parts if source.HasField("error")]


def test_every_session_of_the_database_is_encrypted(secured):
    ciphers = secured.database.execute(
        "SELECT processlist_user, variable_value "
        "FROM performance_schema.status_by_thread "
        "JOIN performance_schema.threads USING (thread_id) "
        "WHERE variable_name = 'Ssl_cipher' AND processlist_user LIKE 'kith%'"
    )
    sessions = [line.split("\t") for line in ciphers.splitlines()]
    assert {user for user, _ in sessions} == {
        "kith_contacts",
        "kith_identity",
        "kith_interactions",
    }
    assert all("AES" in cipher or "CHACHA" in cipher for _, cipher in sessions)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gets_in_without_tls(secured, name):
    with grpc.insecure_channel(secured.targets()[name]) as plain:
        check = plain.unary_unary("/grpc.health.v1.Health/Check")
        with pytest.raises(grpc.RpcError) as error:
            check(b"", timeout=10)
    assert error.value.code() == grpc.StatusCode.UNAVAILABLE


def test_a_renewed_certificate_needs_no_restart(secured, authority):
    host, _, port = secured.services["gateway"].address.grpc.rpartition(":")

    def shown():
        return ssl.get_server_certificate((host, int(port)))

    before = shown()
    pid = secured.services["gateway"].process.pid
    authority.identity("gateway", *LOCAL)
    wait_until(lambda: shown() != before)
    assert secured.services["gateway"].process.pid == pid


def why_not_ready(flags: list[str], wanted: str) -> str:
    """What a gateway started so gives as the reason, once it has `wanted`."""
    process = subprocess.Popen(
        [str(BINARIES / "gateway"), *flags], stderr=subprocess.PIPE, text=True
    )
    # Else a gateway that never says it would be waited for without end.
    limit = threading.Timer(20, process.terminate)
    limit.start()
    reasons = []
    try:
        for line in process.stderr:
            told = json.loads(line)
            assert told["message"] != "ready"
            reasons.append(told.get("reason", ""))
            if wanted in reasons[-1]:
                return reasons[-1]
    finally:
        limit.cancel()
        process.terminate()
        process.wait(30)
        process.stderr.close()
    raise AssertionError(f"ended, and said only {reasons}")


@pytest.fixture
def gateway_flags(secured, authority):
    """Of a gateway whose contacts-svc is at `port`."""

    def make(port: int, *more: str) -> list[str]:
        return [
            f"--keys_file={secured.layout.keys_file}",
            f"--tenants_file={secured.layout.tenants_file}",
            f"--contacts_target=ipv4:127.0.0.1:{port}",
            "--identity_target=ipv4:127.0.0.1:1",
            "--interactions_target=ipv4:127.0.0.1:1",
            f"--backends_tls_ca_file={authority.file}",
            *more,
        ]

    return make


@pytest.fixture
def peer():
    """Starts a server of nothing that shows a certificate; answers its port."""
    servers = []

    def start(shown: Identity) -> int:
        server = grpc.server(futures.ThreadPoolExecutor(1))
        pair = (shown.key.read_bytes(), shown.certificate.read_bytes())
        port = server.add_secure_port(
            "127.0.0.1:0", grpc.ssl_server_credentials([pair])
        )
        server.start()
        servers.append(server)
        return port

    yield start
    for server in servers:
        server.stop(None)


NO_SUCH_METHOD = "contacts-svc is not serving: Method not found!"


def test_the_gateway_believes_what_is_right(authority, peer, gateway_flags):
    port = peer(authority.identity("right", *LOCAL))
    assert why_not_ready(gateway_flags(port), NO_SUCH_METHOD)


def test_the_gateway_refuses_another_authority(stranger_authority, peer, gateway_flags):
    port = peer(stranger_authority.identity("stranger", *LOCAL))
    assert why_not_ready(gateway_flags(port), "certificate verify failed")


def test_the_gateway_refuses_an_expired_certificate(authority, peer, gateway_flags):
    port = peer(authority.identity("expired", *LOCAL, expired=True))
    assert why_not_ready(gateway_flags(port), "certificate verify failed")


def test_the_gateway_refuses_another_host_unless_told(authority, peer, gateway_flags):
    port = peer(authority.identity("elsewhere", "elsewhere.example"))
    assert why_not_ready(gateway_flags(port), "Hostname Verification Check failed")
    told = gateway_flags(port, "--backends_tls_name=elsewhere.example")
    assert why_not_ready(told, NO_SUCH_METHOD)


def test_a_service_refuses_a_gateway_without_a_certificate_of_its_authority(
    secured, stranger_authority, gateway_flags
):
    port = int(secured.services["contacts-svc"].address.grpc.rpartition(":")[2])
    assert why_not_ready(gateway_flags(port), "contacts-svc is not serving: ")
    stranger = identity_flags("backends_tls", stranger_authority.identity("stranger"))
    flags = gateway_flags(port, *stranger)
    assert why_not_ready(flags, "contacts-svc is not serving: ")


@pytest.fixture(scope="module")
def database(tmp_path_factory, authority):
    """A database with TLS: show(identity) makes it show another certificate."""
    directory = tmp_path_factory.mktemp("tls-database")
    port = free_port()
    right = authority.identity("shown", *LOCAL)
    one = PrivateMariaDB(
        directory / "database",
        directory / "mariadbd.log",
        database_options(authority, port, right),
    )
    try:
        one.start()
        one.create_schema("kith_contacts")
        secret = password(directory / "password")
        one.create_user("migrator", secret, "kith_contacts", "ALL")
        one.execute("ALTER USER migrator@localhost REQUIRE SSL")
        yield one, [
            str(BINARIES / "contacts-svc"),
            "--migrate",
            f"--db_address=tcp:127.0.0.1:{port}",
            "--db_user=migrator",
            f"--db_password_file={directory / 'password'}",
            "--db_name=kith_contacts",
        ]
    finally:
        one.dispose()


def migrate(database, *flags: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*database[1], *flags], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_database_link_believes_what_is_right(database, authority):
    authority.identity("shown", *LOCAL)
    database[0].execute("FLUSH SSL")
    ca_file = f"--db_tls_ca_file={authority.file}"
    assert migrate(database, ca_file).returncode == 0
    # The user can come over an encrypted link only.
    assert migrate(database).returncode == 1


def test_the_database_link_refuses_another_authority(database, stranger_authority):
    done = migrate(database, f"--db_tls_ca_file={stranger_authority.file}")
    assert done.returncode == 1
    assert "certificate" in done.stderr and "(2026)" in done.stderr


@pytest.mark.parametrize(
    ("hosts", "expired", "told"),
    [(LOCAL, True, "expired"), (("elsewhere.example",), False, "certificate")],
)
def test_the_database_link_refuses_a_bad_certificate(
    database, authority, hosts, expired, told
):
    authority.identity("shown", *hosts, expired=expired)
    database[0].execute("FLUSH SSL")
    done = migrate(database, f"--db_tls_ca_file={authority.file}")
    assert done.returncode == 1
    assert told in done.stderr and "(2026)" in done.stderr, done.stderr


def test_plain_links_that_leave_the_machine_are_refused(secured):
    def start(name: str, *flags: str) -> str:
        done = subprocess.run(
            [str(BINARIES / name), *flags],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 2
        return done.stderr

    gateway = ("--listen_address=0.0.0.0:0", "--contacts_target=dns:///contacts:1")
    told = start("gateway", *gateway)
    for flag in ("--listen_address", "--contacts_target"):
        assert f"{flag}: " in told and "leaves this machine without TLS" in told
    assert "leaves this machine" not in start("gateway", *gateway, "--allow_plaintext")
    service = ("--listen_address=[::]:0", "--db_address=tcp:database:3306")
    told = start("contacts-svc", *service)
    assert told.count("leaves this machine without TLS") == 2
    assert "leaves this machine" not in start(
        "contacts-svc", *service, "--allow_plaintext"
    )


def test_a_key_that_is_not_the_certificates_is_told(authority):
    one, other = authority.identity("one"), authority.identity("other")
    mixed = identity_flags("tls", Identity(one.certificate, other.key))
    done = subprocess.run(
        [str(BINARIES / "gateway"), *mixed],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert f"no key of the certificate in {other.key}" in done.stderr
