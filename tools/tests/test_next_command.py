"""What an agent reads of the next person, and what an answer records."""

from types import SimpleNamespace

import pytest
from google.protobuf import text_format
from kith.config.v1 import config_pb2
from kith.gateway.v1 import action_pb2
from kith.interactions.v1 import action_pb2 as actions
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
actions {
  contact_id: "other" action_id: "call" kind: ACTION_KIND_CALL_BACK
  reason { text: "Called today" } due_time { seconds: 1750010000 }
}
reason { text: "Wrote by message yesterday" }
last_words {
  interaction_id: "i" contact_id: "ada" kind: KIND_MESSAGE identity_key: "k"
  body: "Where is it?"
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


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Two hours after the first action was due."""
    monkeypatch.setattr(next_command.time, "time", lambda: 1750000000 + 7200.5)


def work(gateway, **way):
    client = SimpleNamespace(gateway=gateway)
    arguments = {"done": None, "skip": None} | way
    return list(next_command.work(client, "sam", ["service"], **arguments))


def test_tells_who_waits_and_why():
    lines = work(FakeGateway(person()))
    assert lines[0] == "Waiting - service: more than 100"
    assert "Ada Quill (customer)  ada" in lines
    # Why comes first, at a glance.
    assert lines[lines.index("Ada Quill (customer)  ada") + 1 :][:3] == [
        "  Wrote by message yesterday",
        "  ! contact deleted",
        "",
    ]
    assert "  reply:         due 2025-06-15 15:06, 2 hours late" in lines
    assert "  call back:     due 2025-06-15 17:53" in lines
    assert f"{'':<17}Called today" in lines
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
    assert said.purpose == interaction_pb2.PURPOSE_SERVICE
    assert said.direction == interaction_pb2.DIRECTION_OUTBOUND
    (moved,) = request.threads
    assert moved.state == thread_pb2.THREAD_STATE_RESOLVED
    assert request.request_id


def test_pitfall_9_an_answer_does_not_go_to_another_of_the_group():
    group = person()
    group.last_words.contact_id = "other"
    gateway = FakeGateway(group)
    work(gateway, done="On its way.")
    (request,) = gateway.completed
    assert request.interaction.contact_id == "ada"
    assert not request.interaction.identity_key


def test_what_is_put_off_is_not_done():
    later = person()
    later.actions[0].state = actions.ACTION_STATE_SNOOZED
    later.actions[0].snooze_until_time.FromSeconds(1750090000)
    gateway = FakeGateway(later)
    put_off = "  reply:         put off until 2025-06-16 16:06"
    assert put_off in next_command.told(later)
    work(gateway, done="Called back.")
    (request,) = gateway.completed
    assert [one.action_id for one in request.actions] == ["call"]


def test_a_lead_is_answered_to_sell():
    lead = person()
    lead.actions[0].kind = config_pb2.ACTION_KIND_FIRST_CONTACT
    gateway = FakeGateway(lead)
    work(gateway, done="Here is our offer.")
    (request,) = gateway.completed
    assert request.interaction.purpose == interaction_pb2.PURPOSE_SALES


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
