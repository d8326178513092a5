"""Each error that a proto comment promises, provoked; and none beside them.

A method's comment says "Fails with CODE (why), CODE and CODE.", its service's
"Every method may also fail with ...". What these say is compared with what is
tested here, in both directions.
"""

import re
from dataclasses import dataclass
from typing import Callable

import grpc
import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from builders import external, phone, touch, touch_of
from conftest import BINARIES
from groups import AGENT, DECISION, merge_of, unmerge_of
from kith.contacts.v1 import contacts_pb2 as con
from kith.gateway.v1 import gateway_pb2 as gw
from kith.identity.v1 import identity_pb2 as idp
from kith.interactions.v1 import interactions_pb2 as ixn
from kithdev.client import SERVICES, Client
from kithdev.paths import ROOT

PROTOSET = BINARIES.parent / "kith.protoset"
CODES = {code.name for code in grpc.StatusCode}
# Of FileDescriptorProto.service and ServiceDescriptorProto.method.
SERVICE, METHOD = 6, 2

NUMBER, FREE_NUMBER = "+12025550161", "+12025550162"
NOWHERE = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5"


@dataclass(frozen=True)
class World:
    """What is stored when a case begins."""

    known: str  # holds NUMBER, and the record shop/order-1
    deleted: str
    group: tuple[str, ...]  # so many that all member ids of all are too many
    decided: str  # a suggestion that is rejected


@dataclass(frozen=True)
class Case:
    """A request that fails: which method, with what, telling what."""

    method: str
    code: str
    request: Callable[[World], Message]
    tells: tuple[str, ...]
    key: str = "demo"


def update(contact_id: str, **fields) -> con.UpdateContactRequest:
    request = con.UpdateContactRequest(
        contact=con.Contact(contact_id=contact_id, **fields)
    )
    request.update_mask.paths.append("owner")
    return request


def by_id(contact_id: str) -> gw.CustomerRef:
    return gw.CustomerRef(contact_id=contact_id)


def many() -> gw.CustomerRef:
    """Means two customers, see world()."""
    return gw.CustomerRef(value=idp.ChannelValue(value="ambiguous-7"))


def gateway_update(ref: gw.CustomerRef, **fields) -> gw.UpdateContactRequest:
    request = gw.UpdateContactRequest(customer=ref, contact=con.Contact(**fields))
    request.update_mask.paths.append("owner")
    return request


def record(source: str = "shop", **fields) -> ixn.RecordInteractionRequest:
    return ixn.RecordInteractionRequest(
        interaction=ixn.Interaction(
            contact_id=NOWHERE,
            kind=ixn.KIND_NOTE,
            source=source,
            external_id="order-1",
            **fields,
        )
    )


def lookup(**fields) -> ixn.LookupRequestRequest:
    return ixn.LookupRequestRequest(request=record(**fields))


def case(method: str, code: str, request, *tells: str, key: str = "demo") -> Case:
    """`request` is a message, or makes one of the world."""
    make = request if callable(request) else lambda _: request
    return Case(method, code, make, tells, key)


SAID = {"cause": DECISION, "actor": AGENT}
PUBLIC = ("an UNAUTHENTICATED key cannot merge",)
NO_PAIR = f"{NOWHERE[:-1]}0.{NOWHERE}"
BAD_DECISION = ("suggestion_id: ", "actor.kind: ", "only people")
BAD_ID = ("contact_id: ", "want a UUID")
BAD_PAGE = ("page_size: -1, want 0 or more",)
NO_ITEMS = (": 0 given, want 1 to ",)
AMBIGUOUS = ("customer: ", "more than one customer", "by contact_id")
NOBODY = "customer: nobody is known by this"
NO_CONTACT = "contact_id: no contact"
STALE = ("etag: ", "read it again")
NO_SOURCE = ("interaction.source: ", "UNAUTHENTICATED key")
OTHER_CONTENT = ("interaction.external_id: ", "stored with other content")

