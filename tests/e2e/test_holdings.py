"""Who held a channel value when: holdings that end and move, as callers see them."""

import time

import grpc

from builders import (
    code,
    mail,
    move_of,
    phone,
    ref,
    touch,
    unlink_of,
    view_by,
    view_of,
)
from kith.contacts.v1 import suggestion_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import merge_pb2

DAY = 86_400


def ago(days: float) -> dict:
    return {"seconds": int(time.time() - days * DAY)}


def test_a_recycled_number_keeps_both_histories_right(client, fresh):
    number = phone(fresh("phone"))
    record = client.gateway.RecordTouch
    ada = record(touch(fresh("r"), number, occurred_time=ago(90))).contact_id
    end = unlink_of(ada, number, end_time=ago(30), reason="the number was given back")
    ended = client.gateway.UnlinkIdentity(end).identity
    assert ended.end_time.seconds == end.end_time.seconds
    assert ended.end_reason == end.reason
    nobody = code(client.gateway.GetCustomerView, view_by(number.value))
    assert nobody == grpc.StatusCode.NOT_FOUND
    late = record(touch(fresh("r"), number, occurred_time=ago(60)))
    assert late.contact_id == ada
    bob = record(touch(fresh("r"), number, occurred_time=ago(10))).contact_id
    assert bob != ada
    assert record(touch(fresh("r"), number, occurred_time=ago(40))).contact_id == ada
    view = client.gateway.GetCustomerView
    assert view(view_by(number.value)).view.canonical_id == bob
    assert len(view(view_of(bob)).view.interactions) == 1
    of_ada = view(view_of(ada)).view
    assert len(of_ada.interactions) == 3
    assert not of_ada.identities


def test_nobody_ends_a_holding_of_another_tenant(client, stranger, fresh):
    number = phone(fresh("phone"))
    ada = client.gateway.RecordTouch(touch(fresh("r"), number)).contact_id
    end = unlink_of(ada, number, end_time=ago(1))
    for customer in (ref(ada), ref(number)):
        end.customer.CopyFrom(customer)
        refused = code(stranger.gateway.UnlinkIdentity, end)
        assert refused == grpc.StatusCode.NOT_FOUND
    assert client.gateway.GetCustomerView(view_by(number.value)).view.identities


def test_from_a_time_on_a_number_is_of_somebody_else(client, fresh):
    number, record = phone(fresh("phone")), client.gateway.RecordTouch
    ada = record(touch(fresh("r"), number, occurred_time=ago(90))).contact_id
    bob = record(touch(fresh("r"), phone(fresh("phone")))).contact_id
    move = move_of(ada, bob, number, from_time=ago(30), request_id=fresh("r"))
    moved = client.gateway.MoveIdentity(move)
    assert moved.canonical_id == moved.identity.contact_id == bob
    assert moved.identity.start_time == moved.former_identity.end_time
    assert moved.former_identity.contact_id == ada
    assert client.gateway.MoveIdentity(move) == moved
    for days, holder in ((60, ada), (10, bob), (31, ada), (29, bob)):
        late = record(touch(fresh("r"), number, occurred_time=ago(days)))
        assert late.contact_id == holder, days


def test_a_number_that_was_never_theirs_is_the_others_from_ever(client, fresh):
    number, record = phone(fresh("phone")), client.gateway.RecordTouch
    ada = record(touch(fresh("r"), number)).contact_id
    bob = record(touch(fresh("r"), phone(fresh("phone")))).contact_id
    move = move_of(number, bob, number, never_theirs=True, reason="a typing error")
    moved = client.gateway.MoveIdentity(move)
    assert moved.former_identity.contact_id == ada
    assert moved.former_identity.end_reason == "a typing error"
    assert not moved.identity.HasField("start_time")
    for days in (0, 90, 9_000):
        late = record(touch(fresh("r"), number, occurred_time=ago(days)))
        assert late.contact_id == bob
    # What was recorded before stays where it is.
    view = client.gateway.GetCustomerView(view_of(ada)).view
    assert len(view.interactions) == 1 and not view.identities
    assert code(client.gateway.MoveIdentity, move) == grpc.StatusCode.ALREADY_EXISTS


