"""Nobody sees or changes anything of another tenant, by any RPC and id."""

import grpc
import pytest

from builders import code, phone, touch, touch_of, view_by, view_of
from kith.common.v1 import common_pb2
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import summary_pb2
from kithdev.client import SERVICES, Client

NUMBER = "+12025550143"
ACTOR = group_pb2.Actor(kind=group_pb2.ACTOR_KIND_PERSON, name="intruder")


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


def update(contact_id):
    request = contact_pb2.UpdateContactRequest(
        contact=contact_pb2.Contact(contact_id=contact_id, display_name="mine")
    )
    request.update_mask.paths.append("display_name")
    return request


def groups(contact_id):
    """Calls of contacts-svc about the contact's group, by method."""
    merge = group_pb2.MergeContactsRequest(
        survivor_id=contact_id,
        absorbed_ids=["0192f0c1-2a3b-7c4d-8e5f-60718293a4b5"],
        cause=group_pb2.MergeCause(kind=group_pb2.MERGE_CAUSE_KIND_DECISION),
        actor=ACTOR,
    )
    return [
        ("MergeContacts", merge),
        (
            "UnmergeContacts",
            group_pb2.UnmergeContactsRequest(contact_id=contact_id, all_edges=True, actor=ACTOR),
        ),
        ("ListMergeHistory", group_pb2.ListMergeHistoryRequest(contact_id=contact_id)),
    ]


def their_record(contact_id):
    """What the fixture has recorded for the tenant demo."""
    return interaction_pb2.RecordInteractionRequest(
        interaction=interaction_pb2.Interaction(
            contact_id=contact_id,
            kind=interaction_pb2.KIND_NOTE,
            source="shop",
            external_id="order-1",
        )
    )


def gateway_update(ref):
    request = gateway_contact_pb2.UpdateContactRequest(customer=ref)
    request.update_mask.paths.append("display_name")
    return request


def test_what_a_service_owns_is_not_found(stranger, theirs):
    contact_id = theirs.contact_id
    by_id = customer_view_pb2.CustomerRef(contact_id=contact_id)
    by_value = view_by(NUMBER).customer
    gateway = stranger.gateway
    calls = [
        (stranger.contacts.GetContact, contact_pb2.GetContactRequest(contact_id=contact_id)),
        (stranger.contacts.UpdateContact, update(contact_id)),
        (
            stranger.contacts.DeleteContact,
            contact_pb2.DeleteContactRequest(contact_id=contact_id),
        ),
        *((getattr(stranger.contacts, name), each) for name, each in groups(contact_id)),
        (
            stranger.identity.UnlinkIdentity,
            identity_pb2.UnlinkIdentityRequest(contact_id=contact_id, value=phone(NUMBER)),
        ),
        (gateway.RecordTouch, touch_of(contact_id, "intruder-1")),
    ]
    for ref in (by_id, by_value):
        calls += [
            (gateway.GetCustomerView, customer_view_pb2.GetCustomerViewRequest(customer=ref)),
            (gateway.ListInteractions, customer_view_pb2.ListInteractionsRequest(customer=ref)),
            (gateway.UpdateContact, gateway_update(ref)),
            (
                gateway.LinkIdentity,
                gateway_contact_pb2.LinkIdentityRequest(customer=ref, value=phone("+12025550144")),
            ),
            (
                gateway.UnlinkIdentity,
                gateway_contact_pb2.UnlinkIdentityRequest(customer=ref, value=phone(NUMBER)),
            ),
        ]
    for call, request in calls:
        assert code(call, request) == grpc.StatusCode.NOT_FOUND, request


def test_batches_and_lists_hold_nothing_of_another_tenant(stranger, theirs):
    contact_id = theirs.contact_id
    sets = [common_pb2.ContactSet(contact_ids=[contact_id])]
    assert stranger.contacts.BatchGetContacts(
        contact_pb2.BatchGetContactsRequest(contact_ids=[contact_id])
    ).missing_ids == [contact_id]
    listed = stranger.contacts.ListContacts(contact_pb2.ListContactsRequest()).contacts
    assert contact_id not in [contact.contact_id for contact in listed]
    assert not stranger.identity.ListIdentities(
        identity_pb2.ListIdentitiesRequest(sets=sets)
    ).results[0].identities
    resolve = identity_pb2.ResolveIdentityRequest(value=phone(NUMBER))
    assert not stranger.identity.ResolveIdentity(resolve).candidates
    batch = stranger.identity.BatchResolveIdentities(identity_pb2.BatchResolveIdentitiesRequest(requests=[resolve]))
    assert not batch.results[0].response.candidates
    assert not stranger.interactions.ListInteractions(
        interaction_pb2.ListInteractionsRequest(sets=sets)
    ).results[0].interactions
    activity = stranger.interactions.BatchGetActivity(
        summary_pb2.BatchGetActivityRequest(sets=sets)
    ).results[0]
    assert not activity.interactions and not activity.summary.counts
    views = stranger.gateway.BatchGetCustomerViews(
        customer_view_pb2.BatchGetCustomerViewsRequest(customers=[view_of(contact_id).customer])
    )
    assert views.results[0].error.code == grpc.StatusCode.NOT_FOUND.value[0]
    touches = stranger.gateway.BatchRecordTouches(
        touch_pb2.BatchRecordTouchesRequest(touches=[touch_of(contact_id, "intruder-2")])
    )
    assert touches.results[0].error.code == grpc.StatusCode.NOT_FOUND.value[0]


