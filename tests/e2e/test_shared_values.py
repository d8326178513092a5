"""The phone of a household, and what callers are told who come by it."""

from dataclasses import dataclass

import grpc
import pytest

from builders import (
    code,
    link_of,
    mail,
    phone,
    reassignment_of,
    ref,
    share_of,
    touch,
    touch_of,
    unshare_of,
    update_of,
    view_by,
    view_of,
)
from groups import merge_of, refused, unmerge_of
from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import action_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2 as views
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2 as one
from kithdev.client import Client

REFUSED = grpc.StatusCode.FAILED_PRECONDITION
NOT_FOUND = grpc.StatusCode.NOT_FOUND


@dataclass
class Household:
    """Ada and Bert, who share a phone that was Ada's."""

    client: Client
    number: str
    ada: str
    bert: str
    stand_in: str = ""

    @property
    def phone(self) -> identity_pb2.ChannelValue:
        return phone(self.number)

    def share(self) -> None:
        """Says that they share it."""
        request = share_of(self.phone, self.ada, self.bert, reason="a household")
        shared = self.client.gateway.ShareIdentity(request)
        assert shared.former_contact_id == self.ada
        assert list(shared.identity.sharing_contact_ids) == [self.ada, self.bert]
        assert list(shared.canonical_ids) == [self.ada, self.bert]
        self.stand_in = shared.identity.contact_id
        assert self.stand_in not in ("", self.ada, self.bert)

    def asks(self, request_id: str, **fields):
        """Writes from the phone; nobody knows who."""
        asked = {
            "kind": one.KIND_MESSAGE,
            "direction": one.DIRECTION_INBOUND,
            "purpose": one.PURPOSE_SERVICE,
            **fields,
        }
        return self.client.gateway.RecordTouch(touch(request_id, self.phone, **asked))

    def view(self, contact_id: str) -> views.CustomerView:
        view = self.client.gateway.GetCustomerView(view_of(contact_id)).view
        assert not [part.part for part in view.parts if part.HasField("error")]
        return view


@pytest.fixture
def household(client, fresh):
    """Before they share it."""
    number = fresh("phone")
    first = touch(fresh("r"), phone(number), subject="before")
    first.contact.display_name = "Ada"
    ada = client.gateway.RecordTouch(first).contact_id
    bert = gateway_contact_pb2.CreateContactRequest(contact={"display_name": "Bert"})
    return Household(client, number, ada, client.gateway.CreateContact(bert).contact_id)


@pytest.fixture
def sharing(household):
    household.share()
    return household


def subjects(view: views.CustomerView) -> list[str]:
    return [each.subject for each in view.interactions if each.subject]


def doubtful(view: views.CustomerView) -> list[str]:
    return [each.interaction.subject for each in view.may_be]


def test_nobody_is_taken_for_another(client, sharing, fresh):
    said = sharing.asks(fresh("r"), subject="heat")
    assert said.contact_id == sharing.stand_in and not said.contact_created
    possible = [each.contact_id for each in said.possible_customers]
    assert possible == [sharing.ada, sharing.bert]
    assert said.identities[0].outcome == identity_pb2.CLAIM_OUTCOME_SHARED
    for contact_id, before in ((sharing.ada, ["before"]), (sharing.bert, [])):
        view = sharing.view(contact_id)
        assert subjects(view) == before
        assert doubtful(view) == ["heat"]
        assert view.may_be[0].sharing_count == 2
        assert not view.actions and not view.threads
        assert sum(each.count for each in view.summary.counts) == len(before)
        (shared,) = [each for each in view.identities if each.stand_in_contact_id]
        assert shared.stand_in_contact_id == sharing.stand_in
    stand_in = sharing.view(sharing.stand_in)
    assert stand_in.contact.stand_in and subjects(stand_in) == ["heat"]
    assert stand_in.actions and not stand_in.may_be


