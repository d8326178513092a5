"""The errors of the methods of the journal."""

from error_case import NOWHERE, Case, denied, invalid, not_found, refused

NO_ENTRY = ("entry_id: no entry with this id",)


def journal_cases() -> list[Case]:
    """Those of interactions-svc."""
    done = {"entry_id": NOWHERE, "attempt": 1, "state": "ENTRY_STATE_DONE"}
    return [
        invalid("interactions.RecordEntry", {}, "entry.source: ", "entry.verdict: "),
        invalid("interactions.LeaseEntries", {"entry_count": 51}, "want 0 to 50"),
        invalid("interactions.SettleEntry", {}, "entry_id: ", "attempt: ", "state: "),
        not_found("interactions.SettleEntry", done, *NO_ENTRY),
        refused(
            "interactions.SettleEntry",
            lambda world: {**done, "entry_id": world.entry, "attempt": 2},
            "attempt: 2, want 1",
        ),
        *entry_cases("interactions"),
    ]


def entry_cases(service: str) -> list[Case]:
    """Those of the methods that the gateway has as well."""
    spam = {"entry_id": NOWHERE, "reason": "spam", "agent": "Dana"}
    return [
        invalid(f"{service}.GetEntry", {}, "entry_id: "),
        not_found(f"{service}.GetEntry", {"entry_id": NOWHERE}, *NO_ENTRY),
        invalid(
            f"{service}.ListEntries", {"filter": {"source": "!"}}, "filter.source: "
        ),
        invalid(f"{service}.ReplayEntries", {}, "filter.state: want FAILED"),
        invalid(f"{service}.DiscardEntry", {}, "entry_id: ", "reason: "),
        denied(f"{service}.DiscardEntry", spam),
        not_found(f"{service}.DiscardEntry", spam, *NO_ENTRY),
        refused(
            f"{service}.DiscardEntry",
            lambda world: {**spam, "entry_id": world.entry},
            "the entry is DONE",
        ),
    ]
