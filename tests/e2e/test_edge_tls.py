"""The gateway over HTTP with TLS."""

import http.client
import json
import socket
import ssl

import pytest

from builders import wait_until
from certificates import Authority
from conftest import start_suite
from kith.gateway.v1 import contact_pb2
from kithdev.client import Client
from watching import watchers

LOCAL = ("localhost", "127.0.0.1")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(scope="module")
def suite(tmp_path_factory, authority):
    web = authority.identity("web", *LOCAL)
    one = start_suite(
        tmp_path_factory.mktemp("suite"),
        flags={
            "gateway": [
                f"--http_tls_certificate_file={web.certificate}",
                f"--http_tls_key_file={web.key}",
            ]
        },
    )
    yield one
    one.stop()


@pytest.fixture
def web(suite, authority):
    """Opens a connection that believes in the authority."""

    def connect() -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=authority.file)
        connection = http.client.HTTPSConnection(
            suite.services["gateway"].address.http, context=context, timeout=20
        )
        connection.connect()
        return connection

    return connect


@pytest.fixture
def headers(suite):
    return {"authorization": f"Bearer {suite.token('demo')}"}


def plain(suite) -> socket.socket:
    host, _, port = suite.services["gateway"].address.http.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_calls_follow_each_other_on_one_connection(web, headers):
    connection = web()
    for _ in range(2):
        connection.request("GET", "/v1/values:read?q=a%40b.de", headers=headers)
        reply = connection.getresponse()
        assert reply.status == 200, reply.read()
        assert json.loads(reply.read())["readings"]
    assert connection.sock.version() in ("TLSv1.2", "TLSv1.3")


def test_a_large_body_passes_both_ways(web, headers):
    connection = web()
    connection.request(
        "GET",
        "/v1/values:read?q=" + "x" * 9_000,
        headers={**headers, "accept-encoding": "gzip"},
    )
    assert connection.getresponse().read()
    connection = web()
    connection.request(
        "POST", "/v1/customers:recordTouch", b" " * 3_000_000 + b"{", headers
    )
    assert connection.getresponse().status in (400, 415)


def test_no_other_protocol_is_taken(suite, authority):
    context = ssl.create_default_context(cafile=authority.file)
    context.set_alpn_protocols(["h2"])
    with plain(suite) as connection, pytest.raises(ssl.SSLError):
        context.wrap_socket(connection, server_hostname="localhost")
    old = ssl.create_default_context(cafile=authority.file)
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with plain(suite) as connection, pytest.raises(ssl.SSLError):
        old.wrap_socket(connection, server_hostname="localhost")
    with plain(suite) as connection:
        connection.sendall(b"GET /docs HTTP/1.1\r\nHost: a\r\n\r\n")
        # An alert of TLS at most, then the end.
        assert b"HTTP" not in connection.recv(100)


def test_a_reader_of_a_stream_that_leaves_is_noticed(suite, web, headers):
    with Client(suite.targets(), suite.token("demo")) as client:
        contact_id = client.gateway.CreateContact(
            contact_pb2.CreateContactRequest()
        ).contact_id
    connection = web()
    connection.request("GET", f"/v1/customers/{contact_id}:watch", headers=headers)
    reply = connection.getresponse()
    assert json.loads(reply.readline())["result"]["resumeToken"]
    assert watchers(suite) == 1
    # Says farewell first, as browsers do: bytes that nobody reads.
    connection.sock.setblocking(False)
    try:
        connection.sock.unwrap()
    except ssl.SSLWantReadError:
        pass
    except ssl.SSLError as error:
        # A message was on its way.
        assert error.reason == "APPLICATION_DATA_AFTER_CLOSE_NOTIFY"
    connection.sock.close()
    reply.close()
    connection.close()
    wait_until(lambda: watchers(suite) == 0)


def test_a_certificate_is_renewed_without_a_restart(suite, web, authority):
    def shown():
        connection = web()
        serial = connection.sock.getpeercert()["serialNumber"]
        connection.close()
        return serial

    before = shown()
    renewed = authority.identity("web", *LOCAL)
    wait_until(lambda: shown() != before)
    good = shown()
    # A pair that does not belong together leaves the last one in force.
    renewed.key.write_bytes(authority.identity("other", *LOCAL).key.read_bytes())
    log = suite.log("gateway")
    wait_until(lambda: shown() and "certificate stays" in log.read_text())
    assert shown() == good
