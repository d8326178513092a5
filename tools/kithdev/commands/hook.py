"""./dev hook try: what a request to a connector would become."""

import argparse
from pathlib import Path

import grpc
from google.protobuf import json_format
from kith.gateway.v1 import hook_pb2

from kithdev.client import Client
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


def run(arguments: list[str]) -> int:
    """Tries a request for a source of a tenant, and writes nothing."""
    options = _options(arguments)
    try:
        content = options.file.read_bytes()
    except OSError as error:
        raise Failure(f"{options.file}: {error.strerror}.") from error
    request = hook_pb2.TryHookRequest(
        source=options.source, request=read_request(content)
    )
    targets, token = connection(options.tenant)
    with Client(targets, token) as client:
        try:
            answer = client.gateway.TryHook(request)
        except grpc.RpcError as error:
            raise Failure(f"{error.code().name}: {error.details()}") from error
    print(
        json_format.MessageToJson(
            answer, preserving_proto_field_name=True, ensure_ascii=False
        )
    )
    return 1 if answer.refusal or answer.fault else 0


def read_request(content: bytes) -> hook_pb2.HookRequest:
    """The request in a file: a whole one as HTTP has it, or its body alone.

    A body alone is JSON if it begins as JSON does, else a form. One line end at the
    end of a file is the editor's.
    """
    first = content.split(b"\n", 1)[0].strip()
    if b" HTTP/1." not in first:
        body = content.removesuffix(b"\n").removesuffix(b"\r")
        kind = _JSON if body.lstrip()[:1] in (b"{", b"[") else _FORM
        header = hook_pb2.HookHeader(name="content-type", value=kind)
        return hook_pb2.HookRequest(headers=[header], body=body)
    end = b"\r\n\r\n" if first + b"\r\n" == content[: len(first) + 2] else b"\n\n"
    head, _, body = content.partition(end)
    method, target, _ = first.decode().split(" ", 2)
    request = hook_pb2.HookRequest(
        method=method, target=target, body=body.removesuffix(b"\n")
    )
    for line in head.decode().splitlines()[1:]:
        name, _, value = line.partition(":")
        request.headers.add(name=name.strip().lower(), value=value.strip())
    return request


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev hook", description=__doc__)
    what = parser.add_subparsers(required=True, metavar="try")
    trying = what.add_parser("try", help="shows it, and writes nothing")
    add_tenant_option(trying)
    trying.add_argument("source", help="its name in the connectors file")
    trying.add_argument("file", type=Path, help="a request, or its body alone")
    return parser.parse_args(arguments)
