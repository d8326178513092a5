"""The errors that the protos document, each with a request that provokes it."""

from google.protobuf.message import Message

from builders import external, mail, move_of, phone, ref, touch, touch_of
from consent_error_cases import (
    ADS,
    FREE_NUMBER,
    SAYS,
    advertising,
    consent_cases,
    link_cases,
)
from contacts_error_cases import (
    BAD_ID,
    BAD_PAGE,
    CONTACTS,
    NO_CONTACT,
    decision_cases,
)
from error_case import (
    NO_ITEMS,
    NOWHERE,
    STALE,
    Case,
    aborted,
    denied,
    exhausted,
    exists,
    invalid,
    not_found,
    refused,
)
from groups import AGENT, merge_of, unmerge_of
from journal_error_cases import entry_cases, journal_cases
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from quarantine_error_cases import QUARANTINES
from sharing_error_cases import gateway_sharing_cases, sharing_cases
from work_error_cases import (
    action_cases,
    queue_cases,
    reassignment_cases,
    thread_cases,
)

NUMBER = "+12025550161"
# Means two customers of the world.
MANY = identity_pb2.ChannelValue(value="ambiguous-7")


def gateway_update(customer, **fields) -> Message:
    request = gateway_contact_pb2.UpdateContactRequest(
        customer=customer, contact=contact_pb2.Contact(**fields)
    )
    request.update_mask.paths.append("owner")
    return request


def record(**fields) -> interaction_pb2.RecordInteractionRequest:
    return interaction_pb2.RecordInteractionRequest(
        interaction=interaction_pb2.Interaction(
            contact_id=NOWHERE,
            kind=interaction_pb2.KIND_NOTE,
            source="shop",
            external_id="order-1",
            **fields,
        )
    )


def lookup(**fields) -> interaction_pb2.FindRecordingRequest:
    return interaction_pb2.FindRecordingRequest(request=record(**fields))


AMBIGUOUS = ("customer: ", "more than one customer", "by contact_id")
NOBODY = "customer: nobody is known by this"
NO_SOURCE = ("interaction.source: ", "UNAUTHENTICATED key")
ELSEWHERE = NOWHERE[:-1] + "6"
KNOWN_NUMBER = {"value": phone(NUMBER)}
# Somebody else of the world has proven it.
PROVEN = phone("+12025550163")
PROOF = {"method": "sms_code"}
NOT_HELD = "value: the contact does not hold it"
HELD_ALREADY = ("value: held by the contact ", " already")
# The beginning of the year 1, from when on the first holder holds a value.
EVER = {"seconds": -62_135_596_800}
TOO_EARLY = "want a time after the start of the holding, "
OTHER_CONTENT = ("interaction.external_id: ", "stored with other content")


def customer_cases(method: str, **fields) -> list[Case]:
    """Those of a method that names a customer."""
    return [
        invalid(method, fields, "customer: ", "want"),
        not_found(method, {"customer": ref(NOWHERE), **fields}, NOBODY),
        refused(method, {"customer": ref(MANY), **fields}, *AMBIGUOUS),
    ]


