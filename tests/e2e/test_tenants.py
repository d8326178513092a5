"""Nobody sees or changes anything of another tenant, by any RPC and id."""

from functools import partial

import grpc
import pytest

from builders import ask, code, phone, ref, touch, touch_of, view_by, view_of
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.client import SERVICES, Client

NUMBER = "+12025550143"
NOBODY = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5"


@pytest.fixture(scope="module")
def theirs(suite):
    """A customer of the tenant demo, by contact id."""
    with Client(suite.targets(), suite.token("demo")) as client:
        return client.gateway.RecordTouch(
            touch(
                "",
                phone(NUMBER),
                source="shop",
                external_id="order-1",
                subject="demo's own",
            )
        )


NO_MARKETING = {"purpose": 1, "state": 3, "captured_by": 2, "method": 4}


def their_record(contact_id):
    """Fields that record again what the fixture has recorded for the tenant demo."""
    return {
        "interaction": {
            "contact_id": contact_id,
            "kind": interaction_pb2.KIND_NOTE,
            "source": "shop",
            "external_id": "order-1",
        }
    }


def requests_for(contact_id):
    """The methods that need a contact of the caller's tenant, with their fields."""
    one, mask = {"contact_id": contact_id}, {"paths": ["display_name"]}
    said = {
        "cause": {"kind": group_pb2.MERGE_CAUSE_KIND_DECISION},
        "actor": {"kind": group_pb2.ACTOR_KIND_PERSON, "name": "intruder"},
    }
    merge = {"survivor_id": contact_id, "absorbed_ids": [NOBODY], **said}
    yield "contacts.GetContact", one
    yield "contacts.UpdateContact", {"contact": one, "update_mask": mask}
    yield "contacts.DeleteContact", one
    yield "contacts.MergeContacts", merge
    yield "contacts.UnmergeContacts", one | {"all_edges": True, "actor": said["actor"]}
    yield "contacts.ListMergeHistory", one
    number = {"value": phone(NUMBER)}
    yield "identity.UnlinkIdentity", one | number
    there = {"from_contact_id": contact_id, "to_contact_id": NOBODY}
    yield "identity.MoveIdentity", there | number
    yield "identity.UnshareIdentity", {"keep_contact_id": contact_id} | number
    for customer in (ref(contact_id), view_by(NUMBER).customer):
        they = {"customer": customer}
        yield "gateway.GetCustomerView", they
        yield "gateway.ListInteractions", they
        yield "gateway.ListThreads", they
        yield "gateway.ListConsents", they
        yield "gateway.MayContact", they | {"purpose": 1}
        yield "gateway.RecordConsent", they | {"consent": NO_MARKETING}
        yield "gateway.CreateUnsubscribeLink", they | {"purpose": 1} | number
        yield "gateway.CreateThread", they | {"thread": {"kind": 1}}
        yield "gateway.ListActions", they
        yield "gateway.CreateAction", they | {"action": {"kind": 5}}
        yield "gateway.LeaseActions", they | {"agent": "intruder"}
        yield "gateway.ReleaseActions", they | {"agent": "intruder"}
        yield "gateway.UpdateContact", they | {"update_mask": mask}
        yield "gateway.LinkIdentity", they | {"value": phone("+12025550144")}
        yield "gateway.UnlinkIdentity", they | number
        there = {"from_customer": customer, "to_customer": ref(NOBODY)}
        yield "gateway.MoveIdentity", there | number
        yield "gateway.ShareIdentity", {"customers": [customer]} | number
        for name in ("keep_customer", "remove_customer"):
            yield "gateway.UnshareIdentity", {name: customer} | number


def test_what_a_service_owns_is_not_found(stranger, theirs):
    not_found = grpc.StatusCode.NOT_FOUND
    for method, fields in requests_for(theirs.contact_id):
        assert code(partial(ask, stranger, method), fields) == not_found, method
    touch = touch_of(theirs.contact_id, "intruder-1")
    assert code(stranger.gateway.RecordTouch, touch) == not_found


def test_batches_and_lists_hold_nothing_of_another_tenant(stranger, theirs):
    contact_id, asked = theirs.contact_id, partial(ask, stranger)
    sets = {"sets": [{"contact_ids": [contact_id]}]}
    read = asked("contacts.BatchGetContacts", {"contact_ids": [contact_id]})
    assert read.missing_ids == [contact_id]
    listed = asked("contacts.ListContacts", {}).contacts
    assert contact_id not in [contact.contact_id for contact in listed]
    assert not asked("identity.ListIdentities", sets).results[0].identities
    resolve = {"value": phone(NUMBER)}
    assert not asked("identity.ResolveIdentity", resolve).candidates
    assert not asked("gateway.ReadValue", resolve).readings[0].candidates
    batch = asked("identity.BatchResolveIdentities", {"requests": [resolve]})
    assert not batch.results[0].response.candidates
    assert not asked("interactions.ListInteractions", sets).results[0].interactions
    activity = asked("interactions.BatchGetActivity", sets).results[0]
    assert not activity.interactions and not activity.summary.counts
    assert not asked("interactions.ListThreads", sets).results[0].threads
    queues = {"queues": ["service", "sales", "review"]}
    assert contact_id not in str(asked("interactions.ListQueuedActions", queues))
    assert not asked("interactions.ListEntries", {}).entries
    assert not asked("interactions.LeaseEntries", {}).entries
    assert not asked("gateway.ListEntries", {}).entries
    listed = {"set": {"contact_ids": [contact_id]}}
    assert not asked("identity.ListConsents", listed).consents
    question = {"contact_ids": [contact_id], "purpose": 1}
    answer = asked("identity.MayContact", question)
    assert not answer.permissions[0].consent_id
    customers = {"customers": [ref(contact_id)]}
    views = asked("gateway.BatchGetCustomerViews", customers)
    assert views.results[0].error.code == grpc.StatusCode.NOT_FOUND.value[0]
    recorded = {"touches": [touch_of(contact_id, "intruder-2")]}
    touches = asked("gateway.BatchRecordTouches", recorded)
    assert touches.results[0].error.code == grpc.StatusCode.NOT_FOUND.value[0]


