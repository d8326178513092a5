"""Provokes each error that the protos document, and no other.

A method documents its errors in the option `errors`, a service those of all its
methods in `common_errors`. The codes of these options are compared with the codes
that are tested here, in both directions.
"""

import re

import grpc
import pytest
from google.protobuf import json_format
from google.rpc import code_pb2, error_details_pb2, status_pb2

from builders import external, phone, ref, touch, view_of
from conftest import four_processes
from consent_error_cases import SAYS
from error_case import World
from error_cases import CASES, MANY, NUMBER, PROVEN
from groups import AGENT, merge_of
from kith.common.v1 import common_pb2
from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2, suggestion_pb2
from kith.gateway.v1 import action_pb2 as gateway_action_pb2
from kith.gateway.v1 import consent_pb2 as gateway_consent_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import thread_pb2 as gateway_thread_pb2
from kith.interactions.v1 import action_pb2, interaction_pb2, journal_pb2
from kith.interactions.v1.action_pb2 import ActionName
from kithdev.client import SERVICES, Client
from kithdev.paths import ROOT
from tables import tables

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
        _QUEUE,
        "PooledCallsTest.ACallThatIsTooLateIsDroppedFromTheQueue",
    ),
    "UNAVAILABLE": (_QUEUE, "PooledCallsTest.AKilledSessionIsUnavailableAndHeals"),
}
_LOST_RACE = {"ABORTED": (_RACES, "TransactionTest.IsRunFiveTimesAtMost")}
_FEED = "common/feed/changes_service_test.cc"
_OF_FEEDS = {
    "UNAUTHENTICATED": (_FEED, "ChangesServiceTest.TheGateIsTheSameAsForOtherCalls"),
    "PERMISSION_DENIED": (_FEED, "ChangesServiceTest.TheGateIsTheSameAsForOtherCalls"),
    "RESOURCE_EXHAUSTED": (_FEED, "ChangesServiceTest.AFullQueueRefusesAStream"),
    "UNAVAILABLE": (
        _FEED,
        "ChangesServiceTest.OnDrainAStreamEndsWithItsTokenAndAReason",
    ),
}
_OF_TAILS = {
    "INVALID_ARGUMENT": (_FEED, "ChangesServiceTest.ATokenOfAnotherIsRefused"),
    "OUT_OF_RANGE": (_FEED, "ChangesServiceTest.ATokenThatIsTooOldIsOutOfRange"),
    "PERMISSION_DENIED": (_FEED, "ChangesServiceTest.AllTenantsNeedsItsScope"),
}
# Of single methods.
_ACTIONS = "interactions-svc/actions_test.cc"
ELSEWHERE = {
    "gateway.MoveIdentity": {
        "ABORTED": (
            "gateway/flows/holding_flow_test.cc",
            "MoveInteractionsTest.AnInteractionThatChangesMeanwhileEndsTheCall",
        )
    },
    "interactions.RecordInteraction": {
        "FAILED_PRECONDITION": (
            "interactions-svc/advertising_test.cc",
            "AdvertisingTest.IsRefusedBeyondTheCap",
        )
    },
    "interactions.CreateAction": {
        "FAILED_PRECONDITION": (
            _ACTIONS,
            "ActionsTest.AContactHasNoMoreThan500OpenActions",
        )
    },
    "gateway.WatchQueue": {
        "FAILED_PRECONDITION": (
            "gateway/watch/queue_stream_test.cc",
            "QueueStreamKeysTest.WithoutFeedsNothingCanBeWatched",
        )
    },
} | {
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
    for attribute, service in SERVICES.items():
        options = service.descriptor.GetOptions()
        services[attribute] = list(options.Extensions[common_pb2.common_errors])
        for method in service.descriptor.methods:
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
            contact_pb2.BatchEnsureContactsRequest(
                requests=requests[begin : begin + 500]
            )
        )
    for begin in range(1, size, 100):
        client.gateway.MergeContacts(merge_of(ids[0], *ids[begin : begin + 100]))
    return tuple(ids[1:])


def joined_threads(client: Client, contact: str) -> tuple[str, str]:
    """A thread of a contact, and the one that was joined to it."""
    made = gateway_thread_pb2.CreateThreadRequest(customer=ref(contact))
    made.thread.kind = interaction_pb2.THREAD_KIND_PROBLEM
    thread, joined = (client.gateway.CreateThread(made).thread_id for _ in "ab")
    client.gateway.JoinThreads(
        gateway_thread_pb2.JoinThreadsRequest(thread_id=thread, joined_thread_id=joined)
    )
    return thread, joined


@pytest.fixture(scope="module")
def world(suite) -> World:
    with Client(suite.targets(), suite.token("demo")) as client:
        known = client.gateway.RecordTouch(
            touch("", phone(NUMBER), source="shop", external_id="order-1")
        ).contact_id
        new = gateway_contact_pb2.CreateContactRequest()
        deleted = client.gateway.CreateContact(new).contact_id
        client.contacts.DeleteContact(
            contact_pb2.DeleteContactRequest(contact_id=deleted)
        )
        for system in ("one", "two"):
            value = external(system, MANY.value)
            client.gateway.RecordTouch(touch(f"errors-{system}", value))
        with Client(suite.targets(), suite.token("verified")) as prover:
            prover.gateway.RecordTouch(touch("errors-proven", PROVEN))
        thread, joined = joined_threads(client, known)
        refuse = gateway_consent_pb2.RecordConsentRequest(customer=ref(known))
        json_format.ParseDict(
            SAYS | {"source": "crm", "external_id": "errors-1"}, refuse.consent
        )
        client.gateway.RecordConsent(refuse)
        group = make_group(client, 501)
        actions = open_action(client, known, thread), ended_action(client, known)
        client.interactions.LeaseActions(
            action_pb2.LeaseActionsRequest(contact_ids=[known], agent="Eve")
        )
        return World(
            known,
            deleted,
            group,
            decided(client),
            thread,
            *actions,
            joined,
            done_entry(client),
        )


