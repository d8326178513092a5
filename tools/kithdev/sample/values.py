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

# Numbers nobody has: 555-01xx in every American area, London's 7946 0xxx, and what
# Germany keeps for film and television.
_AREAS = (
    "201 202 206 212 213 303 305 312 313 402 404 412 415 502 503 504 505 512 "
    "602 612 615 617 702 713 801 808 816 901 907 919"
).split()
# Area, the digits that follow, and how many are left.
_GERMAN = (
    ("30", "23125", 3), ("40", "66969", 3), ("69", "90009", 3), ("89", "99998", 3),
    ("221", "4710", 3), ("171", "39200", 2), ("176", "040690", 2),
)  # fmt: skip
# What is dialled before the number of another country.
_ABROAD = {"US": "011", "DE": "00"}
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

    def typed(self, rng: Random, region: str) -> identity_pb2.ChannelValue:
        """It as somebody in a region may type it."""
        return identity_pb2.ChannelValue(
            channel=self.channel,
            namespace=self.namespace,
            value=_SPELLINGS[self.channel](self, rng, region),
        )


class Pool:
    """Gives out values, none twice."""

    def __init__(self, rng: Random, region: str):
        self._rng = rng
        self._domestic = _german() if region == "DE" else _american()
        self._british = [f"+442079460{last:03}" for last in range(1000)]
        rng.shuffle(self._domestic)
        rng.shuffle(self._british)
        self._locals: set[str] = set()
        self._handles: set[str] = set()

    def phone(self, british: bool) -> Value:
        """A phone number, in E.164."""
        numbers = self._british if british else self._domestic
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


def _american() -> list[str]:
    return [f"+1{area}55501{last:02}" for area in _AREAS for last in range(100)]


def _german() -> list[str]:
    return [
        f"+49{area}{exchange}{last:0{width}}"
        for area, exchange, width in _GERMAN
        for last in range(10**width)
    ]


def old_phone_key(phone: Value) -> Value:
    """The id a phone-keyed system gave to the owner of a number."""
    return Value(EXTERNAL, phone.plain.lstrip("+"), "oldcrm")


def profile(handle: str, network: str) -> Value:
    """A handle in a network."""
    return Value(SOCIAL, handle, network)


def networks() -> list[str]:
    """The networks there are."""
    return list(_PROFILES)


def _phone_typed(value: Value, rng: Random, region: str) -> str:
    plain = value.plain
    if region == "US" and plain.startswith("+1"):
        return rng.choice(_as_americans_type(plain))
    if region == "DE" and plain.startswith("+49"):
        return rng.choice(_as_germans_type(plain))
    return rng.choice(
        [plain, f"{plain[:-4]} {plain[-4:]}", f"{_ABROAD[region]} {plain[1:]}"]
    )


def _as_americans_type(plain: str) -> list[str]:
    area, exchange, last = plain[2:5], plain[5:8], plain[8:]
    return [
        f"({area}) {exchange}-{last}",
        f"+1 {area}-{exchange}-{last}",
        f"+1 ({area}) {exchange} {last}",
        f"{area}.{exchange}.{last}",
        f"{area}-{exchange}-{last}",
        f"1-{area}-{exchange}-{last}",
        f"{area} {exchange} {last}",
        plain,
        plain[2:],
    ]


def _as_germans_type(plain: str) -> list[str]:
    digits = plain.removeprefix("+49")
    area = next(area for area, _, _ in _GERMAN if digits.startswith(area))
    rest = digits.removeprefix(area)
    return [
        f"0{area} {rest}",
        f"0{area}/{rest}",
        f"(0{area}) {rest[:3]} {rest[3:]}",
        f"+49 {area} {rest}",
        f"+49 (0){area} {rest}",
        f"0049 {area} {rest}",
        f"0{digits}",
        plain,
    ]


def _email_typed(value: Value, rng: Random, _: str) -> str:
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


def _social_typed(value: Value, rng: Random, _: str) -> str:
    address = _PROFILES[value.namespace].format(value.plain)
    return rng.choice([f"@{value.plain}", value.plain, value.plain.title(), address])


def _as_it_is(value: Value, *_: object) -> str:
    return value.plain


_SPELLINGS: dict[int, Callable[[Value, Random, str], str]] = {
    PHONE: _phone_typed,
    EMAIL: _email_typed,
    SOCIAL: _social_typed,
    VISITOR: _as_it_is,
    EXTERNAL: _as_it_is,
}
