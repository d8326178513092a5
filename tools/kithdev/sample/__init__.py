"""Sample data that reads like life: the same customers in every run.

Two years of coffee equipment shops, a tenant each, who share some customers and
know nothing of it; and some who wait for an answer now. Nobody in it exists: the
phone numbers are those kept for fiction, the domains those kept for examples.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random

from kithdev.sample import episodes, people
from kithdev.sample.history import Customer, History
from kithdev.sample.life import Life
from kithdev.sample.people import Person
from kithdev.sample.shops import DEMO, KONTOR, SHOPS, Shop
from kithdev.sample.values import Pool

__all__ = ["DEMO", "KONTOR", "SHOPS", "Sample", "Shop", "generate"]

# Counted up with every change of what is generated.
VERSION = 9

# Of each shop.
LEAST_CUSTOMERS = 50
MOST_CUSTOMERS = 2_000
INTERACTIONS_EACH = 20
END = datetime(2026, 10, 31, tzinfo=timezone.utc)
BEGIN = END - timedelta(days=730)

_SHOWCASE_INTERACTIONS = 64
_LEAST_INTERACTIONS = 2


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
        return next(one for one in self.customers if not one.person.values)

    def touches(self) -> int:
        """How many interactions there are."""
        return sum(len(customer.touches()) for customer in self.customers)


def generate(
    shop: Shop, customers: int = MOST_CUSTOMERS, now: datetime = END
) -> Sample:
    """The sample of a shop; the same for the same number of customers.

    `now`: when somebody looks at it, which moves only what still waits then.
    """
    # Of her own, so that the showcase is the same in a sample of any size.
    own = Random(f"{shop.seed} showcase")
    nora = people.showcase(own, shop, BEGIN + timedelta(days=12, hours=18))
    made = [_customer(own, shop, nora, _SHOWCASE_INTERACTIONS, shop.tells_story)]
    rng = Random(shop.seed)
    pool = Pool(rng, shop.tenant.region)
    sorts = people.sorts(customers - 1)
    rng.shuffle(sorts)
    total = customers * INTERACTIONS_EACH - _SHOWCASE_INTERACTIONS
    quotas = _quotas(rng, len(sorts), total)
    waiting = list(episodes.WAITING)
    for number, (sort, quota) in enumerate(zip(sorts, quotas), start=1):
        since = shop.moment(rng, BEGIN, END - timedelta(days=60))
        person = people.person(rng, shop, pool, number, sort, since)
        ends = _take_ending(waiting, person, quota)
        if ends and ends[0] is episodes.call_from_home:
            person.move_in(rng, shop, pool.phone())
        made.append(_customer(rng, shop, person, quota, ends=ends, now=now))
    return Sample(shop, made)


def _take_ending(waiting: list, person: Person, quota: int) -> tuple | None:
    """The first of those that wait which the person can tell."""
    for ending in waiting:
        _, channel, events = ending
        if person.usable(channel) and quota >= _LEAST_INTERACTIONS + events:
            waiting.remove(ending)
            return ending
    return None


def _customer(
    rng: Random,
    shop: Shop,
    person: Person,
    quota: int,
    with_story: bool = False,
    ends: tuple | None = None,
    now: datetime = END,
) -> Customer:
    life = Life(rng, shop, person, END)
    if with_story:
        episodes.story(life)
        life.end -= timedelta(weeks=episodes.STORY_WEEKS)
    episodes.enquiry(life, person.since)
    for duplicate in person.duplicates:
        episodes.enquiry(life, life.moment(), duplicate)
    tell, _, events = ends or (None, None, 0)
    _fill(life, quota - events)
    if tell:
        life.end = max(now, END)
        tell(life)
    return History(rng, person, shop.tenant.region).write(life.events)


def _fill(life: Life, quota: int) -> None:
    """Tells stories until there are as many events as asked for."""
    possible = [
        (tell, weight)
        for tell, weight, channel in episodes.EPISODES
        if channel is None or life.person.usable(channel)
    ]
    tells, weights = zip(*possible)
    told = min(len(life.events), quota)
    while len(life.events) < quota:
        told = len(life.events)
        life.rng.choices(tells, weights)[0](life, life.moment())
    if len(life.events) > quota:
        # A story without its end would leave a question without its answer.
        del life.events[told:]
    while len(life.events) < quota:
        episodes.note(life, life.moment())


def _quotas(rng: Random, count: int, total: int) -> list[int]:
    """Splits a total: many small parts, a few large."""
    shares = [min(rng.paretovariate(1.2), 14.0) for _ in range(count)]
    scale = (total - _LEAST_INTERACTIONS * count) / sum(shares)
    quotas = [_LEAST_INTERACTIONS + int(share * scale) for share in shares]
    for index in range(total - sum(quotas)):
        quotas[index] += 1
    return quotas