def test_a_repeat_shares_once(client, household, fresh):
    request = share_of(household.phone, household.ada, household.bert)
    request.request_id = fresh("r")
    first = client.gateway.ShareIdentity(request)
    again = client.gateway.ShareIdentity(request)
    assert again.identity.contact_id == first.identity.contact_id
    cleo = client.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail")))).contact_id
    more = client.gateway.ShareIdentity(share_of(household.phone, cleo))
    assert more.identity.contact_id == first.identity.contact_id
    assert len(more.identity.sharing_contact_ids) == 3 and not more.former_contact_id


def test_the_value_names_a_choice(client, sharing):
    found = client.gateway.GetCustomerView(view_by(sharing.number)).ambiguous
    assert set(found.canonical_ids) == {sharing.ada, sharing.bert}
    assert found.stand_in_contact_id == sharing.stand_in
    assert all("2 people" in each.reason for each in found.candidates)
    update = update_of(sharing.phone, {"display_name": "Who?"})
    assert code(client.gateway.UpdateContact, update) == REFUSED
    link = link_of(sharing.bert, sharing.phone)
    assert code(client.gateway.LinkIdentity, link) == grpc.StatusCode.ALREADY_EXISTS


def test_what_is_settled_is_one_customers(client, sharing, fresh):
    topic = fresh("topic")
    said = sharing.asks(fresh("r"), subject="heat", topic=topic)
    kept = sharing.asks(fresh("r"), subject="water", topic=fresh("topic"))
    move = reassignment_of([said.interaction], sharing.bert, reason="it was Bert")
    assert client.gateway.ReassignInteractions(move).contact_id == sharing.bert
    bert = sharing.view(sharing.bert)
    assert subjects(bert) == ["heat"] and doubtful(bert) == ["water"]
    (thread,) = bert.threads
    assert thread.topic == topic
    assert [each.thread_id for each in bert.actions] == [thread.thread_id]
    assert doubtful(sharing.view(sharing.ada)) == ["water"]
    left = sharing.view(sharing.stand_in)
    assert subjects(left) == ["water"]
    assert {each.thread_id for each in left.actions} == {kept.interaction.thread_id}


def test_an_agent_is_given_a_choice(client, sharing, fresh):
    sharing.asks(fresh("r"), subject="heat")
    lease = action_pb2.LeaseActionsRequest(
        customer=ref(sharing.stand_in), agent=fresh("agent")
    )
    person = client.gateway.LeaseActions(lease).person
    names = [each.display_name for each in person.possible_customers]
    assert names == ["Ada", "Bert"]
    assert action_pb2.PERSON_WARNING_MAY_BE_ANOTHER in person.warnings
    assert person.last_words.subject == "heat"


def test_a_purchase_of_nobody_is_reviewed(client, sharing, fresh):
    bought = {"kind": one.KIND_PURCHASE, "amount": {"currency_code": "EUR"}}
    bought["amount"]["amount_micros"] = 5_000_000
    said = sharing.asks(fresh("r"), direction=0, purpose=0, **bought)
    assert not sharing.view(sharing.ada).summary.sales
    actions = sharing.view(sharing.stand_in).actions
    assert config_pb2.ACTION_KIND_REVIEW in [each.kind for each in actions]
    # It was Bert, who is a customer since then.
    move = reassignment_of([said.interaction], sharing.bert)
    client.gateway.ReassignInteractions(move)
    bert = sharing.view(sharing.bert)
    assert bert.summary.sales and bert.contact.stage == contact_pb2.STAGE_CUSTOMER
    ada = sharing.view(sharing.ada).contact
    assert ada.stage == contact_pb2.STAGE_LEAD


def test_another_value_of_the_touch_decides(client, sharing, fresh):
    address = mail(fresh("mail"))
    both = touch(fresh("r"), sharing.phone, address, subject="both")
    new = client.gateway.RecordTouch(both)
    assert new.contact_id not in (sharing.stand_in, sharing.ada, sharing.bert)
    assert new.contact_created and not new.possible_customers
    again = client.gateway.RecordTouch(touch(fresh("r"), address, sharing.phone))
    assert again.contact_id == new.contact_id
    assert not doubtful(sharing.view(sharing.ada))


