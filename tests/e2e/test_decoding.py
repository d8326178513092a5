"""What cannot be decoded is refused by name, logged and counted, by every method."""

import http.client
import json

import grpc
import pytest
from google.protobuf import symbol_database
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.rpc import error_details_pb2, status_pb2

from builders import code, phone, touch, view_by
from kith.common.v1 import common_pb2
from kith.config.v1 import config_pb2
from kith.gateway.v1 import contact_pb2, touch_pb2
from kithdev.client import SERVICES

INVALID = grpc.StatusCode.INVALID_ARGUMENT
# Half an emoji, as grpc-js sends it when a text is cut in two; text of the same
# length stands for it where the library of Python makes the request.
HALF, STAND_IN = b"\xed\xa0\xbd", "XXX"
# Its request has no text.
WITHOUT_TEXT = {"interactions.LeaseEntries"}
METHODS = [
    f"{name}.{method.name}"
    for name, service in SERVICES.items()
    for method in service.descriptor.methods
    if f"{name}.{method.name}" not in WITHOUT_TEXT
]


def halved(request) -> bytes:
    """The request, with half an emoji in place of STAND_IN."""
    return request.SerializeToString().replace(STAND_IN.encode(), HALF)


def method_of(name: str) -> MethodDescriptor:
    service, _, method = name.partition(".")
    return SERVICES[service].descriptor.methods_by_name[method]


def key_for(method: MethodDescriptor) -> str:
    """The key of the tenant demo that may call a method."""
    asked = method.GetOptions().Extensions[common_pb2.assurance]
    return "verified" if asked == config_pb2.ASSURANCE_VERIFIED else "demo"


def send(suite, name: str, request: bytes, trace_id: str = "0" * 31 + "1") -> bytes:
    """Calls a method, such as "contacts.GetContact"; of a stream, the first message."""
    method = method_of(name)
    binary = SERVICES[name.partition(".")[0]].binary
    path = f"/{method.containing_service.full_name}/{method.name}"
    options = {
        "timeout": 10,
        "metadata": [
            ("authorization", f"Bearer {suite.token(key_for(method))}"),
            ("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01"),
        ],
    }
    address = suite.services[binary].address.grpc
    with grpc.insecure_channel(f"ipv4:{address}") as channel:
        if method.server_streaming:
            return next(channel.unary_stream(path)(request, **options))
        return channel.unary_unary(path)(request, **options)


def refusal(suite, name: str, request: bytes, **options) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as error:
        send(suite, name, request, **options)
    assert error.value.code() == INVALID, error.value
    return error.value


def fields_of(error: grpc.RpcError) -> list[str]:
    """The fields that programs are told."""
    status = status_pb2.Status.FromString(
        dict(error.trailing_metadata())["grpc-status-details-bin"]
    )
    return fields_at_fault(status)


def fields_at_fault(status: status_pb2.Status) -> list[str]:
    detail = error_details_pb2.BadRequest()
    assert status.details[0].Unpack(detail)
    return [violation.field for violation in detail.field_violations]


def bad_text(message: Descriptor) -> tuple[str, bytes] | None:
    """The path and the bytes of a message with half an emoji in its first text."""
    for field in message.fields:
        inner = ("", HALF)
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            inner = bad_text(field.message_type)
        elif field.type != FieldDescriptor.TYPE_STRING:
            continue
        if inner is None:
            continue
        path, content = inner
        assert len(content) < 128 and field.number < 16
        name = field.name
        if field.label == FieldDescriptor.LABEL_REPEATED:
            name += "[0]"
        tag = field.number << 3 | 2
        return f"{name}.{path}".rstrip("."), bytes([tag, len(content)]) + content
    return None


def is_batch(method: MethodDescriptor) -> bool:
    """Each item has an error of its own."""
    results = method.output_type.fields_by_name.get("results")
    return results is not None and "error" in results.message_type.fields_by_name


def metric(suite, method: str) -> float:
    """How many calls the gateway has refused."""
    connection = http.client.HTTPConnection(
        suite.services["gateway"].address.ops, timeout=5
    )
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    for line in text.splitlines():
        labels, _, value = line.rpartition(" ")
        if (
            labels.startswith("grpc_server_handled_total{")
            and f'grpc_method="{method}"' in labels
            and 'grpc_code="InvalidArgument"' in labels
        ):
            return float(value)
    return 0


@pytest.mark.parametrize("name", METHODS)
def test_every_method_names_the_text_that_is_not_utf8(suite, name):
    method = method_of(name)
    path, request = bad_text(method.input_type)
    if not is_batch(method):
        error = refusal(suite, name, request)
        assert error.details() == f"{path}: not UTF-8, want UTF-8"
        assert fields_of(error) == [path]
        return
    answers = symbol_database.Default().GetPrototype(method.output_type)
    answer = answers.FromString(send(suite, name, request))
    (result,) = answer.results
    assert result.error.code == INVALID.value[0]
    # Paths of an item begin at the item.
    assert fields_at_fault(result.error) == [path.partition(".")[2]]


@pytest.mark.parametrize("name", METHODS)
def test_every_method_refuses_bytes_that_are_no_message(suite, name):
    for request in (b"\x0a\x7f", b"\x07", b"\xff" * 20):
        assert "cannot be decoded" in refusal(suite, name, request).details()


def test_a_call_without_a_message_is_refused_too(suite):
    address = suite.services["gateway"].address.grpc
    key = [("authorization", f"Bearer {suite.token('demo')}")]
    with grpc.insecure_channel(f"ipv4:{address}") as channel:
        call = channel.stream_unary("/kith.gateway.v1.GatewayService/CreateContact")
        with pytest.raises(grpc.RpcError) as error:
            call(iter([]), timeout=10, metadata=key)
    assert error.value.code() == INVALID
    assert "cannot be decoded" in error.value.details()


def test_it_is_logged_and_counted_as_any_other_call(suite):
    trace_id = "5bf92f3577b34da6a3ce929d0e0e4737"
    before = metric(suite, "CreateContact")
    request = contact_pb2.CreateContactRequest()
    request.contact.display_name = f"Ada {STAND_IN}"
    error = refusal(suite, "gateway.CreateContact", halved(request), trace_id=trace_id)
    assert error.details() == "contact.display_name: not UTF-8, want UTF-8"
    assert metric(suite, "CreateContact") == before + 1
    log = suite.log("gateway").read_text()
    (line,) = (json.loads(line) for line in log.splitlines() if trace_id in line)
    assert line["message"] == "call"
    assert line["method"] == "CreateContact"
    assert line["code"] == "InvalidArgument"
    assert (line["tenant"], line["key"]) == ("demo", "demo")
    # What protobuf itself has to say is no line of another form.
    assert all(json.loads(line) for line in log.splitlines())


def test_the_other_touches_of_a_batch_are_recorded(suite, client, fresh):
    numbers = [fresh("phone") for _ in range(3)]
    batch = touch_pb2.BatchRecordTouchesRequest(
        touches=[touch(fresh("r"), phone(number)) for number in numbers]
    )
    batch.touches[1].contact.display_name = f"Ada {STAND_IN}"
    answer = touch_pb2.BatchRecordTouchesResponse.FromString(
        send(suite, "gateway.BatchRecordTouches", halved(batch))
    )
    first, second, third = answer.results
    assert first.response.contact_created and third.response.contact_created
    assert second.error.code == INVALID.value[0]
    assert second.error.message == "contact.display_name: not UTF-8, want UTF-8"
    view = client.gateway.GetCustomerView
    assert [code(view, view_by(number)) for number in numbers] == [
        grpc.StatusCode.OK,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.OK,
    ]
