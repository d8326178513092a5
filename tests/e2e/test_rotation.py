"""Keys, passwords and certificates are rotated while all run and are called.

Elsewhere: the session keys (test_sessions), the keys of an issuer (test_jwt), the
certificate of the HTTP port (test_edge_tls), the gateway's own key (test_forms)."""

import http.client
import re
import secrets
import subprocess
import time

import grpc
import pytest

from builders import code, phone, touch, until_it_works, view_by, wait_until
from calling import Caller
from certificates import Authority, Identity
from conftest import KEYS, PATIENT, four_processes, start_suite
from kithdev.client import Client
from kithdev.credentials import (
    GATEWAY_SCOPES,
    ApiKey,
    kept_key,
    write_keys,
    write_secret,
)
from kithdev.processes import GATEWAY, NAMES, OWNERS
from test_links import LOCAL, database_options, free_port, identity_flags

pytestmark = four_processes

NOT_FOUND = grpc.StatusCode.NOT_FOUND
UNAUTHENTICATED = grpc.StatusCode.UNAUTHENTICATED


class Authorities:
    """Two authorities, and the files that say which of them are believed."""

    def __init__(self, directory):
        self.old = Authority(directory / "old", "authority-of-old")
        self.new = Authority(directory / "new", "authority-anew")
        self.believed = directory / "believed.pem"
        self.shown = {}

    def believe(self, *authorities: Authority) -> None:
        """Replaces the file of authorities, as a whole."""
        scratch = self.believed.with_suffix(".new")
        scratch.write_bytes(b"".join(one.file.read_bytes() for one in authorities))
        scratch.replace(self.believed)

    def show(self, authority: Authority, *names: str) -> None:
        """Replaces certificates and keys by ones of an authority."""
        for name in names:
            made = authority.identity(name, *LOCAL)
            if name not in self.shown:
                self.shown[name] = made
                continue
            # The key first: until both are there, the last pair is in force.
            made.key.replace(self.shown[name].key)
            made.certificate.replace(self.shown[name].certificate)


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    one = Authorities(tmp_path_factory.mktemp("authorities"))
    one.believe(one.old)
    one.show(one.old, *NAMES, "the-gateway", "database")
    return one


@pytest.fixture(scope="module")
def database_port():
    return free_port()


@pytest.fixture(scope="module")
def suite(tmp_path_factory, authorities, database_port):
    """Mutual TLS on each link, and TLS to the database."""
    believed, shown = authorities.believed, authorities.shown
    flags = {
        name: [*identity_flags("tls", shown[name]), "--max_connection_age=1s"]
        for name in NAMES
    }
    for name in OWNERS:
        flags[name] += [
            f"--tls_ca_file={believed}",
            f"--db_address=tcp:127.0.0.1:{database_port}",
            f"--db_tls_ca_file={believed}",
        ]
    flags[GATEWAY] += [
        f"--backends_tls_ca_file={believed}",
        *identity_flags("backends_tls", shown["the-gateway"]),
        PATIENT,
    ]
    one = start_suite(
        tmp_path_factory.mktemp("suite"),
        flags=flags,
        database_options=database_options(
            authorities.old, database_port, shown["database"]
        ),
    )
    yield one
    one.stop()


def connect(suite, authorities: Authorities, token: str) -> Client:
    """To the gateway alone, by either authority."""
    both = authorities.old, authorities.new
    believed = b"".join(one.file.read_bytes() for one in both)
    return Client(
        {GATEWAY: suite.targets()[GATEWAY]},
        token,
        (),
        grpc.ssl_channel_credentials(believed),
    )


def let_pass() -> None:
    """Lets each process read its files, and each connection be opened anew."""
    # Either takes a second, and nothing tells when the gateway has done so.
    time.sleep(3)


def comes_in(suite, name: str, authorities: Authorities, shown: Identity) -> bool:
    """Whether a service takes a caller who shows this certificate."""
    credentials = grpc.ssl_channel_credentials(
        authorities.believed.read_bytes(),
        shown.key.read_bytes(),
        shown.certificate.read_bytes(),
    )
    with grpc.secure_channel(suite.targets()[name], credentials) as channel:
        check = channel.unary_unary("/grpc.health.v1.Health/Check")
        try:
            check(b"", timeout=10)
        except grpc.RpcError:
            return False
        return True


