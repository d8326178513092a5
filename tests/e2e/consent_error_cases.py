"""The errors of the methods of consent."""

from typing import Callable

from google.protobuf.message import Message

from builders import phone, ref, touch
from error_case import (
    NO_ITEMS,
    Case,
    World,
    denied,
    exists,
    invalid,
    refused,
)
from kith.interactions.v1 import interaction_pb2

FREE_NUMBER = "+12025550162"  # nobody holds it

ADS = {"purpose": 1}  # marketing

# A word that anybody with a REPORTED key may record: no marketing.
SAYS = {"purpose": 1, "state": 3, "captured_by": 2, "method": 4}


def consent_cases(attribute: str, named: Callable[[World], dict]) -> list[Case]:
    """Those of the methods about consent; `named` is the field with the customer."""
    record = f"{attribute}.RecordConsent"

    def says(**fields) -> Callable[[World], dict]:
        return lambda world: {"consent": SAYS | fields, **named(world)}

    stored = {"source": "crm", "external_id": "errors-1"}
    granted = {"state": 1, "text": {"text_id": "t"}}
    number = {"value": phone(FREE_NUMBER)}
    return [
        invalid(record, says(purpose=0), "consent.purpose: want"),
        denied(record, says(), "consent.state: ", "want PENDING"),
        exists(record, says(topic="other", **stored), "external_id: ", "other content"),
        refused(record, says(**granted), "refused by the record "),
        refused(
            record,
            lambda world: {"consent": SAYS | granted, **number, **named(world)},
            "does not hold the channel value",
        ),
        invalid(f"{attribute}.ListConsents", {}, "want"),
        invalid(
            f"{attribute}.MayContact",
            lambda world: (
                named(world)
                if attribute == "gateway"
                else {"contact_ids": [world.known]}
            ),
            "purpose: not set, want one",
        ),
        invalid(f"{attribute}.BatchMayContact", {}, "requests", *NO_ITEMS),
    ]


def link_cases() -> list[Case]:
    """Those of the methods that make links."""
    link = "gateway.CreateUnsubscribeLink"
    return [
        invalid(link, {"value": phone(FREE_NUMBER)}, "purpose: want MARKETING"),
        invalid(
            link,
            lambda world: {
                "customer": ref(world.known),
                "value": phone(FREE_NUMBER),
                **ADS,
            },
            "value: no e-mail address",
        ),
        invalid("gateway.BatchCreateUnsubscribeLinks", {}, "requests", *NO_ITEMS),
    ]


def advertising() -> Message:
    """A touch by which the business itself advertises to somebody unknown."""
    made = touch("errors-ad", phone(FREE_NUMBER), kind=interaction_pb2.KIND_MESSAGE)
    made.interaction.direction = interaction_pb2.DIRECTION_OUTBOUND
    made.interaction.purpose = interaction_pb2.PURPOSE_MARKETING
    return made
