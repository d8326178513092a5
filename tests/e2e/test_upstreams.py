"""Services elsewhere, through the gateway, by each protocol."""

import http.client
import json
import struct
import subprocess
from concurrent import futures

import grpc
import pytest
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2, message_factory, text_format

from builders import wait_until
from conftest import PATIENT, start_suite
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kithdev.client import Client
from kithdev.credentials import ALL_SCOPES, ApiKey

FILE = text_format.Parse(
    """
    name: "shop.proto" package: "shop.v1" syntax: "proto3"
    dependency: "google/api/annotations.proto"
    message_type {
      name: "Request"
      field { name: "item" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "to" number: 2 type: TYPE_INT64 label: LABEL_OPTIONAL }
    }
    message_type {
      name: "Response"
      field { name: "item" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "count" number: 2 type: TYPE_INT64 label: LABEL_OPTIONAL }
    }
    service {
      name: "Stock"
      method {
        name: "Count" input_type: ".shop.v1.Request" output_type: ".shop.v1.Response"
        options { [google.api.http] { get: "/v1/stock/{item}" } }
      }
      method {
        name: "Watch" input_type: ".shop.v1.Request" output_type: ".shop.v1.Response"
        server_streaming: true
        options { [google.api.http] { get: "/v1/stock/{item}:watch" } }
      }
      method {
        name: "Chat" input_type: ".shop.v1.Request" output_type: ".shop.v1.Response"
        client_streaming: true server_streaming: true
      }
    }
    """,
    descriptor_pb2.FileDescriptorProto(),
)
SET = descriptor_pb2.FileDescriptorSet()
for known in (descriptor_pb2, http_pb2, annotations_pb2):
    known.DESCRIPTOR.CopyToProto(SET.file.add())
SET.file.add().CopyFrom(FILE)
MESSAGES = message_factory.GetMessages(SET.file)
Request = MESSAGES["shop.v1.Request"]
Response = MESSAGES["shop.v1.Response"]
STOCK = "/shop.v1.Stock/"

SCOPES = (*ALL_SCOPES, "upstreams.call")
KEYS = [
    ApiKey("demo", "demo"),
    ApiKey("shop", "demo", SCOPES),
    ApiKey("form", "demo", SCOPES, "ASSURANCE_UNAUTHENTICATED"),
]


class Stock(grpc.GenericRpcHandler):
    """A service that nobody has told of Kith."""

    def __init__(self):
        self.seen = []
        self.watching = 0

    def service(self, details):
        handler, make = {
            "Count": (self.count, grpc.unary_unary_rpc_method_handler),
            "Watch": (self.watch, grpc.unary_stream_rpc_method_handler),
            "Chat": (self.chat, grpc.stream_stream_rpc_method_handler),
        }[details.method.rsplit("/", 1)[1]]
        self.seen = details.invocation_metadata
        return make(handler, Request.FromString, Response.SerializeToString)

    @staticmethod
    def count(request, context):
        if request.item == "none":
            context.set_trailing_metadata([("x-why", "sold out")])
            context.abort(grpc.StatusCode.NOT_FOUND, "no such item")
        return Response(item=request.item, count=request.to + 1)

    def watch(self, request, context):
        context.add_callback(self._left)
        self.watching += 1
        for count in range(request.to or 1):
            yield Response(item=request.item, count=count)
        if not request.to:
            # Until the reader leaves.
            left = futures.Future()
            context.add_callback(lambda: left.set_result(None))
            left.result(timeout=60)

    def _left(self):
        self.watching -= 1

    @staticmethod
    def chat(requests, context):
        for request in requests:
            yield Response(item=request.item, count=request.to)
            if request.item == "bye":
                return


@pytest.fixture(scope="module")
def stock():
    return Stock()


@pytest.fixture(scope="module")
def server(stock):
    one = grpc.server(futures.ThreadPoolExecutor(20), handlers=[stock])
    port = one.add_insecure_port("127.0.0.1:0")
    one.start()
    yield f"127.0.0.1:{port}"
    one.stop(0)


def renamed(name: str) -> descriptor_pb2.FileDescriptorSet:
    """The same service under other names and paths."""
    text = text_format.MessageToString(SET)
    text = text.replace("shop", name).replace("/v1/stock", f"/v1/{name}")
    return text_format.Parse(text, descriptor_pb2.FileDescriptorSet())


