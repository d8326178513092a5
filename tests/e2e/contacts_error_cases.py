"""The errors of contacts-svc, each with a request that provokes it."""

from error_case import (
    NO_ITEMS,
    NOWHERE,
    STALE,
    Case,
    aborted,
    exhausted,
    exists,
    invalid,
    not_found,
    refused,
)
from groups import AGENT, DECISION
from kith.contacts.v1 import contact_pb2

SAID = {"cause": DECISION, "actor": AGENT}
NO_PAIR = f"{NOWHERE[:-1]}0.{NOWHERE}"
BAD_DECISION = ("suggestion_id: ", "actor.kind: ", "only people")
BAD_ID = ("contact_id: ", "want a UUID")
BAD_PAGE = ("page_size: -1, want 0 or more",)
NO_CONTACT = "contact_id: no contact"


def decision_cases(method: str) -> list[Case]:
    """Those of a method that decides about a suggestion."""
    return [
        invalid(method, {}, *BAD_DECISION),
        not_found(
            method,
            {"suggestion_id": NO_PAIR, "actor": AGENT},
            "suggestion_id: no suggestion",
        ),
        refused(
            method,
            lambda world: {"suggestion_id": world.decided, "actor": AGENT},
            "suggestion_id: not open",
        ),
    ]


def update(contact_id: str, **fields) -> contact_pb2.UpdateContactRequest:
    request = contact_pb2.UpdateContactRequest(
        contact=contact_pb2.Contact(contact_id=contact_id, **fields)
    )
    request.update_mask.paths.append("owner")
    return request


CONTACTS = [
    invalid("contacts.CreateContact", {"contact_id": "x"}, *BAD_ID),
    exists(
        "contacts.CreateContact",
        lambda world: {"contact_id": world.known},
        "contact_id: ",
        "another request",
    ),
    invalid("contacts.GetContact", {"contact_id": "x"}, *BAD_ID),
    not_found("contacts.GetContact", {"contact_id": NOWHERE}, NO_CONTACT),
    invalid("contacts.BatchGetContacts", {}, "contact_ids", *NO_ITEMS),
    exhausted(
        "contacts.BatchGetContacts",
        lambda world: {"contact_ids": world.group},
        "member ids to answer",
        "ask for fewer",
    ),
    invalid("contacts.EnsureContact", {"contact_id": "x"}, *BAD_ID),
    invalid("contacts.BatchEnsureContacts", {}, "requests", *NO_ITEMS),
    invalid(
        "contacts.UpdateContact",
        {"contact": {"contact_id": NOWHERE}},
        "update_mask: ",
        "want",
    ),
    not_found("contacts.UpdateContact", update(NOWHERE), NO_CONTACT),
    refused(
        "contacts.UpdateContact",
        lambda world: update(world.deleted),
        "is deleted; undelete it first",
    ),
    aborted(
        "contacts.UpdateContact",
        lambda world: update(world.known, etag="stale"),
        *STALE,
    ),
    invalid("contacts.ListContacts", {"page_size": -1}, *BAD_PAGE),
    invalid("contacts.DeleteContact", {"contact_id": "x"}, *BAD_ID),
    not_found("contacts.DeleteContact", {"contact_id": NOWHERE}, NO_CONTACT),
    aborted(
        "contacts.DeleteContact",
        lambda world: {"contact_id": world.known, "etag": "stale"},
        *STALE,
    ),
    invalid("contacts.UndeleteContact", {"contact_id": "x"}, *BAD_ID),
    not_found("contacts.UndeleteContact", {"contact_id": NOWHERE}, NO_CONTACT),
    aborted(
        "contacts.UndeleteContact",
        lambda world: {"contact_id": world.deleted, "etag": "stale"},
        *STALE,
    ),
    invalid(
        "contacts.MergeContacts",
        {},
        "survivor_id: ",
        "absorbed_ids: 0 given",
        "cause.kind: ",
        "actor.kind: ",
    ),
    not_found(
        "contacts.MergeContacts",
        lambda world: {"survivor_id": world.known, "absorbed_ids": [NOWHERE], **SAID},
        "absorbed_ids[0]: no contact",
    ),
    refused(
        "contacts.MergeContacts",
        lambda world: {
            "survivor_id": world.known,
            "absorbed_ids": [world.deleted],
            **SAID,
        },
        "is deleted; undelete it first",
    ),
    invalid("contacts.UnmergeContacts", {}, "target: ", "want edge_id"),
    not_found(
        "contacts.UnmergeContacts",
        {"contact_id": NOWHERE, "all_edges": True, "actor": AGENT},
        NO_CONTACT,
    ),
    invalid("contacts.UndoMerges", {}, "cause.kind: ", "cause.value: "),
    invalid("contacts.ListMergeHistory", {"contact_id": "x"}, *BAD_ID),
    not_found("contacts.ListMergeHistory", {"contact_id": NOWHERE}, NO_CONTACT),
    invalid("contacts.ListSuggestions", {"page_size": -1}, *BAD_PAGE),
    not_found("contacts.ListSuggestions", {"contact_id": NOWHERE}, NO_CONTACT),
    *decision_cases("contacts.ConfirmSuggestion"),
    *decision_cases("contacts.RejectSuggestion"),
]
