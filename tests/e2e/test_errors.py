"""Provokes each error that the protos document, and no other.

A method documents its errors in the option `errors`, a service those of all its
methods in `common_errors`. The codes of these options are compared with the codes
that are tested here, in both directions.
"""

import re
from dataclasses import dataclass
from typing import Callable

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from builders import external, phone, touch, touch_of
from groups import AGENT, DECISION, merge_of, unmerge_of
from kith.common.v1 import common_pb2
from kith.contacts.v1 import contact_pb2, group_pb2, suggestion_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2, merge_pb2, touch_pb2, watch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2, summary_pb2
from kithdev.client import SERVICES, Client
from kithdev.paths import ROOT

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


def update(contact_id: str, **fields) -> contact_pb2.UpdateContactRequest:
    request = contact_pb2.UpdateContactRequest(
        contact=contact_pb2.Contact(contact_id=contact_id, **fields)
    )
    request.update_mask.paths.append("owner")
    return request


def by_id(contact_id: str) -> customer_view_pb2.CustomerRef:
    return customer_view_pb2.CustomerRef(contact_id=contact_id)


def many() -> customer_view_pb2.CustomerRef:
    """Means two customers, see world()."""
    return customer_view_pb2.CustomerRef(value=identity_pb2.ChannelValue(value="ambiguous-7"))


def gateway_update(ref: customer_view_pb2.CustomerRef, **fields) -> Message:
    request = gateway_contact_pb2.UpdateContactRequest(
        customer=ref, contact=contact_pb2.Contact(**fields)
    )
    request.update_mask.paths.append("owner")
    return request


def record(source: str = "shop", **fields) -> interaction_pb2.RecordInteractionRequest:
    return interaction_pb2.RecordInteractionRequest(
        interaction=interaction_pb2.Interaction(
            contact_id=NOWHERE,
            kind=interaction_pb2.KIND_NOTE,
            source=source,
            external_id="order-1",
            **fields,
        )
    )