def test_an_authority_and_all_of_its_certificates_are_replaced(
    suite, authorities, fresh
):
    old, new = authorities.old, authorities.new
    with connect(suite, authorities, suite.token("demo")) as client:
        caller = Caller(client, fresh("c"), fresh("phone"))
        try:
            authorities.believe(old, new)
            let_pass()
            authorities.show(new, *NAMES, "the-gateway")
            let_pass()
            authorities.believe(new)
            let_pass()
            caller.goes_on()
        finally:
            caller.stop()
        assert not caller.errors, caller.errors[0]
    for name in OWNERS:
        assert comes_in(suite, name, authorities, new.identity("one", *LOCAL))
        assert not comes_in(suite, name, authorities, old.identity("one", *LOCAL))


def test_the_authority_of_the_database_is_replaced(
    suite, authorities, database_port, fresh
):
    """Once services believe the new one, at their next sessions."""
    authorities.show(authorities.new, "database")
    suite.database.execute("FLUSH SSL")
    for name in OWNERS:
        user = f"kith_{name.removesuffix('-svc')}"
        suite.database.execute(f"KILL CONNECTION USER {user}@localhost")
    with connect(suite, authorities, suite.token("demo")) as client:
        note = touch(fresh("r"), phone(fresh("phone")))
        until_it_works(client.gateway.RecordTouch, note)
    command = suite.command("contacts-svc", "--check_lookups")
    command += [
        f"--db_address=tcp:127.0.0.1:{database_port}",
        f"--db_tls_ca_file={authorities.old.file}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "(2026)" in done.stderr


def metric(suite, name: str, line: str) -> float:
    """The value of a line of metrics; 0 if there is none."""
    connection = http.client.HTTPConnection(suite.services[name].address.ops)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.M)
    return float(found[1]) if found else 0


def put_keys(suite, *keys: ApiKey) -> None:
    """Writes the keys file; the gateway's own key stays."""
    own = kept_key(
        suite.layout.gateway_key_file,
        ApiKey(GATEWAY, KEYS[0].tenant, GATEWAY_SCOPES),
    )
    write_keys(suite.layout.keys_file, [*keys, own])


def test_an_api_key_is_replaced_and_the_old_one_refused(suite, authorities):
    old = next(key for key in KEYS if key.id == "demo")
    new = ApiKey("demo2", "demo")
    request = view_by("nobody@example.com")
    with connect(suite, authorities, old.token) as before, connect(
        suite, authorities, new.token
    ) as after:

        def outcomes():
            clients = (before, after)
            return [code(one.gateway.GetCustomerView, request) for one in clients]

        wait_until(lambda: outcomes() == [NOT_FOUND, UNAUTHENTICATED])
        put_keys(suite, *KEYS, new)
        wait_until(lambda: outcomes() == [NOT_FOUND, NOT_FOUND])
        # Tells whether somebody has yet to move.
        used = 'kith_api_key_last_use_timestamp_seconds{key="%s"}'
        assert all(metric(suite, GATEWAY, used % key.id) for key in (old, new))
        put_keys(suite, new)
        wait_until(lambda: outcomes() == [UNAUTHENTICATED, NOT_FOUND])
        put_keys(suite, *KEYS)
        wait_until(lambda: outcomes() == [NOT_FOUND, UNAUTHENTICATED])


def let_in(suite, user: str, *passwords: str) -> None:
    """Lets a user of the database come with any of these passwords, and anew."""
    ways = " OR ".join(
        f"mysql_native_password USING PASSWORD('{one}')" for one in passwords
    )
    suite.database.execute(
        f"ALTER USER {user}@localhost IDENTIFIED VIA {ways};"
        f"KILL CONNECTION USER {user}@localhost"
    )


def test_the_password_of_a_database_user_is_replaced(
    suite, authorities, fresh, tmp_path
):
    name, user = "contacts-svc", "kith_contacts"
    file = suite.layout.secrets / f"{user}.password"
    old, new = file.read_text(), secrets.token_hex(24)
    log = suite.log(name)
    with connect(suite, authorities, suite.token("demo")) as client:

        def serves():
            note = touch(fresh("r"), phone(fresh("phone")))
            return until_it_works(client.gateway.RecordTouch, note)

        let_in(suite, user, new, old)
        # Still with the old one, as it was read at the start.
        serves()
        write_secret(file, new)
        suite.restart(name)
        let_in(suite, user, new)
        serves()
    assert "Access denied" not in log.read_text()
    write_secret(tmp_path / "old", old)
    command = suite.command(name, "--check_lookups")
    command.append(f"--db_password_file={tmp_path / 'old'}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Access denied" in done.stderr
