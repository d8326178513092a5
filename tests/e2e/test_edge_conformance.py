"""Raw replies of the gateway beside those of connect-node, for the same requests.

connect-node answers what the gateway answers over gRPC, so whatever differs is the
edge's own. Where the edge differs on purpose, DIFFERENT says why.
"""

import base64
import contextlib
import gzip
import http.client
import json
import subprocess
import uuid

import pytest

import edge_clients
from builders import mail, touch, view_of
from edge_replies import brief, frame, reading

GATEWAY_FLAGS = ["--part_timeout=10s"]

SERVICE = "/kith.gateway.v1.GatewayService"
VIEW, TOUCH, WATCH = (
    f"{SERVICE}/{name}" for name in ("GetCustomerView", "RecordTouch", "WatchCustomer")
)
JSON, PROTO, STREAM, WEB, WEB_JSON, WEB_TEXT = (
    {"content-type": f"application/{kind}"}
    for kind in (
        "json",
        "proto",
        "connect+json",
        "grpc-web+proto",
        "grpc-web+json",
        "grpc-web-text+proto",
    )
)

# A customer who is there; replaced by the id, which is as long.
ID = "00000000-0000-4000-8000-000000000000"
HIM, MISSING = ({"customer": {"contactId": one}} for one in (ID, str(uuid.uuid4())))
INVALID = {**MISSING, "interactionsSize": -1}
BAD_TOKEN = {**MISSING, "resumeToken": "bad"}
HIM_PROTO = view_of(ID).SerializeToString()
MISSING_PROTO = view_of(str(uuid.uuid4())).SerializeToString()
INVALID_PROTO = view_of(str(uuid.uuid4()), interactions_size=-1).SerializeToString()
LARGE = b" " * (4 << 20) + b"{}"


def _bytes(message) -> bytes:
    return message if isinstance(message, bytes) else json.dumps(message).encode()


def post(path: str, headers: dict, message=b"", key="demo") -> dict:
    """A request with a body."""
    body = _bytes(message)
    return {
        "method": "POST",
        "path": path,
        "headers": headers,
        "body": body,
        "key": key,
    }


def get(query: str, path=VIEW) -> dict:
    """A request without one."""
    path = f"{path}?{query}" if query else path
    return {"method": "GET", "path": path, "headers": {}, "body": None, "key": "demo"}


def packed(headers: dict, message) -> dict:
    """A call whose body is packed."""
    zipped = gzip.compress(_bytes(message))
    return post(VIEW, {**headers, "content-encoding": "gzip"}, zipped)


def watch(message, **headers) -> dict:
    """A stream of Connect with one message."""
    return post(WATCH, {**STREAM, **headers}, frame(0, _bytes(message)))


def web(message, headers=(), path=VIEW) -> dict:
    """A call of gRPC-Web with one message."""
    return post(path, {**WEB, **dict(headers)}, frame(0, _bytes(message)))


ASKED = "message=%7B%22customer%22%3A%7B%22contactId%22%3A%22" + ID + "%22%7D%7D"
NOTHING = "message=%7B%7D"
TIMEOUT = "connect-timeout-ms"
CODING = "connect-content-encoding"

