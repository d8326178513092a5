"""The client sends the key and a deadline, and leaves the rest to gRPC."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2, watch_pb2
from kith.gateway.v1.gateway_service_pb2_grpc import (
    GatewayServiceServicer,
    add_GatewayServiceServicer_to_server,
)

from kithdev.client import SERVICES, Client, request_type

_REQUEST = customer_view_pb2.GetCustomerViewRequest()


class _Gateway(GatewayServiceServicer):
    """Notes how it is called."""

    def __init__(self):
        self.peers = []
        self.metadata = {}
        self.seconds = None

    def GetCustomerView(self, request, context):
        self._note(context)
        response = customer_view_pb2.GetCustomerViewResponse()
        response.view.contact.contact_id = request.customer.contact_id
        return response

    def WatchCustomer(self, request, context):
        self._note(context)
        for token in "abc":
            yield watch_pb2.WatchCustomerResponse(resume_token=token)

    def _note(self, context):
        self.peers.append(context.peer())
        self.metadata = dict(context.invocation_metadata())
        # So many seconds that they are centuries: no deadline.
        self.seconds = min(context.time_remaining(), 1e9)


@pytest.fixture
def gateway():
    return _Gateway()


@pytest.fixture
def targets(gateway):
    server = grpc.server(ThreadPoolExecutor(2))
    add_GatewayServiceServicer_to_server(gateway, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield {"gateway": f"ipv4:127.0.0.1:{port}"}
    server.stop(None)


@pytest.fixture
def client(targets):
    with Client(targets, "kith_a_b") as one:
        yield one


def test_a_call_carries_the_key_and_a_deadline(client, gateway):
    request = customer_view_pb2.GetCustomerViewRequest(
        customer=customer_view_pb2.CustomerRef(contact_id="7")
    )
    assert client.gateway.GetCustomerView(request).view.contact.contact_id == "7"
    assert gateway.metadata["authorization"] == "Bearer kith_a_b"
    assert 5 < gateway.seconds < 11


def test_a_call_may_have_metadata_and_a_deadline_of_its_own(client, gateway):
    client.gateway.GetCustomerView(_REQUEST, timeout=99, metadata=[("trace", "7")])
    assert gateway.metadata["authorization"] == "Bearer kith_a_b"
    assert gateway.metadata["trace"] == "7"
    assert 90 < gateway.seconds < 101


def test_a_stream_carries_the_key_and_no_deadline(client, gateway):
    stream = client.gateway.WatchCustomer(watch_pb2.WatchCustomerRequest())
    assert isinstance(stream, grpc.Call)
    assert [message.resume_token for message in stream] == ["a", "b", "c"]
    assert gateway.metadata["authorization"] == "Bearer kith_a_b"
    assert gateway.seconds == 1e9


def test_a_future_carries_the_key_and_a_deadline(client, gateway):
    future = client.gateway.GetCustomerView.future(_REQUEST)
    assert future.result().HasField("view")
    assert gateway.metadata["authorization"] == "Bearer kith_a_b"
    assert 5 < gateway.seconds < 11


def test_no_key_no_header(targets, gateway):
    with Client(targets, None) as client:
        client.gateway.GetCustomerView(_REQUEST)
    assert "authorization" not in gateway.metadata


def test_an_error_is_grpcs_own(client):
    with pytest.raises(grpc.RpcError) as failed:
        client.gateway.CreateContact(gateway_contact_pb2.CreateContactRequest())
    assert failed.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_two_clients_are_two_connections(targets, gateway):
    with Client(targets, "one") as first, Client(targets, "two") as second:
        for client in (first, first, second):
            client.gateway.GetCustomerView(_REQUEST)
    first_peer, again, second_peer = gateway.peers
    assert first_peer == again != second_peer


def test_every_service_has_its_methods(targets):
    everywhere = {one.binary: targets["gateway"] for one in SERVICES.values()}
    with Client(everywhere, None) as client:
        for name, service in SERVICES.items():
            stub = getattr(client, name)
            assert all(
                hasattr(stub, method.name) for method in service.descriptor.methods
            )
    create = SERVICES["contacts"].descriptor.methods_by_name["CreateContact"]
    assert request_type(create) == contact_pb2.CreateContactRequest


def test_a_service_without_a_target_is_none_of_its_attributes(client):
    assert hasattr(client, "gateway") and not hasattr(client, "contacts")
