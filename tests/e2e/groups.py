"""Requests about groups in a line, and what tests ask of groups."""

from dataclasses import dataclass

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2, status_pb2

from builders import mail, phone, touch
from kith.common.v1 import common_pb2
from kith.contacts.v1 import contacts_pb2 as con
from kith.gateway.v1 import gateway_pb2 as gw
from kith.identity.v1 import identity_pb2 as idp
from kith.interactions.v1 import interactions_pb2 as ixn

AGENT = con.Actor(kind=con.ACTOR_KIND_PERSON, name="agent-7")
ROBOT = con.Actor(kind=con.ACTOR_KIND_SYSTEM, name="nightly")
DECISION = con.MergeCause(kind=con.MERGE_CAUSE_KIND_DECISION, value="ticket-1")


def ref(what) -> gw.CustomerRef:
    """By a contact id, or by a channel value."""
    if isinstance(what, idp.ChannelValue):
        return gw.CustomerRef(value=what)
    return gw.CustomerRef(contact_id=what)


def merge_of(survivor, *absorbed, cause=DECISION, actor=AGENT, **fields):
    return gw.MergeRequest(
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
    return gw.UnmergeRequest(customer=ref(customer), actor=actor, **fields)


def reason_of(error: grpc.RpcError) -> str:
    trailers = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    return next(info.reason for one in status.details if one.Unpack(info))


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
                kind=ixn.KIND_PURCHASE,
                subject=name,
                occurred_time=Timestamp(seconds=1_790_000_000 + n),
                amount=euros(n),
            )
        )
        for n in range(1, count + 1)
    ]
    update = gw.UpdateContactRequest(
        customer=ref(answers[0].contact_id), contact=con.Contact(display_name=name)
    )
    update.update_mask.paths.append("display_name")
    client.gateway.UpdateContact(update)
    return Customer(answers[0].contact_id, number, mailbox)


def euros(amount: int) -> common_pb2.Money:
    return common_pb2.Money(currency_code="EUR", amount_micros=amount * 1_000_000)


def see(client, what) -> gw.CustomerView:
    """The whole view, by a contact id or a channel value."""
    request = gw.GetCustomerViewRequest(customer=ref(what))
    view = client.gateway.GetCustomerView(request).view
    assert not [one.part for one in view.sources if one.HasField("error")]
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
    request = gw.ListTimelineRequest(
        customer=ref(what), page_size=page_size, **fields
    )
    rows = []
    while True:
        page = client.gateway.ListTimeline(request)
        rows += page.interactions
        request.page_token = page.next_page_token
        if not request.page_token:
            return rows


def newest_first(rows):
    return sorted(
        rows, key=lambda row: (row.occurred_time.ToNanoseconds(), row.interaction_id),
        reverse=True,
    )


def sold(view) -> int:
    return sum(one.sold_micros for one in view.summary.sales) // 1_000_000
