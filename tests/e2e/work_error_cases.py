"""The errors of the methods of threads and actions."""

from time import time

from error_case import (
    NO_ITEMS,
    NOWHERE,
    STALE,
    Case,
    aborted,
    denied,
    exists,
    invalid,
    not_found,
    refused,
)

NO_QUEUE = ("queues[0]: no such queue, want one of", "sales, service")


def thread_cases(attribute: str) -> list[Case]:
    """Those of the methods that name a thread."""
    update, get = f"{attribute}.UpdateThread", f"{attribute}.GetThread"
    topic = {"paths": ["topic"]}
    return [
        invalid(update, {}, "thread.thread_id: ", "update_mask: empty"),
        not_found(
            update,
            {"thread": {"thread_id": NOWHERE}, "update_mask": topic},
            "thread_id: no thread",
        ),
        aborted(
            update,
            lambda world: {
                "thread": {"thread_id": world.thread, "etag": "stale"},
                "update_mask": topic,
            },
            *STALE,
        ),
        refused(
            update,
            lambda world: {
                "thread": {"thread_id": world.joined_thread},
                "update_mask": topic,
            },
            "thread.thread_id: ",
            "was joined into",
        ),
        invalid(get, {"thread_id": "x"}, "thread_id: ", "want a UUID"),
        not_found(get, {"thread_id": NOWHERE}, "thread_id: no thread"),
        *move_cases(attribute),
    ]


def move_cases(attribute: str) -> list[Case]:
    """Those of the methods that split and join threads."""
    split, join = f"{attribute}.SplitThread", f"{attribute}.JoinThreads"
    undo = f"{attribute}.UndoThreadChange"
    nowhere = {"thread_id": NOWHERE, "interaction_ids": [NOWHERE]}
    both = {"thread_id": NOWHERE, "joined_thread_id": NOWHERE}
    return [
        invalid(split, {}, "thread_id: ", "interaction_ids: 0 given"),
        not_found(split, nowhere, "thread_id: no thread"),
        refused(
            split,
            lambda world: {**nowhere, "thread_id": world.joined_thread},
            "thread_id: ",
            "was joined into",
        ),
        invalid(join, both, "joined_thread_id: want another thread"),
        not_found(
            join,
            lambda world: {**both, "thread_id": world.thread},
            "joined_thread_id: no thread",
        ),
        refused(
            join,
            lambda world: {
                "thread_id": world.joined_thread,
                "joined_thread_id": world.thread,
            },
            "thread_id: ",
            "was joined into",
        ),
        invalid(undo, {}, "split_thread_id: not set"),
        not_found(undo, {"joined_thread_id": NOWHERE}, "joined_thread_id: no thread"),
        refused(
            undo,
            lambda world: {"split_thread_id": world.thread},
            "split_thread_id: no split",
        ),
    ]


def reassignment_cases() -> list[Case]:
    """Those of the methods that move interactions to another contact."""
    inner, outer = "interactions.ReassignInteractions", "gateway.ReassignInteractions"
    one = {"interaction_id": NOWHERE, "occurred_time": {"seconds": 1}}
    of_nobody = {"contact_id": NOWHERE, "interactions": [one], "reason": "a neighbour"}
    return [
        invalid(inner, {}, "to_contact_id: ", "interactions: 0 given", "reason: "),
        denied(inner, {**of_nobody, "agent": "Dana"}),
        not_found(
            inner,
            lambda world: {**of_nobody, "to_contact_id": world.known},
            "interactions: the contact has no interaction",
        ),
        invalid(outer, of_nobody, "to_customer: ", "want"),
        not_found(
            outer,
            {**of_nobody, "to_customer": {"contact_id": NOWHERE}},
            "to_customer: nobody is known by this",
        ),
        not_found(
            outer,
            lambda world: {**of_nobody, "to_customer": {"contact_id": world.known}},
            "interactions: the contact has no interaction",
        ),
        refused(
            outer,
            lambda world: {**of_nobody, "to_customer": {"contact_id": world.deleted}},
            "to_customer: the customer is deleted",
        ),
    ]