def test_nobody_moves_a_value_of_another_tenant(client, stranger, fresh):
    number = phone(fresh("phone"))
    ada = client.gateway.RecordTouch(touch(fresh("r"), number)).contact_id
    eve = stranger.gateway.RecordTouch(touch(fresh("r"), phone(fresh("phone"))))
    for customer in (ada, number):
        move = move_of(customer, eve.contact_id, number)
        refused = code(stranger.gateway.MoveIdentity, move)
        assert refused == grpc.StatusCode.NOT_FOUND
    assert client.gateway.GetCustomerView(view_by(number.value)).view.identities


def suggested(client, contact_id: str) -> list[suggestion_pb2.Suggestion]:
    request = merge_pb2.ListSuggestionsRequest(customer=ref(contact_id))
    return list(client.gateway.ListSuggestions(request).suggestions)


def verify_of(customer, value, **fields):
    return gateway_contact_pb2.VerifyHoldingRequest(
        customer=ref(customer), value=value, method="sms_code", **fields
    )


def test_who_proves_a_number_gets_it_and_the_other_is_suggested(
    client, verified, fresh
):
    number, record = phone(fresh("phone")), client.gateway.RecordTouch
    ada = record(touch(fresh("r"), number)).contact_id
    bob = record(touch(fresh("r"), phone(fresh("phone")))).contact_id
    verify = verify_of(bob, number, request_id=fresh("r"))
    assert code(client.gateway.VerifyHolding, verify) == (
        grpc.StatusCode.PERMISSION_DENIED
    )
    proof = verified.gateway.VerifyHolding(verify)
    assert proof.canonical_id == proof.identity.contact_id == bob
    assert proof.identity.verification.method == "sms_code"
    assert verified.gateway.VerifyHolding(verify) == proof
    (found,) = suggested(client, bob)
    assert {found.contact_id, found.other_id} == {ada, bob}
    (evidence,) = found.evidence
    assert evidence.rule == suggestion_pb2.MATCH_RULE_FORMER_HOLDER
    assert evidence.explanation == (
        f"One of them held phone {number.value} before the other."
    )
    (shown,) = (
        one
        for one in client.gateway.GetCustomerView(view_of(bob)).view.identities
        if one.normalized_value == number.value
    )
    assert shown == proof.identity
    # Who has proven it keeps it.
    again = verify_of(ada, number)
    refused = code(verified.gateway.VerifyHolding, again)
    assert refused == grpc.StatusCode.ALREADY_EXISTS


def test_the_next_holder_of_a_proven_number_is_suggested(client, verified, fresh):
    number = phone(fresh("phone"))
    ada = verified.gateway.RecordTouch(touch(fresh("r"), number)).contact_id
    client.gateway.UnlinkIdentity(unlink_of(ada, number))
    bob = client.gateway.RecordTouch(touch(fresh("r"), number)).contact_id
    assert bob != ada
    (found,) = suggested(client, bob)
    assert {found.contact_id, found.other_id} == {ada, bob}
    assert found.evidence[0].rule == suggestion_pb2.MATCH_RULE_FORMER_HOLDER


def test_a_view_shows_past_identities_by_flag(client, fresh):
    number, record = phone(fresh("phone")), client.gateway.RecordTouch
    address = mail(fresh("mail"))
    ada = record(touch(fresh("r"), number, address)).contact_id
    client.gateway.UnlinkIdentity(unlink_of(ada, number, reason="sold"))
    view = client.gateway.GetCustomerView
    assert len(view(view_of(ada)).view.identities) == 1
    for request in (view_of(ada), view_by(address.value)):
        request.include_past_identities = True
        shown = {one.value: one for one in view(request).view.identities}
        assert set(shown) == {number.value, address.value}
        assert shown[number.value].end_reason == "sold"
        assert not shown[address.value].HasField("end_time")
