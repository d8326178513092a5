"""Requests about groups in a line, and what tests ask of groups."""

from dataclasses import dataclass

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2, status_pb2

from builders import mail, phone, ref, touch, update_of
from kith.common.v1 import common_pb2
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.interactions.v1 import interaction_pb2

AGENT = group_pb2.Actor(kind=group_pb2.ACTOR_KIND_PERSON, name="agent-7")
ROBOT = group_pb2.Actor(kind=group_pb2.ACTOR_KIND_SYSTEM, name="nightly")
DECISION = group_pb2.MergeCause(
    kind=group_pb2.MERGE_CAUSE_KIND_DECISION, value="ticket-1"
)


def merge_of(survivor, *absorbed, cause=DECISION, actor=AGENT, **fields):
    return merge_pb2.MergeContactsRequest(
        survivor=ref(survivor),
        absorbed=[ref(one) for one in absorbed],
        cause=cause,
        actor=actor,
        **fields,
    )


def unmerge_of(customer, actor=AGENT, **fields):
    """All edges of the customer, unless fields name one."""
    if "edge_id" not in fields:
        fields["all_edges"] = True
    return merge_pb2.UnmergeContactsRequest(
        customer=ref(customer), actor=actor, **fields
    )


def info_of(error: grpc.RpcError) -> error_details_pb2.ErrorInfo:
    """What programs act on, as docs/errors.md lists."""
    trailers = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    return next(info for one in status.details if one.Unpack(info))


def reason_of(error: grpc.RpcError) -> str:
    return info_of(error).reason


def refused(call, request, *reasons) -> None:
    with pytest.raises(grpc.RpcError) as error:
        call(request)
    assert error.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert reason_of(error.value) in reasons


@dataclass(frozen=True)
class Customer:
    """Somebody with a phone and a mailbox."""

    id: str
    number: str
    mailbox: str


def make_customer(client, fresh, name: str, count: int) -> Customer:
    """One who has bought `count` times, at 1, 2, 3 EUR and so on."""
    number, mailbox = fresh("phone"), fresh("mail")
    answers = [
        client.gateway.RecordTouch(
            touch(
                fresh("r"),
                phone(number),
                mail(mailbox),
                kind=interaction_pb2.KIND_PURCHASE,
                subject=name,
                occurred_time=Timestamp(seconds=1_790_000_000 + n),
                amount=euros(n),
            )
        )
        for n in range(1, count + 1)
    ]
    contact_id = answers[0].contact_id
    client.gateway.UpdateContact(update_of(contact_id, {"display_name": name}))
    return Customer(contact_id, number, mailbox)


def euros(amount: int) -> common_pb2.Money:
    return common_pb2.Money(currency_code="EUR", amount_micros=amount * 1_000_000)


def see(client, what) -> customer_view_pb2.CustomerView:
    """The whole view, by a contact id or a channel value."""
    request = customer_view_pb2.GetCustomerViewRequest(customer=ref(what))
    view = client.gateway.GetCustomerView(request).view
    assert not [one.part for one in view.parts if one.HasField("error")]
    return view


def shown(client, what):
    """A view without what differs by how one has asked, and by time alone."""
    view = see(client, what)
    view.contact.contact_id = ""
    view.next_page_token = ""
    return view


def state(client, what):
    """The same, for a contact before and after it was in a group."""
    view = shown(client, what)
    view.contact.etag = ""
    return view


def timeline(client, what, page_size=7, **fields):
    request = customer_view_pb2.ListInteractionsRequest(
        customer=ref(what), page_size=page_size, **fields
    )
    rows = []
    while True:
        page = client.gateway.ListInteractions(request)
        rows += page.interactions
        request.page_token = page.next_page_token
        if not request.page_token:
            return rows


def newest_first(rows):
    return sorted(
        rows,
        key=lambda row: (row.occurred_time.ToNanoseconds(), row.interaction_id),
        reverse=True,
    )


def sold(view) -> int:
    return sum(one.sold_micros for one in view.summary.sales) // 1_000_000
