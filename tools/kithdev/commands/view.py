"""./dev view: one customer by anything."""

import grpc
from kith.gateway.v1 import gateway_pb2
from kith.identity.v1 import identity_pb2

from kithdev.client import Client
from kithdev.development import connection
from kithdev.failure import Failure
from kithdev.view import render


def run(arguments: list[str]) -> int:
    """Shows the customer that the words mean."""
    if not arguments:
        raise Failure(
            "./dev view takes an id, a phone number, an e-mail or a handle."
        )
    targets, token = connection()
    with Client(targets, token) as client:
        print(render(look_up(client, " ".join(arguments))))
    return 0


def look_up(
    client: Client, typed: str, interactions: int = 12
) -> gateway_pb2.GetCustomerViewResponse:
    """What the gateway finds for something typed into a search field."""
    request = gateway_pb2.GetCustomerViewRequest(
        customer=gateway_pb2.CustomerRef(
            value=identity_pb2.ChannelValue(value=typed)
        ),
        interactions_size=interactions,
    )
    try:
        return client.gateway.GetCustomerView(request)
    except grpc.RpcError as error:
        if error.code() == grpc.StatusCode.NOT_FOUND:
            raise Failure(f'No customer is known by "{typed}".') from error
        raise Failure(
            f"The gateway answered {error.code().name}: {error.details()}",
            advice="./dev status shows what runs, ./dev logs gateway why.",
        ) from error
