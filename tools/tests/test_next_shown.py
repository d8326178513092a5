"""./dev next answers and skips whom it has shown, as they were shown."""

import grpc
import pytest

from fake_desk import BOB, Agent, FakeGateway, follow_up, person
from kithdev.commands import next as next_command
from refused import Refused


@pytest.fixture
def agent_of(tmp_path):
    return lambda gateway: Agent(gateway, tmp_path / "next" / "demo-sam.json")


def test_nobody_is_answered_or_skipped_who_was_not_shown(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    for way in ({"done": "On its way."}, {"skip": "speaks no English"}):
        assert "Nobody is shown to you" in agent.fails(**way)
    agent.next()
    agent.next(done="On its way.")
    assert "Nobody is shown to you" in agent.fails(done="On its way.")
    assert len(gateway.completed) == 1 and not gateway.released


def test_an_answer_does_not_go_to_whom_it_was_not_meant_for(agent_of):
    gateway = FakeGateway(person(), person(BOB))
    agent = agent_of(gateway)
    agent.next()
    gateway.leased_by["ada"] = "eve"
    told = agent.fails(done="On its way.")
    assert "Ada Quill is no longer yours: a colleague deals with" in told
    # Typed again, it does not go to the next one.
    assert "Nobody is shown to you" in agent.fails(done="On its way.")
    assert not gateway.completed
    assert "Bob Frost  bob" in agent.next()


def test_nobody_else_is_skipped_if_the_lease_is_gone(agent_of):
    gateway = FakeGateway(person(), person(BOB))
    agent = agent_of(gateway)
    agent.next()
    gateway.leased_by["ada"] = "eve"
    assert "Ada Quill is no longer yours" in agent.fails(skip="speaks no English")
    assert "Nobody is shown to you" in agent.fails(skip="speaks no English")
    assert [one.customer.contact_id for one in gateway.released] == ["ada"]


def test_whom_a_colleague_has_dealt_with_is_not_answered_again(agent_of):
    gateway = FakeGateway(person(), person(BOB))
    agent = agent_of(gateway)
    agent.next()
    del gateway.people[0]
    assert "Ada Quill was dealt with since you looked" in agent.fails(done="x")
    assert not gateway.completed


def test_a_newer_word_is_shown_before_it_is_answered(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    gateway.say("t", "later", "And the other one?")
    told = agent.fails(done="On its way.")
    assert "Something is new about Ada Quill" in told and "same command again" in told
    assert agent.lines[-1].startswith("  new words:     ")
    assert agent.lines[-1].endswith("  And the other one?")
    assert not gateway.completed
    assert agent.next(done="On its way.")[0] == "Done: Ada Quill."
    (request,) = gateway.completed
    assert request.threads[0].etag == "1+"


def test_what_changed_without_a_thread_is_shown_first(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    gateway.people[0].actions[1].reason.parameters["count"] = "2"
    gateway.people[0].actions[1].reason.text = "Called twice today"
    agent.fails(done="On its way.")
    assert f"{'':<17}Called twice today" in agent.lines
    agent.next(done="On its way.")
    assert len(gateway.completed) == 1


def test_an_action_that_a_colleague_ended_is_shown_first(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    del gateway.people[0].actions[1]
    agent.fails(done="On its way.")
    agent.next(done="On its way.")
    (request,) = gateway.completed
    assert [one.action_id for one in request.actions] == ["reply"]


def test_what_came_after_the_look_is_not_ended(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    gateway.people[0].actions.insert(0, follow_up(1))
    lines = agent.next(done="On its way.")
    assert lines[:2] == ["Done: Ada Quill.", "To be done for this customer: 1 more."]
    (request,) = gateway.completed
    assert [one.action_id for one in request.actions] == ["reply", "call"]


def test_an_answer_that_may_have_arrived_is_sent_again_as_it_was(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    complete = gateway.CompleteActions

    def arrive_and_fail(request):
        complete(request)
        raise Refused(grpc.StatusCode.DEADLINE_EXCEEDED)

    gateway.CompleteActions = arrive_and_fail
    assert "recorded once" in agent.fails(done="On its way.")
    gateway.CompleteActions = complete
    assert agent.next(done="On its way.")[0] == "Done: Ada Quill."
    first, second = gateway.completed
    assert first == second


@pytest.mark.parametrize(
    "method, way",
    [
        ("LeaseActions", {"done": "On its way."}),
        ("CompleteActions", {"done": "On its way."}),
        ("ReleaseActions", {"skip": "speaks no English"}),
    ],
)
def test_what_is_refused_returns_what_was_typed(agent_of, method, way):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    gateway.refusing[method] = Refused(grpc.StatusCode.INVALID_ARGUMENT)
    assert "INVALID_ARGUMENT: as told" in agent.fails(**way)
    # The person is shown still.
    agent.next(**way)
    assert len(gateway.completed + gateway.released) == 1


def test_what_is_new_and_cannot_be_read_returns_what_was_typed(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    gateway.say("t", "later", "And the other one?")
    gateway.refusing["GetThread"] = Refused(grpc.StatusCode.UNAVAILABLE)
    assert "Nothing was recorded" in agent.fails(done="On its way.")
    # The word is new still.
    assert "Something is new" in agent.fails(done="On its way.")
    assert not gateway.completed


def test_whom_the_agent_has_answered_is_not_answered_again(agent_of):
    gateway = FakeGateway(person(), person(BOB))
    agent = agent_of(gateway)
    agent.next()
    gateway.refusing["NextActions"] = Refused(grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(grpc.RpcError):
        agent.next(done="On its way.")
    assert agent.lines == ["Done: Ada Quill."]
    assert "Nobody is shown to you" in agent.fails(done="On its way.")
    assert len(gateway.completed) == 1


def test_who_was_not_shown_for_a_failure_is_not_answered(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    gateway.refusing["CountWaitingActions"] = Refused(grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(grpc.RpcError):
        agent.next()
    agent.fails(done="On its way.")
    assert not gateway.completed


def test_a_refused_answer_is_for_the_same_lease_alone(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    gateway.refusing["CompleteActions"] = Refused(grpc.StatusCode.INVALID_ARGUMENT)
    agent.fails(done="On its way.")
    gateway.leased_by["ada"] = "eve"
    assert "is no longer yours" in agent.fails(done="On its way.")
    assert not gateway.completed


def test_whom_another_was_to_replace_on_the_screen_is_not_answered(agent_of):
    gateway = FakeGateway(person(), person(BOB))
    agent = agent_of(gateway)
    agent.next()
    gateway.leased_by["ada"] = "eve"
    desk = agent.desk()
    # The screen is gone after the first line of Bob.
    next(desk.next(["service"]))
    assert "Nobody is shown to you" in agent.fails(done="On its way.")


def test_the_file_is_for_its_owner_alone(agent_of, tmp_path):
    agent_of(FakeGateway(person())).next()
    (file,) = (tmp_path / "next").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_each_agent_of_each_tenant_has_a_file():
    names = ("sam", "../sam", "sam" * 200)
    files = {
        next_command._shown_file(tenant, name)
        for tenant in ("demo", "kontor")
        for name in names
    }
    assert len(files) == 6
    assert {file.parent.name for file in files} == {"next"}
