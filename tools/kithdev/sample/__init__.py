"""Sample data that reads like life: the same customers in every run.

Two years of coffee equipment shops, a tenant each, who share some customers and
know nothing of it. Nobody in it exists: the phone numbers are those kept for
fiction, the domains those kept for examples.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random

from kithdev.sample import episodes, people, story
from kithdev.sample.customer import Customer, Person
from kithdev.sample.history import History
from kithdev.sample.life import Life
from kithdev.sample.shops import DEMO, KONTOR, SHOPS, Shop
from kithdev.sample.values import EMAIL, PHONE, SOCIAL, VISITOR, Pool

__all__ = ["DEMO", "KONTOR", "SHOPS", "Sample", "Shop", "generate"]

# Counted up with every change of what is generated.
VERSION = 4

# Of each shop.
LEAST_CUSTOMERS = 50
MOST_CUSTOMERS = 2_000
INTERACTIONS_EACH = 20
END = datetime(2026, 10, 31, tzinfo=timezone.utc)
BEGIN = END - timedelta(days=730)

_SHOWCASE_INTERACTIONS = 64
_LEAST_INTERACTIONS = 2

# Each story, how often it is told, and the channels of which one is needed;
# none: for walk-ins and everybody.
_EPISODES = (
    (episodes.newsletter, 30, {EMAIL}),
    (episodes.purchase, 24, set()),
    (episodes.call_in, 14, {PHONE}),
    (episodes.web_visit, 9, {VISITOR}),
    (episodes.question, 9, {EMAIL}),
    (episodes.call_out, 8, {PHONE}),
    (episodes.chat, 7, {PHONE, SOCIAL}),
    (episodes.advertisement, 5, {VISITOR}),
    (episodes.complaint, 4, {SOCIAL}),
    (episodes.note, 4, set()),
    (episodes.give_back, 3, set()),
)


@dataclass(frozen=True)
class Sample:
    """All customers of a shop, the showcase first."""

    shop: Shop
    customers: list[Customer]

    @property
    def showcase(self) -> Customer:
        """The one to show."""
        return self.customers[0]

    @property
    def walk_in(self) -> Customer:
        """One that no channel value leads to."""
        return next(
            customer
            for customer in self.customers
            if customer.person.walk_in and not customer.person.values
        )

    def touches(self) -> int:
        """How many interactions there are."""
        return sum(len(customer.touches()) for customer in self.customers)


def generate(shop: Shop, customers: int = MOST_CUSTOMERS) -> Sample:
    """The sample of a shop; the same for the same number of customers."""
    # Of her own, so that the showcase is the same in a sample of any size.
    made = [_showcase(Random(f"{shop.seed} showcase"), shop)]
    rng = Random(shop.seed)
    pool = Pool(rng, shop.tenant.region)
    sorts = people.sorts(customers - 1)
    rng.shuffle(sorts)
    total = customers * INTERACTIONS_EACH - _SHOWCASE_INTERACTIONS
    for number, (sort, quota) in enumerate(
        zip(sorts, _quotas(rng, len(sorts), total)), start=1
    ):
        since = _when(rng, shop, BEGIN, END - timedelta(days=60))
        person = people.person(rng, shop, pool, number, sort, since)
        made.append(_customer(rng, shop, person, quota))
    return Sample(shop, made)


def _showcase(rng: Random, shop: Shop) -> Customer:
    person = people.showcase(rng, shop, BEGIN + timedelta(days=12, hours=18))
    life = Life(rng, shop, person, END)
    if shop.tells_story:
        story.tell(life)
        life.end = END - timedelta(weeks=story.WEEKS)
    episodes.enquiry(life, person.since)
    _enquire_again(life)
    _fill(life, _SHOWCASE_INTERACTIONS)
    return History(rng, person, shop.tenant.region).write(life.events)


def _customer(rng: Random, shop: Shop, person: Person, quota: int) -> Customer:
    life = Life(rng, shop, person, END)
    if person.walk_in and person.values:
        _fill_before_joining(life, quota // 2)
    episodes.enquiry(life, person.since)
    _enquire_again(life)
    _fill(life, quota)
    return History(rng, person, shop.tenant.region).write(life.events)


def _fill_before_joining(life: Life, quota: int) -> None:
    """The time of a person who gave no channel value yet."""
    person = life.person
    values, person.values = person.values, []
    settled = timedelta(days=20)
    joined = _when(life.rng, life.shop, person.since + settled, END - settled)
    life.end = joined
    episodes.enquiry(life, person.since)
    _fill(life, quota)
    person.values, person.since, life.end = values, joined, END


def _enquire_again(life: Life) -> None:
    """What each second contact of a person comes about by."""
    person = life.person
    for duplicate in person.duplicates:
        when = _when(life.rng, life.shop, person.since + timedelta(days=1), life.end)
        episodes.enquire_again(life, when, duplicate)


def _fill(life: Life, quota: int) -> None:
    """Tells stories until there are as many events as asked for."""
    possible = _possible(life.person)
    stories = [story for story, _ in possible]
    weights = [weight for _, weight in possible]
    while len(life.events) < quota:
        tell = life.rng.choices(stories, weights)[0]
        tell(life, _when(life.rng, life.shop, life.person.since, life.end))
    # What is cut off is the end of the last story, so nothing hangs in the air.
    del life.events[quota:]


def _possible(person: Person) -> list[tuple]:
    channels = person.channels()
    possible = [
        (story, weight)
        for story, weight, needs in _EPISODES
        if not needs or needs & channels
    ]
    if person.walk_in:
        possible.append((episodes.withheld_call, 5))
    return possible


def _quotas(rng: Random, count: int, total: int) -> list[int]:
    """Splits a total: many small parts, a few large."""
    shares = [min(rng.paretovariate(1.2), 14.0) for _ in range(count)]
    spread = total - _LEAST_INTERACTIONS * count
    scale = spread / sum(shares)
    quotas = [_LEAST_INTERACTIONS + int(share * scale) for share in shares]
    for index in range(total - sum(quotas)):
        quotas[index] += 1
    return quotas


def _when(rng: Random, shop: Shop, begin: datetime, end: datetime) -> datetime:
    """A moment of a day where the shop is, between the two."""
    seconds = int((end - begin).total_seconds())
    day = begin + timedelta(seconds=rng.randrange(seconds))
    hour = rng.randint(*shop.hours)
    when = day.replace(hour=0, minute=0, second=0) + timedelta(
        hours=hour, seconds=rng.randrange(3600)
    )
    return min(max(when, begin + timedelta(minutes=1)), end - timedelta(minutes=1))
