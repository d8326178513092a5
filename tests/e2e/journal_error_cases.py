"""The errors of the methods of the journal."""

from error_case import NOWHERE, Case, denied, invalid, not_found, refused

NO_ENTRY = ("entry_id: no entry with this id",)


def journal_cases() -> list[Case]:
    """Those of interactions-svc, which alone has them."""
    done = {"entry_id": NOWHERE, "attempt": 1, "state": "ENTRY_STATE_DONE"}
    spam = {"entry_id": NOWHERE, "reason": "spam", "agent": "Dana"}
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
        invalid("interactions.GetEntry", {}, "entry_id: "),
        not_found("interactions.GetEntry", {"entry_id": NOWHERE}, *NO_ENTRY),
        invalid(
            "interactions.ListEntries", {"filter": {"source": "!"}}, "filter.source: "
        ),
        invalid("interactions.ReplayEntries", {}, "filter.state: want FAILED"),
        invalid("interactions.DiscardEntry", {}, "entry_id: ", "reason: "),
        denied("interactions.DiscardEntry", spam),
        not_found("interactions.DiscardEntry", spam, *NO_ENTRY),
        refused(
            "interactions.DiscardEntry",
            lambda world: {**spam, "entry_id": world.entry},
            "the entry is DONE",
        ),
    ]
