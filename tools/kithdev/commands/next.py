"""./dev next: whom to deal with now, and how to say that it is done."""

import argparse
import getpass
import hashlib
import shlex
from pathlib import Path
from typing import Iterator

import grpc
from kith.gateway.v1 import action_pb2

from kithdev.client import Client
from kithdev.console import visible
from kithdev.desk.desk import Desk
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure
from kithdev.paths import RUN
from kithdev.tenants import DEMO

# The last is of demo alone: what is to be solved.
QUEUES = ("service", "sales", "review", "workshop")


def run(arguments: list[str]) -> int:
    """Shows the next person; with words, answers the person who was shown last."""
    parser = argparse.ArgumentParser(prog="./dev next", description=__doc__)
    add_tenant_option(parser)
    parser.add_argument("--agent", default=getpass.getuser(), help="who you are")
    parser.add_argument(
        "--queue", action="append", metavar="NAME", help=f"of {', '.join(QUEUES)}"
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--done",
        metavar="ANSWER",
        type=_words,
        help="what you have answered to the person shown last",
    )
    way.add_argument(
        "--skip",
        metavar="WHY",
        type=_words,
        help="why you take somebody else before the person shown last",
    )
    options = parser.parse_args(arguments)
    targets, token = connection(options.tenant)
    with Client(targets, token) as client:
        file = _shown_file(options.tenant, options.agent)
        desk = Desk(client, options.agent, file, _command(options))
        queues = options.queue or list(QUEUES)
        try:
            for line in work(client, desk, queues, options.done, options.skip):
                print(line)
        except grpc.RpcError as error:
            raise Failure(f"{error.code().name}: {visible(error.details())}") from error
    return 0


def work(
    client: Client, desk: Desk, queues: list[str], done: str | None, skip: str | None
) -> Iterator[str]:
    """The lines that tell what was done, and who is next."""
    if done:
        yield from desk.answer(done)
    if skip:
        yield from desk.skip(skip)
    person = desk.next(queues)
    counts = _count_waiting(client, queues)
    told = (
        f"{queue}: {'more than 100' if count > 100 else count}"
        for queue, count in zip(queues, counts)
    )
    # Who is shown waits no longer.
    label = "Waiting" if person is None else "Others waiting"
    yield f"{label} - {', '.join(told)}"
    if person is not None:
        yield from person
    elif any(counts):
        yield (
            "None of them is for you now: you have skipped them within 15 minutes, "
            "or they are for a colleague."
        )
    else:
        yield "Nobody waits."


def _count_waiting(client: Client, queues: list[str]) -> list[int]:
    """How many wait in each queue, at most 101."""
    request = action_pb2.CountWaitingActionsRequest(queues=queues)
    results = client.gateway.CountWaitingActions(request).results
    return [one.contact_count for one in results]


def _words(typed: str) -> str:
    if not typed.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return typed


def _shown_file(tenant: str, agent: str) -> Path:
    """Where it is kept whom the agent was shown; any name of an agent has a file."""
    digest = hashlib.sha256(agent.encode()).hexdigest()
    return RUN / "next" / f"{tenant}-{digest[:32]}.json"


def _command(options: argparse.Namespace) -> str:
    """As it was typed, without an answer."""
    words = ["./dev", "next"]
    if options.tenant != DEMO.slug:
        words.append(f"--tenant={options.tenant}")
    if options.agent != getpass.getuser():
        words.append(f"--agent={options.agent}")
    words += [f"--queue={queue}" for queue in options.queue or ()]
    return shlex.join(words)
