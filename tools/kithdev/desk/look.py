"""A person as an agent is shown them, and the answer that ends what was shown."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Iterable

from google.protobuf import json_format
from kith.config.v1 import config_pb2
from kith.gateway.v1 import action_pb2
from kith.gateway.v1 import thread_pb2
from kith.interactions.v1.action_pb2 import ACTION_STATE_SNOOZED, Action
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import thread_pb2 as threads

from kithdev.client import Client

# CompleteActions takes 50 actions and 10 threads; people read fewer.
MOST_ACTIONS = 5
# Interactions of a thread, as many as may be new at the next look.
_THREAD_PAGE = 5
# They end with their thread.
_OF_THREADS = (config_pb2.ACTION_KIND_REPLY, config_pb2.ACTION_KIND_SOLVE)
# What is answered by the same kind; all else by e-mail.
_ANSWERED_ALIKE = (
    interaction_pb2.KIND_CALL,
    interaction_pb2.KIND_MESSAGE,
    interaction_pb2.KIND_SOCIAL_POST,
)


@dataclass(frozen=True)
class Look:
    """A person, and the threads of `actions` by their ids, as they were shown."""

    person: action_pb2.Person
    threads: dict[str, thread_pb2.GetThreadResponse]
    request_id: str = field(default_factory=lambda: f"next-{uuid.uuid4()}")
    # Answer that was sent, and may have arrived; empty if none.
    sent: str = ""

    @property
    def name(self) -> str:
        """How the person is called."""
        return self.person.display_name or self.person.canonical_id

    @property
    def actions(self) -> list[Action]:
        """What an answer ends: the most urgent, and what ends with their threads."""
        first = waiting_of(self.person)[:MOST_ACTIONS]
        moved = {one.thread_id for one in first if one.thread_id}
        return first + [
            one
            for one in self.person.actions
            if one not in first and one.kind in _OF_THREADS and one.thread_id in moved
        ]

    def words_of(self, action: Action) -> interaction_pb2.Interaction | None:
        """What the customer said last in the thread of an action."""
        if action.thread_id not in self.threads:
            return None
        for one in self.threads[action.thread_id].interactions:
            inbound = one.direction == interaction_pb2.DIRECTION_INBOUND
            if inbound and not one.automated:
                return one
        return None

    def interaction(self) -> interaction_pb2.Interaction:
        """What an answer records, but for its agent and text."""
        first = self._answered_action()
        said = interaction_pb2.Interaction(
            contact_id=first.contact_id, thread_id=first.thread_id
        )
        if first.kind == config_pb2.ACTION_KIND_REVIEW:
            # Nothing is said to the customer.
            said.kind = interaction_pb2.KIND_NOTE
            return said
        words = self._answered_words(first)
        alike = words.kind in _ANSWERED_ALIKE
        said.kind = words.kind if alike else interaction_pb2.KIND_EMAIL
        if first.kind == config_pb2.ACTION_KIND_CALL_BACK:
            said.kind = interaction_pb2.KIND_CALL
        if said.kind == interaction_pb2.KIND_CALL:
            said.outcome = interaction_pb2.OUTCOME_ANSWERED
        said.direction = interaction_pb2.DIRECTION_OUTBOUND
        lead = first.kind == config_pb2.ACTION_KIND_FIRST_CONTACT
        said.purpose = (
            interaction_pb2.PURPOSE_SALES if lead else interaction_pb2.PURPOSE_SERVICE
        )
        # Of a group, another contact may have said it, by its own value. What came
        # by a form or a call came by no mailbox.
        if words.contact_id == first.contact_id and words.kind == said.kind:
            said.identity_key = words.identity_key
        return said

    def answer(self, agent: str, text: str) -> action_pb2.CompleteActionsRequest:
        """Records the text, and ends what was shown if nothing is newer."""
        request = action_pb2.CompleteActionsRequest(
            agent=agent, request_id=self.request_id, interaction=self.interaction()
        )
        request.interaction.agent, request.interaction.body = agent, text
        for action in self.actions:
            request.actions.add(
                contact_id=action.contact_id, action_id=action.action_id
            )
        for thread_id, read in self.threads.items():
            request.threads.add(
                thread_id=thread_id,
                contact_id=read.thread.contact_id,
                state=threads.THREAD_STATE_RESOLVED,
                resolution=threads.RESOLUTION_ANSWERED,
                etag=read.thread.etag,
            )
        return request

    def others_of(self, person: action_pb2.Person) -> str:
        """How many of the person's actions wait beside those that an answer ends.

        Empty if none.
        """
        count = len(_ids(waiting_of(person)) - _ids(self.actions))
        if not count:
            return ""
        return f"more than {count}" if person.more_actions else str(count)

    def is_dealt_with(self, person: action_pb2.Person) -> bool:
        """Whether the person, as they are now, has nothing left of it."""
        return not _ids(self.actions) & _ids(person.actions)

    def agrees_with(self, person: action_pb2.Person) -> bool:
        """Whether the person's actions are as they were shown.

        The etags tell what is newer in a thread.
        """
        now = {one.action_id: _compared(one) for one in person.actions}
        return all(now.get(one.action_id) == _compared(one) for one in self.actions)

    def new_in(self, newer: "Look") -> list[interaction_pb2.Interaction]:
        """What the threads of a newer look have and this one's had not."""
        known = {
            one.interaction_id
            for read in self.threads.values()
            for one in read.interactions
        }
        return [
            one
            for thread_id, read in newer.threads.items()
            if thread_id in self.threads
            for one in read.interactions
            if one.interaction_id not in known
        ]

    def to_json(self) -> str:
        """The look as text."""
        return json.dumps(
            {
                "person": json_format.MessageToDict(self.person),
                "threads": {
                    thread_id: json_format.MessageToDict(read)
                    for thread_id, read in self.threads.items()
                },
                "request_id": self.request_id,
                "sent": self.sent,
            }
        )

    @staticmethod
    def from_json(text: str) -> "Look":
        """The look that to_json has written."""
        kept = json.loads(text)
        person = json_format.ParseDict(kept["person"], action_pb2.Person())
        read = {
            thread_id: json_format.ParseDict(one, thread_pb2.GetThreadResponse())
            for thread_id, one in kept["threads"].items()
        }
        return Look(person, read, kept["request_id"], kept["sent"])

    def _answered_action(self) -> Action:
        """The first that is about the customer's words, not about the record."""
        review = config_pb2.ACTION_KIND_REVIEW
        return next(
            (one for one in self.actions if one.kind != review), self.actions[0]
        )

    def _answered_words(self, action: Action) -> interaction_pb2.Interaction:
        """What was shown of the customer and is answered."""
        if action.kind == config_pb2.ACTION_KIND_CALL_BACK:
            return self.person.last_call
        return self.words_of(action) or self.person.last_words


def look_at(client: Client, person: action_pb2.Person) -> Look:
    """The person with the threads of what an answer ends.

    They are read after the person: what came in between is shown with them.
    """
    ids = [one.thread_id for one in Look(person, {}).actions if one.thread_id]
    read = {}
    for thread_id in dict.fromkeys(ids):
        request = thread_pb2.GetThreadRequest(
            thread_id=thread_id, page_size=_THREAD_PAGE
        )
        read[thread_id] = client.gateway.GetThread(request)
    return Look(person, read)


def waiting_of(person: action_pb2.Person) -> list[Action]:
    """What is not put off; all, if everything is."""
    waiting = [one for one in person.actions if one.state != ACTION_STATE_SNOOZED]
    return waiting or list(person.actions)


def _ids(some: Iterable[Action]) -> set[str]:
    return {one.action_id for one in some}


def _compared(action: Action) -> tuple:
    """What of an action does not change as time goes by."""
    if action.thread_id:
        return (action.state,)
    reason = action.reason
    return (action.state, reason.code, dict(reason.parameters))
