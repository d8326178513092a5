"""Calls the services by their generated stubs, with one API key."""

from dataclasses import dataclass
from typing import Mapping, NamedTuple, Sequence

import grpc
from google.protobuf import symbol_database
from google.protobuf.descriptor import (
    FileDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from kith.changes.v1.changes_service_pb2 import DESCRIPTOR as CHANGES
from kith.changes.v1.changes_service_pb2_grpc import ChangesServiceStub
from kith.contacts.v1.contacts_service_pb2 import DESCRIPTOR as CONTACTS
from kith.contacts.v1.contacts_service_pb2_grpc import ContactsServiceStub
from kith.gateway.v1.gateway_service_pb2 import DESCRIPTOR as GATEWAY
from kith.gateway.v1.gateway_service_pb2_grpc import GatewayServiceStub
from kith.identity.v1.identity_service_pb2 import DESCRIPTOR as IDENTITY
from kith.identity.v1.identity_service_pb2_grpc import IdentityServiceStub
from kith.interactions.v1.interactions_service_pb2 import DESCRIPTOR as INTERACTIONS
from kith.interactions.v1.interactions_service_pb2_grpc import InteractionsServiceStub


class Service(NamedTuple):
    """The binary that serves it, its stub, and the file that defines it alone."""

    binary: str
    stub: type
    file: FileDescriptor

    @property
    def descriptor(self) -> ServiceDescriptor:
        """Its methods and options."""
        (service,) = self.file.services_by_name.values()
        return service


# By the attribute of Client.
SERVICES = {
    "gateway": Service("gateway", GatewayServiceStub, GATEWAY),
    "contacts": Service("contacts-svc", ContactsServiceStub, CONTACTS),
    "identity": Service("identity-svc", IdentityServiceStub, IDENTITY),
    "interactions": Service("interactions-svc", InteractionsServiceStub, INTERACTIONS),
    "contacts_changes": Service("contacts-svc", ChangesServiceStub, CHANGES),
    "identity_changes": Service("identity-svc", ChangesServiceStub, CHANGES),
    "interactions_changes": Service("interactions-svc", ChangesServiceStub, CHANGES),
}

_TIMEOUT_SECONDS = 10
_CHANNEL_OPTIONS = (
    # A proxy of the environment is not for loopback.
    ("grpc.enable_http_proxy", 0),
    # Two clients of one process are two connections.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", -1),
    # A restarted service is found at once.
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 500),
)


class Client:
    """Calls the services with one API key, or with none. Thread-safe.

    Each of SERVICES is an attribute if `targets`, gRPC targets by the name of the
    binary, has its binary.
    """

    def __init__(
        self,
        targets: Mapping[str, str],
        token: str | None,
        options: Sequence[tuple[str, object]] = (),
        credentials: grpc.ChannelCredentials | None = None,
    ):
        """`options` are added to those of the channels, which are plain without
        `credentials`."""
        self._channels = {}
        options = [*_CHANNEL_OPTIONS, *options]
        for binary, target in targets.items():
            if credentials is None:
                channel = grpc.insecure_channel(target, options)
            else:
                channel = grpc.secure_channel(target, credentials, options)
            self._channels[binary] = grpc.intercept_channel(channel, _Caller(token))
        for name, service in SERVICES.items():
            if service.binary in targets:
                setattr(self, name, service.stub(self._channels[service.binary]))

    def close(self) -> None:
        """Closes the connections; calls under way are cancelled."""
        for channel in self._channels.values():
            channel.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def request_type(method: MethodDescriptor) -> type[Message]:
    """The class of a method's requests."""
    return symbol_database.Default().GetPrototype(method.input_type)


def reason_of(error: grpc.RpcError) -> str:
    """The reason that programs act on, as docs/errors.md lists; empty if none."""
    trailers = dict(error.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b""))
    info = error_details_pb2.ErrorInfo()
    return next((info.reason for one in status.details if one.Unpack(info)), "")


@dataclass(frozen=True)
class _Details(grpc.ClientCallDetails):
    """What differs from the call as it was made; gRPC takes the rest from there."""

    timeout: float | None
    metadata: Sequence[tuple[str, str]]


class _Caller(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Adds the key to each call, and a deadline to those without a stream."""

    def __init__(self, token: str | None):
        self._key = [("authorization", f"Bearer {token}")] if token else []

    def intercept_unary_unary(self, continuation, client_call_details, request):
        return continuation(
            self._details(client_call_details, _TIMEOUT_SECONDS), request
        )

    def intercept_unary_stream(self, continuation, client_call_details, request):
        return continuation(self._details(client_call_details, None), request)

    def _details(self, given, timeout: float | None) -> _Details:
        if given.timeout is not None:
            timeout = given.timeout
        return _Details(timeout, [*self._key, *(given.metadata or ())])
