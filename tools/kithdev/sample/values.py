"""Channel values, unique over the sample, and the ways people type them."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from kith.identity.v1 import identity_pb2

from kithdev.sample.names import Name

PHONE = identity_pb2.CHANNEL_PHONE
EMAIL = identity_pb2.CHANNEL_EMAIL
SOCIAL = identity_pb2.CHANNEL_SOCIAL
VISITOR = identity_pb2.CHANNEL_VISITOR
EXTERNAL = identity_pb2.CHANNEL_EXTERNAL

# Numbers that nobody has: 555-01xx in each American area, and what Germany keeps
# for films in four cities. The areas, the form, and how many digits follow.
_FICTION = {
    "US": (
        "201 202 206 212 213 303 305 312 313 402 404 412 415 502 503 504 505 512 602 "
        "612 615 617 702 713 801 808 816 901 907 919",
        "+1{}55501", 2,
    ),
    "DE": ("3023125 4066969 6990009 8999998", "+49{}", 3),
}  # fmt: skip
# One in so many has a number of London's 7946 0xxx, the same ones in each shop.
_ABROAD = 12
_DOMAINS = ("example.com", "example.org", "example.net")
_PROFILES = {"x": "https://x.com/{}", "instagram": "https://www.instagram.com/{}/"}


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
            value=rng.choice(_spellings(self, region)),
        )

    def old_key(self) -> "Value":
        """The id that a phone-keyed system gave to the owner of this number."""
        return Value(EXTERNAL, self.plain.lstrip("+"), "oldcrm")


class Pool:
    """Gives out values, none twice."""

    def __init__(self, rng: Random, region: str):
        self._rng = rng
        areas, form, digits = _FICTION[region]
        self._domestic = [
            f"{form.format(area)}{last:0{digits}}"
            for area in areas.split()
            for last in range(10**digits)
        ]
        rng.shuffle(self._domestic)
        self._london = [f"+442079460{last:03}" for last in range(1000)]
        self._taken: Counter[str] = Counter()

    def phone(self) -> Value:
        """A phone number, in E.164."""
        abroad = self._rng.randrange(_ABROAD) == 0
        return Value(PHONE, (self._london if abroad else self._domestic).pop())

    def email(self, name: Name) -> Value:
        """An address made from a name."""
        local = self._free(f"{name.ascii_given}.{name.ascii_family}")
        return Value(EMAIL, f"{local}@{self._rng.choice(_DOMAINS)}")

    def handle(self, name: Name) -> Value:
        """A handle made from a name, in some network."""
        handle = self._free(f"{name.ascii_given}_{name.ascii_family}")
        return Value(SOCIAL, handle, self._rng.choice(list(_PROFILES)))

    def visitor(self) -> Value:
        """A web visitor's cookie."""
        return Value(VISITOR, f"v-{self._rng.getrandbits(96):024x}")

    def _free(self, stem: str) -> str:
        self._taken[stem] += 1
        return f"{stem}{self._taken[stem]}" if self._taken[stem] > 1 else stem


def _spellings(value: Value, region: str) -> list[str]:
    plain = value.plain
    if value.channel == PHONE:
        return _phone_spellings(plain, region)
    if value.channel == EMAIL:
        return [plain, plain, plain.upper(), plain.title()]
    if value.channel == SOCIAL:
        return [f"@{plain}", plain.title(), _PROFILES[value.namespace].format(plain)]
    return [plain]


def _phone_spellings(plain: str, region: str) -> list[str]:
    if region == "US" and plain.startswith("+1"):
        area, exchange, last = plain[2:5], plain[5:8], plain[8:]
        return [
            plain,
            f"({area}) {exchange}-{last}",
            f"{area}.{exchange}.{last}",
            f"1-{area}-{exchange}-{last}",
        ]
    if region == "DE" and plain.startswith("+49"):
        area, rest = plain[3:5], plain[5:]
        return [
            plain,
            f"0{area}/{rest}",
            f"+49 (0){area} {rest}",
            f"0049 {area} {rest}",
        ]
    abroad = "011" if region == "US" else "00"
    return [plain, f"{plain[:-4]} {plain[-4:]}", f"{abroad} {plain[1:]}"]
