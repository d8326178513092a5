"""Requests in a line, and what tests ask of their answers."""

import time

import grpc
from google.protobuf.message import Message

from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.client import SERVICES, Client, request_type


# What a client repeats.
TRANSIENT = (
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.UNKNOWN,
)


def phone(value: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(channel=identity_pb2.CHANNEL_PHONE, value=value)


def mail(value: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(channel=identity_pb2.CHANNEL_EMAIL, value=value)


def external(system: str, value: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(
        channel=identity_pb2.CHANNEL_EXTERNAL, namespace=system, value=value
    )


def touch(request_id: str, *identities: identity_pb2.ChannelValue, **fields):
    """A note by one or more channel values."""
    fields.setdefault("kind", interaction_pb2.KIND_NOTE)
    return touch_pb2.RecordTouchRequest(
        identities=identities,
        interaction=interaction_pb2.Interaction(**fields),
        request_id=request_id,
    )


def touch_of(contact_id: str, request_id: str, **fields):
    """A note for a contact."""
    fields.setdefault("kind", interaction_pb2.KIND_NOTE)
    return touch_pb2.RecordTouchRequest(
        contact_id=contact_id,
        interaction=interaction_pb2.Interaction(**fields),
        request_id=request_id,
    )


def ref(what) -> customer_view_pb2.CustomerRef:
    """By a contact id, or by a channel value."""
    if isinstance(what, identity_pb2.ChannelValue):
        return customer_view_pb2.CustomerRef(value=what)
    return customer_view_pb2.CustomerRef(contact_id=what)


def view_of(contact_id: str, **fields):
    return customer_view_pb2.GetCustomerViewRequest(customer=ref(contact_id), **fields)


def view_by(value: str, **fields):
    """By a value as somebody types it, without saying what it is."""
    typed = identity_pb2.ChannelValue(value=value)
    return customer_view_pb2.GetCustomerViewRequest(customer=ref(typed), **fields)


def update_of(what, contact: dict, **fields):
    """All fields of `contact`, and no others."""
    return gateway_contact_pb2.UpdateContactRequest(
        customer=ref(what),
        contact=contact,
        update_mask={"paths": list(contact)},
        **fields,
    )


def link_of(what, value: identity_pb2.ChannelValue):
    return gateway_contact_pb2.LinkIdentityRequest(customer=ref(what), value=value)


def unlink_of(what, value: identity_pb2.ChannelValue, **fields):
    return gateway_contact_pb2.UnlinkIdentityRequest(
        customer=ref(what), value=value, **fields
    )


def move_of(from_customer, to_customer, value: identity_pb2.ChannelValue, **fields):
    return gateway_contact_pb2.MoveIdentityRequest(
        from_customer=ref(from_customer),
        to_customer=ref(to_customer),
        value=value,
        **fields,
    )


def share_of(value: identity_pb2.ChannelValue, *customers, **fields):
    """Shares a value among customers."""
    return gateway_contact_pb2.ShareIdentityRequest(
        customers=[ref(one) for one in customers], value=value, **fields
    )


def unshare_of(value: identity_pb2.ChannelValue, keep=None, remove=None, **fields):
    """Ends that a value is shared, or takes one customer out."""
    return gateway_contact_pb2.UnshareIdentityRequest(
        value=value,
        keep_customer=ref(keep) if keep else None,
        remove_customer=ref(remove) if remove else None,
        **fields,
    )


def reassignment_of(interactions, to, **fields):
    """Moves `interactions`, which are of one contact."""
    fields = {"reason": "it was the neighbour", **fields}
    return customer_view_pb2.ReassignInteractionsRequest(
        contact_id=interactions[0].contact_id,
        to_customer=ref(to),
        interactions=[
            {
                "interaction_id": each.interaction_id,
                "occurred_time": each.occurred_time,
            }
            for each in interactions
        ],
        **fields,
    )


def request_of(method: str, fields: dict) -> Message:
    """The request of a method, such as "contacts.GetContact"."""
    service, _, name = method.partition(".")
    return request_type(SERVICES[service].descriptor.methods_by_name[name])(**fields)


def ask(client: Client, method: str, fields: dict):
    """Calls a method, such as "contacts.GetContact"."""
    service, _, name = method.partition(".")
    return getattr(getattr(client, service), name)(request_of(method, fields))


def code(call, request) -> grpc.StatusCode:
    """The status a call ends with; of a stream, its first message or its end."""
    try:
        answer = call(request)
        if isinstance(answer, grpc.Call):
            next(iter(answer))
            answer.cancel()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def until_it_works(call, request, seconds=30):
    """Repeats a request as a client does, until it succeeds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return call(request)
        except grpc.RpcError as error:
            if error.code() not in TRANSIENT or time.monotonic() > deadline:
                raise
            # A client's pause between two attempts.
            time.sleep(0.05)


def whole_view(client: Client, request) -> customer_view_pb2.CustomerView:
    """Repeats a view as a page does, until no part of it is missing."""
    views = []

    def is_whole():
        views.append(until_it_works(client.gateway.GetCustomerView, request).view)
        return not any(part.HasField("error") for part in views[-1].parts)

    wait_until(is_whole)
    return views[-1]


def wait_until(reached, seconds=30):
    """Waits until something is so."""
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it did not happen in time"
        # No event tells: polls.
        time.sleep(0.02)