PROOF = {"value": phone(NUMBER), "method": "sms_code"}


def test_nobody_proves_a_value_for_a_contact_of_another_tenant(suite, theirs):
    there = {"customer": ref(theirs.contact_id)} | PROOF
    with Client(suite.targets(), suite.token("otherverified")) as prover:
        call = partial(ask, prover, "gateway.VerifyHolding")
        assert code(call, there) == grpc.StatusCode.NOT_FOUND


def test_a_mere_reference_has_no_effect_elsewhere(client, stranger, theirs):
    contact_id, asked = theirs.contact_id, partial(ask, stranger)
    before = client.gateway.GetCustomerView(view_of(contact_id))
    find = {"request": their_record(contact_id)}
    found = asked("interactions.FindRecording", find)
    assert not found.HasField("known") and not found.contact_id
    batch = asked("interactions.BatchFindRecordings", {"requests": [find]})
    assert not batch.results[0].response.contact_id
    assert client.gateway.GetCustomerView(view_of(contact_id)) == before


def test_their_ids_and_values_in_our_tenant_are_new_things_of_ours(
    client, stranger, theirs
):
    contact_id, asked = theirs.contact_id, partial(ask, stranger)
    before = client.gateway.GetCustomerView(view_of(contact_id))
    known = their_record(contact_id)
    recorded = asked("interactions.RecordInteraction", known)
    assert recorded.outcome == interaction_pb2.RECORD_OUTCOME_RECORDED
    asked("interactions.BatchRecordInteractions", {"requests": [known]})
    claim = {"values": [phone(NUMBER)], "proposed_contact_id": contact_id}
    claimed = asked("identity.ClaimIdentities", claim)
    assert claimed.values[0].outcome == identity_pb2.CLAIM_OUTCOME_CLAIMED
    asked("identity.BatchClaimIdentities", {"requests": [claim]})
    link = {"contact_id": contact_id, "value": phone("+12025550145")}
    asked("identity.LinkIdentity", link)
    assert client.gateway.GetCustomerView(view_of(contact_id)) == before


def test_a_contact_with_their_id_is_a_contact_of_ours(client, stranger, theirs):
    one, asked = {"contact_id": theirs.contact_id}, partial(ask, stranger)
    before = client.gateway.GetCustomerView(view_of(theirs.contact_id))
    ensure = one | {"contact": {"display_name": "mine"}}
    assert asked("contacts.EnsureContact", ensure).created
    ensure = one | {"at_least_stage": contact_pb2.STAGE_CUSTOMER}
    asked("contacts.BatchEnsureContacts", {"requests": [ensure]})
    for method in ("gateway.CreateContact", "contacts.CreateContact"):
        assert code(partial(asked, method), one) == grpc.StatusCode.ALREADY_EXISTS
    assert client.gateway.GetCustomerView(view_of(theirs.contact_id)) == before


def test_a_proof_takes_nothing_from_another_tenant(suite, client, theirs):
    before = client.gateway.GetCustomerView(view_of(theirs.contact_id))
    with Client(suite.targets(), suite.token("otherverified")) as prover:
        there = {"contact_id": theirs.contact_id} | PROOF
        assert not ask(prover, "identity.VerifyHolding", there).candidates
    assert client.gateway.GetCustomerView(view_of(theirs.contact_id)) == before


@pytest.mark.parametrize("attribute", SERVICES)
def test_every_method_asks_for_a_key_and_its_scope(suite, attribute):
    cases = [
        (None, grpc.StatusCode.UNAUTHENTICATED),
        ("kith_demo_wrong", grpc.StatusCode.UNAUTHENTICATED),
        (suite.token("noscopes"), grpc.StatusCode.PERMISSION_DENIED),
    ]
    for token, wanted in cases:
        with Client(suite.targets(), token) as caller:
            for method in SERVICES[attribute].descriptor.methods:
                call = partial(ask, caller, f"{attribute}.{method.name}")
                assert code(call, {}) == wanted, method.name


# What a touch calls in turn a form may not call by itself: see test_forms.py.
OF_A_FORM = {"gateway": {"RecordTouch", "BatchRecordTouches", "RecordConsent"}}


@pytest.mark.parametrize("attribute", SERVICES)
def test_a_public_form_records_and_does_nothing_else(suite, attribute):
    with Client(suite.targets(), suite.token("webform")) as form:
        allowed = {
            method.name
            for method in SERVICES[attribute].descriptor.methods
            if code(partial(ask, form, f"{attribute}.{method.name}"), {})
            != grpc.StatusCode.PERMISSION_DENIED
        }
    assert allowed == OF_A_FORM.get(attribute, set())
