"""Invented names in several scripts, each with its spelling in ASCII."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Mapping

_LATIN = (
    "Amara/Ben/Carla/Dario/Edith/Farid/Greta/Hugo/Imani/Jonas/Keiko/Lionel/"
    "Mona/Nils/Odette/Pablo",
    "Abbott/Barlow/Castell/Dunmore/Easton/Fairley/Garrick/Hollis/Ingram/"
    "Jessop/Kendrick/Lowell/Merritt/Norwood/Okonjo/Prescott",
)
_DIACRITICS = (
    "Zoë=zoe/Søren=soren/Łucja=lucja/José=jose/Anaïs=anais/Jürgen=juergen/"
    "Şebnem=sebnem/Đorđe=djordje/Hélène=helene/Åsa=asa",
    "Müller=mueller/Ibáñez=ibanez/Dvořák=dvorak/Øvergård=overgard/"
    "Łęcki=lecki/Çelik=celik/Gonçalves=goncalves/Bălan=balan/Nguyễn=nguyen/"
    "O’Shea=oshea",
)
_GERMAN = (
    "Anke/Bernd/Dörte=doerte/Frieda/Günter=guenter/Heiner/Ilse/Jörg=joerg/"
    "Käthe=kaethe/Lothar/Nele/Rüdiger=ruediger/Silke/Thorsten/Uwe/Wiebke",
    "Ackermann/Böttcher=boettcher/Claasen/Dörfler=doerfler/Großmann=grossmann/"
    "Hübner=huebner/Jansen/Köhler=koehler/Lüders=lueders/Petersen/Reuß=reuss/"
    "Schröder=schroeder/Thießen=thiessen/Vogt/Weiß=weiss/Ziegler",
)
_CYRILLIC = (
    "Олена=olena/Тарас=taras/Мария=maria/Иван=ivan/Ясна=jasna/Богдан=bohdan",
    "Коваль=koval/Мельник=melnyk/Петров=petrov/Зайцев=zaitsev/Бондар=bondar/"
    "Шевчук=shevchuk",
)
_GREEK = (
    "Ελένη=eleni/Νίκος=nikos/Δάφνη=dafni/Σταύρος=stavros",
    "Παππάς=pappas/Λάμπρου=lamprou/Καρράς=karras/Βλάχος=vlachos",
)
_ARABIC = (
    "ليلى=layla/يوسف=yousef/سلمى=salma/كريم=karim",
    "حداد=haddad/منصور=mansour/النجار=alnajjar/خوري=khoury",
)
_HEBREW = (
    "נועה=noa/איתן=eitan/תמר=tamar/אורי=uri",
    "לוי=levi/פרידמן=friedman/בר=bar/גולן=golan",
)
_HAN = (
    "伟=wei/秀英=xiuying/健太=kenta/美咲=misaki",
    "王=wang/陈=chen/田中=tanaka/佐藤=sato",
)
_HANGUL = (
    "서연=seoyeon/민준=minjun/지우=jiwoo/하은=haeun",
    "김=kim/박=park/최=choi/윤=yoon",
)
_DEVANAGARI = (
    "आरव=aarav/प्रिया=priya/रोहन=rohan/मीरा=meera",
    "शर्मा=sharma/पटेल=patel/गुप्ता=gupta/जोशी=joshi",
)

# By script: the given and family names, and whether the family name comes first
# and joined.
_SCRIPTS = {
    "latin": (_LATIN, False),
    "diacritics": (_DIACRITICS, False),
    "german": (_GERMAN, False),
    "cyrillic": (_CYRILLIC, False),
    "greek": (_GREEK, False),
    "arabic": (_ARABIC, False),
    "hebrew": (_HEBREW, False),
    "han": (_HAN, True),
    "hangul": (_HANGUL, True),
    "devanagari": (_DEVANAGARI, False),
}

# The marks of other scripts are none.
_ACCENTS = re.compile("[\u0300-\u036f]")

# What somebody writes in their own script, with what it asks.
QUESTIONS = {
    "cyrillic": "Добрий день! Коли прийде моє замовлення?",
    "greek": "Καλημέρα, πότε θα φτάσει η παραγγελία μου;",
    "arabic": "مرحبا، متى يصل طلبي؟",
    "hebrew": "שלום, מתי תגיע ההזמנה שלי?",
    "han": "你好，请问我的订单什么时候到？",
    "hangul": "안녕하세요, 제 주문은 언제 도착하나요?",
    "devanagari": "नमस्ते, मेरा ऑर्डर कब पहुँचेगा?",
}


@dataclass(frozen=True)
class Name:
    """A person's name as written, and in ASCII for addresses and handles."""

    script: str
    given: str
    family: str
    display: str
    ascii_given: str
    ascii_family: str


def pick(rng: Random, scripts: Mapping[str, int]) -> Name:
    """A name; several people may bear the same. `scripts`: how common each is."""
    script = rng.choices(list(scripts), list(scripts.values()))[0]
    (givens, families), joined = _SCRIPTS[script]
    given, ascii_given = _written(rng.choice(givens.split("/")))
    family, ascii_family = _written(rng.choice(families.split("/")))
    display = family + given if joined else f"{given} {family}"
    return Name(script, given, family, display, ascii_given, ascii_family)


def variant(rng: Random, name: Name) -> str:
    """The same name as the same person types it elsewhere."""
    given, family = _without_accents(name.given), _without_accents(name.family)
    return rng.choice(
        (
            f"{family.upper()}, {given}",
            f"{given} {family}".lower(),
            f"{name.family}, {name.given}",
        )
    )


def _without_accents(text: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain)


def _written(entry: str) -> tuple[str, str]:
    written, _, ascii_form = entry.partition("=")
    return written, ascii_form or written.lower()
