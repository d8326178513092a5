"""./dev call: any method of any service, JSON in and JSON out."""

import argparse

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor

from kithdev.client import SERVICES, Client, request_type
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure


def run(arguments: list[str]) -> int:
    """Calls <service>.<Method> with the key of a tenant."""
    options = _options(arguments)
    service, method = _method(options.method)
    request = request_type(method)()
    try:
        json_format.Parse(options.request, request)
    except json_format.ParseError as error:
        raise Failure(f"The request is wrong: {error}") from error
    targets, token = connection(options.tenant)
    if SERVICES[service].binary not in targets:
        raise Failure(f"{SERVICES[service].binary} does not run.", advice="./dev up")
    with Client(targets, token) as client:
        call = getattr(getattr(client, service), method.name)
        try:
            answer = call(request)
            for message in answer if method.server_streaming else [answer]:
                print(_json(message), flush=True)
        except grpc.RpcError as error:
            raise Failure(f"{error.code().name}: {error.details()}") from error
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev call", description=__doc__)
    add_tenant_option(parser)
    parser.add_argument("method", help="such as gateway.GetCustomerView")
    parser.add_argument("request", nargs="?", default="{}", help="in JSON")
    return parser.parse_args(arguments)


def _method(path: str) -> tuple[str, MethodDescriptor]:
    """The service's name among SERVICES, and the method."""
    service, _, name = path.partition(".")
    if service not in SERVICES:
        raise Failure(f'No service "{service}"; there are {", ".join(SERVICES)}.')
    known = {method.name: method for method in SERVICES[service].descriptor.methods}
    if name not in known:
        raise Failure(f'{service} has no method "{name}"; it has {", ".join(known)}.')
    return service, known[name]


def _json(message) -> str:
    return json_format.MessageToJson(
        message, preserving_proto_field_name=True, ensure_ascii=False
    )
