"""The documented errors of shared values."""

from builders import phone, ref
from error_case import NO_ITEMS, NOWHERE, Case, invalid, not_found, refused

# Nobody holds it.
FREE = phone("+12025550169")
_FREE_VALUE = {"value": FREE}


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


def gateway_sharing_cases(many, ambiguous: tuple[str, ...]) -> list[Case]:
    """Those of the gateway. `many` is a value of two customers, that is `ambiguous`."""
    share, unshare = "gateway.ShareIdentity", "gateway.UnshareIdentity"
    nobody = "nobody is known by this"
    return [
        invalid(share, _FREE_VALUE, "customers", *NO_ITEMS),
        not_found(
            share,
            {"customers": [ref(NOWHERE)], **_FREE_VALUE},
            f"customers[0]: {nobody}",
        ),
        refused(
            share,
            {"customers": [ref(many)], **_FREE_VALUE},
            "customers[0]: ",
            *ambiguous,
        ),
        invalid(
            unshare,
            {"keep_customer": ref("x"), **_FREE_VALUE},
            "keep_customer.contact_id: ",
        ),
        not_found(
            unshare,
            {"remove_customer": ref(NOWHERE), **_FREE_VALUE},
            f"remove_customer: {nobody}",
        ),
        refused(
            unshare,
            {"keep_customer": ref(many), **_FREE_VALUE},
            "keep_customer: ",
            *ambiguous,
        ),
    ]
