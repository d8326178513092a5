"""./dev view: one customer by anything."""

import argparse
from contextlib import contextmanager
from typing import Iterator, Sequence

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.contacts.v1 import suggestion_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.identity.v1 import identity_pb2

from kithdev.client import Client
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure
from kithdev.view import MOST_SUGGESTIONS, render


def run(arguments: list[str]) -> int:
    """Shows the customer of a tenant that the words mean."""
    parser = argparse.ArgumentParser(prog="./dev view", description=__doc__)
    add_tenant_option(parser)
    parser.add_argument(
        "customer", nargs="+", help="an id, a phone number, an e-mail or a handle"
    )
    options = parser.parse_args(arguments)
    targets, token = connection(options.tenant)
    with Client(targets, token) as client:
        print(show(client, " ".join(options.customer)))
    return 0


def show(client: Client, typed: str, interactions: int = 12) -> str:
    """What people read of the customer that something typed means."""
    found = look_up(client, typed, interactions)
    contact = found.view.contact
    with _failures_told():
        merges = _merges(client, contact)
        suggestions = _suggestions(client, contact)
        names = _names(client, suggestions)
    return render(found, merges, suggestions, names)


def _merges(client: Client, contact: contact_pb2.Contact) -> list[group_pb2.MergeEdge]:
    """The first of them, as one page holds; none where nobody is merged."""
    if len(contact.member_ids) < 2:
        return []
    request = merge_pb2.ListMergeHistoryRequest(
        customer=customer_view_pb2.CustomerRef(contact_id=contact.canonical_id),
        page_size=500,
    )
    return list(client.gateway.ListMergeHistory(request).edges)


def _suggestions(
    client: Client, contact: contact_pb2.Contact
) -> list[suggestion_pb2.Suggestion]:
    """Who else it may be, each once, the likeliest first."""
    found = sorted(_open_suggestions(client, contact), key=lambda one: one.score)
    # Several members of a group may agree with one other.
    best = {one.other_canonical_id: one for one in found}
    return sorted(best.values(), key=lambda one: one.score, reverse=True)


def _open_suggestions(
    client: Client, contact: contact_pb2.Contact
) -> Iterator[suggestion_pb2.Suggestion]:
    if not contact.canonical_id:
        return
    request = merge_pb2.ListSuggestionsRequest(
        customer=customer_view_pb2.CustomerRef(contact_id=contact.canonical_id),
        page_size=500,
    )
    while True:
        page = client.gateway.ListSuggestions(request)
        yield from page.suggestions
        request.page_token = page.next_page_token
        if not request.page_token:
            return


def _names(
    client: Client, suggestions: Sequence[suggestion_pb2.Suggestion]
) -> list[str]:
    """Those of the others, as far as they are shown."""
    if not suggestions:
        return []
    request = customer_view_pb2.BatchGetCustomerViewsRequest(
        customers=[
            customer_view_pb2.CustomerRef(contact_id=one.other_canonical_id)
            for one in suggestions[:MOST_SUGGESTIONS]
        ],
        read_mask=FieldMask(paths=["contact"]),
    )
    results = client.gateway.BatchGetCustomerViews(request).results
    return [one.response.view.contact.display_name for one in results]


def look_up(
    client: Client, typed: str, interactions: int = 12
) -> customer_view_pb2.GetCustomerViewResponse:
    """What the gateway finds for something typed into a search field."""
    request = customer_view_pb2.GetCustomerViewRequest(
        customer=customer_view_pb2.CustomerRef(
            value=identity_pb2.ChannelValue(value=typed)
        ),
        interactions_size=interactions,
    )
    with _failures_told():
        try:
            return client.gateway.GetCustomerView(request)
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
            raise Failure(f'No customer is known by "{typed}".') from error


@contextmanager
def _failures_told() -> Iterator[None]:
    """A call that fails is told to people."""
    try:
        yield
    except grpc.RpcError as error:
        raise Failure(
            f"The gateway answered {error.code().name}: {error.details()}",
            advice="./dev status shows what runs, ./dev logs gateway why.",
        ) from error
