"""Where an agent deals with one person after the other."""

from dataclasses import replace
from pathlib import Path
from typing import Iterator

import grpc
from kith.gateway.v1 import action_pb2

from kithdev.client import Client, reason_of
from kithdev.console import visible
from kithdev.credentials import write_secret
from kithdev.desk.look import Look, look_at
from kithdev.desk.told import new_words, told
from kithdev.failure import Failure

# After these nobody knows whether a call has arrived.
_UNKNOWN = (
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.UNKNOWN,
)


class Desk:
    """Shows an agent one person at a time, and sends back what the agent says.

    An answer and a skip are about the person who was shown last, as they were shown.
    That is kept in `file` from one command to the next. Every failure returns what
    was typed.
    """

    def __init__(self, client: Client, agent: str, file: Path, command: str):
        """`command` is what the agent has typed, without an answer."""
        self._gateway = client.gateway
        self._client = client
        self._agent = agent
        self._file = file
        self._command = command

    def next(self, queues: list[str]) -> Iterator[str] | None:
        """The person whom the agent has, or is given; None if nobody waits."""
        request = action_pb2.NextActionsRequest(queues=queues, agent=self._agent)
        people = self._gateway.NextActions(request).people
        # What somebody has to do may end while the call runs.
        person = next((one for one in people if one.actions), None)
        if person is None:
            self._forget()
            return None
        return self._show(person)

    def answer(self, text: str) -> Iterator[str]:
        """Records the text, and ends what was shown."""
        shown, others = self._shown(text), ""
        # What may have arrived is sent again as it was.
        if shown.sent != text:
            person = self._lease(shown, text)
            others = shown.others_of(person)
            if not shown.agrees_with(person):
                yield from self._show_newer(shown, person, text)
        self._keep(replace(shown, sent=text))
        try:
            self._gateway.CompleteActions(shown.answer(self._agent, text))
        except grpc.RpcError as error:
            if error.code() in _UNKNOWN:
                raise _unknown(error, text) from error
            self._keep(shown)
            if reason_of(error) != "SOMETHING_NEWER":
                raise _refused(error, text) from error
            person = self._lease(shown, text)
            yield from self._show_newer(shown, person, text)
        self._forget()
        yield f"Done: {visible(shown.name)}."
        if others:
            yield f"To be done for this customer: {others} more."

    def skip(self, why: str) -> Iterator[str]:
        """Gives back who was shown."""
        shown = self._shown(why)
        request = action_pb2.ReleaseActionsRequest(agent=self._agent, skip_reason=why)
        request.customer.contact_id = shown.person.canonical_id
        try:
            released = self._gateway.ReleaseActions(request).released_count
        except grpc.RpcError as error:
            failure = _unknown if error.code() in _UNKNOWN else _refused
            raise failure(error, why) from error
        self._forget()
        if not released:
            raise self._gone(
                f"{visible(shown.name)} is no longer yours, so nobody was skipped.", why
            )
        yield f"Skipped: {visible(shown.name)}."

    def _shown(self, typed: str) -> Look:
        if not self._file.exists():
            raise self._gone("Nobody is shown to you, so nothing was recorded.", typed)
        return Look.from_json(self._file.read_text(encoding="utf-8"))

    def _lease(self, shown: Look, typed: str) -> action_pb2.Person:
        """The person as they are now, and stay with the agent for the answer."""
        request = action_pb2.LeaseActionsRequest(agent=self._agent)
        request.customer.contact_id = shown.person.canonical_id
        try:
            person = self._gateway.LeaseActions(request).person
        except grpc.RpcError as error:
            if reason_of(error) != "LEASED_BY_OTHER":
                raise _refused(error, typed) from error
            self._forget()
            raise self._gone(
                f"{visible(shown.name)} is no longer yours: a colleague deals with "
                "this customer now. Nothing was recorded.",
                typed,
            ) from error
        if shown.is_dealt_with(person):
            self._forget()
            raise self._gone(
                f"{visible(shown.name)} was dealt with since you looked. Nothing was "
                "recorded.",
                typed,
            )
        return person

    def _show(self, person: action_pb2.Person) -> Iterator[str]:
        look = look_at(self._client, person)
        self._forget()
        yield from told(look, self._command)
        self._keep(look)

    def _show_newer(
        self, shown: Look, person: action_pb2.Person, typed: str
    ) -> Iterator[str]:
        """Shows the person anew and what is new, and fails."""
        try:
            newer = look_at(self._client, person)
        except grpc.RpcError as error:
            raise _refused(error, typed) from error
        self._forget()
        yield from told(newer, self._command)
        yield ""
        yield from new_words(shown.new_in(newer))
        self._keep(newer)
        raise _failure(
            f"Something is new about {visible(shown.name)} since you looked, as shown "
            "above. Nothing was recorded.",
            typed,
            "if your answer still fits, the same command again.",
        )

    def _keep(self, look: Look) -> None:
        write_secret(self._file, look.to_json())

    def _forget(self) -> None:
        self._file.unlink(missing_ok=True)

    def _gone(self, what: str, typed: str) -> Failure:
        return _failure(what, typed, f"{self._command} (shows who is next)")


def _unknown(error: grpc.RpcError, typed: str) -> Failure:
    return _failure(
        f"{error.code().name}: {visible(error.details())}. It is not known whether "
        "that was recorded.",
        typed,
        "the same command again; it is recorded once.",
    )


def _refused(error: grpc.RpcError, typed: str) -> Failure:
    what = f"{error.code().name}: {visible(error.details())}. Nothing was recorded."
    return _failure(what, typed, "")


def _failure(what: str, typed: str, advice: str) -> Failure:
    lines = "\n".join(f"  {visible(line)}" for line in typed.splitlines())
    return Failure(f"{what}\nYou typed:\n{lines}", advice=advice)
