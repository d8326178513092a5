"""The client speaks gRPC as generated stubs would."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2

from kithdev.client import SERVICES, Client

_PATH = "/kith.gateway.v1.GatewayService/GetCustomerView"


class _Echo(grpc.GenericRpcHandler):
    """Answers with the id asked for, and the key as the contact's name."""

    def service(self, details):
        if details.method != _PATH:
            return None
        sent = dict(details.invocation_metadata)

        def answer(request, _):
            response = customer_view_pb2.GetCustomerViewResponse()
            response.view.contact.contact_id = request.customer.contact_id
            response.view.contact.display_name = sent.get("authorization", "none")
            return response

        return grpc.unary_unary_rpc_method_handler(
            answer,
            customer_view_pb2.GetCustomerViewRequest.FromString,
            customer_view_pb2.GetCustomerViewResponse.SerializeToString,
        )


@pytest.fixture(scope="module")
def targets():
    server = grpc.server(ThreadPoolExecutor(2), handlers=[_Echo()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield {"gateway": f"ipv4:127.0.0.1:{port}"}
    server.stop(None)


def ask(client):
    request = customer_view_pb2.GetCustomerViewRequest(
        customer=customer_view_pb2.CustomerRef(contact_id="7")
    )
    return client.gateway.GetCustomerView(request).view.contact


def test_a_call_carries_the_key(targets):
    with Client(targets, "kith_a_b") as client:
        contact = ask(client)
    assert (contact.contact_id, contact.display_name) == ("7", "Bearer kith_a_b")


def test_no_key_no_header(targets):
    with Client(targets, None) as client:
        assert ask(client).display_name == "none"


def test_a_future(targets):
    with Client(targets, "kith_a_b") as client:
        future = client.gateway.GetCustomerView.future(
            customer_view_pb2.GetCustomerViewRequest()
        )
        assert future.result().HasField("view")


def test_an_error_is_grpcs_own(targets):
    with Client(targets, None) as client:
        with pytest.raises(grpc.RpcError) as failed:
            client.gateway.CreateContact(gateway_contact_pb2.CreateContactRequest())
    assert failed.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_every_service_has_its_methods(targets):
    everywhere = {binary: targets["gateway"] for binary, _ in SERVICES.values()}
    with Client(everywhere, None) as client:
        assert callable(client.contacts.BatchEnsureContacts)
        assert callable(client.identity.BatchClaimIdentities)
        assert callable(client.interactions.BatchGetActivity)
