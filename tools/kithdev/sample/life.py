"""What happens to one person, in whatever order it is thought of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Union

from kith.common.v1 import common_pb2
from kith.interactions.v1 import interaction_pb2

from kithdev.sample.people import Duplicate, Home, Person
from kithdev.sample.shops import Shop
from kithdev.sample.values import EMAIL, PHONE

INBOUND = interaction_pb2.DIRECTION_INBOUND
OUTBOUND = interaction_pb2.DIRECTION_OUTBOUND
SERVICE = interaction_pb2.PURPOSE_SERVICE
SALES = interaction_pb2.PURPOSE_SALES
MARKETING = interaction_pb2.PURPOSE_MARKETING
TRANSACTION = interaction_pb2.PURPOSE_TRANSACTION

# Which system reports each kind.
_SOURCES = {
    "CALL": "callcenter", "EMAIL": "mailer", "MESSAGE": "messenger",
    "SOCIAL_POST": "social", "WEB_EVENT": "web", "AD": "adserver",
    "PURCHASE": "shop", "RETURN": "shop", "NOTE": "desk",
}  # fmt: skip
_MICROS = 1_000_000

# What something came by: a value of this channel, the second contact, or the phone
# of the household; None: none of them, from a walk-in.
By = Union[int, Duplicate, Home, None]


@dataclass(frozen=True)
class Event:
    """Something that happened."""

    when: datetime
    by: By
    # None: what was answered before is settled; by a home: its phone is shared.
    interaction: interaction_pb2.Interaction | None


@dataclass(frozen=True)
class Order:
    """What could still come back."""

    id: str
    when: datetime
    items: list[interaction_pb2.Item]


class Life:
    """The events of one person up to `end`; what is later has not happened."""

    def __init__(self, rng: Random, shop: Shop, person: Person, end: datetime):
        self.rng = rng
        self.shop = shop
        self.texts = shop.texts
        self.person = person
        self.end = end
        self.events: list[Event] = []
        self.orders: list[Order] = []

    def agent(self) -> str:
        """Somebody who works there."""
        return self.rng.choice(self.shop.agents)

    def moment(self) -> datetime:
        """Some time in this life, not on its first day."""
        begin = self.person.since + timedelta(days=1)
        return self.shop.moment(self.rng, begin, self.end)

    def add(
        self,
        when: datetime,
        kind: str,
        by: By,
        direction: int = 0,
        purpose: int = 0,
        topic: str = "",
        **fields,
    ) -> None:
        """Adds an interaction; its external id is given when all are known."""
        interaction = interaction_pb2.Interaction(
            kind=interaction_pb2.Kind.Value(f"KIND_{kind}"),
            source=_SOURCES[kind],
            direction=direction,
            purpose=purpose,
            topic=topic,
            **fields,
        )
        interaction.occurred_time.FromDatetime(when)
        if when < self.end:
            self.events.append(Event(when, by, interaction))

    def settle(self, when: datetime) -> None:
        """What was answered before is settled, so that what comes is a new matter."""
        self.events.append(Event(when, None, None))

    def share(self, when: datetime, home: Home) -> None:
        """Somebody finds out that the phone is that of two."""
        self.events.append(Event(when, home, None))

    def call(
        self,
        when: datetime,
        direction: int,
        outcome: str,
        purpose: int,
        topic: str,
        body="",
        closing=False,
    ) -> None:
        """A call, from or to the phone of the person. `closing`: all is said in it."""
        value = interaction_pb2.Outcome.Value(f"OUTCOME_{outcome}")
        fields = {"outcome": value, "closing": closing}
        if outcome == "ANSWERED":
            fields |= {"body": body, "agent": self.agent()}
            fields["attributes"] = {"duration_s": str(self.rng.randint(40, 900))}
        self.add(when, "CALL", PHONE, direction, purpose, topic, **fields)

    def item(self, sku: str, quantity: int = 1) -> interaction_pb2.Item:
        """A line of an order."""
        product = self.texts.product(sku)
        amount = self._money(product.price * quantity * _MICROS)
        return interaction_pb2.Item(
            sku=sku, name=product.name, quantity=quantity, amount=amount
        )

    def purchase(self, when: datetime, items: list | None = None) -> Order:
        """An order, of anything if not told what, and its receipt by mail."""
        if items is None:
            chosen = self.rng.sample(self.texts.products, self.rng.choice((1, 1, 2, 3)))
            items = [self.item(one.sku, self.rng.choice((1, 1, 2))) for one in chosen]
        order_id = f"K{when:%y%m%d}-{self.person.number:03}-{len(self.events)}"
        order = Order(order_id, when, items)
        self.orders.append(order)
        subject = self.texts.order.format(order_id)
        self._trade(when, "PURCHASE", order, items, subject=subject)
        if self.person.usable(EMAIL):
            when += timedelta(minutes=2)
            receipt = self.texts.receipt.format(order_id)
            self.add(when, "EMAIL", EMAIL, OUTBOUND, TRANSACTION, subject=receipt)
        return order

    def give_back(self, when: datetime, order: Order, why: str) -> None:
        """The first item of an order comes back, and later nothing else of it."""
        self.orders.remove(order)
        self._trade(when, "RETURN", order, order.items[:1], body=f"{why}.")

    def _trade(
        self, when: datetime, kind: str, order: Order, items: list, **fields
    ) -> None:
        by = self.person.usable(EMAIL) or self.person.usable(PHONE)
        amount = self._money(sum(item.amount.amount_micros for item in items))
        fields |= {"items": items, "order_id": order.id, "amount": amount}
        self.add(when, kind, by, INBOUND, TRANSACTION, **fields)

    def _money(self, micros: int) -> common_pb2.Money:
        return common_pb2.Money(currency_code=self.shop.currency, amount_micros=micros)
