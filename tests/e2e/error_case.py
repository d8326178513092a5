"""A request that fails, and what it tells: the pieces of error_cases."""

from dataclasses import dataclass
from functools import partial
from typing import Callable

from google.protobuf.message import Message

from builders import request_of
from kith.interactions.v1.action_pb2 import ActionName

NOWHERE = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5"
NO_ITEMS = (": 0 given, want 1 to ",)
STALE = ("etag: ", "read it again")


@dataclass(frozen=True)
class World:
    """What is stored when a case begins."""

    known: str  # holds NUMBER, and the record shop/order-1
    deleted: str
    group: tuple[str, ...]  # so many that all member ids of all are too many
    decided: str  # a suggestion that is rejected
    thread: str
    action: ActionName  # of the thread, which is open
    ended: ActionName  # an action that has ended
    joined_thread: str  # another, which was joined into it
    entry: str  # of the journal, which is DONE


@dataclass(frozen=True)
class Case:
    """A request that fails: which method, with what, telling what."""

    method: str
    code: str
    make: Callable[[World], Message | dict]
    tells: tuple[str, ...]
    key: str

    def request(self, world: World) -> Message:
        """The message to send."""
        made = self.make(world)
        return made if isinstance(made, Message) else request_of(self.method, made)


def case(code: str, method: str, request, *tells: str, key: str = "demo") -> Case:
    """`request` is a message or its fields, or makes one of the world."""
    make = request if callable(request) else lambda _: request
    return Case(method, code, make, tells, key)


aborted = partial(case, "ABORTED")
denied = partial(case, "PERMISSION_DENIED", key="webform")
exhausted = partial(case, "RESOURCE_EXHAUSTED")
exists = partial(case, "ALREADY_EXISTS")
invalid = partial(case, "INVALID_ARGUMENT")
not_found = partial(case, "NOT_FOUND")
refused = partial(case, "FAILED_PRECONDITION")