def action_cases(attribute: str) -> list[Case]:
    """Those of the methods that name actions."""
    agent, none = {"agent": "Dana"}, {"note": "none"}
    later = {"until_time": {"seconds": int(time()) + 3600}}
    nowhere = {"actions": [{"contact_id": NOWHERE, "action_id": NOWHERE}], **agent}
    complete, dismiss, snooze, reassign = (
        f"{attribute}.{verb}Actions"
        for verb in ("Complete", "Dismiss", "Snooze", "Reassign")
    )
    cases = []
    for method, fields in (
        (complete, {}),
        (dismiss, none),
        (snooze, later),
        (reassign, {}),
    ):
        cases.append(invalid(method, agent | fields, "actions", *NO_ITEMS))
        cases.append(not_found(method, nowhere | fields, "has no action"))
    if attribute == "interactions":
        cases += service_action_cases()
    return cases + [
        *completion_cases(complete),
        refused(dismiss, lambda world: {"actions": [world.action], **none, **agent}),
        refused(snooze, lambda world: {"actions": [world.ended], **later, **agent}),
        refused(reassign, lambda world: {"actions": [world.ended], **agent}),
    ]


def completion_cases(complete: str) -> list[Case]:
    """Those of an action of a thread that is open."""
    agent = {"agent": "Dana"}
    return [
        refused(complete, lambda world: {"actions": [world.action], **agent}),
        aborted(
            complete,
            lambda world: {
                "actions": [world.action],
                "threads": [
                    {
                        "thread_id": world.thread,
                        "contact_id": world.known,
                        "etag": "stale",
                    }
                ],
                **agent,
            },
        ),
        exists(
            complete,
            lambda world: {
                "actions": [world.action],
                "interaction": {
                    "contact_id": world.known,
                    "kind": "KIND_NOTE",
                    "source": "shop",
                    "external_id": "order-1",
                    "topic": "other",
                },
                **agent,
            },
        ),
    ]


def service_action_cases() -> list[Case]:
    """Those that interactions-svc alone has."""
    plan = {"kind": "ACTION_KIND_FOLLOW_UP", "reason": {"text": "Call"}}
    unknown_thread = {**plan, "contact_id": NOWHERE, "thread_id": NOWHERE}
    return [
        invalid("interactions.CreateAction", {}, "action.contact_id: "),
        not_found(
            "interactions.CreateAction", {"action": unknown_thread}, "action.thread_id"
        ),
        invalid(
            "interactions.LeaseNextActions", {"agent": "Dana"}, "queues", *NO_ITEMS
        ),
        invalid("interactions.LeaseActions", {"agent": "Dana"}, *NO_ITEMS),
        refused(
            "interactions.LeaseActions",
            lambda world: {"contact_ids": [world.known], "agent": "Dana"},
            "is leased by Eve",
        ),
        invalid("interactions.ReleaseActions", {"agent": "Dana"}, *NO_ITEMS),
        invalid("interactions.ListActions", {}, "sets", *NO_ITEMS),
        invalid("interactions.ListQueuedActions", {}, "queues", *NO_ITEMS),
        invalid("interactions.CountWaitingActions", {}, "queues", *NO_ITEMS),
        *(
            denied(f"interactions.{verb}Actions", {"agent": "Dana"})
            for verb in (
                "LeaseNext",
                "Lease",
                "Release",
                "Complete",
                "Dismiss",
                "Snooze",
                "Reassign",
            )
        ),
    ]


def queue_cases() -> list[Case]:
    """Those of the gateway's methods that read queues."""
    queue = {"queues": ["service"]}
    return [
        invalid("gateway.ListActions", queue | {"agent": "Dana"}, "customer: 2 of"),
        invalid("gateway.ListActions", queue | {"ended": True}, "ended: "),
        invalid("gateway.ListActions", {"queues": ["@Dana"]}, "queues[0]: "),
        invalid("gateway.ListActions", {"queues": ["servcie"]}, *NO_QUEUE),
        invalid("gateway.ListActions", queue | {"page_token": "bad"}, "page_token"),
        invalid("gateway.WatchQueue", {}, "queues", *NO_ITEMS),
        invalid("gateway.WatchQueue", {"queues": ["servcie"]}, *NO_QUEUE),
        invalid("gateway.WatchQueue", queue | {"contact_count": 51}, "contact_count"),
        denied(
            "gateway.WatchQueue",
            queue,
            "lacks the scope interactions.read",
            key="directory",
        ),
    ]
