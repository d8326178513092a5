"""The people of the sample, and what they can be reached by."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from kith.contacts.v1 import contact_pb2

from kithdev.sample import names
from kithdev.sample.names import FOREIGN, Name
from kithdev.sample.shops import Shop
from kithdev.sample.values import EMAIL, PHONE, SOCIAL, VISITOR, Pool, Value

# The shares of those who are no regular customers: known by an id alone; in two
# contacts, which somebody has merged; and which nobody has yet.
_RARE = {"walk_in": 0.08, "merged": 0.012, "twofold": 0.012}
# Of each of them, in a sample of any size.
_LEAST = 3
_SOURCES = (
    {"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "spring-sale"},
    {"utm_source": "instagram", "utm_medium": "social", "utm_campaign": "summer"},
    {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "holidays"},
)
# How often a birthday, and a postcode, is known of a regular customer.
_NOTED = 0.3


@dataclass(frozen=True)
class Duplicate:
    """A second contact of a person, who wrote from an address nobody knew."""

    value: Value
    contact: contact_pb2.Contact
    # Who has found out, and how; empty where nobody has.
    merged_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Home:
    """A phone that a person shares with somebody else of the household."""

    phone: Value
    contact_id: str
    contact: contact_pb2.Contact


@dataclass
class Person:
    """Who somebody is and what they can be reached by."""

    number: int
    name: Name
    since: datetime
    contact: contact_pb2.Contact
    # None: a walk-in, known by the id.
    values: list[Value]
    contact_id: str = ""
    duplicates: list[Duplicate] = field(default_factory=list)
    # None: nobody shares a phone with the person.
    home: Home | None = None

    def usable(self, channel: int) -> int | None:
        """The channel, if the person has a value of it."""
        return channel if any(one.channel == channel for one in self.values) else None

    def move_in(self, rng: Random, shop: Shop, phone: Value) -> None:
        """Has the person share a new phone with a customer of the shop."""
        name = names.pick(rng, shop.scripts)
        contact = contact_pb2.Contact(
            kind=contact_pb2.CONTACT_KIND_PERSON,
            display_name=name.display,
            given_name=name.given,
            family_name=name.family,
        )
        self.home = Home(phone, _made_id(rng, self.since), contact)

    def add_duplicate(
        self, value: Value, name: str, agreed: list[str], shop: Shop, by: str
    ) -> None:
        """Adds a second contact, which agrees with the first in these attributes."""
        contact = contact_pb2.Contact(kind=self.contact.kind, display_name=name)
        for attribute in agreed:
            contact.attributes[attribute] = self.contact.attributes[attribute]
        reason = shop.texts.same_person if by else ""
        self.duplicates.append(Duplicate(value, contact, by, reason))


def sorts(count: int) -> list[str]:
    """As many sorts as there are people, each about as often as it should be."""
    shares = {sort: max(_LEAST, int(count * share)) for sort, share in _RARE.items()}
    rare = [sort for sort, share in shares.items() for _ in range(share)]
    return ["regular"] * (count - len(rare)) + rare


def person(
    rng: Random, shop: Shop, pool: Pool, number: int, sort: str, since: datetime
) -> Person:
    """Somebody of a sort."""
    name = names.pick(rng, shop.scripts)
    twofold = sort in ("merged", "twofold")
    contact = _contact(rng, shop, name, since, noted=1 if twofold else _NOTED)
    if sort == "walk_in":
        return Person(number, name, since, contact, [], _made_id(rng, since))
    made = Person(number, name, since, contact, _values(rng, pool, name))
    if twofold:
        agreed = rng.choice((["birthday"], ["postcode"], ["birthday", "postcode"]))
        by = rng.choice(shop.agents) if sort == "merged" else ""
        made.add_duplicate(pool.email(name), names.variant(rng, name), agreed, shop, by)
    return made


def showcase(rng: Random, shop: Shop, since: datetime) -> Person:
    """Nora, whom ./dev up shows; all shops know her, by values that they share."""
    name = Name("latin", "Nora", "Lindqvist", "nora", "lindqvist")
    phone = Value(PHONE, "+14155552671")
    values = [Value(EMAIL, "nora.lindqvist@example.com"), phone]
    if shop.tells_story:
        values += [
            Value(PHONE, "+16285550142"),
            Value(EMAIL, "nora@lindqvist.example.org"),
            Value(SOCIAL, "noralindqvist", "x"),
            Value(VISITOR, "v-5f1c0e7a9d3b2468ace01357"),
            phone.old_key(),
        ]
    contact = _contact(rng, shop, name, since, noted=0)
    contact.owner = shop.agents[0]
    contact.labels[:] = ["espresso", "vip"]
    contact.attributes["preferred_contact"] = "phone"
    contact.attributes["birthday"] = "1988-02-29"
    contact.attributes["postcode"] = "94110"
    contact.attribution.MergeFrom(contact_pb2.Attribution(**_SOURCES[0]))
    nora = Person(0, name, since, contact, values)
    old = Value(EMAIL, "n.lindqvist@example.com")
    new = Value(EMAIL, "lindqvist.n@example.net")
    nora.add_duplicate(old, "nora lindqvist", ["postcode"], shop, by=shop.agents[0])
    nora.add_duplicate(new, "LINDQVIST, Nora", ["birthday"], shop, by="")
    return nora


def _values(rng: Random, pool: Pool, name: Name) -> list[Value]:
    """An address or a phone number, mostly both, and at times more."""
    found = []
    reached_by = rng.choices(({EMAIL, PHONE}, {EMAIL}, {PHONE}), (70, 16, 14))[0]
    if EMAIL in reached_by:
        found += [pool.email(name) for _ in range(rng.choice((1, 1, 1, 2)))]
        found += [pool.visitor()] * rng.choice((0, 1))
    if PHONE in reached_by:
        found += [pool.phone() for _ in range(rng.choice((1, 1, 2)))]
        found += [found[-1].old_key()] * rng.choice((0, 0, 0, 1))
    return found + [pool.handle(name)] * rng.choice((0, 0, 1))


def _contact(
    rng: Random, shop: Shop, name: Name, since: datetime, noted: float
) -> contact_pb2.Contact:
    """`noted`: how likely what tells people of one name apart is known."""
    contact = contact_pb2.Contact(
        kind=contact_pb2.CONTACT_KIND_PERSON,
        display_name=name.display,
        given_name=name.given,
        family_name=name.family,
        attribution=contact_pb2.Attribution(**rng.choice(_SOURCES)),
    )
    contact.attribution.touch_time.FromDatetime(since - timedelta(minutes=3))
    language, _ = FOREIGN.get(name.script, (shop.language, ""))
    if language != "en":
        contact.attributes["language"] = language
    if rng.random() < 0.1:
        contact.labels.append(rng.choice(("wholesale", "vip", "office")))
        contact.owner = rng.choice(shop.agents)
    if rng.random() < noted:
        birthday = date(1945, 1, 2) + timedelta(days=rng.randrange(21_000))
        if (birthday.month, birthday.day) == (1, 1):
            birthday += timedelta(days=1)  # January 1 counts as none.
        contact.attributes["birthday"] = birthday.isoformat()
    if rng.random() < noted:
        contact.attributes["postcode"] = f"{rng.randrange(100_000):05}"
    return contact


def _made_id(rng: Random, when: datetime) -> str:
    """A UUIDv7 of the given time that is the same in every run."""
    milliseconds = int(when.timestamp() * 1000)
    bits = milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64
    bits |= 2 << 62 | rng.getrandbits(62)
    return str(uuid.UUID(int=bits))
