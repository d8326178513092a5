"""The documented errors of shared values."""

from builders import phone
from error_case import NO_ITEMS, NOWHERE, Case, invalid, not_found, refused

# Nobody holds it.
FREE = phone("+12025550169")


def sharing_cases() -> list[Case]:
    """Those of identity-svc."""
    return [
        invalid(
            "identity.ShareIdentity",
            {"value": FREE},
            "contact_ids",
            *NO_ITEMS,
            "proposed_stand_in_contact_id: ",
        ),
        refused(
            "identity.ShareIdentity",
            lambda world: {
                "value": FREE,
                "contact_ids": [NOWHERE],
                "proposed_stand_in_contact_id": world.known,
            },
            "proposed_stand_in_contact_id: ",
            "holds another value",
        ),
        invalid(
            "identity.UnshareIdentity",
            {"value": FREE, "keep_contact_id": "x"},
            "keep_contact_id: ",
            "want a UUID",
        ),
        not_found(
            "identity.UnshareIdentity",
            {"value": FREE, "keep_contact_id": NOWHERE},
            "value: it is not shared",
        ),
    ]