def lookup(**fields) -> interaction_pb2.FindRecordingRequest:
    return interaction_pb2.FindRecordingRequest(request=record(**fields))


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
         contact_pb2.CreateContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.CreateContact", "ALREADY_EXISTS",
         lambda world: contact_pb2.CreateContactRequest(contact_id=world.known),
         "contact_id: ", "another request"),
    case("contacts.GetContact", "INVALID_ARGUMENT",
         contact_pb2.GetContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.GetContact", "NOT_FOUND",
         contact_pb2.GetContactRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.BatchGetContacts", "INVALID_ARGUMENT",
         contact_pb2.BatchGetContactsRequest(), "contact_ids", *NO_ITEMS),
    case("contacts.BatchGetContacts", "RESOURCE_EXHAUSTED",
         lambda world: contact_pb2.BatchGetContactsRequest(contact_ids=world.group),
         "member ids to answer", "ask for fewer"),
    case("contacts.EnsureContact", "INVALID_ARGUMENT",
         contact_pb2.EnsureContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.BatchEnsureContacts", "INVALID_ARGUMENT",
         contact_pb2.BatchEnsureContactsRequest(), "requests", *NO_ITEMS),
    case("contacts.UpdateContact", "INVALID_ARGUMENT",
         contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(contact_id=NOWHERE)),
         "update_mask: ", "want"),
    case("contacts.UpdateContact", "NOT_FOUND", update(NOWHERE), NO_CONTACT),
    case("contacts.UpdateContact", "FAILED_PRECONDITION",
         lambda world: update(world.deleted), "is deleted; undelete it first"),
    case("contacts.UpdateContact", "ABORTED",
         lambda world: update(world.known, etag="stale"), *STALE),
    case("contacts.ListContacts", "INVALID_ARGUMENT",
         contact_pb2.ListContactsRequest(page_size=-1), *BAD_PAGE),
    case("contacts.DeleteContact", "INVALID_ARGUMENT",
         contact_pb2.DeleteContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.DeleteContact", "NOT_FOUND",
         contact_pb2.DeleteContactRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.DeleteContact", "ABORTED",
         lambda world: contact_pb2.DeleteContactRequest(contact_id=world.known, etag="stale"),
         *STALE),
    case("contacts.UndeleteContact", "INVALID_ARGUMENT",
         contact_pb2.UndeleteContactRequest(contact_id="x"), *BAD_ID),
    case("contacts.UndeleteContact", "NOT_FOUND",
         contact_pb2.UndeleteContactRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.UndeleteContact", "ABORTED",
         lambda world: contact_pb2.UndeleteContactRequest(
             contact_id=world.deleted, etag="stale"),
         *STALE),
    case("contacts.MergeContacts", "INVALID_ARGUMENT", group_pb2.MergeContactsRequest(),
         "survivor_id: ", "absorbed_ids: 0 given", "cause.kind: ", "actor.kind: "),
    case("contacts.MergeContacts", "PERMISSION_DENIED", group_pb2.MergeContactsRequest(), *PUBLIC,
         key="webform"),
    case("contacts.MergeContacts", "NOT_FOUND",
         lambda world: group_pb2.MergeContactsRequest(
             survivor_id=world.known, absorbed_ids=[NOWHERE], **SAID),
         "absorbed_ids[0]: no contact"),
    case("contacts.MergeContacts", "FAILED_PRECONDITION",
         lambda world: group_pb2.MergeContactsRequest(
             survivor_id=world.known, absorbed_ids=[world.deleted], **SAID),
         "is deleted; undelete it first"),
    case("contacts.UnmergeContacts", "INVALID_ARGUMENT", group_pb2.UnmergeContactsRequest(),
         "target: ", "want edge_id"),
    case("contacts.UnmergeContacts", "PERMISSION_DENIED",
         group_pb2.UnmergeContactsRequest(), *PUBLIC, key="webform"),
    case("contacts.UnmergeContacts", "NOT_FOUND",
         group_pb2.UnmergeContactsRequest(contact_id=NOWHERE, all_edges=True, actor=AGENT),
         NO_CONTACT),
    case("contacts.UndoMerges", "INVALID_ARGUMENT",
         group_pb2.UndoMergesRequest(), "cause.kind: ", "cause.value: "),
    case("contacts.UndoMerges", "PERMISSION_DENIED",
         group_pb2.UndoMergesRequest(), *PUBLIC, key="webform"),
    case("contacts.ListMergeHistory", "INVALID_ARGUMENT",
         group_pb2.ListMergeHistoryRequest(contact_id="x"), *BAD_ID),
    case("contacts.ListMergeHistory", "NOT_FOUND",
         group_pb2.ListMergeHistoryRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.ListSuggestions", "INVALID_ARGUMENT",
         suggestion_pb2.ListSuggestionsRequest(page_size=-1), *BAD_PAGE),
    case("contacts.ListSuggestions", "NOT_FOUND",
         suggestion_pb2.ListSuggestionsRequest(contact_id=NOWHERE), NO_CONTACT),
    case("contacts.ConfirmSuggestion", "INVALID_ARGUMENT",
         suggestion_pb2.ConfirmSuggestionRequest(), *BAD_DECISION),
    case("contacts.ConfirmSuggestion", "PERMISSION_DENIED",
         suggestion_pb2.ConfirmSuggestionRequest(), *PUBLIC, key="webform"),
    case("contacts.ConfirmSuggestion", "NOT_FOUND",
         suggestion_pb2.ConfirmSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("contacts.ConfirmSuggestion", "FAILED_PRECONDITION",
         lambda world: suggestion_pb2.ConfirmSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    case("contacts.RejectSuggestion", "INVALID_ARGUMENT",
         suggestion_pb2.RejectSuggestionRequest(), *BAD_DECISION),
    case("contacts.RejectSuggestion", "PERMISSION_DENIED",
         suggestion_pb2.RejectSuggestionRequest(), *PUBLIC, key="webform"),
    case("contacts.RejectSuggestion", "NOT_FOUND",
         suggestion_pb2.RejectSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("contacts.RejectSuggestion", "FAILED_PRECONDITION",
         lambda world: suggestion_pb2.RejectSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    # identity-svc
    case("identity.ClaimIdentities", "INVALID_ARGUMENT",
         identity_pb2.ClaimIdentitiesRequest(proposed_contact_id="x", values=[phone(NUMBER)]),
         "proposed_contact_id: ", "want a UUID"),
    case("identity.BatchClaimIdentities", "INVALID_ARGUMENT",
         identity_pb2.BatchClaimIdentitiesRequest(), "requests", *NO_ITEMS),
    case("identity.ResolveIdentity", "INVALID_ARGUMENT", identity_pb2.ResolveIdentityRequest(),
         "value.value: ", "want"),
    case("identity.BatchResolveIdentities", "INVALID_ARGUMENT",
         identity_pb2.BatchResolveIdentitiesRequest(), "requests", *NO_ITEMS),
    case("identity.ListIdentities", "INVALID_ARGUMENT",
         identity_pb2.ListIdentitiesRequest(), "sets", *NO_ITEMS),
    case("identity.LinkIdentity", "INVALID_ARGUMENT",
         identity_pb2.LinkIdentityRequest(contact_id="x", value=phone(NUMBER)), *BAD_ID),
    case("identity.LinkIdentity", "ALREADY_EXISTS",
         identity_pb2.LinkIdentityRequest(contact_id=NOWHERE, value=phone(NUMBER)),
         "value: held by the contact "),
    case("identity.UnlinkIdentity", "INVALID_ARGUMENT",
         identity_pb2.UnlinkIdentityRequest(contact_id="x", value=phone(NUMBER)), *BAD_ID),
    case("identity.UnlinkIdentity", "NOT_FOUND",
         identity_pb2.UnlinkIdentityRequest(contact_id=NOWHERE, value=phone(NUMBER)),
         "value: the contact does not hold it"),
    # interactions-svc
    case("interactions.RecordInteraction", "INVALID_ARGUMENT",
         interaction_pb2.RecordInteractionRequest(), "interaction.contact_id: ", "want a UUID"),
    case("interactions.RecordInteraction", "PERMISSION_DENIED", record(),
         *NO_SOURCE, key="webform"),
    case("interactions.RecordInteraction", "ALREADY_EXISTS", record(topic="other"),
         *OTHER_CONTENT),
    case("interactions.BatchRecordInteractions", "INVALID_ARGUMENT",
         interaction_pb2.BatchRecordInteractionsRequest(), "requests", *NO_ITEMS),
    case("interactions.FindRecording", "INVALID_ARGUMENT",
         interaction_pb2.FindRecordingRequest(), "want"),
    case("interactions.FindRecording", "PERMISSION_DENIED", lookup(),
         "source: ", "UNAUTHENTICATED key", key="webform"),
    case("interactions.FindRecording", "ALREADY_EXISTS", lookup(topic="other"),
         "external_id: ", "stored with other content"),
    case("interactions.BatchFindRecordings", "INVALID_ARGUMENT",
         interaction_pb2.BatchFindRecordingsRequest(), "requests", *NO_ITEMS),
    case("interactions.ListInteractions", "INVALID_ARGUMENT",
         interaction_pb2.ListInteractionsRequest(), "sets", *NO_ITEMS),
    case("interactions.BatchGetActivity", "INVALID_ARGUMENT",
         summary_pb2.BatchGetActivityRequest(), "sets", *NO_ITEMS),
    # gateway
    case("gateway.GetCustomerView", "INVALID_ARGUMENT",
         customer_view_pb2.GetCustomerViewRequest(), "customer: ", "want"),
    case("gateway.GetCustomerView", "NOT_FOUND",
         customer_view_pb2.GetCustomerViewRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.BatchGetCustomerViews", "INVALID_ARGUMENT",
         customer_view_pb2.BatchGetCustomerViewsRequest(), "customers", *NO_ITEMS),
    # A hundred of one group, of each of whom all member ids are answered.
    case("gateway.BatchGetCustomerViews", "RESOURCE_EXHAUSTED",
         lambda world: customer_view_pb2.BatchGetCustomerViewsRequest(
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
         touch_pb2.BatchRecordTouchesRequest(), "touches", *NO_ITEMS),
    case("gateway.CreateContact", "INVALID_ARGUMENT",
         gateway_contact_pb2.CreateContactRequest(contact_id="x"), *BAD_ID),
    case("gateway.CreateContact", "ALREADY_EXISTS",
         lambda world: gateway_contact_pb2.CreateContactRequest(contact_id=world.known),
         "contact_id: ", "another request"),
    case("gateway.UpdateContact", "INVALID_ARGUMENT",
         lambda world: gateway_contact_pb2.UpdateContactRequest(customer=by_id(world.known)),
         "update_mask: ", "want"),
    case("gateway.UpdateContact", "NOT_FOUND", gateway_update(by_id(NOWHERE)), NO_CONTACT),
    case("gateway.UpdateContact", "FAILED_PRECONDITION",
         lambda world: gateway_update(by_id(world.deleted)), "is deleted; undelete it first"),
    case("gateway.UpdateContact", "FAILED_PRECONDITION", gateway_update(many()),
         *AMBIGUOUS),
    case("gateway.UpdateContact", "ABORTED",
         lambda world: gateway_update(by_id(world.known), etag="stale"), *STALE),
    case("gateway.ListInteractions", "INVALID_ARGUMENT",
         customer_view_pb2.ListInteractionsRequest(), "customer: ", "want"),
    case("gateway.ListInteractions", "NOT_FOUND",
         customer_view_pb2.ListInteractionsRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.ListInteractions", "FAILED_PRECONDITION",
         customer_view_pb2.ListInteractionsRequest(customer=many()), *AMBIGUOUS),
    case("gateway.LinkIdentity", "INVALID_ARGUMENT", gateway_contact_pb2.LinkIdentityRequest(),
         "customer: ", "want"),
    case("gateway.LinkIdentity", "NOT_FOUND",
         gateway_contact_pb2.LinkIdentityRequest(customer=by_id(NOWHERE), value=phone(FREE_NUMBER)),
         NOBODY),
    case("gateway.LinkIdentity", "ALREADY_EXISTS",
         lambda world: gateway_contact_pb2.LinkIdentityRequest(
             customer=by_id(world.known), value=external("one", "ambiguous-7")),
         "value: held by the contact "),
    case("gateway.LinkIdentity", "FAILED_PRECONDITION",
         gateway_contact_pb2.LinkIdentityRequest(customer=many(), value=phone(FREE_NUMBER)),
         *AMBIGUOUS),
    case("gateway.UnlinkIdentity", "INVALID_ARGUMENT", gateway_contact_pb2.UnlinkIdentityRequest(),
         "customer: ", "want"),
    case("gateway.UnlinkIdentity", "NOT_FOUND",
         lambda world: gateway_contact_pb2.UnlinkIdentityRequest(
             customer=by_id(world.known), value=phone(FREE_NUMBER)),
         "value: the contact does not hold it"),
    case("gateway.UnlinkIdentity", "FAILED_PRECONDITION",
         gateway_contact_pb2.UnlinkIdentityRequest(customer=many(), value=phone(NUMBER)),
         *AMBIGUOUS),
    case("gateway.MergeContacts", "INVALID_ARGUMENT",
         merge_pb2.MergeContactsRequest(absorbed=[by_id("x")]),
         "survivor: not set", "absorbed[0].contact_id: "),
    case("gateway.MergeContacts", "INVALID_ARGUMENT",
         lambda world: merge_of("x", world.known, phone("1" * 321)),
         "survivor.contact_id: ", "absorbed[1].value.value: 321 characters"),
    case("gateway.MergeContacts", "PERMISSION_DENIED",
         lambda world: merge_of(world.known, world.deleted), *PUBLIC, key="webform"),
    case("gateway.MergeContacts", "NOT_FOUND", merge_of(NOWHERE, phone(FREE_NUMBER)),
         "absorbed[0]: nobody is known by this"),
    case("gateway.MergeContacts", "FAILED_PRECONDITION",
         lambda world: merge_of(world.known, many().value),
         "absorbed[0]: ", *AMBIGUOUS[1:]),
    case("gateway.UnmergeContacts", "INVALID_ARGUMENT", merge_pb2.UnmergeContactsRequest(),
         "customer: ", "want"),
    case("gateway.UnmergeContacts", "PERMISSION_DENIED",
         lambda world: unmerge_of(world.known), *PUBLIC, key="webform"),
    case("gateway.UnmergeContacts", "NOT_FOUND",
         lambda world: unmerge_of(world.known, edge_id=NOWHERE),
         "edge_id: no such edge is in force"),
    case("gateway.UnmergeContacts", "FAILED_PRECONDITION", unmerge_of(many().value),
         *AMBIGUOUS),
    case("gateway.UndoMerges", "INVALID_ARGUMENT",
         merge_pb2.UndoMergesRequest(), "cause.kind: ", "actor.kind: "),
    case("gateway.UndoMerges", "PERMISSION_DENIED",
         merge_pb2.UndoMergesRequest(value=phone(NUMBER)), *PUBLIC, key="webform"),
    case("gateway.UndoMerges", "NOT_FOUND",
         merge_pb2.UndoMergesRequest(value=phone(FREE_NUMBER), actor=AGENT),
         "value: nobody ever held it"),
    case("gateway.UndoMerges", "FAILED_PRECONDITION",
         merge_pb2.UndoMergesRequest(value=many().value, actor=AGENT),
         "value: may mean more than one identity"),
    case("gateway.ListMergeHistory", "INVALID_ARGUMENT",
         merge_pb2.ListMergeHistoryRequest(), "customer: ", "want"),
    case("gateway.ListMergeHistory", "NOT_FOUND",
         merge_pb2.ListMergeHistoryRequest(customer=by_id(NOWHERE)), NO_CONTACT),
    case("gateway.ListMergeHistory", "FAILED_PRECONDITION",
         merge_pb2.ListMergeHistoryRequest(customer=many()), *AMBIGUOUS),
    case("gateway.ListSuggestions", "INVALID_ARGUMENT",
         merge_pb2.ListSuggestionsRequest(page_size=-1), *BAD_PAGE),
    case("gateway.ListSuggestions", "NOT_FOUND",
         merge_pb2.ListSuggestionsRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.ListSuggestions", "FAILED_PRECONDITION",
         merge_pb2.ListSuggestionsRequest(customer=many()), *AMBIGUOUS),
    case("gateway.ConfirmSuggestion", "INVALID_ARGUMENT",
         merge_pb2.ConfirmSuggestionRequest(), *BAD_DECISION),
    case("gateway.ConfirmSuggestion", "PERMISSION_DENIED",
         merge_pb2.ConfirmSuggestionRequest(), *PUBLIC, key="webform"),
    case("gateway.ConfirmSuggestion", "NOT_FOUND",
         merge_pb2.ConfirmSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("gateway.ConfirmSuggestion", "FAILED_PRECONDITION",
         lambda world: merge_pb2.ConfirmSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    case("gateway.RejectSuggestion", "INVALID_ARGUMENT",
         merge_pb2.RejectSuggestionRequest(), *BAD_DECISION),
    case("gateway.RejectSuggestion", "PERMISSION_DENIED",
         merge_pb2.RejectSuggestionRequest(), *PUBLIC, key="webform"),
    case("gateway.RejectSuggestion", "NOT_FOUND",
         merge_pb2.RejectSuggestionRequest(suggestion_id=NO_PAIR, actor=AGENT),
         "suggestion_id: no suggestion"),
    case("gateway.RejectSuggestion", "FAILED_PRECONDITION",
         lambda world: merge_pb2.RejectSuggestionRequest(
             suggestion_id=world.decided, actor=AGENT),
         "suggestion_id: not open"),
    case("gateway.WatchCustomer", "INVALID_ARGUMENT",
         watch_pb2.WatchCustomerRequest(), "customer: ", "want"),
    case("gateway.WatchCustomer", "INVALID_ARGUMENT",
         watch_pb2.WatchCustomerRequest(customer=by_id(NOWHERE), resume_token="bad"),
         "resume_token: "),
    case("gateway.WatchCustomer", "PERMISSION_DENIED",
         lambda world: watch_pb2.WatchCustomerRequest(customer=by_id(world.known)),
         "lacks the scopes identity.read, interactions.read", key="directory"),
    case("gateway.WatchCustomer", "NOT_FOUND",
         watch_pb2.WatchCustomerRequest(customer=by_id(NOWHERE)), NOBODY),
    case("gateway.WatchCustomer", "FAILED_PRECONDITION",
         watch_pb2.WatchCustomerRequest(customer=many()), *AMBIGUOUS),
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


def documented() -> tuple[dict[str, list], dict[str, list]]:
    """Returns the MethodErrors by service and by method: {"gateway": ...},
    {"gateway.X": ...}."""
    services, methods = {}, {}
    for attribute, (_, service) in SERVICES.items():
        services[attribute] = list(service.GetOptions().Extensions[common_pb2.common_errors])
        for method in service.methods:
            methods[f"{attribute}.{method.name}"] = list(
                method.GetOptions().Extensions[common_pb2.errors]
            )
    return services, methods


def codes_of(documented_errors: dict[str, list]) -> dict[str, set[str]]:
    """Returns the names of the codes by service or method."""
    return {
        name: {code_pb2.Code.Name(error.code) for error in errors}
        for name, errors in documented_errors.items()
    }


def explained(row: str) -> set:
    """Returns what `row` matches in the tables of docs/errors.md."""
    return set(re.findall(row, (ROOT / "docs/errors.md").read_text(), re.M))


def make_group(client: Client, size: int) -> tuple[str, ...]:
    ids = [f"0192f0c1-2a3b-7c4d-8e5f-{n:012x}" for n in range(size)]
    requests = [contact_pb2.EnsureContactRequest(contact_id=one) for one in ids]
    for begin in range(0, size, 500):
        client.contacts.BatchEnsureContacts(
            contact_pb2.BatchEnsureContactsRequest(requests=requests[begin : begin + 500])
        )
    for begin in range(1, size, 100):
        client.gateway.MergeContacts(merge_of(ids[0], *ids[begin : begin + 100]))
    return tuple(ids[1:])


@pytest.fixture(scope="module")
def world(suite) -> World:
    with Client(suite.targets(), suite.token("demo")) as client:
        known = client.gateway.RecordTouch(
            touch("", phone(NUMBER), source="shop", external_id="order-1")
        ).contact_id
        new = gateway_contact_pb2.CreateContactRequest()
        deleted = client.gateway.CreateContact(new).contact_id
        client.contacts.DeleteContact(contact_pb2.DeleteContactRequest(contact_id=deleted))
        for system in ("one", "two"):
            client.gateway.RecordTouch(
                touch(f"errors-{system}", external(system, "ambiguous-7"))
            )
        return World(known, deleted, make_group(client, 501), decided(client))


def decided(client: Client) -> str:
    """A suggestion that is rejected."""
    fields = contact_pb2.Contact(display_name="Ada King", attributes={"zip": "12345"})
    for _ in range(2):
        client.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=fields))
    (found,) = client.contacts.ListSuggestions(suggestion_pb2.ListSuggestionsRequest()).suggestions
    client.contacts.RejectSuggestion(
        suggestion_pb2.RejectSuggestionRequest(suggestion_id=found.suggestion_id, actor=AGENT)
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
                customer_view_pb2.GetCustomerViewRequest(customer=by_id(world.known)),
                timeout=1,
                metadata=[("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01")],
            )
    finally:
        suite.services["contacts-svc"].resume()
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    log = suite.layout.logs / "gateway.log"
    calls = [line for line in log.read_text().splitlines() if trace_id in line]
    assert len(calls) == 1 and '"DeadlineExceeded"' in calls[0]


def test_each_documented_code_of_a_method_is_tested_and_no_other():
    methods = codes_of(documented()[1])
    tested = {method: set() for method in methods}
    for one in CASES:
        tested[one.method].add(one.code)
    for method, tests in ELSEWHERE.items():
        tested[method] |= set(tests)
    assert tested == methods


def test_each_documented_code_of_a_service_is_tested_and_no_other():
    services = codes_of(documented()[0])
    assert {name: set(tests) for name, tests in OF_ALL_METHODS.items()} == services
    for tests in [*OF_ALL_METHODS.values(), *ELSEWHERE.values()]:
        for path, name in tests.values():
            wanted = rf"TEST(?:_F)?\({name.replace('.', ', ')}\)|def {name}\("
            assert re.search(wanted, (ROOT / path).read_text()), (path, name)


def test_each_documented_error_is_complete():
    reasons = explained(r"^\| ([A-Z_]+) \| ([A-Z_]+) \|")
    services, methods = documented()
    for name, errors in (services | methods).items():
        kinds = [(error.reason, code_pb2.Code.Name(error.code)) for error in errors]
        assert len(set(kinds)) == len(kinds) > 0, name
        assert all(error.code and error.when.strip() for error in errors), name
        assert {kind for kind in kinds if kind[0]} <= reasons, name


def test_every_code_is_explained():
    codes = set().union(*(each for part in documented() for each in codes_of(part).values()))
    # No option names these two: a COMMIT in doubt, and a fault of the service.
    wanted = codes | {"UNKNOWN", "INTERNAL"}
    assert explained(r"^\| ([A-Z_]+) \|(?! [A-Z_]+ \|)") == wanted
