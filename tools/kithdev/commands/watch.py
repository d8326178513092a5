"""./dev watch: what changes at one customer, as it does."""

import argparse
import time
from contextlib import suppress
from datetime import datetime, timezone
from typing import Iterator

import grpc
from kith.changes.v1 import change_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import watch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import thread_pb2

from kithdev.client import Client
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure
from kithdev.view import word


def run(arguments: list[str]) -> int:
    """Tells the changes of the customer that the words mean, until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="./dev watch", description=__doc__)
    add_tenant_option(parser)
    parser.add_argument("customer", nargs="+", help="as for ./dev view")
    options = parser.parse_args(arguments)
    targets, token = connection(options.tenant)
    with Client(targets, token) as client, suppress(KeyboardInterrupt):
        for message in follow(client, " ".join(options.customer)):
            for line in told(message):
                print(line, flush=True)
    return 0


def follow(client: Client, typed: str) -> Iterator[watch_pb2.WatchCustomerResponse]:
    """All messages; where a stream ends, those of the next one by its token."""
    request = watch_pb2.WatchCustomerRequest()
    request.customer.value.value = typed
    while True:
        try:
            for message in client.gateway.WatchCustomer(request):
                request.resume_token = message.resume_token
                yield message
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise Failure(f"{error.code().name}: {error.details()}") from error
        # It may be away for as long as another takes to start.
        time.sleep(0.2)


def told(message: watch_pb2.WatchCustomerResponse) -> Iterator[str]:
    """The lines of a message; none where nothing has changed."""
    if message.reset:
        yield _line(datetime.now(timezone.utc), "anything may have changed")
    for change in message.changes:
        yield _line(change.time.ToDatetime(tzinfo=timezone.utc), _words(change))


def _words(change: change_pb2.Change) -> str:
    kind = change.WhichOneof("what")
    if kind is None:
        return "something that a later version knows"
    what, words = getattr(change, kind), kind.replace("_", " ")
    if kind in ("contacts_merged", "contacts_unmerged"):
        first, *others = what.edges
        words += f": {first.absorbed_id}"
        return f"{words} and {len(others)} more" if others else words
    if kind == "stage_changed":
        return f"{words}: {word(contact_pb2.Stage, what.stage)}"
    if kind.startswith("identity"):
        return f"{words}: {word(identity_pb2.Channel, what.channel)}"
    if kind.startswith("interaction"):
        return f"{words}: {word(interaction_pb2.Kind, what.kind)}"
    if kind.startswith("thread"):
        return f"{words}: {word(thread_pb2.ThreadState, what.state)}"
    return words


def _line(when: datetime, words: str) -> str:
    return f"  {when.astimezone():%H:%M:%S}  {words}"
