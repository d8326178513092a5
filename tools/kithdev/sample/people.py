"""The people of the sample, and what they can be reached by."""

from datetime import date, datetime, timedelta
from random import Random

from kith.contacts.v1 import contact_pb2

from kithdev.sample import names, values
from kithdev.sample.customer import Duplicate, Person, made_id
from kithdev.sample.shops import Shop

# How many people there are of each sort, of 500 with the showcase.
_SORTS = {
    "regular": 289,
    "email": 60,
    "phone": 50,
    "social": 40,
    "walk_in": 40,
    "joining": 10,
    # In two contacts, which somebody has merged; and which nobody has yet.
    "merged": 5,
    "twofold": 5,
}
# Of each but the regulars, in a sample of any size.
_LEAST = 3

_SOURCES = (
    ("google", "cpc", "spring-sale"),
    ("instagram", "social", "harbor-blend"),
    ("newsletter", "email", "black-friday"),
    ("beanblog", "affiliate", "reviews"),
)
_TWOFOLD = ("merged", "twofold")
# How often a birthday, and a postcode, is known of the others.
_NOTED = 0.3
# Nobody notes it.
_UNSAID = "en"
_LANGUAGES = {
    "cyrillic": "uk", "greek": "el", "arabic": "ar", "hebrew": "he",
    "han": "zh", "hangul": "ko", "devanagari": "hi",
}

def sorts(count: int) -> list[str]:
    """As many sorts as there are people, each about as often as it should be."""
    whole = sum(_SORTS.values())
    rare = [
        sort
        for sort, share in _SORTS.items()
        if sort != "regular"
        for _ in range(max(_LEAST, count * share // whole))
    ]
    return ["regular"] * (count - len(rare)) + rare


def person(
    rng: Random, shop: Shop, pool: values.Pool, number: int, sort: str, since: datetime
) -> Person:
    """Somebody of a sort. A `joining` one starts as a walk-in."""
    name = names.pick(rng, shop.scripts)
    british = sort in ("regular", "phone") and rng.random() < 0.08
    currency = rng.choices(list(shop.currencies), list(shop.currencies.values()))[0]
    made = Person(
        number=number,
        name=name,
        since=since,
        currency="GBP" if british else currency,
        values=_values(rng, pool, name, sort, british),
        walk_in=sort in ("walk_in", "joining"),
        contact=_contact(rng, shop, name, since),
        contact_id=made_id(rng, since),
    )
    _note_facts(rng, made.contact, 1 if sort in _TWOFOLD else _NOTED)
    if sort in _TWOFOLD:
        made.duplicates.append(
            _duplicate(
                shop,
                made,
                pool.email(name.ascii_given, name.ascii_family),
                names.variant(rng, name),
                rng.choice((["birthday"], ["postcode"], ["birthday", "postcode"])),
                rng.choice(shop.agents) if sort == "merged" else "",
            )
        )
    return made


def showcase(rng: Random, shop: Shop, since: datetime) -> Person:
    """Nora, whom ./dev up shows; all shops know her, by values that they share."""
    name = names.Name(
        "latin", "Nora", "Lindqvist", "Nora Lindqvist", "nora", "lindqvist"
    )
    phone = values.Value(values.PHONE, "+14155552671")
    known_by = [values.Value(values.EMAIL, "nora.lindqvist@example.com"), phone]
    if shop.tells_story:
        known_by += [
            values.Value(values.PHONE, "+16285550142"),
            values.Value(values.EMAIL, "nora@lindqvist.example.org"),
            values.profile("noralindqvist", "x"),
            values.Value(values.VISITOR, "v-5f1c0e7a9d3b2468ace01357"),
            values.old_phone_key(phone),
        ]
    contact = _contact(rng, shop, name, since)
    contact.owner = shop.agents[0]
    contact.labels[:] = ["espresso", "vip"]
    contact.attributes["preferred_contact"] = "phone"
    contact.attributes["birthday"] = "1988-02-29"
    contact.attributes["postcode"] = "94110"
    contact.attribution.CopyFrom(_attribution(_SOURCES[0], since))
    nora = Person(
        number=0,
        name=name,
        since=since,
        currency=next(iter(shop.currencies)),
        values=known_by,
        walk_in=False,
        contact=contact,
        contact_id="",
    )
    old = values.Value(values.EMAIL, "n.lindqvist@example.com")
    new = values.Value(values.EMAIL, "lindqvist.n@example.net")
    nora.duplicates += [
        _duplicate(shop, nora, old, "nora lindqvist", ["postcode"], shop.agents[0]),
        _duplicate(shop, nora, new, "LINDQVIST, Nora", ["birthday"]),
    ]
    return nora


def _duplicate(
    shop: Shop,
    person: Person,
    address: values.Value,
    display_name: str,
    agreed: list[str],
    merged_by: str = "",
) -> Duplicate:
    """Agrees with the person's contact in these attributes."""
    contact = contact_pb2.Contact(
        kind=contact_pb2.CONTACT_KIND_PERSON, display_name=display_name
    )
    for attribute in agreed:
        contact.attributes[attribute] = person.contact.attributes[attribute]
    reason = shop.phrases.same_person if merged_by else ""
    return Duplicate(address, contact, merged_by, reason)


def _values(
    rng: Random, pool: values.Pool, name: names.Name, sort: str, british: bool
) -> list[values.Value]:
    given, family = name.ascii_given, name.ascii_family
    found = []
    if sort in ("regular", "email", "joining"):
        for _ in range(rng.choices((1, 2), (75, 25))[0]):
            found.append(pool.email(given, family))
    if sort in ("regular", "phone", *_TWOFOLD):
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
    rng: Random, shop: Shop, name: names.Name, since: datetime
) -> contact_pb2.Contact:
    contact = contact_pb2.Contact(
        kind=contact_pb2.CONTACT_KIND_PERSON,
        display_name=name.display,
        given_name=name.given,
        family_name=name.family,
    )
    language = _LANGUAGES.get(name.script, shop.language)
    if language != _UNSAID:
        contact.attributes["language"] = language
    if rng.random() < 0.1:
        contact.labels.append(rng.choice(("wholesale", "vip", "office")))
        contact.owner = rng.choice(shop.agents)
    if rng.random() < 0.5:
        contact.attribution.CopyFrom(_attribution(rng.choice(_SOURCES), since))
    return contact


def _note_facts(rng: Random, contact: contact_pb2.Contact, share: float) -> None:
    """What tells people of one name apart, where the business knows it."""
    birthday = date(1945, 1, 1) + timedelta(days=rng.randrange(21_000))
    postcode = rng.randrange(100_000)
    if rng.random() < share:
        contact.attributes["birthday"] = birthday.isoformat()
    if rng.random() < share:
        contact.attributes["postcode"] = f"{postcode:05}"


def _attribution(
    source: tuple[str, str, str], since: datetime
) -> contact_pb2.Attribution:
    attribution = contact_pb2.Attribution(
        utm_source=source[0],
        utm_medium=source[1],
        utm_campaign=source[2],
        landing_page="https://shop.example.com/" + source[2],
    )
    if source[1] == "affiliate":
        attribution.affiliate = source[0]
    attribution.touch_time.FromDatetime(since - timedelta(minutes=3))
    return attribution
