"""Threads through the gateway, and the pitfalls of other systems that are about them.

The numbers are those of the list of pitfalls in issue 14's evidence (A.3)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from functools import partial

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from builders import (
    code,
    mail,
    phone,
    ref,
    touch,
    until_it_works,
    view_of,
    wait_until,
)
from conftest import four_processes
from groups import merge_of, unmerge_of
from kith.gateway.v1 import thread_pb2
from kith.interactions.v1 import interaction_pb2 as one
from kith.interactions.v1 import thread_pb2 as threads
from kithdev.client import Client
from watching import Watch

OPEN, WAITING, RESOLVED = (
    threads.THREAD_STATE_OPEN,
    threads.THREAD_STATE_WAITING,
    threads.THREAD_STATE_RESOLVED,
)
START = datetime.now(timezone.utc) - timedelta(days=2)


def said(direction, minute: int, **fields) -> dict:
    """The fields of an e-mail that was sent `minute` minutes after START."""
    time = Timestamp()
    time.FromDatetime(START + timedelta(minutes=minute))
    return {
        "kind": one.KIND_EMAIL,
        "direction": direction,
        "purpose": one.PURPOSE_SERVICE,
        "occurred_time": time,
        **fields,
    }


def asks(minute: int = 0, **fields) -> dict:
    return said(one.DIRECTION_INBOUND, minute, **fields)


def answers(minute: int = 0, **fields) -> dict:
    return said(one.DIRECTION_OUTBOUND, minute, **fields)


class Person:
    """A customer who writes from an address of their own."""

    def __init__(self, client: Client, fresh, name: str):
        self.client = client
        self.fresh = fresh
        self.address = mail(f"{fresh(name)}@example.com")
        self.contact_id = ""

    def says(self, fields: dict) -> str:
        """Records it, and returns the id of its thread."""
        answer = self.client.gateway.RecordTouch(
            touch(self.fresh("said"), self.address, **fields)
        )
        self.contact_id = answer.contact_id
        return answer.interaction.thread_id

    def threads(self, *states) -> list[threads.Thread]:
        request = thread_pb2.ListThreadsRequest(
            customer=ref(self.contact_id), states=states
        )
        return list(self.client.gateway.ListThreads(request).threads)


@pytest.fixture
def ada(client, fresh):
    return Person(client, fresh, "ada")


@pytest.fixture
def bob(client, fresh):
    return Person(client, fresh, "bob")


def thread_of(client: Client, thread_id: str) -> threads.Thread:
    request = thread_pb2.GetThreadRequest(thread_id=thread_id)
    return client.gateway.GetThread(request).thread


def state_of(client: Client, thread_id: str) -> int:
    return thread_of(client, thread_id).state


def set_state(client: Client, thread_id: str, state, **fields) -> threads.Thread:
    request = thread_pb2.UpdateThreadRequest(
        thread=threads.Thread(thread_id=thread_id, state=state, **fields),
        update_mask={"paths": ["state"]},
    )
    return client.gateway.UpdateThread(request)


def resolve(client: Client, thread_id: str, **fields) -> threads.Thread:
    fields.setdefault("resolution", threads.RESOLUTION_ANSWERED)
    return set_state(client, thread_id, RESOLVED, **fields)


def waits_since(thread: threads.Thread, minute: int) -> bool:
    since = thread.first_unanswered_time.ToDatetime(timezone.utc)
    return since == START + timedelta(minutes=minute)


def test_a_complaint_is_one_thread_over_all_channels(client, ada, fresh):
    complaint = asks(topic="delivery", opens=one.THREAD_KIND_PROBLEM)
    thread_id = ada.says(complaint)
    number = phone(fresh("phone"))
    client.gateway.RecordTouch(touch(fresh("r"), ada.address, number))
    call = answers(
        5, kind=one.KIND_CALL, outcome=one.OUTCOME_ANSWERED, topic="delivery"
    )
    called = client.gateway.RecordTouch(touch(fresh("r"), number, **call))
    assert called.interaction.thread_id == thread_id
    assert state_of(client, thread_id) == WAITING
    view = client.gateway.GetCustomerView(view_of(ada.contact_id)).view
    assert [shown.thread_id for shown in view.threads] == [thread_id]
    assert [shown.topic for shown in view.last_problems] == ["delivery"]
    resolve(client, thread_id)
    view = client.gateway.GetCustomerView(view_of(ada.contact_id)).view
    assert not view.threads
    assert view.last_problems[0].state == RESOLVED


def test_a_thread_is_made_changed_and_listed(client, ada):
    ada.says(answers())
    request = thread_pb2.CreateThreadRequest(customer=ref(ada.address))
    request.thread.kind = one.THREAD_KIND_INPUT
    request.thread.topic = "idea"
    made = client.gateway.CreateThread(request)
    assert (made.contact_id, made.state) == (ada.contact_id, OPEN)
    update = thread_pb2.UpdateThreadRequest(thread=made)
    update.thread.assignee = "Dana"
    update.update_mask.paths.append("assignee")
    assert client.gateway.UpdateThread(update).assignee == "Dana"
    assert code(client.gateway.UpdateThread, update) == grpc.StatusCode.ABORTED
    assert [shown.topic for shown in ada.threads(OPEN)] == ["idea"]
    assert not ada.threads(RESOLVED)


def test_pitfall_1_two_messages_at_once_are_one_thread(client, ada, fresh):
    def send(number):
        picture = asks(number, kind=one.KIND_MESSAGE)
        request = touch(fresh("album"), ada.address, **picture)
        return until_it_works(client.gateway.RecordTouch, request)

    with ThreadPoolExecutor(8) as pool:
        answers_ = list(pool.map(send, range(8)))
    assert len({answer.interaction.thread_id for answer in answers_}) == 1
    assert len({answer.contact_id for answer in answers_}) == 1
    ada.contact_id = answers_[0].contact_id
    (thread,) = ada.threads()
    assert waits_since(thread, 0)


@four_processes
def test_pitfall_3_and_4_a_message_that_was_cut_off_is_not_swallowed(
    suite, client, ada, fresh
):
    """The database dies while messages come; each is sent until it is answered."""
    ada.says(asks())

    def send(number):
        request = touch(fresh("m"), ada.address, **asks(number))
        return until_it_works(client.gateway.RecordTouch, request)

    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(send, number) for number in range(1, 41)]
        wait_until(lambda: sum(each.done() for each in sent) >= 5)
        suite.services["interactions-svc"].kill()
        suite.start_service("interactions-svc")
        results = [each.result() for each in sent]
    (thread,) = until_it_works(lambda _: ada.threads(), None)
    assert {each.interaction.thread_id for each in results} == {thread.thread_id}
    request = thread_pb2.GetThreadRequest(thread_id=thread.thread_id, page_size=100)
    shown = client.gateway.GetThread(request).interactions
    assert len(shown) == 41
    last = thread.last_inbound_time.ToDatetime(timezone.utc)
    assert (last, waits_since(thread, 0)) == (START + timedelta(minutes=40), True)


def test_pitfall_5_out_of_office_reopens_nothing(client, ada, fresh):
    asked, closed = f"<{fresh('ask')}@a>", f"<{fresh('close')}@kith>"
    thread_id = ada.says(asks(message_id=asked))
    ada.says(answers(1, message_id=closed, in_reply_to=[asked]))
    resolve(client, thread_id)
    away = asks(2, automated=True, in_reply_to=[closed])
    assert ada.says(away) == thread_id
    assert state_of(client, thread_id) == RESOLVED
    assert not [shown for shown in ada.threads() if shown.thread_id != thread_id]


def test_pitfall_6_it_is_people_who_reopen(client, ada, fresh):
    asked = f"<{fresh('ask')}@a>"
    thread_id = ada.says(asks(message_id=asked))
    resolve(client, thread_id)
    assert ada.says(asks(1, in_reply_to=[asked])) == thread_id
    thread = thread_of(client, thread_id)
    assert (thread.state, thread.reopen_count) == (OPEN, 1)
    assert waits_since(thread, 1)


def test_pitfall_7_two_machines_do_not_answer_each_other_for_ever(client, ada, fresh):
    asked = f"<{fresh('ask')}@a>"
    thread_id = ada.says(asks(message_id=asked))
    for number in range(1, 6):
        resolve(client, thread_id)
        # A machine that does not say that it is one.
        assert ada.says(asks(number, in_reply_to=[asked])) == thread_id
    thread = thread_of(client, thread_id)
    assert (thread.state, thread.reopen_count) == (RESOLVED, 3)
    # It is kept, and told to whoever looks.
    assert thread.HasField("held_time")
    assert set_state(client, thread_id, OPEN).state == OPEN


def test_pitfall_8_a_merge_leaves_no_dead_thread(client, ada, bob, fresh):
    asked = f"<{fresh('ask')}@b>"
    of_bob = bob.says(asks(message_id=asked))
    ada.says(asks(1, topic="else"))
    resolve(client, of_bob)
    client.gateway.MergeContacts(merge_of(ada.contact_id, bob.contact_id))
    assert bob.says(asks(2, in_reply_to=[asked])) == of_bob
    assert state_of(client, of_bob) == OPEN
    assert of_bob in [shown.thread_id for shown in ada.threads(OPEN)]


def test_pitfall_9_after_a_merge_each_thread_stays_with_its_person(client, ada, bob):
    of_ada, of_bob = ada.says(asks()), bob.says(asks(1))
    client.gateway.MergeContacts(merge_of(ada.contact_id, bob.contact_id))
    assert [shown.thread_id for shown in bob.threads()] == [of_bob, of_ada]
    # The answer goes to who wrote it: its contact and value.
    request = thread_pb2.GetThreadRequest(thread_id=of_bob)
    got = client.gateway.GetThread(request)
    assert got.thread.contact_id == bob.contact_id
    assert got.interactions[0].contact_id == bob.contact_id
    assert bob.says(answers(2)) == of_bob
    assert state_of(client, of_ada) == OPEN
    client.gateway.UnmergeContacts(unmerge_of(bob.contact_id, all_edges=True))
    assert [shown.thread_id for shown in bob.threads()] == [of_bob]
    assert [shown.thread_id for shown in ada.threads()] == [of_ada]


def test_a_forwarded_mail_is_one_with_its_thread_only_in_one_group(
    client, ada, bob, fresh
):
    asked = f"<{fresh('ask')}@a>"
    of_ada = ada.says(asks(message_id=asked))
    of_bob = bob.says(asks(1, in_reply_to=[asked]))
    assert of_bob not in ("", of_ada)
    bob.says(answers(2))
    assert [shown.state for shown in bob.threads()] == [WAITING]
    client.gateway.MergeContacts(merge_of(ada.contact_id, bob.contact_id))
    (shown,) = ada.threads()
    assert (shown.thread_id, list(shown.part_ids)) == (of_bob, [of_ada])
    # Ada still has no answer.
    assert shown.state == OPEN
    client.gateway.UnmergeContacts(unmerge_of(bob.contact_id, all_edges=True))
    assert [shown.state for shown in bob.threads()] == [WAITING]


def test_pitfall_10_the_wait_begins_with_the_first_question(client, ada):
    thread_id = ada.says(asks(5))
    ada.says(asks(9))
    assert waits_since(thread_of(client, thread_id), 5)
    ada.says(answers(10, automated=True))
    assert waits_since(thread_of(client, thread_id), 5)
    # One that comes late.
    ada.says(asks(3))
    assert waits_since(thread_of(client, thread_id), 3)
    ada.says(answers(20))
    assert not thread_of(client, thread_id).HasField("first_unanswered_time")
    ada.says(asks(30))
    assert waits_since(thread_of(client, thread_id), 30)


def test_pitfall_12_thanks_does_not_reopen(client, ada, fresh):
    asked = f"<{fresh('ask')}@a>"
    thread_id = ada.says(asks(message_id=asked))
    ada.says(answers(1))
    resolve(client, thread_id)
    assert ada.says(asks(2, closing=True, in_reply_to=[asked])) == thread_id
    assert state_of(client, thread_id) == RESOLVED


def test_pitfall_17_nothing_must_be_locked_to_answer(client, ada):
    thread_id = ada.says(asks())
    seen = thread_of(client, thread_id)
    ada.says(asks(1))
    # What an agent has sent is recorded, whatever has come meanwhile.
    assert ada.says(answers(2)) == thread_id
    # But nobody resolves what they have not seen.
    resolving = partial(resolve, client, thread_id)
    stale = code(lambda etag: resolving(etag=etag), seen.etag)
    assert stale == grpc.StatusCode.ABORTED
    assert resolving(etag=thread_of(client, thread_id).etag).state == RESOLVED


def test_what_was_sent_before_it_was_resolved_and_came_later_reopens(client, ada):
    chat = {"conversation_id": ada.fresh("chat"), "source": "chat"}
    thread_id = ada.says(asks(external_id=ada.fresh("x"), **chat))
    resolve(client, thread_id)
    # Two days old, as START is: nobody had seen it.
    ada.says(asks(1, external_id=ada.fresh("x"), **chat))
    assert state_of(client, thread_id) == OPEN


def split(client: Client, thread_id: str, *interaction_ids: str):
    request = thread_pb2.SplitThreadRequest(
        thread_id=thread_id, interaction_ids=interaction_ids
    )
    return client.gateway.SplitThread(request)


def undo(client: Client, **change):
    request = thread_pb2.UndoThreadChangeRequest(**change)
    return client.gateway.UndoThreadChange(request)


def interactions_of(client: Client, thread_id: str) -> list[one.Interaction]:
    request = thread_pb2.GetThreadRequest(thread_id=thread_id)
    return list(client.gateway.GetThread(request).interactions)


def test_two_matters_in_one_thread_are_split_and_that_is_taken_back(client, ada, fresh):
    asked, again = f"<{fresh('ask')}@a>", f"<{fresh('again')}@a>"
    thread_id = ada.says(asks(message_id=asked, subject="My order"))
    ada.says(asks(1, message_id=again, in_reply_to=[asked], subject="My bill"))
    before = thread_of(client, thread_id)
    newest = interactions_of(client, thread_id)[0]
    made = split(client, thread_id, newest.interaction_id).split_thread
    assert (made.subject, made.state) == ("My bill", OPEN)
    assert waits_since(made, 1)
    # Each answer goes to the question that it answers.
    assert ada.says(answers(2, in_reply_to=[again])) == made.thread_id
    assert state_of(client, thread_id) == OPEN
    view = client.gateway.GetCustomerView(view_of(ada.contact_id)).view
    assert {shown.thread_id for shown in view.threads} == {thread_id, made.thread_id}
    threads_shown = [shown.thread_id for shown in view.interactions]
    assert threads_shown == [made.thread_id, made.thread_id, thread_id]
    undone = undo(client, split_thread_id=made.thread_id)
    before.etag = undone.thread.etag
    assert undone.thread == before
    # What was recorded since stays where it is.
    assert [each.occurred_time for each in interactions_of(client, made.thread_id)] == [
        answers(2)["occurred_time"]
    ]
    assert undo(client, split_thread_id=made.thread_id) == undone


def test_threads_of_one_matter_are_joined_and_that_is_taken_back(client, ada, fresh):
    asked = f"<{fresh('ask')}@a>"
    first = ada.says(asks(topic="order", message_id=f"<{fresh('x')}@a>"))
    second = ada.says(asks(1, topic="delivery", message_id=asked))
    assert second != first
    before = thread_of(client, second)
    request = thread_pb2.JoinThreadsRequest(thread_id=first, joined_thread_id=second)
    watch = Watch([client], ada.contact_id)
    try:
        joined = client.gateway.JoinThreads(request)
        wait_until(lambda: watch.count("thread_changed") == 2)
    finally:
        watch.stop()
    assert joined.joined_thread.joined_into_thread_id == first
    assert [shown.thread_id for shown in ada.threads()] == [first]
    assert not interactions_of(client, second)
    assert ada.says(answers(2, in_reply_to=[asked])) == first
    assert state_of(client, first) == WAITING
    undone = undo(client, joined_thread_id=second)
    before.etag = undone.changed_thread.etag
    assert undone.changed_thread == before
    assert [shown.thread_id for shown in ada.threads(OPEN)] == [second]
    assert ada.says(asks(3, in_reply_to=[asked])) == second


def test_threads_of_two_members_of_a_group_are_not_joined(client, ada, bob):
    of_ada, of_bob = ada.says(asks()), bob.says(asks(1))
    client.gateway.MergeContacts(merge_of(ada.contact_id, bob.contact_id))
    request = thread_pb2.JoinThreadsRequest(thread_id=of_ada, joined_thread_id=of_bob)
    refused = code(client.gateway.JoinThreads, request)
    assert refused == grpc.StatusCode.FAILED_PRECONDITION
    assert len(ada.threads()) == 2


def test_another_tenant_finds_no_thread(client, stranger, ada, fresh):
    asked = f"<{fresh('ask')}@a>"
    thread_id = ada.says(asks(message_id=asked))
    before = thread_of(client, thread_id)
    not_found = grpc.StatusCode.NOT_FOUND
    get = thread_pb2.GetThreadRequest(thread_id=thread_id)
    assert code(stranger.gateway.GetThread, get) == not_found
    update = thread_pb2.UpdateThreadRequest(
        thread=threads.Thread(thread_id=thread_id, topic="mine"),
        update_mask={"paths": ["topic"]},
    )
    assert code(stranger.gateway.UpdateThread, update) == not_found
    (said,) = interactions_of(client, thread_id)
    moves = {"thread_id": thread_id, "interaction_ids": [said.interaction_id]}
    moved = thread_pb2.SplitThreadRequest(**moves)
    assert code(stranger.gateway.SplitThread, moved) == not_found
    joined = {"thread_id": thread_id, "joined_thread_id": ada.contact_id}
    joined = thread_pb2.JoinThreadsRequest(**joined)
    assert code(stranger.gateway.JoinThreads, joined) == not_found
    undone = thread_pb2.UndoThreadChangeRequest(split_thread_id=thread_id)
    assert code(stranger.gateway.UndoThreadChange, undone) == not_found
    they = {"customer": ref(ada.contact_id)}
    listing = thread_pb2.ListThreadsRequest(**they)
    assert code(stranger.gateway.ListThreads, listing) == not_found
    made = thread_pb2.CreateThreadRequest(
        thread=threads.Thread(kind=one.THREAD_KIND_INPUT), **they
    )
    assert code(stranger.gateway.CreateThread, made) == not_found
    theirs = Person(stranger, fresh, "ada")
    reply = asks(1, in_reply_to=[asked], thread_id=thread_id)
    assert theirs.says(reply) not in ("", thread_id)
    assert not theirs.threads()[0].continues_thread_id
    assert thread_of(client, thread_id) == before


def test_a_public_form_opens_a_thread_and_does_not_learn_of_it(suite, client, ada):
    thread_id = ada.says(asks())
    with Client(suite.targets(), suite.token("webform")) as form:
        answer = form.gateway.RecordTouch(
            touch(ada.fresh("form"), ada.address, **asks(1))
        )
        # Nor does it answer in the name of the business.
        form.gateway.RecordTouch(touch(ada.fresh("form"), ada.address, **answers(2)))
    assert answer.interaction.thread_id == ""
    thread = thread_of(client, thread_id)
    assert thread.state == OPEN
    request = thread_pb2.GetThreadRequest(thread_id=thread_id)
    assert len(client.gateway.GetThread(request).interactions) == 2


def test_threads_are_told_at_once(client, ada):
    ada.says(answers())
    watch = Watch([client], ada.contact_id)
    try:
        thread_id = ada.says(asks(1))
        resolve(client, thread_id)
        wait_until(lambda: watch.count("thread_changed") == 1)
        assert watch.count("thread_opened") == 1
    finally:
        watch.stop()
