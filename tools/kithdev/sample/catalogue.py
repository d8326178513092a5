"""What things cost, and what somebody buys at once."""

from random import Random
from typing import Sequence

from kith.common.v1 import common_pb2
from kith.interactions.v1 import interaction_pb2

from kithdev.sample.phrases import Product

_MICROS = 1_000_000
# Prices in dollars, turned into what a shop would print in other currencies.
_FACTORS = {"USD": 100, "EUR": 95, "GBP": 80}


def money(product: Product, quantity: int, currency: str) -> common_pb2.Money:
    """The price of some of a product."""
    cents = product.dollars * _FACTORS[currency] * quantity
    return common_pb2.Money(
        currency_code=currency, amount_micros=cents * _MICROS // 100
    )


def item(
    product: Product, quantity: int, currency: str
) -> interaction_pb2.Item:
    """A line of an order."""
    return interaction_pb2.Item(
        sku=product.sku,
        name=product.name,
        quantity=quantity,
        amount=money(product, quantity, currency),
    )


def basket(
    rng: Random, products: Sequence[Product], currency: str
) -> list[interaction_pb2.Item]:
    """What somebody buys at once."""
    chosen = rng.sample(products, rng.choices((1, 2, 3, 4), (50, 30, 15, 5))[0])
    return [
        item(product, rng.choices((1, 2, 3), (80, 15, 5))[0], currency)
        for product in chosen
    ]


def total(items: list[interaction_pb2.Item]) -> common_pb2.Money:
    """The sum of items of one currency."""
    return common_pb2.Money(
        currency_code=items[0].amount.currency_code,
        amount_micros=sum(line.amount.amount_micros for line in items),
    )
