"""Channel values, unique over the sample, and the ways people type them."""

from dataclasses import dataclass
from random import Random
from typing import Callable

from kith.identity.v1 import identity_pb2

PHONE = identity_pb2.CHANNEL_PHONE
EMAIL = identity_pb2.CHANNEL_EMAIL
SOCIAL = identity_pb2.CHANNEL_SOCIAL
VISITOR = identity_pb2.CHANNEL_VISITOR
EXTERNAL = identity_pb2.CHANNEL_EXTERNAL

# Numbers nobody has: 555-01xx in every area, and London's 7946 0xxx.
_AREAS = (
    "201 202 206 212 213 303 305 312 313 402 404 412 415 502 503 504 505 512 "
    "602 612 615 617 702 713 801 808 816 901 907 919"
).split()
_DOMAINS = ("example.com", "example.org", "example.net")
_PROFILES = {
    "x": "https://x.com/{}",
    "instagram": "https://www.instagram.com/{}/",
    "facebook": "https://www.facebook.com/{}",
}


@dataclass(frozen=True)
class Value:
    """One channel value in its plainest form."""

    channel: int
    plain: str
    namespace: str = ""

    def typed(self, rng: Random) -> identity_pb2.ChannelValue:
        """It as somebody may type it."""
        return identity_pb2.ChannelValue(
            channel=self.channel,
            namespace=self.namespace,
            value=_SPELLINGS[self.channel](self, rng),
        )


class Pool:
    """Gives out values, none twice."""

    def __init__(self, rng: Random):
        self._rng = rng
        self._american = [
            f"+1{area}55501{last:02}" for area in _AREAS for last in range(100)
        ]
        self._british = [f"+442079460{last:03}" for last in range(1000)]
        rng.shuffle(self._american)
        rng.shuffle(self._british)
        self._locals: set[str] = set()
        self._handles: set[str] = set()

    def phone(self, british: bool) -> Value:
        """A phone number, in E.164."""
        numbers = self._british if british else self._american
        return Value(PHONE, numbers.pop())

    def email(self, given: str, family: str) -> Value:
        """An address made from a name."""
        local = self._free(
            self._locals,
            [f"{given}.{family}", f"{given[0]}.{family}", f"{family}{given}"],
        )
        return Value(EMAIL, f"{local}@{self._rng.choice(_DOMAINS)}")

    def handle(self, given: str, family: str) -> str:
        """A handle made from a name, the same in each network."""
        return self._free(
            self._handles, [f"{given}_{family}", f"{given}{family}", f"the{given}"]
        )

    def visitor(self) -> Value:
        """A web visitor's cookie."""
        return Value(VISITOR, f"v-{self._rng.getrandbits(96):024x}")

    def _free(self, taken: set[str], stems: list[str]) -> str:
        stem = self._rng.choice(stems)
        candidate, number = stem, 1
        while candidate in taken:
            number += 1
            candidate = f"{stem}{number}"
        taken.add(candidate)
        return candidate


def old_phone_key(phone: Value) -> Value:
    """The id a phone-keyed system gave to the owner of a number."""
    return Value(EXTERNAL, phone.plain.lstrip("+"), "oldcrm")


def profile(handle: str, network: str) -> Value:
    """A handle in a network."""
    return Value(SOCIAL, handle, network)


def networks() -> list[str]:
    """The networks there are."""
    return list(_PROFILES)


def _phone_typed(value: Value, rng: Random) -> str:
    if value.plain.startswith("+44"):
        tail = value.plain[-4:]
        return rng.choice(
            [f"+44 20 7946 {tail}", f"+44207946{tail}", f"011 44 20 7946 {tail}"]
        )
    area, exchange, last = value.plain[2:5], value.plain[5:8], value.plain[8:]
    return rng.choice(
        [
            f"({area}) {exchange}-{last}",
            f"+1 {area}-{exchange}-{last}",
            f"+1 ({area}) {exchange} {last}",
            f"{area}.{exchange}.{last}",
            f"{area}-{exchange}-{last}",
            f"1-{area}-{exchange}-{last}",
            f"{area} {exchange} {last}",
            value.plain,
            value.plain[2:],
        ]
    )


def _email_typed(value: Value, rng: Random) -> str:
    local, _, domain = value.plain.partition("@")
    return rng.choice(
        [
            value.plain,
            value.plain,
            value.plain.upper(),
            f"{local.title()}@{domain}",
            f"{local}@{domain.title()}",
        ]
    )


def _social_typed(value: Value, rng: Random) -> str:
    address = _PROFILES[value.namespace].format(value.plain)
    return rng.choice([f"@{value.plain}", value.plain, value.plain.title(), address])


def _as_it_is(value: Value, _: Random) -> str:
    return value.plain


_SPELLINGS: dict[int, Callable[[Value, Random], str]] = {
    PHONE: _phone_typed,
    EMAIL: _email_typed,
    SOCIAL: _social_typed,
    VISITOR: _as_it_is,
    EXTERNAL: _as_it_is,
}
