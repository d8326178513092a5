"""./dev call: any method of any service, JSON in and JSON out."""

import grpc
from google.protobuf import json_format

from kithdev.client import SERVICES, Client
from kithdev.development import connection
from kithdev.failure import Failure


def run(arguments: list[str]) -> int:
    """Calls <service>.<Method> with the development key."""
    if len(arguments) not in (1, 2):
        raise Failure("./dev call takes <service>.<Method> and a request in JSON.")
    targets, token = connection()
    with Client(targets, token) as client:
        method = _method(client, arguments[0])
        request = method.request_type()
        try:
            json_format.Parse((arguments[1:] or ["{}"])[0], request)
        except json_format.ParseError as error:
            raise Failure(f"The request is wrong: {error}") from error
        try:
            response = method(request)
        except grpc.RpcError as error:
            raise Failure(f"{error.code().name}: {error.details()}") from error
    print(
        json_format.MessageToJson(
            response, preserving_proto_field_name=True, ensure_ascii=False
        )
    )
    return 0


def _method(client: Client, name: str):
    service, _, method = name.partition(".")
    if service not in SERVICES:
        raise Failure(f'No service "{service}"; there are {", ".join(SERVICES)}.')
    stub = getattr(client, service, None)
    if stub is None:
        raise Failure(f"{SERVICES[service][0]} does not run.", advice="./dev up")
    if not hasattr(stub, method):
        known = ", ".join(found.name for found in SERVICES[service][1].methods)
        raise Failure(f'{service} has no method "{method}"; it has {known}.')
    return getattr(stub, method)
