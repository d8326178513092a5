"""What an agent reads of the next person, and what an answer records."""

import time

import pytest
from kith.config.v1 import config_pb2
from kith.interactions.v1 import action_pb2 as actions
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import thread_pb2

from fake_desk import BOB, Agent, FakeGateway, follow_up, person
from kithdev.commands import next as next_command
from kithdev.desk import told as told_lines


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Two hours after the first action was due."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    monkeypatch.setattr(told_lines.time, "time", lambda: 1750000000 + 7200.5)
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def agent_of(tmp_path):
    return lambda gateway: Agent(gateway, tmp_path / "next" / "demo-sam.json")


def test_tells_who_waits_and_why(agent_of):
    lines = agent_of(FakeGateway(person())).next()
    assert lines[0] == "Others waiting - service: more than 100"
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
    assert "  last call:     2025-06-15 12:20  [inbound, missed]" in lines


def test_tells_of_whom_a_shared_value_may_be_one(agent_of):
    shared = person()
    shared.display_name = ""
    for name in ("Ada Quill", "", "Bert\u202e Quill"):
        shared.possible_customers.add(display_name=name, canonical_id="c3")
    lines = agent_of(FakeGateway(shared)).next()
    # Nothing that a customer has typed turns the line around.
    assert "\u202e" not in "".join(lines)
    (line,) = [one for one in lines if one.startswith("  May be ")]
    assert line.startswith("  May be Ada Quill, c3 or Bert")
    assert line.endswith("; ask who it is.")


def test_tells_how_to_go_on(agent_of):
    lines = agent_of(FakeGateway(person())).next()
    assert lines[-5:] == [
        "  Until 2025-06-15 15:11 nobody else is given this customer.",
        "  Once you have answered by message, record it, which ends what is due above:",
        "    ./dev next --agent=sam --done='...'",
        "  To take somebody else first, say why:",
        "    ./dev next --agent=sam --skip='...'",
    ]


def test_an_answer_is_recorded_where_it_belongs_and_ends_what_was_shown(agent_of):
    gateway = FakeGateway(person())
    agent = agent_of(gateway)
    agent.next()
    lines = agent.next(done="On its way.")
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
    assert moved.etag == "1"
    assert request.request_id


def test_pitfall_9_an_answer_does_not_go_to_another_of_the_group(agent_of):
    group = person()
    group.last_words.contact_id = "other"
    gateway = FakeGateway(group)
    gateway.threads["t"].interactions[0].contact_id = "other"
    agent = agent_of(gateway)
    agent.next()
    agent.next(done="On its way.")
    (request,) = gateway.completed
    assert request.interaction.contact_id == "ada"
    assert not request.interaction.identity_key


def test_what_is_put_off_is_not_done(agent_of):
    later = person()
    later.actions[0].state = actions.ACTION_STATE_SNOOZED
    later.actions[0].snooze_until_time.FromSeconds(1750090000)
    gateway = FakeGateway(later)
    agent = agent_of(gateway)
    assert "  reply:         put off until 2025-06-16 16:06" in agent.next()
    agent.next(done="Called back.")
    (request,) = gateway.completed
    assert [one.action_id for one in request.actions] == ["call"]
    assert not request.threads


def test_of_much_to_do_the_first_is_shown_and_ended(agent_of):
    busy = person()
    busy.actions.extend(follow_up(number) for number in range(47))
    gateway = FakeGateway(busy)
    agent = agent_of(gateway)
    lines = agent.next()
    assert sum(": " in line and " due " in line for line in lines) == 5
    assert "  and 44 more, which an answer leaves as they are" in lines
    lines = agent.next(done="On its way.")
    assert lines[1] == "To be done for this customer: 44 more."
    (request,) = gateway.completed
    ended = [one.action_id for one in request.actions]
    assert ended == ["reply", "call", "f0", "f1", "f2"]
    assert len(request.threads) == 1


def test_more_than_a_person_lists_is_told(agent_of):
    busy = person()
    busy.actions.extend(follow_up(number) for number in range(48))
    busy.more_actions = True
    agent = agent_of(FakeGateway(busy))
    assert any("and more than 45 more, which" in line for line in agent.next())
    lines = agent.next(done="x")
    assert lines[1] == "To be done for this customer: more than 45 more."


def test_the_words_of_each_thread_are_shown_before_it_is_resolved(agent_of):
    two = person()
    two.actions.add(
        contact_id="ada",
        action_id="second",
        kind=config_pb2.ACTION_KIND_REPLY,
        thread_id="u",
    )
    gateway = FakeGateway(two)
    gateway.add_thread("u", "My bill is wrong.")
    agent = agent_of(gateway)
    assert f"{'':<17}1970-01-01 00:00  My bill is wrong." in agent.next()
    agent.next(done="On its way.")
    (request,) = gateway.completed
    assert [one.thread_id for one in request.threads] == ["t", "u"]


