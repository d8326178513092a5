"""Collects what happens to one person, in whatever order it is thought of."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from kith.interactions.v1 import interaction_pb2

from kithdev.sample import catalogue
from kithdev.sample.customer import Duplicate, Event, Person
from kithdev.sample.phrases import Phrases
from kithdev.sample.shops import Shop
from kithdev.sample.values import EMAIL, PHONE, SOCIAL

INBOUND = interaction_pb2.DIRECTION_INBOUND
OUTBOUND = interaction_pb2.DIRECTION_OUTBOUND
SERVICE = interaction_pb2.PURPOSE_SERVICE
SALES = interaction_pb2.PURPOSE_SALES
MARKETING = interaction_pb2.PURPOSE_MARKETING
TRANSACTION = interaction_pb2.PURPOSE_TRANSACTION

_KINDS = interaction_pb2.Kind


class Life:
    """The events of one person up to `end`; what is later has not happened."""

    def __init__(self, rng: Random, shop: Shop, person: Person, end: datetime):
        self.rng = rng
        self.shop = shop
        self.person = person
        self.end = end
        self.events: list[Event] = []
        self.campaigns: set[str] = set()
        # Order id, time and items of what could still come back.
        self.returnable: list[tuple[str, datetime, list]] = []
        self._orders: Counter[str] = Counter()

    @property
    def phrases(self) -> Phrases:
        """The words of the shop."""
        return self.shop.phrases

    def add(
        self,
        when: datetime,
        kind: str,
        channel: int | None,
        source: str,
        duplicate: Duplicate | None = None,
        **fields,
    ) -> None:
        """Adds an interaction; its external id is given when all are known."""
        if when >= self.end:
            return
        interaction = interaction_pb2.Interaction(
            kind=_KINDS.Value(f"KIND_{kind}"), source=source, **fields
        )
        interaction.occurred_time.FromDatetime(when)
        self.events.append(Event(when, channel, interaction, duplicate))

    def call(
        self, when: datetime, direction: int, outcome: str, body: str, **fields
    ) -> None:
        """A call, reported by the call centre."""
        agent = self.rng.choice(self.shop.agents)
        answered = outcome == "ANSWERED"
        if answered:
            fields["attributes"] = {"duration_s": str(self.rng.randint(40, 900))}
        if answered or direction == OUTBOUND:
            fields["agent"] = agent
        self.add(
            when,
            "CALL",
            self.usable(PHONE),
            "callcenter",
            direction=direction,
            outcome=interaction_pb2.Outcome.Value(f"OUTCOME_{outcome}"),
            body=body,
            **fields,
        )

    def purchase(self, when: datetime, items: list | None = None) -> str:
        """An order, with a receipt where there is an address; its id."""
        person = self.person
        order_id = self._order_id(when)
        items = items or catalogue.basket(
            self.rng, self.phrases.products, person.currency
        )
        online = bool(person.channels() & {EMAIL, SOCIAL})
        channel = self.usable(EMAIL) if online else None
        if channel is None:
            channel = self.usable(SOCIAL) or self.usable(PHONE)
        self.add(
            when,
            "PURCHASE",
            channel,
            "shop",
            direction=INBOUND,
            purpose=TRANSACTION,
            subject=self.phrases.order.format(order_id)
            if online
            else self.phrases.bought_in_store,
            items=items,
            order_id=order_id,
            amount=catalogue.total(items),
        )
        self.returnable.append((order_id, when, items))
        if self.usable(EMAIL):
            receipt = self.phrases.receipt.format(order_id)
            self._mail(when + timedelta(minutes=2), TRANSACTION, receipt)
        return order_id

    def give_back(self, when: datetime, order_id: str, items: list, why: str) -> None:
        """A return of some of what an order held."""
        self.add(
            when,
            "RETURN",
            self.usable(EMAIL) or self.usable(PHONE) or self.usable(SOCIAL),
            "shop",
            direction=INBOUND,
            purpose=TRANSACTION,
            subject=self.phrases.return_from.format(order_id),
            body=why,
            items=items,
            order_id=order_id,
            amount=catalogue.total(items),
        )

    def advertise(self, when: datetime, campaign: str, subject: str) -> None:
        """A marketing mail, reported by the mailer; each campaign once."""
        if campaign in self.campaigns:
            return
        self.campaigns.add(campaign)
        bounced = self.rng.random() < 0.03
        outcome = "FAILED" if bounced else "UNSPECIFIED"
        self._mail(
            when,
            MARKETING,
            subject,
            topic=campaign,
            outcome=interaction_pb2.Outcome.Value(f"OUTCOME_{outcome}"),
        )

    def usable(self, channel: int) -> int | None:
        """The channel where the person has a value of it."""
        return channel if channel in self.person.channels() else None

    def _order_id(self, when: datetime) -> str:
        stem = f"K{when:%y%m%d}-{self.person.number:03}"
        self._orders[stem] += 1
        return f"{stem}-{self._orders[stem]}"

    def _mail(self, when: datetime, purpose: int, subject: str, **fields) -> None:
        self.add(
            when,
            "EMAIL",
            EMAIL,
            "mailer",
            direction=OUTBOUND,
            purpose=purpose,
            subject=subject,
            **fields,
        )