# Whatever the gateway behind says must be the same, to the letter.
SAME = {
    "connect: json": post(VIEW, JSON, HIM),
    "connect: proto": post(VIEW, PROTO, HIM_PROTO),
    "connect: charset": post(
        VIEW, {"content-type": "application/json; charset=utf-8"}, MISSING
    ),
    "connect: not found": post(VIEW, JSON, MISSING),
    "connect: details": post(VIEW, JSON, INVALID),
    "connect: details by proto": post(VIEW, PROTO, INVALID_PROTO),
    "connect: forbidden": post(VIEW, JSON, MISSING, key="noscopes"),
    "connect: nobody": post(VIEW, JSON, MISSING, key=""),
    "connect: get": get(f"encoding=json&{ASKED}&connect=v1"),
    "connect: get in any order": get(f"new=1&{ASKED}&connect=v1&encoding=json"),
    "connect: get without version": get(f"{ASKED}&encoding=json"),
    "connect: get of an error": get(f"encoding=json&{NOTHING}&connect=v1"),
    "connect: gzip": packed(JSON, MISSING),
    "connect: unknown field": post(VIEW, JSON, {**MISSING, "new": [1]}),
    "connect: empty proto": post(VIEW, PROTO),
    "connect: version": post(VIEW, {**JSON, "connect-protocol-version": "1"}, MISSING),
    "stream: details": watch(BAD_TOKEN),
    "stream: not found": watch(MISSING),
    "stream: nobody": post(WATCH, STREAM, frame(0, b"{}"), key=""),
    "stream: gzip": post(
        WATCH, {**STREAM, CODING: "gzip"}, frame(1, gzip.compress(_bytes(BAD_TOKEN)))
    ),
    "web: proto": web(HIM_PROTO),
    "web: json": web(MISSING, WEB_JSON),
    "web: not found": web(MISSING_PROTO),
    "web: details": web(INVALID_PROTO),
    "web: nobody": post(VIEW, WEB, frame(0, b""), key=""),
    "web: gzip": post(
        VIEW, {**WEB, "grpc-encoding": "gzip"}, frame(1, gzip.compress(MISSING_PROTO))
    ),
    "web: stream": web(BAD_TOKEN, WEB_JSON, WATCH),
}

# The server itself refuses these: in its own words, but with the same code.
REFUSED = {
    "connect: get without message": get("encoding=json&connect=v1"),
    "connect: get of unknown version": get(f"{NOTHING}&encoding=json&connect=v2"),
    "connect: get of unknown compression": get(
        f"{NOTHING}&encoding=json&compression=foo"
    ),
    "connect: unknown coding": post(VIEW, {**JSON, "content-encoding": "foo"}, b"{}"),
    "connect: no gzip": post(VIEW, {**JSON, "content-encoding": "gzip"}, b"{}"),
    "connect: broken json": post(VIEW, JSON, b'{"cust'),
    "connect: no object": post(VIEW, JSON, b"[]"),
    "connect: empty json": post(VIEW, JSON),
    "connect: broken proto": post(VIEW, PROTO, b"\x0a\x09"),
    "connect: timeout of letters": post(VIEW, {**JSON, TIMEOUT: "abc"}, MISSING),
    "connect: timeout of 11 digits": post(VIEW, {**JSON, TIMEOUT: "9" * 11}, MISSING),
    "connect: timeout of 10 digits": post(VIEW, {**JSON, TIMEOUT: "9" * 10}, MISSING),
    "connect: version 2": post(
        VIEW, {**JSON, "connect-protocol-version": "2"}, MISSING
    ),
    "connect: too large": post(VIEW, JSON, LARGE),
    "connect: too large unpacked": packed(JSON, LARGE),
    "stream: no message": post(WATCH, STREAM),
    "stream: two messages": post(WATCH, STREAM, frame(0, b"{}") * 2),
    "stream: gzip without coding": post(WATCH, STREAM, frame(1, b"{}")),
    "stream: cut head": post(WATCH, STREAM, b"\0\0\0"),
    "stream: cut message": post(WATCH, STREAM, frame(0, b"{}")[:-1]),
    "stream: huge": post(WATCH, STREAM, b"\0\xff\xff\xff\xff{}"),
    "stream: end": post(WATCH, STREAM, frame(2, b"{}")),
    "stream: unknown coding": watch(BAD_TOKEN, **{CODING: "foo"}),
    "stream: broken json": watch(b'{"cust'),
    "stream: timeout of letters": watch(BAD_TOKEN, **{TIMEOUT: "abc"}),
    "web: text": post(VIEW, WEB_TEXT, base64.b64encode(frame(0, MISSING_PROTO))),
    "web: no message": post(VIEW, WEB),
    "web: two messages": post(VIEW, WEB, frame(0, MISSING_PROTO) * 2),
    "web: gzip without coding": post(VIEW, WEB, frame(1, MISSING_PROTO)),
    "web: unknown coding": web(MISSING_PROTO, {"grpc-encoding": "foo"}),
    "web: huge": post(VIEW, WEB, b"\0\xff\xff\xff\xffhi"),
    "web: cut message": post(VIEW, WEB, frame(0, MISSING_PROTO)[:-1]),
    "web: broken proto": web(b"\x0a\x09"),
    "web: timeout without unit": web(MISSING_PROTO, {"grpc-timeout": "5"}),
    "web: timeout of 9 digits": web(MISSING_PROTO, {"grpc-timeout": "123456789m"}),
}

