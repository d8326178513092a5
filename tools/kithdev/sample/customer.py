"""A customer of the sample, and the requests that make up their history."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Union

from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.interactions.v1 import interaction_pb2

from kithdev.sample.names import Name
from kithdev.sample.values import Value

# What a history is made of, in the order it is to be sent.
Step = Union[
    gateway_contact_pb2.CreateContactRequest,
    touch_pb2.RecordTouchRequest,
    gateway_contact_pb2.LinkIdentityRequest,
    merge_pb2.MergeContactsRequest,
]


@dataclass(frozen=True)
class Duplicate:
    """A second contact of a person, who wrote from an address nobody knew."""

    value: Value
    contact: contact_pb2.Contact
    # Who has found out, and how; empty where nobody has.
    merged_by: str = ""
    reason: str = ""


@dataclass
class Person:
    """Who somebody is and what they can be reached by."""

    number: int
    name: Name
    since: datetime
    currency: str
    values: list[Value]
    # Not reached by any value at first, so known by an id.
    walk_in: bool
    contact: contact_pb2.Contact
    contact_id: str
    duplicates: list[Duplicate] = field(default_factory=list)

    def channels(self) -> set[int]:
        """The kinds of values they have."""
        return {value.channel for value in self.values}


@dataclass(frozen=True)
class Event:
    """Something that happened, and the kind of value it came by, if any."""

    when: datetime
    channel: int | None
    interaction: interaction_pb2.Interaction
    # The other contact that it happened with, if any.
    duplicate: Duplicate | None = None


@dataclass(frozen=True)
class Customer:
    """A person with their history."""

    person: Person
    steps: list[Step] = field(default_factory=list)

    def touches(self) -> list[touch_pb2.RecordTouchRequest]:
        """The interactions among the steps."""
        kind = touch_pb2.RecordTouchRequest
        return [step for step in self.steps if isinstance(step, kind)]


def made_id(rng: Random, when: datetime) -> str:
    """A UUIDv7 of the given time that is the same in every run."""
    milliseconds = int(when.timestamp() * 1000)
    bits = milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64
    bits |= 2 << 62 | rng.getrandbits(62)
    return str(uuid.UUID(int=bits))
