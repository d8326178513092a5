"""A gateway with people who wait, and an agent who types ./dev next."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf import text_format
from kith.config.v1 import config_pb2
from kith.gateway.v1 import action_pb2
from kith.gateway.v1 import thread_pb2 as gateway_threads
from kith.interactions.v1 import action_pb2 as actions
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import thread_pb2

from kithdev.commands import next as next_command
from kithdev.desk.desk import Desk
from kithdev.failure import Failure
from refused import Refused

_PERSON = """
canonical_id: "ada"
display_name: "Ada Quill"
stage: STAGE_CUSTOMER
actions {
  contact_id: "ada" action_id: "reply" kind: ACTION_KIND_REPLY thread_id: "t"
  state: ACTION_STATE_OPEN
  reason { text: "Wrote by message yesterday" } due_time { seconds: 1750000000 }
}
actions {
  contact_id: "other" action_id: "call" kind: ACTION_KIND_CALL_BACK
  state: ACTION_STATE_OPEN
  reason {
    code: "CALLED" parameters { key: "count" value: "1" } text: "Called today"
  }
  due_time { seconds: 1750010000 }
}
reason { text: "Wrote by message yesterday" }
last_words {
  interaction_id: "i" contact_id: "ada" kind: KIND_MESSAGE identity_key: "k"
  body: "Where is it?" direction: DIRECTION_INBOUND thread_id: "t"
  occurred_time { seconds: 1750000000 }
}
last_call {
  interaction_id: "c" contact_id: "other" kind: KIND_CALL identity_key: "line"
  direction: DIRECTION_INBOUND outcome: OUTCOME_MISSED
  occurred_time { seconds: 1749990000 }
}
lease { agent: "sam" end_time { seconds: 1750000300 } }
warnings: PERSON_WARNING_CONTACT_DELETED
"""
BOB = """
canonical_id: "bob"
display_name: "Bob Frost"
actions {
  contact_id: "bob" action_id: "bobs" kind: ACTION_KIND_FOLLOW_UP
  state: ACTION_STATE_OPEN reason { text: "Wants a blue one" }
}
"""


def person(text=_PERSON):
    return text_format.Parse(text, action_pb2.Person())


def follow_up(number, **fields):
    action = actions.Action(
        contact_id="ada",
        action_id=f"f{number}",
        kind=config_pb2.ACTION_KIND_FOLLOW_UP,
        state=actions.ACTION_STATE_OPEN,
        **fields,
    )
    action.reason.text = f"Promise {number}"
    return action


def inbound(interaction_id, body):
    return interaction_pb2.Interaction(
        interaction_id=interaction_id,
        body=body,
        direction=interaction_pb2.DIRECTION_INBOUND,
    )


class FakeGateway:
    """Has these people in its queue, each given out until it is done or skipped.

    `leased_by` leases them to others; a method in `refusing` is refused once. An
    answer is refused if a thread is newer than its etag.
    """

    def __init__(self, *people):
        self.people = list(people)
        self.threads = {"t": self._thread("t", person().last_words)}
        self.leased_by, self.refusing = {}, {}
        self.completed, self.released = [], []

    def _thread(self, thread_id, *interactions):
        thread = thread_pb2.Thread(thread_id=thread_id, contact_id="ada", etag="1")
        return gateway_threads.GetThreadResponse(
            thread=thread, interactions=interactions
        )

    def add_thread(self, thread_id, body):
        words = inbound(f"in-{thread_id}", body)
        self.threads[thread_id] = self._thread(thread_id, words)

    def say(self, thread_id, interaction_id, body):
        """The customer says another word."""
        read = self.threads[thread_id]
        words = inbound(interaction_id, body)
        del read.interactions[4:]
        read.interactions.insert(0, words)
        read.thread.etag += "+"

    def _refuse(self, method):
        if method in self.refusing:
            raise self.refusing.pop(method)

    def NextActions(self, request):
        self._refuse("NextActions")
        assert request.agent == "sam" and list(request.queues) == ["service"]
        free = [one for one in self.people if one.canonical_id not in self.leased_by]
        return action_pb2.NextActionsResponse(people=free[:1])

    def GetThread(self, request):
        self._refuse("GetThread")
        return self.threads[request.thread_id]

    def LeaseActions(self, request):
        self._refuse("LeaseActions")
        assert request.agent == "sam" and not request.take_over_reason
        if request.customer.contact_id in self.leased_by:
            code = grpc.StatusCode.FAILED_PRECONDITION
            raise Refused(code, "LEASED_BY_OTHER")
        for one in self.people:
            if one.canonical_id == request.customer.contact_id:
                return action_pb2.LeaseActionsResponse(person=one)
        return action_pb2.LeaseActionsResponse()

    def CompleteActions(self, request):
        self._refuse("CompleteActions")
        for moved in request.threads:
            if moved.etag != self.threads[moved.thread_id].thread.etag:
                raise Refused(grpc.StatusCode.ABORTED, "SOMETHING_NEWER")
        self.completed.append(request)
        ended = {one.action_id for one in request.actions}
        for one in self.people:
            rest = [each for each in one.actions if each.action_id not in ended]
            del one.actions[:]
            one.actions.extend(rest)
        self.people = [one for one in self.people if one.actions]

    def ReleaseActions(self, request):
        self._refuse("ReleaseActions")
        self.released.append(request)
        skipped = request.customer.contact_id
        if skipped in self.leased_by:
            return action_pb2.ReleaseActionsResponse()
        self.people = [one for one in self.people if one.canonical_id != skipped]
        return action_pb2.ReleaseActionsResponse(released_count=1)

    def CountWaitingActions(self, request):
        self._refuse("CountWaitingActions")
        response = action_pb2.CountWaitingActionsResponse()
        for _ in request.queues:
            response.results.add(contact_count=101 if self.people else 0)
        return response


class Agent:
    """Types ./dev next, each time anew."""

    def __init__(self, gateway, file):
        self._client = SimpleNamespace(gateway=gateway)
        self._file = file
        self.lines = []

    def desk(self):
        return Desk(self._client, "sam", self._file, "./dev next --agent=sam")

    def next(self, done=None, skip=None):
        ways = (["service"], done, skip)
        self.lines = []
        for line in next_command.work(self._client, self.desk(), *ways):
            self.lines.append(line)
        return self.lines

    def fails(self, **way):
        """What it fails with; always with what was typed."""
        with pytest.raises(Failure) as failed:
            self.next(**way)
        (typed,) = way.values()
        assert f"You typed:\n  {typed}" in str(failed.value)
        return str(failed.value)