CASES = [
    # contacts-svc
    case("contacts.CreateContact", "INVALID_ARGUMENT",
         con.CreateContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.CreateContact", "ALREADY_EXISTS",
         lambda world: con.CreateContactRequest(contact_id=world.known),
         "contact_id: ", "another request"),
    case("contacts.GetContact", "INVALID_ARGUMENT",
         con.GetContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.GetContact", "NOT_FOUND",
         con.GetContactRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.BatchGetContacts", "INVALID_ARGUMENT",
         con.BatchGetContactsRequest(), "contact_ids", *NO_ITEMS),
    case("contacts.BatchGetContacts", "RESOURCE_EXHAUSTED",
         lambda world: con.BatchGetContactsRequest(contact_ids=world.group),
         "member ids to answer", "ask for fewer"),
    case("contacts.EnsureContact", "INVALID_ARGUMENT",
         con.EnsureContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.BatchEnsureContacts", "INVALID_ARGUMENT",
         con.BatchEnsureContactsRequest(), "requests", *NO_ITEMS),
    case("contacts.UpdateContact", "INVALID_ARGUMENT",
         con.UpdateContactRequest(contact=con.Contact(contact_id=NOWHERE)),
         "update_mask: ", "want"),
    case("contacts.UpdateContact", "NOT_FOUND", update(NOWHERE), NO_CONTACT),
    case("contacts.UpdateContact", "FAILED_PRECONDITION",
         lambda world: update(world.deleted), "is deleted; undelete it first"),
    case("contacts.UpdateContact", "ABORTED",
         lambda world: update(world.known, etag="stale"), *STALE),
    case("contacts.ListContacts", "INVALID_ARGUMENT",
         con.ListContactsRequest(page_size=-1), *BAD_PAGE),
    case("contacts.DeleteContact", "INVALID_ARGUMENT",
         con.DeleteContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.DeleteContact", "NOT_FOUND",
         con.DeleteContactRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.DeleteContact", "ABORTED",
         lambda world: con.DeleteContactRequest(contact_id=world.known, etag="stale"),
         *STALE),
    case("contacts.UndeleteContact", "INVALID_ARGUMENT",
         con.UndeleteContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.UndeleteContact", "NOT_FOUND",
         con.UndeleteContactRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.UndeleteContact", "ABORTED",
         lambda world: con.UndeleteContactRequest(
             contact_id=world.deleted, etag="stale"),
         *STALE),
    case("contacts.Merge", "INVALID_ARGUMENT", con.MergeRequest(),
         "survivor_id: ", "absorbed_ids: 0 given", "cause.kind: ", "actor.kind: "),
    case("contacts.Merge", "PERMISSION_DENIED", con.MergeRequest(), *PUBLIC,
         key="webform"),
    case("contacts.Merge", "NOT_FOUND",
         lambda world: con.MergeRequest(
             survivor_id=world.known, absorbed_ids=[NOWHERE], **SAID),
         "absorbed_ids[0]: no contact"),
    case("contacts.Merge", "FAILED_PRECONDITION",
         lambda world: con.MergeRequest(
             survivor_id=world.known, absorbed_ids=[world.deleted], **SAID),
         "is deleted; undelete it first"),
    case("contacts.Unmerge", "INVALID_ARGUMENT", con.UnmergeRequest(),
         "target: ", "want edge_id"),
    case("contacts.Unmerge", "PERMISSION_DENIED", con.UnmergeRequest(), *PUBLIC,
         key="webform"),
    case("contacts.Unmerge", "NOT_FOUND",
         con.UnmergeRequest(contact_id=NOWHERE, all_edges=True, actor=AGENT),
         NO_CONTACT),
    case("contacts.UnmergeByCause", "INVALID_ARGUMENT",
         con.UnmergeByCauseRequest(), "cause.kind: ", "cause.value: "),
    case("contacts.UnmergeByCause", "PERMISSION_DENIED",
         con.UnmergeByCauseRequest(), *PUBLIC, key="webform"),
    case("contacts.ListMergeHistory", "INVALID_ARGUMENT",
         con.ListMergeHistoryRequest(contact_id="x"), *BAD_ID),
    case("contacts.ListMergeHistory", "NOT_FOUND",
         con.ListMergeHistoryRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.ListSuggestions", "INVALID_ARGUMENT",
         con.ListSuggestionsRequest(page_size=-1), *BAD_PAGE),
    case("contacts.ListSuggestions", "NOT_FOUND",
         con.ListSuggestionsRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.ConfirmSuggestion", "INVALID_ARGUMENT",
         con.ConfirmSuggestionRequest(), *BAD_DECISION),
    case("contacts.ConfirmSuggestion", "PERMISSION_DENIED",
         con.ConfirmSuggestionRequest(), *PUBLIC, key="webform"),
    case("contacts.ConfirmSuggestion", "NOT_FOUND",
         con.ConfirmSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("contacts.ConfirmSuggestion", "FAILED_PRECONDITION",
         lambda world: con.ConfirmSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    case("contacts.RejectSuggestion", "INVALID_ARGUMENT",
         con.RejectSuggestionRequest(), *BAD_DECISION),
    case("contacts.RejectSuggestion", "PERMISSION_DENIED",
         con.RejectSuggestionRequest(), *PUBLIC, key="webform"),
    case("contacts.RejectSuggestion", "NOT_FOUND",
         con.RejectSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("contacts.RejectSuggestion", "FAILED_PRECONDITION",
         lambda world: con.RejectSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    # identity-svc
    case("identity.Claim", "INVALID_ARGUMENT",
         idp.ClaimRequest(proposed_contact_id="x", values=[phone(NUMBER)]),
         "proposed_contact_id: ", "want a UUID"),
    case("identity.BatchClaim", "INVALID_ARGUMENT", idp.BatchClaimRequest(),
         "requests", *NO_ITEMS),
    case("identity.Resolve", "INVALID_ARGUMENT", idp.ResolveRequest(),
         "value.value: ", "want"),
    case("identity.BatchResolve", "INVALID_ARGUMENT", idp.BatchResolveRequest(),
         "requests", *NO_ITEMS),
    case("identity.ListIdentities", "INVALID_ARGUMENT",
         idp.ListIdentitiesRequest(), "sets", *NO_ITEMS),
    case("identity.LinkIdentity", "INVALID_ARGUMENT",
         idp.LinkIdentityRequest(contact_id="x", value=phone(NUMBER)), *BAD_ID),
    case("identity.LinkIdentity", "ALREADY_EXISTS",
         idp.LinkIdentityRequest(contact_id=NOWHERE, value=phone(NUMBER)),
         "value: held by the contact "),
    case("identity.UnlinkIdentity", "INVALID_ARGUMENT",
         idp.UnlinkIdentityRequest(contact_id="x", value=phone(NUMBER)), *BAD_ID),
    case("identity.UnlinkIdentity", "NOT_FOUND",
         idp.UnlinkIdentityRequest(contact_id=NOWHERE, value=phone(NUMBER)),
         "value: the contact does not hold it"),
    # interactions-svc
    case("interactions.RecordInteraction", "INVALID_ARGUMENT",
         ixn.RecordInteractionRequest(), "interaction.contact_id: ", "want a UUID"),
    case("interactions.RecordInteraction", "PERMISSION_DENIED", record(),
         *NO_SOURCE, key="webform"),
    case("interactions.RecordInteraction", "ALREADY_EXISTS", record(topic="other"),
         *OTHER_CONTENT),
    case("interactions.BatchRecordInteractions", "INVALID_ARGUMENT",
         ixn.BatchRecordInteractionsRequest(), "requests", *NO_ITEMS),
    case("interactions.LookupRequest", "INVALID_ARGUMENT",
         ixn.LookupRequestRequest(), "want"),
    case("interactions.LookupRequest", "PERMISSION_DENIED", lookup(),
         "source: ", "UNAUTHENTICATED key", key="webform"),
    case("interactions.LookupRequest", "ALREADY_EXISTS", lookup(topic="other"),
         "external_id: ", "stored with other content"),
    case("interactions.BatchLookupRequests", "INVALID_ARGUMENT",
         ixn.BatchLookupRequestsRequest(), "requests", *NO_ITEMS),
    case("interactions.ListInteractions", "INVALID_ARGUMENT",
         ixn.ListInteractionsRequest(), "sets", *NO_ITEMS),
    case("interactions.BatchGetActivity", "INVALID_ARGUMENT",
         ixn.BatchGetActivityRequest(), "sets", *NO_ITEMS),
    # gateway
    case("gateway.GetCustomerView", "INVALID_ARGUMENT",
         gw.GetCustomerViewRequest(), "customer: ", "want"),
    case("gateway.GetCustomerView", "NOT_FOUND",
         gw.GetCustomerViewRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.BatchGetCustomerViews", "INVALID_ARGUMENT",
         gw.BatchGetCustomerViewsRequest(), "customers", *NO_ITEMS),
    # A hundred of one group, of each of whom all member ids are answered.
    case("gateway.BatchGetCustomerViews", "RESOURCE_EXHAUSTED",
         lambda world: gw.BatchGetCustomerViewsRequest(
             customers=[by_id(one) for one in world.group[:100]]),
         "member ids to answer", "ask for fewer"),
    case("gateway.RecordTouch", "INVALID_ARGUMENT", touch("", phone(FREE_NUMBER)),
         "request_id: ", "external_id"),
    case("gateway.RecordTouch", "INVALID_ARGUMENT",
         touch("errors-3", phone(FREE_NUMBER), phone("1" * 321), kind=0),
         "identities[1].value: 321 characters", "interaction.kind: not set"),
    case("gateway.RecordTouch", "NOT_FOUND", touch_of(NOWHERE, "errors-1"), NO_CONTACT),
    case("gateway.RecordTouch", "ALREADY_EXISTS",
         lambda world: touch_of(
             world.known, "", source="shop", external_id="order-1", topic="other"),
         *OTHER_CONTENT),
    case("gateway.BatchRecordTouches", "INVALID_ARGUMENT",
         gw.BatchRecordTouchesRequest(), "touches", *NO_ITEMS),
    case("gateway.CreateContact", "INVALID_ARGUMENT",
         gw.CreateContactRequest(contact_id="x"), *BAD_ID),
    case("gateway.CreateContact", "ALREADY_EXISTS",
         lambda world: gw.CreateContactRequest(contact_id=world.known),
         "contact_id: ", "another request"),
    case("gateway.UpdateContact", "INVALID_ARGUMENT",
         lambda world: gw.UpdateContactRequest(customer=by_id(world.known)),
         "update_mask: ", "want"),
    case("gateway.UpdateContact", "NOT_FOUND", gateway_update(by_id(NOWHERE)), NO_CONTACT),
    case("gateway.UpdateContact", "FAILED_PRECONDITION",
         lambda world: gateway_update(by_id(world.deleted)), "is deleted; undelete it first"),
    case("gateway.UpdateContact", "FAILED_PRECONDITION", gateway_update(many()),
         *AMBIGUOUS),
    case("gateway.UpdateContact", "ABORTED",
         lambda world: gateway_update(by_id(world.known), etag="stale"), *STALE),
    case("gateway.ListTimeline", "INVALID_ARGUMENT", gw.ListTimelineRequest(),
         "customer: ", "want"),
    case("gateway.ListTimeline", "NOT_FOUND",
         gw.ListTimelineRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.ListTimeline", "FAILED_PRECONDITION",
         gw.ListTimelineRequest(customer=many()), *AMBIGUOUS),
    case("gateway.LinkIdentity", "INVALID_ARGUMENT", gw.LinkIdentityRequest(),
         "customer: ", "want"),
    case("gateway.LinkIdentity", "NOT_FOUND",
         gw.LinkIdentityRequest(customer=by_id(NOWHERE), value=phone(FREE_NUMBER)),
         NOBODY),
    case("gateway.LinkIdentity", "ALREADY_EXISTS",
         lambda world: gw.LinkIdentityRequest(
             customer=by_id(world.known), value=external("one", "ambiguous-7")),
         "value: held by the contact "),
    case("gateway.LinkIdentity", "FAILED_PRECONDITION",
         gw.LinkIdentityRequest(customer=many(), value=phone(FREE_NUMBER)),
         *AMBIGUOUS),
    case("gateway.UnlinkIdentity", "INVALID_ARGUMENT", gw.UnlinkIdentityRequest(),
         "customer: ", "want"),
    case("gateway.UnlinkIdentity", "NOT_FOUND",
         lambda world: gw.UnlinkIdentityRequest(
             customer=by_id(world.known), value=phone(FREE_NUMBER)),
         "value: the contact does not hold it"),
    case("gateway.UnlinkIdentity", "FAILED_PRECONDITION",
         gw.UnlinkIdentityRequest(customer=many(), value=phone(NUMBER)), *AMBIGUOUS),
    case("gateway.Merge", "INVALID_ARGUMENT",
         gw.MergeRequest(absorbed=[by_id("x")]),
         "survivor: not set", "absorbed[0].contact_id: "),
    case("gateway.Merge", "INVALID_ARGUMENT",
         lambda world: merge_of("x", world.known, phone("1" * 321)),
         "survivor.contact_id: ", "absorbed[1].value.value: 321 characters"),
    case("gateway.Merge", "PERMISSION_DENIED",
         lambda world: merge_of(world.known, world.deleted), *PUBLIC, key="webform"),
    case("gateway.Merge", "NOT_FOUND", merge_of(NOWHERE, phone(FREE_NUMBER)),
         "absorbed[0]: nobody is known by this"),
    case("gateway.Merge", "FAILED_PRECONDITION",
         lambda world: merge_of(world.known, many().value),
         "absorbed[0]: ", *AMBIGUOUS[1:]),
    case("gateway.Unmerge", "INVALID_ARGUMENT", gw.UnmergeRequest(),
         "customer: ", "want"),
    case("gateway.Unmerge", "PERMISSION_DENIED",
         lambda world: unmerge_of(world.known), *PUBLIC, key="webform"),
    case("gateway.Unmerge", "NOT_FOUND",
         lambda world: unmerge_of(world.known, edge_id=NOWHERE),
         "edge_id: no such edge is in force"),
    case("gateway.Unmerge", "FAILED_PRECONDITION", unmerge_of(many().value),
         *AMBIGUOUS),
    case("gateway.UnmergeByCause", "INVALID_ARGUMENT",
         gw.UnmergeByCauseRequest(), "cause.kind: ", "actor.kind: "),
    case("gateway.UnmergeByCause", "PERMISSION_DENIED",
         gw.UnmergeByCauseRequest(value=phone(NUMBER)), *PUBLIC, key="webform"),
    case("gateway.UnmergeByCause", "NOT_FOUND",
         gw.UnmergeByCauseRequest(value=phone(FREE_NUMBER), actor=AGENT),
         "value: nobody ever held it"),
    case("gateway.UnmergeByCause", "FAILED_PRECONDITION",
         gw.UnmergeByCauseRequest(value=many().value, actor=AGENT),
         "value: may mean more than one identity"),
    case("gateway.ListMergeHistory", "INVALID_ARGUMENT",
         gw.ListMergeHistoryRequest(), "customer: ", "want"),
    case("gateway.ListMergeHistory", "NOT_FOUND",
         gw.ListMergeHistoryRequest(customer=by_id(NOWHERE)), NO_CONTACT),
    case("gateway.ListMergeHistory", "FAILED_PRECONDITION",
         gw.ListMergeHistoryRequest(customer=many()), *AMBIGUOUS),
    case("gateway.ListSuggestions", "INVALID_ARGUMENT",
         gw.ListSuggestionsRequest(page_size=-1), *BAD_PAGE),
    case("gateway.ListSuggestions", "NOT_FOUND",
         gw.ListSuggestionsRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.ListSuggestions", "FAILED_PRECONDITION",
         gw.ListSuggestionsRequest(customer=many()), *AMBIGUOUS),
    case("gateway.ConfirmSuggestion", "INVALID_ARGUMENT",
         gw.ConfirmSuggestionRequest(), *BAD_DECISION),
    case("gateway.ConfirmSuggestion", "PERMISSION_DENIED",
         gw.ConfirmSuggestionRequest(), *PUBLIC, key="webform"),
    case("gateway.ConfirmSuggestion", "NOT_FOUND",
         gw.ConfirmSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("gateway.ConfirmSuggestion", "FAILED_PRECONDITION",
         lambda world: gw.ConfirmSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    case("gateway.RejectSuggestion", "INVALID_ARGUMENT",
         gw.RejectSuggestionRequest(), *BAD_DECISION),
    case("gateway.RejectSuggestion", "PERMISSION_DENIED",
         gw.RejectSuggestionRequest(), *PUBLIC, key="webform"),
    case("gateway.RejectSuggestion", "NOT_FOUND",
         gw.RejectSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("gateway.RejectSuggestion", "FAILED_PRECONDITION",
         lambda world: gw.RejectSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    case("gateway.WatchCustomer", "INVALID_ARGUMENT",
         gw.WatchCustomerRequest(), "customer: ", "want"),
    case("gateway.WatchCustomer", "INVALID_ARGUMENT",
         gw.WatchCustomerRequest(customer=by_id(NOWHERE), token="bad"), "token: "),
    case("gateway.WatchCustomer", "PERMISSION_DENIED",
         lambda world: gw.WatchCustomerRequest(customer=by_id(world.known)),
         "lacks the scopes identity.read, interactions.read", key="directory"),
    case("gateway.WatchCustomer", "NOT_FOUND",
         gw.WatchCustomerRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.WatchCustomer", "FAILED_PRECONDITION",
         gw.WatchCustomerRequest(customer=many()), *AMBIGUOUS),
]

# What no single request to all services brings about, mostly for all methods of
# a service at once, as one piece of code answers it for all: the test that
# provokes it.
_HERE = "tests/e2e/test_errors.py"
_FLOWS = "gateway/flows/view_flow_test.cc"
_QUEUE = "common/server/pooled_calls_test.cc"
_RACES = "common/mysql/transaction_test.cc"
_OF_DATABASES = {
    "UNAUTHENTICATED": (_QUEUE, "AdmissionTest.NoKeyIsUnauthenticated"),
    "PERMISSION_DENIED": (_QUEUE, "AdmissionTest.AKeyWithoutTheScopeIsDenied"),
    "RESOURCE_EXHAUSTED": (_QUEUE, "PooledCallsTest.AFullQueueRefusesAtOnce"),
    "DEADLINE_EXCEEDED": (
        _QUEUE, "PooledCallsTest.ACallThatIsTooLateIsDroppedFromTheQueue"),
    "UNAVAILABLE": (_QUEUE, "PooledCallsTest.AKilledSessionIsUnavailableAndHeals"),
}
_LOST_RACE = {"ABORTED": (_RACES, "TransactionTest.IsRunFiveTimesAtMost")}
_FEED = "common/feed/changes_service_test.cc"
_OF_FEEDS = {
    "UNAUTHENTICATED": (_FEED, "ChangesServiceTest.TheGateIsTheSameAsForOtherCalls"),
    "PERMISSION_DENIED": (_FEED, "ChangesServiceTest.TheGateIsTheSameAsForOtherCalls"),
    "RESOURCE_EXHAUSTED": (_FEED, "ChangesServiceTest.AFullQueueRefusesAStream"),
    "UNAVAILABLE": (
        _FEED, "ChangesServiceTest.OnDrainAStreamEndsWithItsTokenAndAReason"),
}
_OF_TAILS = {
    "INVALID_ARGUMENT": (_FEED, "ChangesServiceTest.ATokenOfAnotherIsRefused"),
    "OUT_OF_RANGE": (_FEED, "ChangesServiceTest.ATokenThatIsTooOldIsOutOfRange"),
    "PERMISSION_DENIED": (_FEED, "ChangesServiceTest.AllTenantsNeedsItsScope"),
}
# Of single methods.
ELSEWHERE = {
    f"{area}_changes.TailChanges": _OF_TAILS
    for area in ("contacts", "identity", "interactions")
}
OF_ALL_METHODS = {
    "contacts_changes": _OF_FEEDS,
    "identity_changes": _OF_FEEDS,
    "interactions_changes": _OF_FEEDS,
    "contacts": _OF_DATABASES,
    "identity": _OF_DATABASES | _LOST_RACE,
    "interactions": _OF_DATABASES | _LOST_RACE,
    "gateway": {
        "UNAUTHENTICATED": (_FLOWS, "ViewFlowTest.KeysAreCheckedHereToo"),
        "PERMISSION_DENIED": (_FLOWS, "ViewFlowTest.KeysAreCheckedHereToo"),
        "RESOURCE_EXHAUSTED": (
            _FLOWS,
            "FlowLimitTest.WhatDoesNotFitIsRefusedAtOnceAndTheRestCompletes",
        ),
        "DEADLINE_EXCEEDED": (_HERE, "test_the_gateway_gives_up_before_its_caller"),
        "UNAVAILABLE": (_FLOWS, "ViewFlowTest.WithoutContactsThereIsNoView"),
    },
}


def promised(comment: str, words: str) -> set[str]:
    """The codes between `words` and the end of their sentence."""
    text = " ".join(comment.split())
    while (plain := re.sub(r"\([^()]*\)", "", text)) != text:
        text = plain
    sentence = re.search(re.escape(words) + r" ([^.]*)\.", text)
    return CODES & set(re.findall(r"[A-Z_]+", sentence[1])) if sentence else set()


def documented() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The codes by service, and by method: {"gateway": ...}, {"gateway.X": ...}."""
    files = descriptor_pb2.FileDescriptorSet.FromString(PROTOSET.read_bytes())
    services, methods = {}, {}
    for attribute, (_, descriptor) in SERVICES.items():
        file = next(file for file in files.file if file.name == descriptor.file.name)
        comments = {
            tuple(place.path): place.leading_comments
            for place in file.source_code_info.location
        }
        services[attribute] = promised(
            comments[SERVICE, descriptor.index], "Every method may also fail with"
        )
        for method in descriptor.methods:
            comment = comments[SERVICE, descriptor.index, METHOD, method.index]
            methods[f"{attribute}.{method.name}"] = promised(comment, "Fails with")
    return services, methods


def make_group(client: Client, size: int) -> tuple[str, ...]:
    ids = [f"0192f0c1-2a3b-7c4d-8e5f-{n:012x}" for n in range(size)]
    requests = [con.EnsureContactRequest(contact_id=one) for one in ids]
    for begin in range(0, size, 500):
        client.contacts.BatchEnsureContacts(
            con.BatchEnsureContactsRequest(requests=requests[begin : begin + 500])
        )
    for begin in range(1, size, 100):
        client.gateway.Merge(merge_of(ids[0], *ids[begin : begin + 100]))
    return tuple(ids[1:])


@pytest.fixture(scope="module")
def world(suite) -> World:
    with Client(suite.targets(), suite.token("demo")) as client:
        known = client.gateway.RecordTouch(
            touch("", phone(NUMBER), source="shop", external_id="order-1")
        ).contact_id
        deleted = client.gateway.CreateContact(gw.CreateContactRequest()).contact_id
        client.contacts.DeleteContact(con.DeleteContactRequest(contact_id=deleted))
        for system in ("one", "two"):
            client.gateway.RecordTouch(
                touch(f"errors-{system}", external(system, "ambiguous-7"))
            )
        return World(known, deleted, make_group(client, 501), decided(client))


def decided(client: Client) -> str:
    """A suggestion that is rejected."""
    fields = con.Contact(display_name="Ada King", attributes={"zip": "12345"})
    for _ in range(2):
        client.contacts.CreateContact(con.CreateContactRequest(contact=fields))
    (found,) = client.contacts.ListSuggestions(con.ListSuggestionsRequest()).suggestions
    client.contacts.RejectSuggestion(
        con.RejectSuggestionRequest(suggestion_id=found.suggestion_id, actor=AGENT)
    )
    return found.suggestion_id


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.method}-{one.code}")
def test_a_documented_error(suite, world, one):
    attribute, _, name = one.method.partition(".")
    with Client(suite.targets(), suite.token(one.key)) as client:
        with pytest.raises(grpc.RpcError) as error:
            answer = getattr(getattr(client, attribute), name)(one.request(world))
            # A stream fails when it is read.
            next(answer)
    assert error.value.code().name == one.code, error.value.details()
    for text in one.tells:
        assert text in error.value.details()
    if one.code == "INVALID_ARGUMENT":
        assert error.value.details() == "; ".join(violations(error.value))


def violations(error: grpc.RpcError) -> list[str]:
    """What an error tells programs of fields, in the form of its message."""
    trailers = dict(error.trailing_metadata())
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    assert (status.code, status.message) == (error.code().value[0], error.details())
    bad_request = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad_request) for detail in status.details)
    return [f"{one.field}: {one.description}" for one in bad_request.field_violations]


def test_the_gateway_gives_up_before_its_caller(suite, client, world):
    trace_id = "5af92f3577b34da6a3ce929d0e0e4736"
    suite.services["contacts-svc"].pause()
    try:
        with pytest.raises(grpc.RpcError) as error:
            client.gateway.GetCustomerView(
                gw.GetCustomerViewRequest(customer=by_id(world.known)),
                timeout=1,
                metadata=[("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01")],
            )
    finally:
        suite.services["contacts-svc"].resume()
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    log = suite.layout.logs / "gateway.log"
    calls = [line for line in log.read_text().splitlines() if trace_id in line]
    assert len(calls) == 1 and '"DeadlineExceeded"' in calls[0]


def test_what_methods_promise_is_what_is_tested():
    _, methods = documented()
    tested = {method: set() for method in methods}
    for one in CASES:
        tested[one.method].add(one.code)
    for method, tests in ELSEWHERE.items():
        tested[method] |= set(tests)
    assert tested == methods


def test_what_services_promise_is_what_is_tested():
    services, _ = documented()
    assert {name: set(tests) for name, tests in OF_ALL_METHODS.items()} == services
    for tests in [*OF_ALL_METHODS.values(), *ELSEWHERE.values()]:
        for path, name in tests.values():
            wanted = rf"TEST(?:_F)?\({name.replace('.', ', ')}\)|def {name}\("
            assert re.search(wanted, (ROOT / path).read_text()), (path, name)


def test_every_code_is_explained():
    services, methods = documented()
    text, details, _ = (ROOT / "docs/errors.md").read_text().partition("## Details")
    assert details
    rows = re.findall(r"^\| ([A-Z_]+) \|", text, re.M)
    codes = set().union(*services.values(), *methods.values())
    # These two are no promise: a COMMIT in doubt, and a fault of ours.
    assert set(rows) == codes | {"UNKNOWN", "INTERNAL"}


def test_a_comment_is_read_as_people_do():
    comment = "Does. Fails with NOT_FOUND (no\n UNKNOWN (x)), ABORTED and\n INTERNAL. Is OK."
    assert promised(comment, "Fails with") == {"NOT_FOUND", "ABORTED", "INTERNAL"}
    assert not promised("Never fails.", "Fails with")
