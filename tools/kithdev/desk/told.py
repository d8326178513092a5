"""The lines that an agent reads of a person."""

import textwrap
import time
from typing import Iterator

from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import action_pb2
from kith.interactions.v1.action_pb2 import ACTION_STATE_SNOOZED, Action
from kith.interactions.v1 import interaction_pb2

from kithdev.console import visible
from kithdev.desk.look import MOST_ACTIONS, Look
from kithdev.view import about, when, word

_WIDTH = 88
_INDENT = " " * 17
_MOST_CHARACTERS = 500
_NEW = {
    interaction_pb2.DIRECTION_INBOUND: "new words",
    interaction_pb2.DIRECTION_OUTBOUND: "new answer",
}
_ANSWERED_BY = {
    interaction_pb2.KIND_CALL: "answered by phone",
    interaction_pb2.KIND_EMAIL: "answered by e-mail",
    interaction_pb2.KIND_MESSAGE: "answered by message",
    interaction_pb2.KIND_NOTE: "decided",
    interaction_pb2.KIND_SOCIAL_POST: "answered by a post",
}


def told(look: Look, command: str) -> Iterator[str]:
    """Who it is, why, what was said, and how to go on by the command."""
    yield ""
    yield from _who(look.person)
    yield ""
    yield from _actions(look)
    yield from _last(look.person)
    yield ""
    yield from _ways(look, command)


def new_words(words: list[interaction_pb2.Interaction]) -> Iterator[str]:
    """What has come since the agent has looked."""
    for one in words:
        yield from _titled(_NEW.get(one.direction, "new"), one)


def _who(person: action_pb2.Person) -> Iterator[str]:
    name = visible(person.display_name) or "Without a name"
    stage = f" ({word(contact_pb2.Stage, person.stage)})" if person.stage else ""
    yield f"{name}{stage}  {person.canonical_id}"
    if person.reason.text:
        yield from _wrapped("  ", person.reason.text)
    if person.possible_customers:
        yield from _wrapped("  ", f"May be {_choice(person)}; ask who it is.")
    for warning in person.warnings:
        yield f"  ! {word(action_pb2.PersonWarning, warning)}"


def _choice(person: action_pb2.Person) -> str:
    """Of whom a stand-in contact is one: "Ada, Bert or Cleo"."""
    names = [one.display_name or one.canonical_id for one in person.possible_customers]
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _actions(look: Look) -> Iterator[str]:
    person, ended = look.person, look.actions
    for action in ended:
        yield _action(action)
        if action.reason.text != person.reason.text:
            yield from _wrapped(_INDENT, action.reason.text)
        words = look.words_of(action)
        if words and words.interaction_id != person.last_words.interaction_id:
            yield from _shown(_INDENT, words)
    rest = [one for one in person.actions if one not in ended]
    put_off = [one for one in rest if one.state == ACTION_STATE_SNOOZED]
    listed = put_off[: max(0, MOST_ACTIONS - len(ended))]
    for action in listed:
        yield _action(action)
    others = len(rest) - len(listed)
    if others:
        more = "more than " if person.more_actions else ""
        yield f"  and {more}{others} more, which an answer leaves as they are"


def _last(person: action_pb2.Person) -> Iterator[str]:
    # The customer may have called last, which is both.
    called = person.last_words.interaction_id == person.last_call.interaction_id
    if person.last_words.interaction_id and not called:
        yield from _titled("last words", person.last_words)
    if person.last_call.interaction_id:
        yield from _titled("last call", person.last_call)
    if person.last_purchase.interaction_id:
        yield from _titled("last purchase", person.last_purchase)


def _action(action: Action) -> str:
    kind = word(config_pb2.ActionKind, action.kind)
    return f"  {kind + ':':<15}{_due(action)}"


def _due(action: Action) -> str:
    """Until when, and whether that is over."""
    if action.state == ACTION_STATE_SNOOZED:
        return f"put off until {when(action.snooze_until_time)}"
    due = f"due {when(action.due_time)}"
    seconds_late = int(time.time()) - action.due_time.ToSeconds()
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = seconds_late // seconds
        if count > 0:
            return f"{due}, {count} {unit}{'s' if count > 1 else ''} late"
    return due


def _titled(title: str, one: interaction_pb2.Interaction) -> Iterator[str]:
    yield from _shown(f"  {title + ':':<15}", one)


def _shown(label: str, one: interaction_pb2.Interaction) -> Iterator[str]:
    line = f"{label}{when(one.occurred_time)}  {_said(one)}".rstrip()
    yield from textwrap.wrap(line, _WIDTH, subsequent_indent=_INDENT)


def _wrapped(indent: str, text: str) -> Iterator[str]:
    line = indent + _in_line(text)
    yield from textwrap.wrap(line, _WIDTH, subsequent_indent=indent)


def _in_line(text: str) -> str:
    """A customer's text without its line breaks, all visible."""
    return visible(" ".join(text.split()))


def _said(one: interaction_pb2.Interaction) -> str:
    """The items or the text, in one line; of a call first how it went."""
    said = about(one)
    if len(said) > _MOST_CHARACTERS:
        said = f"{said[:_MOST_CHARACTERS].rstrip()}..."
    if one.kind == interaction_pb2.KIND_CALL:
        how = [word(interaction_pb2.Direction, one.direction)] * bool(one.direction)
        how += [word(interaction_pb2.Outcome, one.outcome)] * bool(one.outcome)
        said = " ".join([f"[{', '.join(how)}]"] * bool(how) + [said] * bool(said))
    return _in_line(said)


def _ways(look: Look, command: str) -> Iterator[str]:
    """What the agent can do with the person, and until when."""
    lease = look.person.lease
    yield f"  Until {when(lease.end_time)} nobody else is given this customer."
    done = _ANSWERED_BY[look.interaction().kind]
    yield f"  Once you have {done}, record it, which ends what is due above:"
    yield f"    {command} --done='...'"
    yield "  To take somebody else first, say why:"
    yield f"    {command} --skip='...'"
