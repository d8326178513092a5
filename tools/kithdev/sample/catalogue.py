"""What the sample's business, a coffee equipment shop, sells and says."""

from dataclasses import dataclass
from random import Random

from kith.common.v1 import common_pb2
from kith.interactions.v1 import interactions_pb2

_MICROS = 1_000_000
# Prices in dollars, turned into what a shop would print in other currencies.
_FACTORS = {"USD": 100, "EUR": 95, "GBP": 80}


@dataclass(frozen=True)
class Product:
    """An article with its price in dollars and what goes wrong with it."""

    sku: str
    name: str
    dollars: int
    problem: str


PRODUCTS = (
    Product("GR-110", "Mola burr grinder", 149, "jams on light roasts"),
    Product("GR-210", "Mola Pro grinder", 289, "will not hold its setting"),
    Product("GR-050", "Pocket hand grinder", 59, "has a loose crank"),
    Product("ES-300", "Corva espresso machine", 649, "leaks at the group head"),
    Product("ES-310", "Corva Duo espresso machine", 1190, "takes ages to heat up"),
    Product("KT-120", "Gooseneck kettle 1 l", 79, "switches off too early"),
    Product("KT-125", "Kettle with thermostat", 119, "shows a wrong temperature"),
    Product("PO-010", "Pour-over cone", 24, "arrived with a chip"),
    Product("PO-015", "Pour-over set, 6 cups", 64, "came without its filter"),
    Product("FP-080", "Steel French press", 48, "lets grounds through"),
    Product("SC-020", "Scale with timer", 39, "drifts by two grams"),
    Product("MF-040", "Milk frother", 45, "stopped after a week"),
    Product("CU-004", "Four stoneware cups", 36, "has one cup cracked"),
    Product("TR-012", "Travel mug 350 ml", 28, "drips from the lid"),
    Product("FI-100", "Paper filters, 100", 9, "is the wrong size"),
    Product("BN-101", "Harbor blend beans 1 kg", 26, "tastes stale"),
    Product("BN-102", "Ridge single origin 500 g", 19, "came ground, not whole"),
    Product("BN-110", "Decaf beans 500 g", 17, "is not the decaf ordered"),
    Product("SB-001", "Beans by post, 3 months", 75, "skipped a month"),
    Product("CL-030", "Descaler, 4 doses", 14, "leaked in the parcel"),
    Product("TA-058", "Tamper 58 mm", 33, "does not fit the basket"),
    Product("KN-007", "Knock box", 29, "lost its rubber foot"),
)

AGENTS = ("Dana", "Marcus", "Ines", "Tomasz", "Yuki", "Ruth")

CAMPAIGNS = (
    ("new-year", "Start the year with a better cup"),
    ("valentine", "Two cups, one pot"),
    ("spring-sale", "Spring sale: 20% off grinders"),
    ("easter", "Closed over Easter, open online"),
    ("harbor-blend", "The Harbor blend is back"),
    ("summer", "Cold brew in five steps"),
    ("back-to-work", "Mugs that survive the commute"),
    ("autumn", "New harvest, new single origins"),
    ("black-friday", "One day: everything 15% off"),
    ("holidays", "Last orders before the holidays"),
)

PAGES = ("/grinders", "/espresso", "/beans", "/sale", "/help/returns", "/subscribe")

QUESTIONS = (
    (
        "delivery",
        "Where is my order?",
        "It left our warehouse; the carrier says tomorrow.",
    ),
    ("product", "Which grinder suits a moka pot?", "The Mola at setting 12 to 14."),
    (
        "billing",
        "Could I have an invoice with our company's name?",
        "Attached, with the name changed.",
    ),
    (
        "subscription",
        "Can I pause my beans for a month?",
        "Paused until the first; nothing will be charged.",
    ),
    (
        "product",
        "Do you have spare gaskets for the Corva?",
        "We do; two are in the post, free of charge.",
    ),
    ("opening", "Are you open on Sunday?", "From ten to four."),
)

SALES_PITCHES = (
    "Talked about a plan for the office: two machines and beans by post.",
    "Wanted a price for ten cup sets; sent an offer.",
    "Interested in the Duo, asks again after the holidays.",
    "Has what they need for now.",
)

NOTES = (
    "Prefers to be called after five.",
    "Trains for a barista competition; knows the machines well.",
    "Buys for a small office of twelve.",
    "Asked not to get paper invoices.",
    "Comes by on Saturdays, likes light roasts.",
)


def money(product: Product, quantity: int, currency: str) -> common_pb2.Money:
    """The price of some of a product."""
    cents = product.dollars * _FACTORS[currency] * quantity
    return common_pb2.Money(
        currency_code=currency, amount_micros=cents * _MICROS // 100
    )


def item(
    product: Product, quantity: int, currency: str
) -> interactions_pb2.Item:
    """A line of an order."""
    return interactions_pb2.Item(
        sku=product.sku,
        name=product.name,
        quantity=quantity,
        amount=money(product, quantity, currency),
    )


def basket(rng: Random, currency: str) -> list[interactions_pb2.Item]:
    """What somebody buys at once."""
    products = rng.sample(PRODUCTS, rng.choices((1, 2, 3, 4), (50, 30, 15, 5))[0])
    return [
        item(product, rng.choices((1, 2, 3), (80, 15, 5))[0], currency)
        for product in products
    ]


def product_of(sku: str) -> Product:
    """The article with this number."""
    return next(product for product in PRODUCTS if product.sku == sku)


def total(items: list[interactions_pb2.Item]) -> common_pb2.Money:
    """The sum of items of one currency."""
    return common_pb2.Money(
        currency_code=items[0].amount.currency_code,
        amount_micros=sum(line.amount.amount_micros for line in items),
    )
