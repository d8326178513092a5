"""The people of the sample, and what they can be reached by."""

from datetime import datetime, timedelta
from random import Random

from kith.contacts.v1 import contacts_pb2

from kithdev.sample import catalogue, names, values
from kithdev.sample.customer import Person, made_id

# How many people there are of each sort; with the showcase, 500.
SORTS = {
    "regular": 299,
    "email": 60,
    "phone": 50,
    "social": 40,
    "walk_in": 40,
    "joining": 10,
}

_SOURCES = (
    ("google", "cpc", "spring-sale"),
    ("instagram", "social", "harbor-blend"),
    ("newsletter", "email", "black-friday"),
    ("beanblog", "affiliate", "reviews"),
)
_LANGUAGES = {
    "cyrillic": "uk", "greek": "el", "arabic": "ar", "hebrew": "he",
    "han": "zh", "hangul": "ko", "devanagari": "hi",
}


def person(
    rng: Random, pool: values.Pool, number: int, sort: str, since: datetime
) -> Person:
    """Somebody of a sort. A `joining` one starts as a walk-in."""
    name = names.pick(rng)
    british = sort in ("regular", "phone") and rng.random() < 0.08
    currency = "GBP" if british else rng.choices(("USD", "EUR"), (94, 6))[0]
    return Person(
        number=number,
        name=name,
        since=since,
        currency=currency,
        values=_values(rng, pool, name, sort, british),
        walk_in=sort in ("walk_in", "joining"),
        contact=_contact(rng, name, since),
        contact_id=made_id(rng, since),
    )


def showcase(rng: Random, since: datetime) -> Person:
    """The customer that ./dev up shows."""
    name = names.Name(
        "latin", "Nora", "Lindqvist", "Nora Lindqvist", "nora", "lindqvist"
    )
    phone = values.Value(values.PHONE, "+14155552671")
    contact = _contact(rng, name, since)
    contact.owner = "Dana"
    contact.labels[:] = ["espresso", "vip"]
    contact.attributes["preferred_contact"] = "phone"
    contact.attribution.CopyFrom(_attribution(_SOURCES[0], since))
    return Person(
        number=0,
        name=name,
        since=since,
        currency="USD",
        values=[
            values.Value(values.EMAIL, "nora.lindqvist@example.com"),
            phone,
            values.Value(values.PHONE, "+16285550142"),
            values.Value(values.EMAIL, "nora@lindqvist.example.org"),
            values.profile("noralindqvist", "x"),
            values.Value(values.VISITOR, "v-5f1c0e7a9d3b2468ace01357"),
            values.old_phone_key(phone),
        ],
        walk_in=False,
        contact=contact,
        contact_id="",
    )


def _values(
    rng: Random, pool: values.Pool, name: names.Name, sort: str, british: bool
) -> list[values.Value]:
    given, family = name.ascii_given, name.ascii_family
    found = []
    if sort in ("regular", "email", "joining"):
        for _ in range(rng.choices((1, 2), (75, 25))[0]):
            found.append(pool.email(given, family))
    if sort in ("regular", "phone"):
        for _ in range(rng.choices((1, 2, 3), (65, 28, 7))[0]):
            found.append(pool.phone(british))
        if rng.random() < 0.25:
            found.append(values.old_phone_key(found[-1]))
    if sort == "social" or (sort == "regular" and rng.random() < 0.4):
        handle = pool.handle(given, family)
        networks = rng.sample(values.networks(), rng.choice((1, 1, 2)))
        found += [values.profile(handle, network) for network in networks]
    if sort in ("regular", "email") and rng.random() < 0.7:
        found.append(pool.visitor())
    return found


def _contact(
    rng: Random, name: names.Name, since: datetime
) -> contacts_pb2.Contact:
    contact = contacts_pb2.Contact(
        kind=contacts_pb2.CONTACT_KIND_PERSON,
        display_name=name.display,
        given_name=name.given,
        family_name=name.family,
    )
    if name.script in _LANGUAGES:
        contact.attributes["language"] = _LANGUAGES[name.script]
    if rng.random() < 0.1:
        contact.labels.append(rng.choice(("wholesale", "vip", "office")))
        contact.owner = rng.choice(catalogue.AGENTS)
    if rng.random() < 0.5:
        contact.attribution.CopyFrom(_attribution(rng.choice(_SOURCES), since))
    return contact


def _attribution(
    source: tuple[str, str, str], since: datetime
) -> contacts_pb2.Attribution:
    attribution = contacts_pb2.Attribution(
        source=source[0],
        medium=source[1],
        campaign=source[2],
        landing_page="https://shop.example.com/" + source[2],
    )
    if source[1] == "affiliate":
        attribution.affiliate = source[0]
    attribution.touch_time.FromDatetime(since - timedelta(minutes=3))
    return attribution
