"""The last weeks of the showcase customer, told rather than drawn by lot."""

from datetime import datetime, timedelta

from kith.interactions.v1 import interaction_pb2

from kithdev.sample import catalogue
from kithdev.sample.life import INBOUND, OUTBOUND, SERVICE, Life
from kithdev.sample.values import PHONE, SOCIAL

WEEKS = 8

_ABOUT = {"purpose": SERVICE, "topic": "complaint"}


def tell(life: Life) -> None:
    """A machine bought, a complaint in public, a call, a return, a remedy."""
    begin = life.end - timedelta(weeks=WEEKS)
    life.advertise(_at(begin, 2), "autumn-early", "New espresso machines are here")
    machine = [_item(life, "ES-300"), _item(life, "TA-058")]
    order_id = life.purchase(_at(begin, 5), machine)
    life.advertise(_at(begin, 20), "autumn-2026", "New harvest, new single origins")
    life.call(_at(begin, 33), INBOUND, "MISSED", "", **_ABOUT)
    life.add(
        _at(begin, 33, 2), "SOCIAL_POST", SOCIAL, "social", direction=INBOUND,
        body="Three weeks in, my Corva espresso machine leaks at the group head "
        "and nobody picks up the phone. Anybody else?", **_ABOUT,
    )
    life.call(
        _at(begin, 34), OUTBOUND, "ANSWERED",
        "Saw the post. Apologised, offered repair or money back; wants her money "
        "back for the machine, keeps the tamper. Label sent.", **_ABOUT,
    )
    life.give_back(
        _at(begin, 39), order_id, machine[:1], "Leaks at the group head."
    )
    life.add(
        _at(begin, 40), "NOTE", PHONE, "desk", agent="Dana",
        body="Refund is out. No advertising until she is happy again.",
    )
    life.purchase(_at(begin, 48), [_item(life, "ES-310"), _item(life, "BN-101", 2)])
    life.call(
        _at(begin, 54), OUTBOUND, "ANSWERED",
        "Asked how the Duo does: very well, and thank you for asking.",
        purpose=SERVICE, topic="follow-up",
    )


def _item(life: Life, sku: str, quantity: int = 1) -> interaction_pb2.Item:
    return catalogue.item(life.phrases.product(sku), quantity, "USD")


def _at(begin: datetime, day: int, hours: int = 0) -> datetime:
    return begin + timedelta(days=day, hours=18 + hours, minutes=7 * day % 60)
