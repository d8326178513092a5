"""The two businesses of the sample: tenants who know nothing of each other."""

from dataclasses import dataclass

from kithdev import tenants
from kithdev.credentials import Tenant
from kithdev.sample.english import ENGLISH
from kithdev.sample.german import GERMAN
from kithdev.sample.phrases import Phrases


@dataclass(frozen=True)
class Shop:
    """A coffee equipment shop, and who its customers are."""

    tenant: Tenant
    seed: int
    language: str
    phrases: Phrases
    agents: tuple[str, ...]
    # The hours of UTC in which things happen; from 24 on, of the next day.
    hours: tuple[int, int]
    # How common a script of names, and a currency, is among the customers.
    scripts: dict[str, int]
    currencies: dict[str, int]
    # Whether it is the one where Nora's machine leaks.
    tells_story: bool = False


DEMO = Shop(
    tenant=tenants.DEMO,
    seed=20261031,
    language="en",
    phrases=ENGLISH,
    agents=("Dana", "Marcus", "Ines", "Tomasz", "Yuki", "Ruth"),
    hours=(16, 26),
    scripts={
        "latin": 46, "diacritics": 20, "cyrillic": 8, "greek": 4, "arabic": 5,
        "hebrew": 3, "han": 6, "hangul": 4, "devanagari": 4,
    },
    currencies={"USD": 94, "EUR": 6},
    tells_story=True,
)  # fmt: skip

KONTOR = Shop(
    tenant=tenants.KONTOR,
    seed=20261001,
    language="de",
    phrases=GERMAN,
    agents=("Heike", "Cem", "Birgit", "Ole", "Swetlana"),
    hours=(7, 18),
    scripts={
        "german": 60, "diacritics": 18, "latin": 8, "cyrillic": 6, "greek": 4,
        "arabic": 4,
    },
    currencies={"EUR": 97, "USD": 3},
)  # fmt: skip

SHOPS = (DEMO, KONTOR)
