"""The two businesses of the sample: tenants who know nothing of each other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from kithdev import tenants
from kithdev.credentials import Tenant
from kithdev.sample.texts import ENGLISH, GERMAN, Texts


@dataclass(frozen=True)
class Shop:
    """A coffee equipment shop, and who its customers are."""

    tenant: Tenant
    seed: int
    language: str
    currency: str
    texts: Texts
    agents: tuple[str, ...]
    # The hours of UTC in which things happen; from 24 on, of the next day.
    hours: tuple[int, int]
    # How common each script of names is among the customers.
    scripts: dict[str, int]
    # Whether it is the one where Nora's machine leaks.
    tells_story: bool = False

    def moment(self, rng: Random, begin: datetime, end: datetime) -> datetime:
        """A moment at which the shop is open, between the two."""
        day = begin + timedelta(
            seconds=rng.randrange(int((end - begin).total_seconds()))
        )
        hours = timedelta(hours=rng.randint(*self.hours), seconds=rng.randrange(3600))
        when = day.replace(hour=0, minute=0, second=0) + hours
        minute = timedelta(minutes=1)
        return min(max(when, begin + minute), end - minute)


DEMO = Shop(
    tenant=tenants.DEMO,
    seed=20261031,
    language="en",
    currency="USD",
    texts=ENGLISH,
    agents=("Dana", "Marcus", "Ines", "Yuki"),
    hours=(16, 26),
    scripts={"latin": 60, "accents": 20, "cyrillic": 8, "arabic": 6, "han": 6},
    tells_story=True,
)

KONTOR = Shop(
    tenant=tenants.KONTOR,
    seed=20261001,
    language="de",
    currency="EUR",
    texts=GERMAN,
    agents=("Heike", "Cem", "Birgit", "Swetlana"),
    hours=(7, 18),
    scripts={"german": 64, "accents": 18, "latin": 8, "cyrillic": 6, "arabic": 4},
)

SHOPS = (DEMO, KONTOR)