def done_entry(client: Client) -> str:
    """An entry of the journal that is DONE."""
    sent = journal_pb2.Entry(
        source="shop",
        idempotency_key="errors-1",
        method="POST",
        target=b"/hooks/shop",
        verdict=journal_pb2.SIGNATURE_VERDICT_SIGNED,
    )
    record = journal_pb2.RecordEntryRequest(entry=sent)
    entry = client.interactions.RecordEntry(record).entry
    client.interactions.SettleEntry(
        journal_pb2.SettleEntryRequest(
            entry_id=entry.entry_id,
            attempt=entry.attempt_count,
            state=journal_pb2.ENTRY_STATE_DONE,
        )
    )
    return entry.entry_id


def open_action(client: Client, contact_id: str, thread_id: str) -> ActionName:
    """The action of an open thread."""
    listed = client.gateway.ListActions(
        gateway_action_pb2.ListActionsRequest(customer=ref(contact_id))
    )
    return next(
        ActionName(contact_id=one.contact_id, action_id=one.action_id)
        for one in listed.actions
        if one.thread_id == thread_id
    )


def ended_action(client: Client, contact_id: str) -> ActionName:
    """An action that is dismissed."""
    made = gateway_action_pb2.CreateActionRequest(customer=ref(contact_id))
    made.action.kind = config_pb2.ACTION_KIND_FOLLOW_UP
    made.action.reason.text = "Call back"
    action = client.gateway.CreateAction(made)
    name = ActionName(contact_id=contact_id, action_id=action.action_id)
    client.gateway.DismissActions(
        gateway_action_pb2.DismissActionsRequest(
            actions=[name], note="done", agent="Dana"
        )
    )
    return name


def decided(client: Client) -> str:
    """A suggestion that is rejected."""
    fields = contact_pb2.Contact(display_name="Ada King", attributes={"zip": "12345"})
    for _ in range(2):
        client.contacts.CreateContact(contact_pb2.CreateContactRequest(contact=fields))
    (found,) = client.contacts.ListSuggestions(
        suggestion_pb2.ListSuggestionsRequest()
    ).suggestions
    client.contacts.RejectSuggestion(
        suggestion_pb2.RejectSuggestionRequest(
            suggestion_id=found.suggestion_id, actor=AGENT
        )
    )
    return found.suggestion_id


@pytest.mark.parametrize("one", CASES, ids=lambda one: f"{one.method}-{one.code}")
def test_a_documented_error(suite, world, one):
    attribute, _, name = one.method.partition(".")
    before = tables(suite)
    # As the gateway calls for a form; it matters for no other key.
    gateway = suite.layout.gateway_key_file.read_text()
    metadata = [("x-kith-gateway-authorization", f"Bearer {gateway}")]
    with Client(suite.targets(), suite.token(one.key)) as client:
        with pytest.raises(grpc.RpcError) as error:
            call = getattr(getattr(client, attribute), name)
            answer = call(one.request(world), metadata=metadata)
            # A stream fails when it is read.
            next(answer)
    assert tables(suite) == before
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


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([f"{i}" for i in range(500)], id="many"),
        pytest.param(["x" * 100_000], id="long"),
        pytest.param(["\u00fc" * 50_000] * 20, id="neither ASCII nor short"),
    ],
)
def test_an_error_of_a_great_fault_arrives(client, fresh, texts):
    of_contact = touch(fresh("r"), phone(fresh("phone")))
    of_contact.contact.labels.extend(texts)
    for call, request in (
        (client.gateway.GetCustomerView, view_of("x", read_mask={"paths": texts})),
        (client.gateway.RecordTouch, of_contact),
        (
            client.contacts.BatchGetContacts,
            contact_pb2.BatchGetContactsRequest(contact_ids=texts),
        ),
    ):
        with pytest.raises(grpc.RpcError) as error:
            call(request)
        assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert error.value.details().startswith("; ".join(violations(error.value)))


@four_processes
def test_the_gateway_gives_up_before_its_caller(suite, client, world):
    trace_id = "5af92f3577b34da6a3ce929d0e0e4736"
    suite.services["contacts-svc"].pause()
    try:
        with pytest.raises(grpc.RpcError) as error:
            client.gateway.GetCustomerView(
                view_of(world.known),
                timeout=1,
                metadata=[("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01")],
            )
    finally:
        suite.services["contacts-svc"].resume()
    assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    log = suite.log("gateway")
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
    codes = set().union(
        *(each for part in documented() for each in codes_of(part).values())
    )
    # No option names these two: a COMMIT in doubt, and a fault of the service.
    wanted = codes | {"UNKNOWN", "INTERNAL"}
    assert explained(r"^\| ([A-Z_]+) \|(?! [A-Z_]+ \|)") == wanted
