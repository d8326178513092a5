"""./dev call: any method of any service, JSON in and JSON out."""

import argparse

import grpc
from google.protobuf import json_format

from kithdev.client import SERVICES, Client
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure


def run(arguments: list[str]) -> int:
    """Calls <service>.<Method> with the key of a tenant."""
    options = _options(arguments)
    targets, token = connection(options.tenant)
    with Client(targets, token) as client:
        method = _method(client, options.method)
        request = method.request_type()
        try:
            json_format.Parse(options.request, request)
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


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev call", description=__doc__)
    add_tenant_option(parser)
    parser.add_argument("method", help="such as gateway.GetCustomerView")
    parser.add_argument("request", nargs="?", default="{}", help="in JSON")
    return parser.parse_args(arguments)


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