@pytest.fixture(scope="module")
def suite(tmp_path_factory, server):
    directory = tmp_path_factory.mktemp("suite")
    descriptors = directory / "shop.binpb"
    descriptors.write_bytes(SET.SerializeToString())
    gone = directory / "gone.binpb"
    gone.write_bytes(renamed("gone").SerializeToString())
    upstreams = f"{descriptors}@{server},{gone}@127.0.0.1:9"
    one = start_suite(
        directory,
        KEYS,
        flags={
            "gateway": [PATIENT, "--serve_backends", f"--upstreams={upstreams}"],
        },
    )
    yield one
    one.stop()


@pytest.fixture
def web(suite):
    """Calls over HTTP: web(key, method, path, body, type) is status and body."""

    def call(key, method, path, body=None, kind="application/json"):
        connection = http.client.HTTPConnection(
            suite.services["gateway"].address.http, timeout=20
        )
        headers = {"content-type": kind}
        if key:
            headers["authorization"] = f"Bearer {suite.token(key)}"
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read()

    return call


@pytest.fixture
def channel(suite):
    with grpc.insecure_channel(suite.targets()["gateway"]) as one:
        yield one


def by_grpc(channel, kind: str, method: str):
    return getattr(channel, kind)(
        STOCK + method, Request.SerializeToString, Response.FromString
    )


def bearer(suite, key="shop"):
    return [("authorization", f"Bearer {suite.token(key)}")]


