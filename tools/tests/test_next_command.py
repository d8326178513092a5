"""What an agent reads of the next person, and what an answer records."""

from types import SimpleNamespace

from google.protobuf import text_format
from kith.config.v1 import config_pb2
from kith.gateway.v1 import action_pb2
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import thread_pb2

from kithdev.commands import next as next_command

_PERSON = """
canonical_id: "ada"
display_name: "Ada Quill"
stage: STAGE_CUSTOMER
actions {
  contact_id: "ada" action_id: "reply" kind: ACTION_KIND_REPLY thread_id: "t"
  reason { text: "Wrote by message yesterday" } due_time { seconds: 1750000000 }
}
actions { contact_id: "other" action_id: "call" kind: ACTION_KIND_CALL_BACK }
last_words {
  interaction_id: "i" kind: KIND_MESSAGE identity_key: "k" body: "Where is it?"
  occurred_time { seconds: 1750000000 }
}
lease { agent: "sam" end_time { seconds: 1750000300 } }
warnings: PERSON_WARNING_CONTACT_DELETED
"""


def person():
    return text_format.Parse(_PERSON, action_pb2.Person())


class FakeGateway:
    """Has these people in its queue, each given out until it is done or skipped."""

    def __init__(self, *people):
        self._people = list(people)
        self.completed, self.released = [], []

    def NextActions(self, request):
        assert request.agent == "sam" and list(request.queues) == ["service"]
        return action_pb2.NextActionsResponse(people=self._people[:1])

    def CompleteActions(self, request):
        self.completed.append(request)
        del self._people[0]

    def ReleaseActions(self, request):
        self.released.append(request)
        del self._people[0]

    def CountWaitingActions(self, request):
        response = action_pb2.CountWaitingActionsResponse()
        for _ in request.queues:
            response.results.add(contact_count=101 if self._people else 0)
        return response


def work(gateway, **way):
    client = SimpleNamespace(gateway=gateway)
    arguments = {"done": None, "skip": None} | way
    return list(next_command.work(client, "sam", ["service"], **arguments))


def test_tells_who_waits_and_why():
    lines = work(FakeGateway(person()))
    assert lines[0] == "Waiting - service: more than 100"
    assert "Ada Quill (customer)  ada" in lines
    assert "  ! contact deleted" in lines
    reply = "Wrote by message yesterday  (due 2025-06-15 15:06)"
    assert f"  reply:         {reply}" in lines
    assert "  last words:    2025-06-15 15:06  Where is it?" in lines
    assert lines[-1] == "  leased to sam until 2025-06-15 15:11"


def test_an_answer_is_recorded_where_it_belongs_and_ends_everything():
    gateway = FakeGateway(person())
    lines = work(gateway, done="On its way.")
    assert lines == ["Done: Ada Quill.", "Waiting - service: 0", "Nobody waits."]
    (request,) = gateway.completed
    assert [one.action_id for one in request.actions] == ["reply", "call"]
    said = request.interaction
    assert (said.contact_id, said.thread_id, said.body) == ("ada", "t", "On its way.")
    assert said.kind == interaction_pb2.KIND_MESSAGE
    assert said.identity_key == "k"
    assert said.direction == interaction_pb2.DIRECTION_OUTBOUND
    (moved,) = request.threads
    assert moved.state == thread_pb2.THREAD_STATE_RESOLVED
    assert request.request_id


def test_who_called_is_answered_by_a_call():
    caller = person()
    del caller.actions[0]
    assert caller.actions[0].kind == config_pb2.ACTION_KIND_CALL_BACK
    gateway = FakeGateway(caller)
    work(gateway, done="Called back.")
    (request,) = gateway.completed
    assert request.interaction.kind == interaction_pb2.KIND_CALL
    assert request.interaction.outcome == interaction_pb2.OUTCOME_ANSWERED


def test_a_skipped_person_is_given_back_with_the_reason():
    gateway = FakeGateway(person())
    assert work(gateway, skip="speaks no English")[0] == "Skipped: Ada Quill."
    (request,) = gateway.released
    assert request.customer.contact_id == "ada"
    assert request.skip_reason == "speaks no English"


def test_a_person_without_a_name_is_told_by_the_id():
    nameless = person()
    nameless.display_name = ""
    lines = work(FakeGateway(nameless), done="x")
    assert lines[0] == "Done: ada."
