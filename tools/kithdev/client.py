"""A gRPC client made from the services' descriptors; needs no plugin."""

from typing import Mapping, Sequence

import grpc
from google.protobuf import symbol_database
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from kith.changes.v1 import changes_service_pb2
from kith.contacts.v1 import contacts_service_pb2
from kith.gateway.v1 import gateway_service_pb2
from kith.identity.v1 import identity_service_pb2
from kith.interactions.v1 import interactions_service_pb2


# By the attribute of Client: the binary that serves it, and what it serves.
SERVICES: dict[str, tuple[str, ServiceDescriptor]] = {
    "gateway": (
        "gateway",
        gateway_service_pb2.DESCRIPTOR.services_by_name["GatewayService"],
    ),
    "contacts": (
        "contacts-svc",
        contacts_service_pb2.DESCRIPTOR.services_by_name["ContactsService"],
    ),
    "identity": (
        "identity-svc",
        identity_service_pb2.DESCRIPTOR.services_by_name["IdentityService"],
    ),
    "interactions": (
        "interactions-svc",
        interactions_service_pb2.DESCRIPTOR.services_by_name["InteractionsService"],
    ),
}
# Each of those that own data serves its changes as well.
_CHANGES = changes_service_pb2.DESCRIPTOR.services_by_name["ChangesService"]
SERVICES |= {
    f"{area}_changes": (f"{area}-svc", _CHANGES)
    for area in ("contacts", "identity", "interactions")
}

_TIMEOUT_SECONDS = 10
_CHANNEL_OPTIONS = [
    # A proxy of the environment is not for loopback.
    ("grpc.enable_http_proxy", 0),
    # Two clients of one process are two connections.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", -1),
    # A restarted service is found at once.
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 500),
]


class Method:
    """One method of a service, called as a function.

    One that streams answers an iterator, which can be cancelled.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        descriptor: MethodDescriptor,
        metadata: Sequence[tuple[str, str]],
    ):
        self.request_type = message_type(descriptor.input_type)
        path = f"/{descriptor.containing_service.full_name}/{descriptor.name}"
        self._metadata = tuple(metadata)
        make = channel.unary_stream if descriptor.server_streaming else channel.unary_unary
        self._call = make(
            path,
            request_serializer=self.request_type.SerializeToString,
            response_deserializer=message_type(descriptor.output_type).FromString,
        )

    def __call__(
        self,
        request: Message,
        timeout: float | None = _TIMEOUT_SECONDS,
        metadata: Sequence[tuple[str, str]] = (),
    ) -> Message:
        """Calls it and waits; fails with grpc.RpcError."""
        return self._call(
            request, timeout=timeout, metadata=(*self._metadata, *metadata)
        )

    def future(
        self,
        request: Message,
        timeout: float | None = _TIMEOUT_SECONDS,
        metadata: Sequence[tuple[str, str]] = (),
    ) -> grpc.Future:
        """Calls it; the future has the answer."""
        return self._call.future(
            request, timeout=timeout, metadata=(*self._metadata, *metadata)
        )


class Stub:
    """The methods of one service, each an attribute by its name."""

    def __init__(
        self,
        channel: grpc.Channel,
        descriptor: ServiceDescriptor,
        metadata: Sequence[tuple[str, str]],
    ):
        for method in descriptor.methods:
            setattr(self, method.name, Method(channel, method, metadata))


class Client:
    """Calls the services with one API key, or with none.

    `targets` are the gRPC targets by the name of the binary. Thread-safe.
    """

    gateway: Stub
    contacts: Stub
    identity: Stub
    interactions: Stub
    contacts_changes: Stub
    identity_changes: Stub
    interactions_changes: Stub

    def __init__(
        self,
        targets: Mapping[str, str],
        token: str | None,
        options: Sequence[tuple[str, object]] = (),
        credentials: grpc.ChannelCredentials | None = None,
    ):
        """`options` are added to those of the gRPC channels.

        The channels are plain without `credentials`.
        """
        metadata = [("authorization", f"Bearer {token}")] if token else []
        self._channels = []
        for attribute, (binary, descriptor) in SERVICES.items():
            if binary not in targets:
                continue
            channel = _connect(
                targets[binary], [*_CHANNEL_OPTIONS, *options], credentials
            )
            self._channels.append(channel)
            setattr(self, attribute, Stub(channel, descriptor, metadata))

    def close(self) -> None:
        """Closes the connections; calls under way are cancelled."""
        for channel in self._channels:
            channel.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connect(
    target: str,
    options: Sequence[tuple[str, object]],
    credentials: grpc.ChannelCredentials | None,
) -> grpc.Channel:
    if credentials is None:
        return grpc.insecure_channel(target, options)
    return grpc.secure_channel(target, credentials, options)


def message_type(descriptor) -> type[Message]:
    """The generated class of a message."""
    return symbol_database.Default().GetPrototype(descriptor)
