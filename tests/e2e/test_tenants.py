"""Nobody sees or changes anything of another tenant, by any RPC and id."""

import grpc
import pytest

from builders import code, phone, touch, touch_of, view_by, view_of
from kith.common.v1 import common_pb2
from kith.contacts.v1 import contacts_pb2 as con
from kith.gateway.v1 import gateway_pb2 as gw
from kith.identity.v1 import identity_pb2 as idp
from kith.interactions.v1 import interactions_pb2 as ixn
from kithdev.client import SERVICES, Client

NUMBER = "+12025550143"
ACTOR = con.Actor(kind=con.ACTOR_KIND_PERSON, name="intruder")


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
    request = con.UpdateContactRequest(
        contact=con.Contact(contact_id=contact_id, display_name="mine")
    )
    request.update_mask.paths.append("display_name")
    return request


def groups(contact_id):
    """Calls of contacts-svc about the contact's group, by method."""
    merge = con.MergeRequest(
        survivor_id=contact_id,
        absorbed_ids=["0192f0c1-2a3b-7c4d-8e5f-60718293a4b5"],
        cause=con.MergeCause(kind=con.MERGE_CAUSE_KIND_DECISION),
        actor=ACTOR,
    )
    return [
        ("Merge", merge),
        (
            "Unmerge",
            con.UnmergeRequest(contact_id=contact_id, all_edges=True, actor=ACTOR),
        ),
        ("ListMergeHistory", con.ListMergeHistoryRequest(contact_id=contact_id)),
    ]


def their_record(contact_id):
    """What the fixture has recorded for the tenant demo."""
    return ixn.RecordInteractionRequest(
        interaction=ixn.Interaction(
            contact_id=contact_id,
            kind=ixn.KIND_NOTE,
            source="shop",
            external_id="order-1",
        )
    )


def gateway_update(ref):
    request = gw.UpdateContactRequest(customer=ref)
    request.update_mask.paths.append("display_name")
    return request


def test_what_a_service_owns_is_not_found(stranger, theirs):
    contact_id = theirs.contact_id
    by_id = gw.CustomerRef(contact_id=contact_id)
    by_value = view_by(NUMBER).customer
    gateway = stranger.gateway
    calls = [
        (stranger.contacts.GetContact, con.GetContactRequest(contact_id=contact_id)),
        (stranger.contacts.UpdateContact, update(contact_id)),
        (
            stranger.contacts.DeleteContact,
            con.DeleteContactRequest(contact_id=contact_id),
        ),
        *((getattr(stranger.contacts, name), each) for name, each in groups(contact_id)),
        (
            stranger.identity.UnlinkIdentity,
            idp.UnlinkIdentityRequest(contact_id=contact_id, value=phone(NUMBER)),
        ),
        (gateway.RecordTouch, touch_of(contact_id, "intruder-1")),
    ]
    for ref in (by_id, by_value):
        calls += [
            (gateway.GetCustomerView, gw.GetCustomerViewRequest(customer=ref)),
            (gateway.ListTimeline, gw.ListTimelineRequest(customer=ref)),
            (gateway.UpdateContact, gateway_update(ref)),
            (
                gateway.LinkIdentity,
                gw.LinkIdentityRequest(customer=ref, value=phone("+12025550144")),
            ),
            (
                gateway.UnlinkIdentity,
                gw.UnlinkIdentityRequest(customer=ref, value=phone(NUMBER)),
            ),
        ]
    for call, request in calls:
        assert code(call, request) == grpc.StatusCode.NOT_FOUND, request


def test_batches_and_lists_hold_nothing_of_another_tenant(stranger, theirs):
    contact_id = theirs.contact_id
    sets = [common_pb2.ContactSet(contact_ids=[contact_id])]
    assert stranger.contacts.BatchGetContacts(
        con.BatchGetContactsRequest(contact_ids=[contact_id])
    ).missing_ids == [contact_id]
    listed = stranger.contacts.ListContacts(con.ListContactsRequest()).contacts
    assert contact_id not in [contact.contact_id for contact in listed]
    assert not stranger.identity.ListIdentities(
        idp.ListIdentitiesRequest(sets=sets)
    ).results[0].identities
    resolve = idp.ResolveRequest(value=phone(NUMBER))
    assert not stranger.identity.Resolve(resolve).candidates
    batch = stranger.identity.BatchResolve(idp.BatchResolveRequest(requests=[resolve]))
    assert not batch.results[0].response.candidates
    assert not stranger.interactions.ListInteractions(
        ixn.ListInteractionsRequest(sets=sets)
    ).results[0].interactions
    activity = stranger.interactions.BatchGetActivity(
        ixn.BatchGetActivityRequest(sets=sets)
    ).results[0]
    assert not activity.interactions and not activity.summary.counts
    views = stranger.gateway.BatchGetCustomerViews(
        gw.BatchGetCustomerViewsRequest(customers=[view_of(contact_id).customer])
    )
    assert views.results[0].error.code == grpc.StatusCode.NOT_FOUND.value[0]
    touches = stranger.gateway.BatchRecordTouches(
        gw.BatchRecordTouchesRequest(touches=[touch_of(contact_id, "intruder-2")])
    )
    assert touches.results[0].error.code == grpc.StatusCode.NOT_FOUND.value[0]


def test_a_mere_reference_has_no_effect_elsewhere(client, stranger, theirs):
    contact_id = theirs.contact_id
    before = client.gateway.GetCustomerView(view_of(contact_id))
    known = their_record(contact_id)
    lookup = stranger.interactions.LookupRequest(
        ixn.LookupRequestRequest(request=known)
    )
    assert not lookup.HasField("known") and not lookup.contact_id
    assert not stranger.interactions.BatchLookupRequests(
        ixn.BatchLookupRequestsRequest(
            requests=[ixn.LookupRequestRequest(request=known)]
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
    assert recorded.outcome == ixn.RECORD_OUTCOME_RECORDED
    stranger.interactions.BatchRecordInteractions(
        ixn.BatchRecordInteractionsRequest(requests=[known])
    )
    claim = idp.ClaimRequest(values=[phone(NUMBER)], proposed_contact_id=contact_id)
    claimed = stranger.identity.Claim(claim)
    assert claimed.values[0].outcome == idp.CLAIM_OUTCOME_CLAIMED
    stranger.identity.BatchClaim(idp.BatchClaimRequest(requests=[claim]))
    stranger.identity.LinkIdentity(
        idp.LinkIdentityRequest(contact_id=contact_id, value=phone("+12025550145"))
    )
    assert client.gateway.GetCustomerView(view_of(contact_id)) == before


def test_a_contact_with_their_id_is_a_contact_of_ours(client, stranger, theirs):
    contact_id = theirs.contact_id
    before = client.gateway.GetCustomerView(view_of(contact_id))
    ensured = stranger.contacts.EnsureContact(
        con.EnsureContactRequest(
            contact_id=contact_id, contact=con.Contact(display_name="mine")
        )
    )
    assert ensured.created
    stranger.contacts.BatchEnsureContacts(
        con.BatchEnsureContactsRequest(
            requests=[
                con.EnsureContactRequest(
                    contact_id=contact_id, at_least_stage=con.STAGE_CUSTOMER
                )
            ]
        )
    )
    create = gw.CreateContactRequest(contact_id=contact_id)
    assert code(stranger.gateway.CreateContact, create) == (
        grpc.StatusCode.ALREADY_EXISTS
    )
    assert code(
        stranger.contacts.CreateContact,
        con.CreateContactRequest(contact_id=contact_id),
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
