"""Interactions that were with somebody else, as callers see them."""

import grpc
import pytest

from builders import (
    code,
    mail,
    move_of,
    phone,
    reassignment_of,
    touch,
    view_by,
    view_of,
)
from groups import merge_of, refused, unmerge_of
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import customer_view_pb2 as views
from kith.interactions.v1 import interaction_pb2 as one
from kith.interactions.v1.thread_pb2 import THREAD_STATE_OPEN
from kithdev.client import Client


class Writer:
    """A customer who writes from an address of their own."""

    def __init__(self, client: Client, fresh, name: str):
        self.client, self.fresh = client, fresh
        self.address = mail(f"{fresh(name)}@example.com")
        # Asks for nothing, and so opens no thread.
        hello = self.asks(purpose=one.PURPOSE_UNSPECIFIED)
        self.contact_id = hello.contact_id

    def asks(self, **fields) -> one.Interaction:
        """Records an e-mail; returns it as it is stored."""
        asked = {
            "kind": one.KIND_EMAIL,
            "direction": one.DIRECTION_INBOUND,
            "purpose": one.PURPOSE_SERVICE,
            **fields,
        }
        request = touch(self.fresh("said"), self.address, **asked)
        return self.client.gateway.RecordTouch(request).interaction

    def view(self) -> views.CustomerView:
        return self.client.gateway.GetCustomerView(view_of(self.contact_id)).view


@pytest.fixture
def ada(client, fresh):
    return Writer(client, fresh, "ada")


@pytest.fixture
def bob(client, fresh):
    return Writer(client, fresh, "bob")


def texts(view: views.CustomerView) -> list[str]:
    return [each.subject for each in view.interactions if each.subject]


def test_a_question_goes_to_who_has_asked_it(client, ada, bob, fresh):
    topic = fresh("topic")
    asked = ada.asks(subject="heat", topic=topic, opens=one.THREAD_KIND_PROBLEM)
    move = reassignment_of([asked], bob.address, request_id=fresh("r"))
    moved = client.gateway.ReassignInteractions(move)
    assert moved.contact_id == moved.canonical_id == bob.contact_id
    assert client.gateway.ReassignInteractions(move) == moved
    of_ada, of_bob = ada.view(), bob.view()
    assert texts(of_ada) == [] and texts(of_bob) == ["heat"]
    assert not [each for each in of_ada.threads if each.topic == topic]
    (thread,) = [each for each in of_bob.threads if each.topic == topic]
    assert thread.state == THREAD_STATE_OPEN
    assert thread.thread_id == moved.interactions[0].thread_id
    assert thread.thread_id in [each.thread_id for each in of_bob.actions]
    assert asked.thread_id not in [each.thread_id for each in of_ada.actions]
    (shown,) = [each for each in of_bob.interactions if each.subject]
    assert shown.reassignment.from_contact_id == ada.contact_id
    assert shown.reassignment.reason == "it was the neighbour"


def test_what_moved_stays_with_its_member_when_a_group_ends(client, ada, bob, fresh):
    cleo = Writer(client, fresh, "cleo")
    client.gateway.MergeContacts(merge_of(cleo.contact_id, bob.contact_id))
    asked = ada.asks(subject="heat")
    moved = client.gateway.ReassignInteractions(reassignment_of([asked], bob.address))
    assert moved.contact_id == bob.contact_id
    assert moved.canonical_id == cleo.contact_id
    assert texts(cleo.view()) == ["heat"]
    client.gateway.UnmergeContacts(unmerge_of(bob.contact_id))
    assert texts(cleo.view()) == [] and texts(bob.view()) == ["heat"]


def test_within_a_group_it_goes_from_member_to_member(client, ada, bob):
    client.gateway.MergeContacts(merge_of(ada.contact_id, bob.contact_id))
    asked = ada.asks(subject="heat")
    assert asked.contact_id == ada.contact_id
    client.gateway.ReassignInteractions(reassignment_of([asked], bob.contact_id))
    assert texts(ada.view()) == ["heat"]
    client.gateway.UnmergeContacts(unmerge_of(bob.contact_id))
    assert texts(ada.view()) == [] and texts(bob.view()) == ["heat"]


def test_a_correction_finds_what_has_moved(client, ada, bob, fresh):
    source = {"source": "calls", "external_id": fresh("call"), "kind": one.KIND_CALL}
    number = phone(fresh("phone"))
    ringing = touch("", number, source_revision=1, **source)
    call = client.gateway.RecordTouch(ringing).interaction
    client.gateway.ReassignInteractions(reassignment_of([call], bob.contact_id))
    assert client.gateway.RecordTouch(ringing).contact_id == bob.contact_id
    ended = touch("", number, source_revision=2, subject="done", **source)
    assert client.gateway.RecordTouch(ended).contact_id == bob.contact_id
    assert texts(bob.view()) == ["done"]
    assert not client.gateway.GetCustomerView(view_by(number.value)).view.interactions


def test_nothing_goes_to_a_deleted_customer(client, ada, bob):
    asked = ada.asks(subject="heat")
    client.contacts.DeleteContact(
        contact_pb2.DeleteContactRequest(contact_id=bob.contact_id)
    )
    move = reassignment_of([asked], bob.contact_id)
    refused(client.gateway.ReassignInteractions, move, "CONTACT_DELETED")
    assert texts(ada.view()) == ["heat"]


def test_nobody_moves_what_another_tenant_has(stranger, ada, fresh):
    asked = ada.asks(subject="heat")
    eve = stranger.gateway.RecordTouch(touch(fresh("r"), phone(fresh("phone"))))
    move = reassignment_of([asked], eve.contact_id)
    assert code(stranger.gateway.ReassignInteractions, move) == (
        grpc.StatusCode.NOT_FOUND
    )
    assert texts(ada.view()) == ["heat"]


def test_what_came_by_a_value_that_was_never_theirs_follows_it(client, ada, bob, fresh):
    number, other = phone(fresh("phone")), ada.asks(subject="heat")
    for _ in range(130):
        call = {"kind": one.KIND_CALL, "outcome": one.OUTCOME_ANSWERED}
        touched = touch(fresh("call"), number, **call)
        caller = client.gateway.RecordTouch(touched).contact_id
    client.gateway.MergeContacts(merge_of(ada.contact_id, caller))
    move = move_of(
        ada.contact_id,
        bob.contact_id,
        number,
        never_theirs=True,
        with_interactions=True,
        request_id=fresh("move"),
    )
    for moved in (100, 130):
        answer = client.gateway.MoveIdentity(move)
        assert answer.interactions_moved == moved
        assert answer.interactions_remain
    answer = client.gateway.MoveIdentity(move)
    assert answer.interactions_moved == 130 and not answer.interactions_remain
    assert client.gateway.MoveIdentity(move) == answer
    calls = {each.kind: each.count for each in bob.view().summary.counts}
    assert calls[one.KIND_CALL] == 130
    left = {each.kind for each in ada.view().summary.counts}
    assert left == {one.KIND_EMAIL} and texts(ada.view()) == [other.subject]
