"""./dev next: whom to deal with now, and how to say that it is done."""

import argparse
import getpass
import textwrap
import uuid
from typing import Iterator

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import action_pb2
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import thread_pb2

from kithdev.client import Client
from kithdev.development import add_tenant_option, connection
from kithdev.failure import Failure
from kithdev.view import word

QUEUES = ("service", "sales", "review")

_WIDTH = 88
_CHANNELS = {
    interaction_pb2.KIND_CALL: interaction_pb2.KIND_CALL,
    interaction_pb2.KIND_MESSAGE: interaction_pb2.KIND_MESSAGE,
    interaction_pb2.KIND_SOCIAL_POST: interaction_pb2.KIND_SOCIAL_POST,
}


def run(arguments: list[str]) -> int:
    """Shows the next person; with words, answers the person who is shown first."""
    parser = argparse.ArgumentParser(prog="./dev next", description=__doc__)
    add_tenant_option(parser)
    parser.add_argument("--agent", default=getpass.getuser(), help="who you are")
    parser.add_argument(
        "--queue", action="append", metavar="NAME", help=f"of {', '.join(QUEUES)}"
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--done", metavar="ANSWER", help="what you have answered")
    way.add_argument("--skip", metavar="WHY", help="why you take another first")
    options = parser.parse_args(arguments)
    queues = options.queue or list(QUEUES)
    targets, token = connection(options.tenant)
    with Client(targets, token) as client:
        try:
            for line in work(client, options.agent, queues, options.done, options.skip):
                print(line)
        except grpc.RpcError as error:
            raise Failure(f"{error.code().name}: {error.details()}") from error
    return 0


def work(
    client: Client, agent: str, queues: list[str], done: str | None, skip: str | None
) -> Iterator[str]:
    """The lines that tell what was done, and who is next."""
    person = next_person(client, agent, queues)
    if person and done:
        complete(client, agent, person, done)
        yield f"Done: {person.display_name or person.canonical_id}."
    if person and skip:
        release = action_pb2.ReleaseActionsRequest(agent=agent, skip_reason=skip)
        release.customer.contact_id = person.canonical_id
        client.gateway.ReleaseActions(release)
        yield f"Skipped: {person.display_name or person.canonical_id}."
    if done or skip:
        person = next_person(client, agent, queues)
    yield from waiting(client, queues)
    if person is None:
        yield "Nobody waits."
        return
    yield from told(person)


def next_person(
    client: Client, agent: str, queues: list[str]
) -> action_pb2.Person | None:
    """The person whom the agent has, or is given; None if nobody waits."""
    request = action_pb2.NextActionsRequest(queues=queues, agent=agent)
    people = client.gateway.NextActions(request).people
    return people[0] if people else None


def complete(
    client: Client, agent: str, person: action_pb2.Person, answer: str
) -> None:
    """Records the answer, and ends all that the person waits for."""
    request = action_pb2.CompleteActionsRequest(
        agent=agent, request_id=f"next-{uuid.uuid4()}"
    )
    first = person.actions[0]
    said = request.interaction
    said.contact_id = first.contact_id
    said.kind = _CHANNELS.get(person.last_words.kind, interaction_pb2.KIND_EMAIL)
    if first.kind == config_pb2.ACTION_KIND_CALL_BACK:
        said.kind = interaction_pb2.KIND_CALL
    if said.kind == interaction_pb2.KIND_CALL:
        said.outcome = interaction_pb2.OUTCOME_ANSWERED
    said.direction = interaction_pb2.DIRECTION_OUTBOUND
    said.purpose = interaction_pb2.PURPOSE_SERVICE
    said.thread_id = first.thread_id
    said.identity_key = person.last_words.identity_key
    said.agent, said.body = agent, answer
    for action in person.actions:
        request.actions.add(contact_id=action.contact_id, action_id=action.action_id)
        if action.thread_id:
            request.threads.add(
                thread_id=action.thread_id,
                contact_id=action.contact_id,
                state=thread_pb2.THREAD_STATE_RESOLVED,
                resolution=thread_pb2.RESOLUTION_ANSWERED,
            )
    client.gateway.CompleteActions(request)


def waiting(client: Client, queues: list[str]) -> Iterator[str]:
    """How many wait in each queue."""
    request = action_pb2.CountWaitingActionsRequest(queues=queues)
    results = client.gateway.CountWaitingActions(request).results
    counts = (
        f"{queue}: {'more than 100' if one.contact_count > 100 else one.contact_count}"
        for queue, one in zip(queues, results)
    )
    yield f"Waiting - {', '.join(counts)}"


def told(person: action_pb2.Person) -> Iterator[str]:
    """What an agent reads of a person."""
    stage = word(contact_pb2.Stage, person.stage)
    yield ""
    yield f"{person.display_name or 'Without a name'} ({stage})  {person.canonical_id}"
    for warning in person.warnings:
        yield f"  ! {word(action_pb2.PersonWarning, warning)}"
    for action in person.actions:
        kind = word(config_pb2.ActionKind, action.kind)
        yield f"  {kind + ':':<15}{action.reason.text}  (due {_time(action.due_time)})"
    for title, one in (
        ("last words", person.last_words),
        ("last call", person.last_call),
        ("last purchase", person.last_purchase),
    ):
        if one.interaction_id:
            yield from _shown(title, one)
    yield f"  leased to {person.lease.agent} until {_time(person.lease.end_time)}"


def _shown(title: str, one: interaction_pb2.Interaction) -> Iterator[str]:
    items = ", ".join(item.name for item in one.items)
    said = items or one.body or one.subject
    line = f"  {title + ':':<15}{_time(one.occurred_time)}  {said}"
    indent = " " * 17
    yield from textwrap.wrap(line, _WIDTH, subsequent_indent=indent) or [line]


def _time(time: Timestamp) -> str:
    return f"{time.ToDatetime():%Y-%m-%d %H:%M}"