CASES = [
    *CONTACTS,
    # identity-svc
    invalid(
        "identity.ClaimIdentities",
        {"proposed_contact_id": "x", "values": [phone(NUMBER)]},
        "proposed_contact_id: ",
        "want a UUID",
    ),
    invalid("identity.BatchClaimIdentities", {}, "requests", *NO_ITEMS),
    invalid("identity.ResolveIdentity", {}, "value.value: ", "want"),
    invalid("identity.BatchResolveIdentities", {}, "requests", *NO_ITEMS),
    invalid("identity.ReadValue", {}, "value.value: ", "want"),
    invalid("identity.ListIdentities", {}, "sets", *NO_ITEMS),
    invalid(
        "identity.LinkIdentity", {"contact_id": "x", "value": phone(NUMBER)}, *BAD_ID
    ),
    exists(
        "identity.LinkIdentity",
        {"contact_id": NOWHERE, "value": phone(NUMBER)},
        "value: held by the contact ",
    ),
    invalid(
        "identity.UnlinkIdentity", {"contact_id": "x", "value": phone(NUMBER)}, *BAD_ID
    ),
    not_found(
        "identity.UnlinkIdentity",
        {"contact_id": NOWHERE, "value": phone(NUMBER)},
        "value: the contact does not hold it",
    ),
    refused(
        "identity.UnlinkIdentity",
        lambda world: {"contact_id": world.known, "end_time": EVER, **KNOWN_NUMBER},
        "end_time: ",
        TOO_EARLY,
    ),
    invalid(
        "identity.MoveIdentity",
        {"from_contact_id": "x", "value": phone(NUMBER)},
        "from_contact_id: ",
        "to_contact_id: ",
    ),
    invalid(
        "identity.AdvanceInteractionMove",
        {"move": {"move_id": "x"}, "moved_count": 101},
        "move.move_id: ",
        "moved_count: 101",
    ),
    not_found(
        "identity.MoveIdentity",
        {"from_contact_id": NOWHERE, "to_contact_id": ELSEWHERE, **KNOWN_NUMBER},
        NOT_HELD,
    ),
    exists(
        "identity.MoveIdentity",
        lambda world: {
            "from_contact_id": NOWHERE,
            "to_contact_id": world.known,
            **KNOWN_NUMBER,
        },
        *HELD_ALREADY,
    ),
    refused(
        "identity.MoveIdentity",
        lambda world: {
            "from_contact_id": world.known,
            "to_contact_id": NOWHERE,
            "from_time": EVER,
            **KNOWN_NUMBER,
        },
        "from_time: ",
        TOO_EARLY,
    ),
    invalid(
        "identity.VerifyHolding",
        {"contact_id": "x", **KNOWN_NUMBER},
        *BAD_ID,
        "method: ",
        key="verified",
    ),
    exists(
        "identity.VerifyHolding",
        lambda world: {"contact_id": world.known, "value": PROVEN, **PROOF},
        "value: held by the contact ",
        key="verified",
    ),
    *sharing_cases(),
    *consent_cases("identity", lambda world: {"contact_id": world.known}),
    not_found(
        "identity.RecordConsent",
        {
            "consent": SAYS,
            "request_id": "none-1",
            "forwarded": {"fingerprint": b"f" * 32},
        },
        "nothing",
    ),
    # interactions-svc
    invalid(
        "interactions.RecordInteraction", {}, "interaction.contact_id: ", "want a UUID"
    ),
    denied("interactions.RecordInteraction", record(), *NO_SOURCE),
    exists("interactions.RecordInteraction", record(topic="other"), *OTHER_CONTENT),
    invalid("interactions.BatchRecordInteractions", {}, "requests", *NO_ITEMS),
    invalid("interactions.FindRecording", {}, "want"),
    denied("interactions.FindRecording", lookup(), "source: ", "UNAUTHENTICATED key"),
    exists(
        "interactions.FindRecording",
        lookup(topic="other"),
        "external_id: ",
        "stored with other content",
    ),
    invalid("interactions.BatchFindRecordings", {}, "requests", *NO_ITEMS),
    invalid("interactions.ListInteractions", {}, "sets", *NO_ITEMS),
    invalid("interactions.BatchGetActivity", {}, "sets", *NO_ITEMS),
    invalid("interactions.BatchGetContactFacts", {}, "questions", *NO_ITEMS),
    invalid("interactions.BatchFindLastUses", {}, "questions", *NO_ITEMS),
    invalid(
        "interactions.CreateThread",
        {"thread": {"contact_id": "x"}},
        "thread.contact_id: ",
        "thread.kind: not set",
    ),
    invalid("interactions.ListThreads", {}, "sets", *NO_ITEMS),
    *thread_cases("interactions"),
    *action_cases("interactions"),
    *journal_cases(),
    *reassignment_cases(),
    # gateway
    invalid("gateway.GetCustomerView", {}, "customer: ", "want"),
    invalid("gateway.ReadValue", {}, "value.value: ", "want"),
    invalid("gateway.TryHook", {}, "source: ", "want"),
    not_found(
        "gateway.TryHook",
        {"source": "nowhere", "request": {"body": b"{}"}},
        "source: the connectors file has none of this name",
    ),
    *entry_cases("gateway"),
    not_found("gateway.GetCustomerView", {"customer": ref(NOWHERE)}, NOBODY),
    invalid("gateway.BatchGetCustomerViews", {}, "customers", *NO_ITEMS),
    # A hundred of one group, of each of whom all member ids are answered.
    exhausted(
        "gateway.BatchGetCustomerViews",
        lambda world: {"customers": [ref(one) for one in world.group[:100]]},
        "member ids to answer",
        "ask for fewer",
    ),
    invalid(
        "gateway.RecordTouch",
        touch("", phone(FREE_NUMBER)),
        "request_id: ",
        "external_id",
    ),
    invalid(
        "gateway.RecordTouch",
        touch("errors-3", phone(FREE_NUMBER), phone("1" * 321), kind=0),
        "identities[1].value: 321 characters",
        "interaction.kind: not set",
    ),
    not_found("gateway.RecordTouch", touch_of(NOWHERE, "errors-1"), NO_CONTACT),
    exists(
        "gateway.RecordTouch",
        lambda world: touch_of(
            world.known, "", source="shop", external_id="order-1", topic="other"
        ),
        *OTHER_CONTENT,
    ),
    invalid("gateway.BatchRecordTouches", {}, "touches", *NO_ITEMS),
    invalid("gateway.CreateContact", {"contact_id": "x"}, *BAD_ID),
    exists(
        "gateway.CreateContact",
        lambda world: {"contact_id": world.known},
        "contact_id: ",
        "another request",
    ),
    invalid(
        "gateway.UpdateContact",
        lambda world: {"customer": ref(world.known)},
        "update_mask: ",
        "want",
    ),
    not_found("gateway.UpdateContact", gateway_update(ref(NOWHERE)), NO_CONTACT),
    refused(
        "gateway.UpdateContact",
        lambda world: gateway_update(ref(world.deleted)),
        "is deleted; undelete it first",
    ),
    refused("gateway.UpdateContact", gateway_update(ref(MANY)), *AMBIGUOUS),
    aborted(
        "gateway.UpdateContact",
        lambda world: gateway_update(ref(world.known), etag="stale"),
        *STALE,
    ),
    invalid("gateway.UndeleteContact", {"agent": "Dana"}, "customer: ", "want"),
    invalid("gateway.UndeleteContact", {}, "agent: "),
    not_found(
        "gateway.UndeleteContact", {"customer": ref(NOWHERE), "agent": "Dana"}, NOBODY
    ),
    refused(
        "gateway.UndeleteContact",
        {"customer": ref(MANY), "agent": "Dana"},
        *AMBIGUOUS,
    ),
    aborted(
        "gateway.UndeleteContact",
        lambda world: {
            "customer": ref(world.deleted),
            "etag": "stale",
            "agent": "Dana",
        },
        *STALE,
    ),
    invalid("gateway.ListInteractions", {}, "customer: ", "want"),
    not_found("gateway.ListInteractions", {"customer": ref(NOWHERE)}, NOBODY),
    refused("gateway.ListInteractions", {"customer": ref(MANY)}, *AMBIGUOUS),
    refused(
        "gateway.ReassignInteractions",
        {"contact_id": NOWHERE, "to_customer": ref(MANY)},
        "to_customer: ",
        *AMBIGUOUS[1:],
    ),
    *customer_cases("gateway.CreateThread"),
    *customer_cases("gateway.ListThreads"),
    *thread_cases("gateway"),
    *customer_cases("gateway.CreateAction"),
    *customer_cases("gateway.ListActions"),
    *customer_cases("gateway.LeaseActions", agent="Dana"),
    *customer_cases("gateway.ReleaseActions", agent="Dana"),
    *action_cases("gateway"),
    invalid("gateway.NextActions", {"agent": "Dana"}, "queues", *NO_ITEMS),
    invalid("gateway.CountWaitingActions", {}, "queues", *NO_ITEMS),
    *queue_cases(),
    *consent_cases("gateway", lambda world: {"customer": ref(world.known)}),
    *customer_cases("gateway.CreateUnsubscribeLink", value=mail("a@b.example"), **ADS),
    *link_cases(),
    not_found(
        "gateway.RecordConsent", {"customer": ref(NOWHERE), "consent": SAYS}, NOBODY
    ),
    refused(
        "gateway.RecordConsent",
        {"customer": ref(MANY), "consent": SAYS},
        *AMBIGUOUS,
    ),
    not_found("gateway.ListConsents", {"customer": ref(NOWHERE)}, NOBODY),
    refused("gateway.ListConsents", {"customer": ref(MANY)}, *AMBIGUOUS),
    not_found("gateway.MayContact", {"customer": ref(NOWHERE), "purpose": 1}, NOBODY),
    refused("gateway.MayContact", {"customer": ref(MANY), "purpose": 1}, *AMBIGUOUS),
    refused("gateway.RecordTouch", advertising(), "may not be contacted", "NO_CONSENT"),
    refused(
        "gateway.CompleteActions",
        lambda world: {
            "actions": [world.action],
            "interaction": {"kind": "KIND_AD"},
            "agent": "Dana",
            "request_id": "errors-complete-ad",
        },
        "may not be contacted",
    ),
    invalid("gateway.LinkIdentity", {}, "customer: ", "want"),
    not_found(
        "gateway.LinkIdentity",
        {"customer": ref(NOWHERE), "value": phone(FREE_NUMBER)},
        NOBODY,
    ),
    exists(
        "gateway.LinkIdentity",
        lambda world: {
            "customer": ref(world.known),
            "value": external("one", MANY.value),
        },
        "value: held by the contact ",
    ),
    refused(
        "gateway.LinkIdentity",
        {"customer": ref(MANY), "value": phone(FREE_NUMBER)},
        *AMBIGUOUS,
    ),
    invalid("gateway.UnlinkIdentity", {}, "customer: ", "want"),
    not_found(
        "gateway.UnlinkIdentity",
        lambda world: {"customer": ref(world.known), "value": phone(FREE_NUMBER)},
        "value: the contact does not hold it",
    ),
    refused(
        "gateway.UnlinkIdentity",
        {"customer": ref(MANY), "value": phone(NUMBER)},
        *AMBIGUOUS,
    ),
    refused(
        "gateway.UnlinkIdentity",
        lambda world: {
            "customer": ref(world.known),
            "end_time": EVER,
            **KNOWN_NUMBER,
        },
        "end_time: ",
        TOO_EARLY,
    ),
    invalid("gateway.MoveIdentity", {}, "from_customer: ", "want", "to_customer: "),
    not_found(
        "gateway.MoveIdentity",
        lambda world: move_of(NOWHERE, world.known, phone(NUMBER)),
        "from_customer: nobody is known by this",
    ),
    exists(
        "gateway.MoveIdentity",
        lambda world: move_of(world.group[0], world.known, phone(NUMBER)),
        *HELD_ALREADY,
    ),
    refused(
        "gateway.MoveIdentity",
        lambda world: move_of(world.known, MANY, phone(NUMBER)),
        "to_customer: ",
        *AMBIGUOUS[1:],
    ),
    refused(
        "gateway.MoveIdentity",
        lambda world: move_of(
            world.known, world.group[0], phone(NUMBER), from_time=EVER
        ),
        "from_time: ",
        TOO_EARLY,
    ),
    *gateway_sharing_cases(MANY, AMBIGUOUS[1:]),
    invalid("gateway.VerifyHolding", {}, "customer: ", "want", key="verified"),
    not_found(
        "gateway.VerifyHolding",
        {"customer": ref(NOWHERE), **KNOWN_NUMBER, **PROOF},
        NOBODY,
        key="verified",
    ),
    exists(
        "gateway.VerifyHolding",
        lambda world: {"customer": ref(world.known), "value": PROVEN, **PROOF},
        "value: held by the contact ",
        key="verified",
    ),
    refused(
        "gateway.VerifyHolding",
        {"customer": ref(MANY), **KNOWN_NUMBER, **PROOF},
        *AMBIGUOUS,
        key="verified",
    ),
    invalid(
        "gateway.MergeContacts",
        {"absorbed": [ref("x")]},
        "survivor: not set",
        "absorbed[0].contact_id: ",
    ),
    invalid(
        "gateway.MergeContacts",
        lambda world: merge_of("x", world.known, phone("1" * 321)),
        "survivor.contact_id: ",
        "absorbed[1].value.value: 321 characters",
    ),
    not_found(
        "gateway.MergeContacts",
        merge_of(NOWHERE, phone(FREE_NUMBER)),
        "absorbed[0]: nobody is known by this",
    ),
    refused(
        "gateway.MergeContacts",
        lambda world: merge_of(world.known, MANY),
        "absorbed[0]: ",
        *AMBIGUOUS[1:],
    ),
    invalid("gateway.UnmergeContacts", {}, "customer: ", "want"),
    not_found(
        "gateway.UnmergeContacts",
        lambda world: unmerge_of(world.known, edge_id=NOWHERE),
        "edge_id: no such edge is in force",
    ),
    refused("gateway.UnmergeContacts", unmerge_of(MANY), *AMBIGUOUS),
    invalid("gateway.UndoMerges", {}, "cause.kind: ", "actor.kind: "),
    not_found(
        "gateway.UndoMerges",
        {"value": phone(FREE_NUMBER), "actor": AGENT},
        "value: nobody ever held it",
    ),
    refused(
        "gateway.UndoMerges",
        {"value": MANY, "actor": AGENT},
        "value: may mean more than one identity",
    ),
    invalid("gateway.ListMergeHistory", {}, "customer: ", "want"),
    not_found("gateway.ListMergeHistory", {"customer": ref(NOWHERE)}, NO_CONTACT),
    refused("gateway.ListMergeHistory", {"customer": ref(MANY)}, *AMBIGUOUS),
    invalid("gateway.ListSuggestions", {"page_size": -1}, *BAD_PAGE),
    not_found("gateway.ListSuggestions", {"customer": ref(NOWHERE)}, NOBODY),
    refused("gateway.ListSuggestions", {"customer": ref(MANY)}, *AMBIGUOUS),
    *decision_cases("gateway.ConfirmSuggestion"),
    *decision_cases("gateway.RejectSuggestion"),
    invalid("gateway.WatchCustomer", {}, "customer: ", "want"),
    invalid(
        "gateway.WatchCustomer",
        {"customer": ref(NOWHERE), "resume_token": "bad"},
        "resume_token: ",
    ),
    denied(
        "gateway.WatchCustomer",
        lambda world: {"customer": ref(world.known)},
        "lacks the scopes identity.read, interactions.read",
        key="directory",
    ),
    not_found("gateway.WatchCustomer", {"customer": ref(NOWHERE)}, NOBODY),
    refused("gateway.WatchCustomer", {"customer": ref(MANY)}, *AMBIGUOUS),
    *QUARANTINES,
]