def test_a_form_learns_nothing(client, form, sharing, fresh):
    known = touch(fresh("r"), sharing.phone, subject="by a form")
    known.contact.display_name = "Mallory"
    answer = form.gateway.RecordTouch(known)
    new = form.gateway.RecordTouch(touch(fresh("r"), phone(fresh("phone"))))
    assert not answer.contact_id and not answer.possible_customers
    told = [field.name for field, _ in answer.ListFields()]
    assert told == [field.name for field, _ in new.ListFields()]
    assert doubtful(sharing.view(sharing.ada)) == ["by a form"]
    assert not sharing.view(sharing.stand_in).contact.display_name


@pytest.mark.parametrize("keeps", ["bert", "nobody"])
def test_it_ends(client, sharing, fresh, keeps):
    sharing.asks(fresh("r"), subject="while shared")
    keep = sharing.bert if keeps == "bert" else None
    request = unshare_of(sharing.phone, keep=keep, reason="Ada has moved out")
    ended = client.gateway.UnshareIdentity(request)
    assert ended.stand_in_contact_id == sharing.stand_in
    said = sharing.asks(fresh("r"), subject="after")
    assert said.contact_id not in (sharing.stand_in, sharing.ada)
    assert (said.contact_id == sharing.bert) == (keeps == "bert")
    assert not said.possible_customers
    assert subjects(sharing.view(sharing.stand_in)) == ["while shared"]
    # It stays where it is until somebody settles it.
    assert not doubtful(sharing.view(sharing.ada))
    assert code(client.gateway.UnshareIdentity, request) == NOT_FOUND


def test_one_leaves_and_the_others_go_on(client, sharing, fresh):
    cleo = client.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail")))).contact_id
    client.gateway.ShareIdentity(share_of(sharing.phone, cleo))
    left = client.gateway.UnshareIdentity(unshare_of(sharing.phone, remove=sharing.ada))
    assert list(left.identity.sharing_contact_ids) == [sharing.bert, cleo]
    said = sharing.asks(fresh("r"), subject="later")
    possible = [each.contact_id for each in said.possible_customers]
    assert possible == [sharing.bert, cleo]
    assert not doubtful(sharing.view(sharing.ada))


def test_who_are_merged_are_one(client, sharing, fresh):
    sharing.asks(fresh("r"), subject="heat")
    client.gateway.MergeContacts(merge_of(sharing.ada, sharing.bert))
    view = client.gateway.GetCustomerView(view_by(sharing.number)).view
    assert view.canonical_id == sharing.ada and doubtful(view) == ["heat"]
    client.gateway.UnmergeContacts(unmerge_of(sharing.bert))
    assert client.gateway.GetCustomerView(view_by(sharing.number)).HasField("ambiguous")


def test_a_stand_in_is_no_person(client, sharing, fresh):
    merge = merge_of(sharing.ada, sharing.stand_in)
    refused(client.gateway.MergeContacts, merge, "STAND_IN")
    link = link_of(sharing.stand_in, mail(fresh("mail")))
    refused(client.gateway.LinkIdentity, link, "STAND_IN")
    share = share_of(phone(fresh("phone")), sharing.ada, sharing.stand_in)
    refused(client.gateway.ShareIdentity, share, "STAND_IN")
    keep = unshare_of(sharing.phone, keep=sharing.stand_in)
    refused(client.gateway.UnshareIdentity, keep, "STAND_IN")
    note = client.gateway.RecordTouch(touch_of(sharing.stand_in, fresh("r")))
    assert note.contact_id == sharing.stand_in
    stage = sharing.view(sharing.stand_in).contact.stage
    assert stage != contact_pb2.STAGE_CUSTOMER


def test_another_tenant_sees_nothing_of_it(stranger, sharing):
    view, gateway = stranger.gateway.GetCustomerView, stranger.gateway
    for request in (view_by(sharing.number), view_of(sharing.stand_in)):
        assert code(view, request) == NOT_FOUND
    for customer in (sharing.ada, sharing.stand_in):
        share = share_of(sharing.phone, customer)
        assert code(gateway.ShareIdentity, share) == NOT_FOUND
    assert code(gateway.UnshareIdentity, unshare_of(sharing.phone)) == NOT_FOUND
    assert sharing.view(sharing.ada).identities[0].stand_in_contact_id