def test_a_reply_ends_with_its_thread_where_it_is_not_among_the_first(agent_of):
    busy = person()
    reply = busy.actions.pop(0)
    busy.actions.extend(follow_up(number) for number in range(4))
    busy.actions[1].thread_id = "t"
    busy.actions.append(reply)
    gateway = FakeGateway(busy)
    agent = agent_of(gateway)
    assert any(line.startswith("  reply:") for line in agent.next())
    agent.next(done="On its way.")
    (request,) = gateway.completed
    assert request.actions[-1].action_id == "reply"
    assert len(request.threads) == 1


def test_a_lead_is_answered_to_sell(agent_of):
    lead = person()
    lead.actions[0].kind = config_pb2.ACTION_KIND_FIRST_CONTACT
    gateway = FakeGateway(lead)
    agent = agent_of(gateway)
    agent.next()
    agent.next(done="Here is our offer.")
    (request,) = gateway.completed
    assert request.interaction.purpose == interaction_pb2.PURPOSE_SALES


def test_who_called_is_answered_by_a_call(agent_of):
    caller = person()
    del caller.actions[0]
    assert caller.actions[0].kind == config_pb2.ACTION_KIND_CALL_BACK
    gateway = FakeGateway(caller)
    agent = agent_of(gateway)
    agent.next()
    agent.next(done="Called back.")
    (request,) = gateway.completed
    assert request.interaction.kind == interaction_pb2.KIND_CALL
    assert request.interaction.outcome == interaction_pb2.OUTCOME_ANSWERED
    assert request.interaction.contact_id == "other"
    assert request.interaction.identity_key == "line"


def test_a_last_call_is_told_once(agent_of):
    caller = person()
    caller.last_words.CopyFrom(caller.last_call)
    lines = agent_of(FakeGateway(caller)).next()
    assert not any("last words:" in line for line in lines)
    assert sum("[inbound, missed]" in line for line in lines) == 1


def test_a_form_is_answered_by_an_e_mail_to_no_browser(agent_of):
    lead = person()
    lead.last_words.kind = interaction_pb2.KIND_WEB_EVENT
    gateway = FakeGateway(lead)
    gateway.threads["t"].interactions[0].kind = interaction_pb2.KIND_WEB_EVENT
    agent = agent_of(gateway)
    agent.next()
    agent.next(done="Here is our offer.")
    (request,) = gateway.completed
    assert request.interaction.kind == interaction_pb2.KIND_EMAIL
    assert not request.interaction.identity_key


def test_a_review_is_decided_by_a_note_and_not_told_to_the_customer(agent_of):
    review = person()
    del review.actions[1]
    review.actions[0].kind = config_pb2.ACTION_KIND_REVIEW
    gateway = FakeGateway(review)
    agent = agent_of(gateway)
    assert any("Once you have decided, record it" in line for line in agent.next())
    agent.next(done="They are two people.")
    (request,) = gateway.completed
    assert request.interaction.kind == interaction_pb2.KIND_NOTE
    assert not request.interaction.direction


def test_a_skipped_person_is_given_back_with_the_reason(agent_of):
    gateway = FakeGateway(person(), person(BOB))
    agent = agent_of(gateway)
    agent.next()
    lines = agent.next(skip="speaks no English")
    assert lines[0] == "Skipped: Ada Quill." and "Bob Frost  bob" in lines
    (request,) = gateway.released
    assert request.customer.contact_id == "ada"
    assert request.skip_reason == "speaks no English"
    agent.next(done="It is blue.")
    (request,) = gateway.completed
    assert request.interaction.contact_id == "bob"


def test_who_waits_for_others_alone_is_not_nobody(agent_of):
    gateway = FakeGateway(person())
    gateway.leased_by["ada"] = "eve"
    lines = agent_of(gateway).next()
    assert lines[0] == "Waiting - service: more than 100"
    assert lines[1].startswith("None of them is for you now: ")


def test_a_person_without_a_name_is_told_by_the_id(agent_of):
    nameless = person()
    nameless.display_name = ""
    agent = agent_of(FakeGateway(nameless))
    assert "Without a name (customer)  ada" in agent.next()
    assert agent.next(done="x")[0] == "Done: ada."


def test_nothing_of_a_customer_moves_the_cursor(agent_of):
    rude = person()
    evil = "a\x1b[2J\x07\u202eb\nc"
    rude.display_name = rude.reason.text = evil
    for action in rude.actions:
        action.reason.text = f"because {evil}"
    rude.last_words.body = rude.last_call.subject = evil
    gateway = FakeGateway(rude)
    gateway.add_thread("t", evil)
    agent = agent_of(gateway)
    lines = agent.next()
    gateway.say("t", "later", evil)
    failed = agent.fails(done="x")
    lines += agent.lines + agent.next(done="x")
    assert any("because a\\x1b[2J\\x07\\u202eb c" in line for line in lines)
    text = "".join(lines) + failed.replace("\n", "")
    assert not set("\x1b\x07\u202e\n") & set(text)


@pytest.mark.parametrize("way", ["--done", "--skip"])
def test_an_empty_answer_is_no_answer(way):
    with pytest.raises(SystemExit):
        next_command.run([f"{way}= "])
