"""The errors of the gateway's methods that share a channel value."""

from builders import phone, ref
from consent_error_cases import FREE_NUMBER
from error_case import NO_ITEMS, NOWHERE, Case, invalid, not_found, refused

_VALUE = {"value": phone(FREE_NUMBER)}


def sharing_cases(many, ambiguous: tuple[str, ...]) -> list[Case]:
    """`many` is a value of two customers, which fails with the words `ambiguous`."""
    share, unshare = "gateway.ShareIdentity", "gateway.UnshareIdentity"
    nobody = "nobody is known by this"
    return [
        invalid(share, _VALUE, "customers", *NO_ITEMS),
        not_found(
            share, {"customers": [ref(NOWHERE)], **_VALUE}, f"customers[0]: {nobody}"
        ),
        refused(
            share, {"customers": [ref(many)], **_VALUE}, "customers[0]: ", *ambiguous
        ),
        invalid(
            unshare, {"keep_customer": ref("x"), **_VALUE}, "keep_customer.contact_id: "
        ),
        not_found(
            unshare,
            {"remove_customer": ref(NOWHERE), **_VALUE},
            f"remove_customer: {nobody}",
        ),
        refused(
            unshare,
            {"keep_customer": ref(many), **_VALUE},
            "keep_customer: ",
            *ambiguous,
        ),
    ]