# No call at all. connect-node answers a status and nothing else; the edge adds what
# would have been right, and an error in the shape of the protocol.
NO_CALL = {
    "connect: get without encoding": get(f"{NOTHING}&connect=v1"),
    "connect: get of unknown encoding": get(f"{NOTHING}&encoding=xml"),
    "connect: get of a write": get(f"encoding=json&{NOTHING}", TOUCH),
    "connect: delete": {**get(""), "method": "DELETE"},
    "connect: unknown method": post(f"{SERVICE}/Nope", JSON, b"{}"),
    "connect: unknown type": post(VIEW, {"content-type": "image/jpeg"}, MISSING),
    "connect: type of a stream": post(VIEW, STREAM, frame(0, b"{}")),
    "stream: unary type": post(WATCH, JSON, b"{}"),
    "stream: get": get(f"encoding=json&{NOTHING}", WATCH),
    "web: unknown method": web(b"", path=f"{SERVICE}/Nope"),
    "web: unknown codec": web(b"", {"content-type": "application/grpc-web+foo"}),
    "web: get": {**get("", TOUCH), "headers": WEB},
    "web: delete": {**get(""), "headers": WEB, "method": "DELETE"},
}

# Of REFUSED: why the edge does otherwise, and the code with which.
DIFFERENT = {
    "connect: broken proto": ("the caller's fault, not ours", "invalid_argument"),
    "connect: timeout of 10 digits": ("node's timers end at 2^31 ms", "not_found"),
    "connect: version 2": ("a version that is not served", "invalid_argument"),
    "web: broken proto": ("the caller's fault, not ours", "3"),
    "web: text": ("the official client streams in text alone", "5"),
}
# Of NO_CALL: why, and the status.
OTHER_STATUS = {"stream: get": ("the type is right, but a stream is posted", 405)}


@pytest.fixture(scope="module")
def reference(suite):
    """The address of connect-node before the gateway's gRPC port."""
    edge_clients.prepare()
    grpc = suite.services["gateway"].address.grpc
    with subprocess.Popen(
        ["node", edge_clients.PLACE / "reference_server.js", grpc],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        yield f"127.0.0.1:{int(server.stdout.readline())}"


@pytest.fixture
def ask(suite, client, fresh):
    """Sends a request: ask(address, request)."""
    recorded = client.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))

    def send(address: str, request: dict) -> dict:
        headers = dict(request["headers"])
        if request["key"]:
            headers["authorization"] = f"Bearer {suite.token(request['key'])}"
        path = request["path"].replace(ID, recorded.contact_id)
        body = request["body"]
        if body is not None:
            body = body.replace(ID.encode(), recorded.contact_id.encode())
        with contextlib.closing(http.client.HTTPConnection(address, timeout=30)) as one:
            one.request(request["method"], path, body, headers)
            reply = one.getresponse()
            return reading(reply.status, reply.headers, reply.read())

    return send


@pytest.fixture
def gateway(suite):
    """The address of the gateway."""
    return suite.services["gateway"].address.http


@pytest.mark.parametrize("case", SAME)
def test_replies_are_those_of_connect_node(gateway, reference, ask, case):
    assert ask(gateway, SAME[case]) == ask(reference, SAME[case])


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_have_the_code_of_connect_node(gateway, reference, ask, case):
    ours = brief(ask(gateway, REFUSED[case]))
    theirs = brief(ask(reference, REFUSED[case]))
    if case in DIFFERENT:
        _, code = DIFFERENT[case]
        assert ours["code"] == code and ours != theirs
    else:
        assert ours == theirs


@pytest.mark.parametrize("case", NO_CALL)
def test_what_is_no_call_has_the_status_of_connect_node(gateway, reference, ask, case):
    ours, theirs = ask(gateway, NO_CALL[case]), ask(reference, NO_CALL[case])
    if case in OTHER_STATUS:
        _, status = OTHER_STATUS[case]
        assert ours["status"] == status != theirs["status"]
    else:
        assert ours["status"] == theirs["status"]
    assert not theirs["body"] and ours["body"]
