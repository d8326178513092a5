"""Invented names in several scripts, each with its spelling in ASCII."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Mapping

# By script: given names and family names, each "written=in ASCII" unless that
# is the same in lower case.
_NAMES = {
    "latin": (
        "Amara Ben Carla Dario Edith Farid Greta Hugo Imani Jonas Keiko Lionel",
        "Abbott Barlow Castell Dunmore Easton Fairley Garrick Hollis Ingram Jessop",
    ),
    "accents": (
        "Zoë=zoe Søren=soren Łucja=lucja José=jose Jürgen=juergen Hélène=helene",
        "Müller=mueller Ibáñez=ibanez Dvořák=dvorak Øvergård=overgard O’Shea=oshea",
    ),
    "german": (
        "Anke Bernd Dörte=doerte Frieda Günter=guenter Heiner Ilse Jörg=joerg Nele Uwe",
        "Ackermann Böttcher=boettcher Claasen Großmann=grossmann Jansen Lüders=lueders "
        "Petersen Reuß=reuss Schröder=schroeder Vogt",
    ),
    "cyrillic": (
        "Олена=olena Тарас=taras Мария=maria Иван=ivan",
        "Коваль=koval Мельник=melnyk Петров=petrov Шевчук=shevchuk",
    ),
    "arabic": (
        "ليلى=layla يوسف=yousef سلمى=salma كريم=karim",
        "حداد=haddad منصور=mansour النجار=alnajjar خوري=khoury",
    ),
    "han": ("伟=wei 秀英=xiuying 健太=kenta 美咲=misaki", "王=wang 陈=chen 田中=tanaka 佐藤=sato"),
}

# By script: the language, and how somebody asks for an order in it.
FOREIGN = {
    "cyrillic": ("uk", "Добрий день! Коли прийде моє замовлення?"),
    "arabic": ("ar", "مرحبا، متى يصل طلبي؟"),
    "han": ("zh", "你好，请问我的订单什么时候到？"),
}


@dataclass(frozen=True)
class Name:
    """A person's name as written, and in ASCII for addresses and handles."""

    script: str
    given: str
    family: str
    ascii_given: str
    ascii_family: str

    @property
    def display(self) -> str:
        """The whole name."""
        if self.script == "han":
            return self.family + self.given
        return f"{self.given} {self.family}"


def pick(rng: Random, scripts: Mapping[str, int]) -> Name:
    """A name; several people may bear the same. `scripts`: how common each is."""
    script = rng.choices(list(scripts), list(scripts.values()))[0]
    (given, ascii_given), (family, ascii_family) = (
        _written(rng.choice(names.split())) for names in _NAMES[script]
    )
    return Name(script, given, family, ascii_given, ascii_family)


def variant(rng: Random, name: Name) -> str:
    """The same name as the same person types it elsewhere."""
    forms = (
        f"{name.family}, {name.given}".upper(),
        f"{name.given} {name.family}".lower(),
    )
    # Without accents; the marks of other scripts are none.
    bare = re.sub(
        "[\u0300-\u036f]", "", unicodedata.normalize("NFD", rng.choice(forms))
    )
    return unicodedata.normalize("NFC", bare)


def _written(entry: str) -> tuple[str, str]:
    written, _, ascii_form = entry.partition("=")
    return written, ascii_form or written.lower()