def frame(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


def test_a_service_of_others_is_there_in_each_protocol(web, channel, suite):
    wanted = {"item": "tea", "count": "8"}
    status, body = web("shop", "GET", "/v1/stock/tea?to=7")
    assert (status, json.loads(body)) == (200, wanted)
    ask = json.dumps({"item": "tea", "to": "7"})
    status, body = web("shop", "POST", STOCK + "Count", ask)
    assert (status, json.loads(body)) == (200, wanted)
    request = Request(item="tea", to=7)
    status, body = web(
        "shop",
        "POST",
        STOCK + "Count",
        frame(request.SerializeToString()),
        "application/grpc-web+proto",
    )
    answer = Response(item="tea", count=8)
    assert body.startswith(frame(answer.SerializeToString()))
    assert b"grpc-status: 0" in body
    count = by_grpc(channel, "unary_unary", "Count")
    assert count(request, metadata=bearer(suite)) == answer


def test_an_error_is_the_same_in_each_protocol(web, channel, suite):
    status, body = web("shop", "GET", "/v1/stock/none")
    assert status == 404 and json.loads(body)["error"]["message"] == "no such item"
    status, body = web("shop", "POST", STOCK + "Count", '{"item":"none"}')
    assert (status, json.loads(body)["code"]) == (404, "not_found")
    with pytest.raises(grpc.RpcError) as error:
        by_grpc(channel, "unary_unary", "Count")(
            Request(item="none"), metadata=bearer(suite)
        )
    assert error.value.code() == grpc.StatusCode.NOT_FOUND
    assert error.value.details() == "no such item"
    assert ("x-why", "sold out") in error.value.trailing_metadata()


def test_streams_pass_both_ways(web, channel, suite):
    status, body = web("shop", "GET", "/v1/stock/tea:watch?to=3")
    lines = [json.loads(line)["result"] for line in body.splitlines()]
    assert [line.get("count", "0") for line in lines] == ["0", "1", "2"]
    watch = by_grpc(channel, "unary_stream", "Watch")
    assert [
        each.count for each in watch(Request(to=500), metadata=bearer(suite))
    ] == list(range(500))
    chat = by_grpc(channel, "stream_stream", "Chat")
    said = (Request(item="x", to=n) for n in range(300))
    assert [each.count for each in chat(said, metadata=bearer(suite))] == list(
        range(300)
    )


def test_a_service_may_end_a_stream_before_its_caller(channel, suite):
    chat = by_grpc(channel, "stream_stream", "Chat")
    going_on = futures.Future()

    def said():
        yield Request(item="bye")
        going_on.result(timeout=20)

    assert [each.item for each in chat(said(), metadata=bearer(suite))] == ["bye"]
    going_on.set_result(None)


def test_who_leaves_ends_the_call(channel, suite, stock):
    call = by_grpc(channel, "unary_stream", "Watch")(
        Request(item="tea"), metadata=bearer(suite)
    )
    assert next(call).item == "tea"
    wait_until(lambda: stock.watching == 1)
    call.cancel()
    wait_until(lambda: stock.watching == 0)


def test_only_a_key_with_the_scope_calls_them(web, channel, suite):
    count = by_grpc(channel, "unary_unary", "Count")
    for key, status, code in (
        ("", 401, grpc.StatusCode.UNAUTHENTICATED),
        ("demo", 403, grpc.StatusCode.PERMISSION_DENIED),
        ("form", 403, grpc.StatusCode.PERMISSION_DENIED),
    ):
        assert web(key, "GET", "/v1/stock/tea")[0] == status
        assert web(key, "GET", "/v1/stock/tea:watch")[0] == status
        assert web(key, "POST", STOCK + "Count", "{}")[0] == status
        with pytest.raises(grpc.RpcError) as error:
            count(Request(), metadata=bearer(suite, key) if key else [])
        assert error.value.code() == code


def test_nobody_says_who_the_caller_is_but_its_key(channel, suite, stock):
    by_grpc(channel, "unary_unary", "Count")(
        Request(item="tea"),
        metadata=[
            *bearer(suite),
            ("x-kith-gateway-authorization", "Bearer x"),
            ("x-forwarded-for", "10.0.0.1"),
            ("x-mine", "1"),
            ("x-mine-bin", b"\x00\xff"),
        ],
    )
    seen = dict(stock.seen)
    assert seen["x-mine"] == "1" and seen["x-mine-bin"] == b"\x00\xff"
    assert seen["traceparent"] and "x-forwarded-for" not in seen
    assert "x-kith-gateway-authorization" not in seen


def test_the_services_behind_are_served_so_too(web, channel, suite):
    with Client(suite.targets(), suite.token("shop")) as client:
        contact_id = client.gateway.CreateContact(
            gateway_contact_pb2.CreateContactRequest()
        ).contact_id
    path = "/kith.contacts.v1.ContactsService/GetContact"
    ask = json.dumps({"contactId": contact_id})
    status, body = web("shop", "POST", path, ask)
    assert status == 200 and contact_id in body.decode()
    assert web("demo", "POST", path, ask)[0] == 403
    get = channel.unary_unary(
        path,
        contact_pb2.GetContactRequest.SerializeToString,
        contact_pb2.Contact.FromString,
    )
    asked = contact_pb2.GetContactRequest(contact_id=contact_id)
    assert contact_id in str(get(asked, metadata=bearer(suite)))


def test_no_address_is_told_of_a_service_that_is_away(web, channel, suite):
    for method, path, body in (
        ("GET", "/v1/gone/tea", None),
        ("GET", "/v1/gone/tea:watch", None),
        ("POST", "/gone.v1.Stock/Count", "{}"),
    ):
        status, told = web("shop", method, path, body)
        assert status == 503 and b"127.0.0.1" not in told
    call = channel.unary_unary("/gone.v1.Stock/Count")
    with pytest.raises(grpc.RpcError) as error:
        call(b"", metadata=bearer(suite))
    assert error.value.code() == grpc.StatusCode.UNAVAILABLE
    assert "127.0.0.1" not in error.value.details()
    with pytest.raises(grpc.RpcError) as error:
        channel.unary_unary("/gone.v1.Stock/Nothing")(b"", metadata=bearer(suite))
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize(
    "flag,wanted",
    [
        ("set.binpb", "want descriptors@target"),
        ("{}/missing@127.0.0.1:1", "missing"),
        ("{}/bad@127.0.0.1:1", "want a FileDescriptorSet"),
        ("{}/bad@10.0.0.1:1", "leaves this machine"),
    ],
)
def test_a_wrong_flag_is_told(suite, tmp_path, flag, wanted):
    (tmp_path / "bad").write_bytes(b"no descriptors")
    done = subprocess.run(
        [suite.layout.binaries / "gateway", f"--upstreams={flag.format(tmp_path)}"],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 2
    assert wanted in done.stdout + done.stderr
