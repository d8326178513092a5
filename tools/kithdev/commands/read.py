"""./dev read: how a value as typed is read, and whom it finds."""

import argparse
from typing import Iterator

import grpc
from kith.gateway.v1 import value_pb2
from kith.identity.v1 import identity_pb2

from kithdev.client import Client
from kithdev.console import stored
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure
from kithdev.view import word


def run(arguments: list[str]) -> int:
    """Shows each reading that a value may have in a tenant."""
    parser = argparse.ArgumentParser(prog="./dev read", description=__doc__)
    add_tenant_option(parser)
    parser.add_argument("--channel", help="read it as PHONE, EMAIL, SOCIAL, ... alone")
    parser.add_argument("--namespace", default="", help="the network or system")
    parser.add_argument("text", nargs="+", help="a channel value as typed")
    options = parser.parse_args(arguments)
    targets, token = connection(options.tenant)
    with Client(targets, token) as client:
        text = " ".join(options.text)
        print(show(client, text, options.channel or "", options.namespace))
    return 0


def show(client: Client, text: str, channel: str = "", namespace: str = "") -> str:
    """What people read of the readings of a value."""
    value = identity_pb2.ChannelValue(
        value=text, namespace=namespace, channel=_channel(channel)
    )
    try:
        response = client.gateway.ReadValue(value_pb2.ReadValueRequest(value=value))
    except grpc.RpcError as error:
        raise Failure(
            f"The gateway answered {error.code().name}: {error.details()}",
            advice="./dev status shows what runs, ./dev logs gateway why.",
        ) from error
    return "\n".join(stored(line) for one in response.readings for line in _lines(one))


def _channel(name: str) -> int:
    try:
        return identity_pb2.Channel.Value(f"CHANNEL_{name.upper() or 'UNSPECIFIED'}")
    except ValueError as error:
        names = ", ".join(key[len("CHANNEL_") :] for key in identity_pb2.Channel.keys())
        raise Failure(f"{name} is no channel, want one of {names}.") from error


def _lines(found: value_pb2.FoundReading) -> Iterator[str]:
    reading = found.reading
    identity = reading.identity
    kind = word(identity_pb2.Channel, identity.channel)
    name = " ".join(part for part in (identity.namespace, kind) if part)
    if reading.refusal:
        yield f"{name:<10} refused: {reading.refusal}"
        return
    yield f"{name:<10} {identity.normalized_value}"
    if reading.reason:
        yield f"{'':<10} {reading.reason}"
    for candidate in found.candidates:
        holder = candidate.identity
        where = f" in {holder.namespace}" if not identity.namespace else ""
        place = where if holder.namespace else ""
        yield f"{'':<10} held by {holder.contact_id}{place}"
    if not found.candidates:
        yield f"{'':<10} held by nobody"
