"""Turns a person's events into the requests that record them."""

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Union

from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2

from kithdev.sample.life import Event
from kithdev.sample.people import Duplicate, Home, Person
from kithdev.sample.values import Value


@dataclass(frozen=True)
class Settle:
    """All that a customer was answered is settled: their WAITING threads."""

    customer: customer_view_pb2.CustomerRef
    request_id: str


# What a history is made of, in the order it is to be sent.
Step = Union[
    gateway_contact_pb2.CreateContactRequest,
    touch_pb2.RecordTouchRequest,
    Settle,
    gateway_contact_pb2.LinkIdentityRequest,
    gateway_contact_pb2.ShareIdentityRequest,
    merge_pb2.MergeContactsRequest,
]


@dataclass(frozen=True)
class Customer:
    """A person with their history."""

    person: Person
    steps: list[Step]

    def touches(self) -> list[touch_pb2.RecordTouchRequest]:
        """The interactions among the steps."""
        kind = touch_pb2.RecordTouchRequest
        return [step for step in self.steps if isinstance(step, kind)]


class History:
    """Writes one person's steps, in the order of time.

    A value that is held by somebody never moves, so a new one always comes
    together with one that is known.
    """

    def __init__(self, rng: Random, person: Person, region: str):
        """`region`: where the values are typed."""
        self._rng = rng
        self._region = region
        self._person = person
        self._known: list[Value] = []
        self._numbers: Counter[str] = Counter()
        self._steps: list[Step] = []

    def write(self, events: list[Event]) -> Customer:
        """The customer with all steps; fills in the events' external ids."""
        if self._person.contact_id:
            self._create(self._person.contact_id, self._person.contact)
        for event in sorted(events, key=lambda event: event.when):
            if event.interaction is None and isinstance(event.by, Home):
                self._share(event.by)
            elif event.interaction is None:
                self._settle()
            else:
                self._touch(event)
        for value in self._person.values:
            if value not in self._known:
                self._link(value)
        for duplicate in self._person.duplicates:
            if duplicate.merged_by:
                self._merge(duplicate)
        return Customer(self._person, self._steps)

    def _create(self, contact_id: str, contact: contact_pb2.Contact) -> None:
        self._steps.append(
            gateway_contact_pb2.CreateContactRequest(
                contact_id=contact_id,
                contact=contact,
                request_id=self._next_id("create"),
            )
        )

    def _share(self, home: Home) -> None:
        self._create(home.contact_id, home.contact)
        known = customer_view_pb2.CustomerRef(value=self._typed(self._known[0]))
        other = customer_view_pb2.CustomerRef(contact_id=home.contact_id)
        self._steps.append(
            gateway_contact_pb2.ShareIdentityRequest(
                customers=[known, other],
                value=self._typed(home.phone),
                request_id=self._next_id("share"),
            )
        )

    def _touch(self, event: Event) -> None:
        interaction = event.interaction
        interaction.external_id = self._next_id(interaction.source)
        request = touch_pb2.RecordTouchRequest(interaction=interaction)
        if isinstance(event.by, Duplicate):
            request.identities.append(self._typed(event.by.value))
            request.contact.CopyFrom(event.by.contact)
        elif isinstance(event.by, Home):
            request.identities.append(self._typed(event.by.phone))
        elif event.by is None:
            request.contact_id = self._person.contact_id
        else:
            if not self._known:
                request.contact.CopyFrom(self._person.contact)
            request.identities.extend(map(self._typed, self._carried(event.by)))
        self._steps.append(request)

    def _settle(self) -> None:
        known = customer_view_pb2.CustomerRef(value=self._typed(self._known[0]))
        self._steps.append(Settle(known, self._next_id("settle")))

    def _carried(self, channel: int) -> list[Value]:
        """The value an event came by, with a known one if it is new."""
        value = self._rng.choice(
            [one for one in self._person.values if one.channel == channel]
        )
        if value in self._known:
            return [value]
        carried = [value, *self._known[:1]]
        self._known.append(value)
        return carried

    def _link(self, value: Value) -> None:
        known = customer_view_pb2.CustomerRef(value=self._typed(self._known[0]))
        self._steps.append(
            gateway_contact_pb2.LinkIdentityRequest(
                customer=known,
                value=self._typed(value),
                request_id=self._next_id("link"),
            )
        )

    def _merge(self, duplicate: Duplicate) -> None:
        """Somebody sees that the two are one."""
        one, other = self._typed(self._known[0]), self._typed(duplicate.value)
        self._steps.append(
            merge_pb2.MergeContactsRequest(
                survivor=customer_view_pb2.CustomerRef(value=one),
                absorbed=[customer_view_pb2.CustomerRef(value=other)],
                cause=group_pb2.MergeCause(kind=group_pb2.MERGE_CAUSE_KIND_DECISION),
                actor=group_pb2.Actor(
                    kind=group_pb2.ACTOR_KIND_PERSON, name=duplicate.merged_by
                ),
                reason=duplicate.reason,
                request_id=self._next_id("merge"),
            )
        )

    def _typed(self, value: Value) -> identity_pb2.ChannelValue:
        return value.typed(self._rng, self._region)

    def _next_id(self, kind: str) -> str:
        self._numbers[kind] += 1
        return f"{kind}-{self._person.number:03}-{self._numbers[kind]:04}"