def test_a_mere_reference_has_no_effect_elsewhere(client, stranger, theirs):
    contact_id = theirs.contact_id
    before = client.gateway.GetCustomerView(view_of(contact_id))
    known = their_record(contact_id)
    lookup = stranger.interactions.FindRecording(
        interaction_pb2.FindRecordingRequest(request=known)
    )
    assert not lookup.HasField("known") and not lookup.contact_id
    assert not stranger.interactions.BatchFindRecordings(
        interaction_pb2.BatchFindRecordingsRequest(
            requests=[interaction_pb2.FindRecordingRequest(request=known)]
        )
    ).results[0].response.contact_id
    assert client.gateway.GetCustomerView(view_of(contact_id)) == before


def test_their_ids_and_values_in_our_tenant_are_new_things_of_ours(
    client, stranger, theirs
):
    contact_id = theirs.contact_id
    before = client.gateway.GetCustomerView(view_of(contact_id))
    known = their_record(contact_id)
    recorded = stranger.interactions.RecordInteraction(known)
    assert recorded.outcome == interaction_pb2.RECORD_OUTCOME_RECORDED
    stranger.interactions.BatchRecordInteractions(
        interaction_pb2.BatchRecordInteractionsRequest(requests=[known])
    )
    claim = identity_pb2.ClaimIdentitiesRequest(values=[phone(NUMBER)], proposed_contact_id=contact_id)
    claimed = stranger.identity.ClaimIdentities(claim)
    assert claimed.values[0].outcome == identity_pb2.CLAIM_OUTCOME_CLAIMED
    stranger.identity.BatchClaimIdentities(identity_pb2.BatchClaimIdentitiesRequest(requests=[claim]))
    stranger.identity.LinkIdentity(
        identity_pb2.LinkIdentityRequest(contact_id=contact_id, value=phone("+12025550145"))
    )
    assert client.gateway.GetCustomerView(view_of(contact_id)) == before


def test_a_contact_with_their_id_is_a_contact_of_ours(client, stranger, theirs):
    contact_id = theirs.contact_id
    before = client.gateway.GetCustomerView(view_of(contact_id))
    ensured = stranger.contacts.EnsureContact(
        contact_pb2.EnsureContactRequest(
            contact_id=contact_id, contact=contact_pb2.Contact(display_name="mine")
        )
    )
    assert ensured.created
    stranger.contacts.BatchEnsureContacts(
        contact_pb2.BatchEnsureContactsRequest(
            requests=[
                contact_pb2.EnsureContactRequest(
                    contact_id=contact_id, at_least_stage=contact_pb2.STAGE_CUSTOMER
                )
            ]
        )
    )
    create = gateway_contact_pb2.CreateContactRequest(contact_id=contact_id)
    assert code(stranger.gateway.CreateContact, create) == (
        grpc.StatusCode.ALREADY_EXISTS
    )
    assert code(
        stranger.contacts.CreateContact,
        contact_pb2.CreateContactRequest(contact_id=contact_id),
    ) == (grpc.StatusCode.ALREADY_EXISTS)
    assert client.gateway.GetCustomerView(view_of(contact_id)) == before


@pytest.mark.parametrize("attribute", SERVICES)
def test_every_method_asks_for_a_key_and_its_scope(suite, attribute):
    cases = [
        (None, grpc.StatusCode.UNAUTHENTICATED),
        ("kith_demo_wrong", grpc.StatusCode.UNAUTHENTICATED),
        (suite.token("noscopes"), grpc.StatusCode.PERMISSION_DENIED),
    ]
    for token, wanted in cases:
        with Client(suite.targets(), token) as caller:
            stub = getattr(caller, attribute)
            for method in SERVICES[attribute][1].methods:
                call = getattr(stub, method.name)
                assert code(call, call.request_type()) == wanted, method.name
