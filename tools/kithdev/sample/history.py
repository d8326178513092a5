"""Turns a person's events into the requests that record them."""

from collections import Counter
from random import Random

from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2

from kithdev.sample.customer import Customer, Duplicate, Event, Person, Step
from kithdev.sample.values import EXTERNAL, Value


class History:
    """Writes one person's steps, in the order of time.

    A value that is held by somebody never moves, so a new one always comes
    together with one that is known, or is linked before it is used alone.
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
        if self._person.walk_in:
            self._create()
        for event in sorted(events, key=lambda event: event.when):
            self._touch(event)
        for value in self._person.values:
            if value not in self._known:
                self._link(value)
        for duplicate in self._person.duplicates:
            if duplicate.merged_by:
                self._merge(duplicate)
        return Customer(self._person, self._steps)

    def _create(self) -> None:
        self._steps.append(
            gateway_contact_pb2.CreateContactRequest(
                contact_id=self._person.contact_id,
                contact=self._person.contact,
                request_id=self._next_id("create"),
            )
        )

    def _touch(self, event: Event) -> None:
        interaction = event.interaction
        interaction.external_id = self._next_id(interaction.source)
        request = touch_pb2.RecordTouchRequest(interaction=interaction)
        if event.duplicate is not None:
            request.identities.append(self._typed(event.duplicate.value))
            request.contact.CopyFrom(event.duplicate.contact)
        elif event.channel is None:
            request.contact_id = self._person.contact_id
        else:
            values = self._carried(event)
            request.identities.extend(self._typed(value) for value in values)
            if not self._steps:
                request.contact.CopyFrom(self._person.contact)
            self._known += [value for value in values if value not in self._known]
        self._steps.append(request)

    def _carried(self, event: Event) -> list[Value]:
        """The value it came by, and at times one more."""
        of_channel = [
            value for value in self._person.values if value.channel == event.channel
        ]
        # The first of a kind is the one mostly used.
        weights = [3] + [1] * (len(of_channel) - 1)
        value = self._rng.choices(of_channel, weights)[0]
        if value not in self._known and self._steps:
            if not self._known or self._rng.random() < 0.3:
                self._link(value)
                return [value]
            return [value, self._rng.choice(self._known)]
        others = [
            other
            for other in self._person.values
            if other != value and other.channel != EXTERNAL
        ]
        if others and self._rng.random() < 0.15:
            return [value, self._rng.choice(others)]
        return [value]

    def _link(self, value: Value) -> None:
        customer = customer_view_pb2.CustomerRef()
        if self._known:
            known = self._rng.choice(self._known)
            customer.value.CopyFrom(self._typed(known))
        else:
            customer.contact_id = self._person.contact_id
        self._steps.append(
            gateway_contact_pb2.LinkIdentityRequest(
                customer=customer,
                value=self._typed(value),
                request_id=self._next_id("link"),
            )
        )
        self._known.append(value)

    def _merge(self, duplicate: Duplicate) -> None:
        """Somebody sees that the two are one."""
        self._steps.append(
            merge_pb2.MergeContactsRequest(
                survivor=customer_view_pb2.CustomerRef(value=self._typed(self._known[0])),
                absorbed=[customer_view_pb2.CustomerRef(value=self._typed(duplicate.value))],
                cause=group_pb2.MergeCause(
                    kind=group_pb2.MERGE_CAUSE_KIND_DECISION
                ),
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
