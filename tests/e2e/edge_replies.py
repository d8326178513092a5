"""Replies over HTTP in one shape, so that those of two servers can be compared."""

import base64
import gzip
import json
import struct
import urllib.parse
from email.message import Message

from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from kith.gateway.v1 import customer_view_pb2

# The headers that say what the body is. Which messages are packed is up to each.
_MEANT = (
    "content-encoding",
    "content-type",
    "grpc-message",
    "grpc-status",
)
_PACKED, _END, _TRAILERS = 1, 2, 0x80


def frame(flags: int, message: bytes) -> bytes:
    """A message as streams of Connect and gRPC-Web have it."""
    return struct.pack(">BI", flags, len(message)) + message


def reading(status: int, headers: Message, body: bytes) -> dict:
    """What a reply says: its status, the headers that mean something, and its body."""
    meant = {name: headers[name] for name in _MEANT if name in headers}
    kind = meant.get("content-type", "")
    if meant.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if kind.startswith("application/grpc-web-text"):
        body = _joined(body)
    if kind.startswith(("application/connect+", "application/grpc-web")):
        read = _frames(kind, body)
    else:
        read = _message(kind, body)
    return {"status": status, **meant, "body": read}


def brief(reply: dict) -> dict:
    """Of a reading: its status, its type, and the code of its error, if it has one."""
    body = reply["body"]
    if isinstance(body, list):
        (body,) = body
        body = body if isinstance(body, dict) else body[1]["error"]
    if isinstance(body, bytes):
        body = {}
    return {
        "status": reply["status"],
        "content-type": reply.get("content-type"),
        "code": body.get("code") or body.get("grpc-status"),
    }


def _message(kind: str, message: bytes):
    if "json" in kind and message:
        return _plain(json.loads(message))
    if "proto" in kind:
        return _in_order(message)
    return message


def _in_order(message: bytes) -> bytes:
    """A view with its fields in order: on the wire they may come in any."""
    try:
        view = customer_view_pb2.GetCustomerViewResponse.FromString(message)
    except DecodeError:
        return message
    return view.SerializeToString(deterministic=True)


def _plain(value):
    """JSON without what the details of an error say a second time, for people."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if name != "debug"}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _joined(text: bytes) -> bytes:
    """What base64 holds that was padded in several places."""
    quartets = (text[first : first + 4] for first in range(0, len(text), 4))
    return b"".join(base64.b64decode(one) for one in quartets)


def _frames(kind: str, body: bytes) -> list:
    frames = []
    while body:
        flags, size = struct.unpack(">BI", body[:5])
        message, body = body[5 : 5 + size], body[5 + size :]
        assert len(message) == size
        if flags & _PACKED:
            message = gzip.decompress(message)
        if flags & _TRAILERS:
            frames.append(_trailers(message))
        else:
            shown = _message("json" if flags & _END else kind, message)
            frames.append([flags & ~_PACKED, shown])
    return frames


def _trailers(message: bytes) -> dict:
    lines = message.decode().removesuffix("\r\n").split("\r\n")
    fields = dict(line.split(":", 1) for line in lines)
    trailers = {name.lower(): value.strip() for name, value in fields.items()}
    # How much of it is escaped is left to each.
    message = urllib.parse.unquote(trailers.get("grpc-message", ""))
    details = trailers.get("grpc-status-details-bin", "")
    padding = "=" * (-len(details) % 4)
    status = status_pb2.Status.FromString(base64.b64decode(details + padding))
    return {
        **trailers,
        "grpc-message": message,
        "grpc-status-details-bin": [
            (one.type_url.rpartition("/")[2], one.value) for one in status.details
        ],
    }
