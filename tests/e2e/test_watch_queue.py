"""Who waits in a queue: listed by ListActions, and told by WatchQueue as it changes."""

import json
import re
import threading
from http.client import HTTPConnection

import grpc
import pytest

from builders import code, mail, ref, touch, update_of, wait_until
from groups import merge_of
from kith.config.v1 import config_pb2
from kith.gateway.v1 import action_pb2, watch_pb2
from kith.interactions.v1 import action_pb2 as actions

# Sooner than a head is read without a notice of the feed, in seconds.
SOON = 4


class Head(threading.Thread):
    """One who watches the head of a queue, as a good client does."""

    def __init__(self, client, **fields):
        super().__init__(daemon=True)
        request = watch_pb2.WatchQueueRequest(**fields)
        self._stream = client.gateway.WatchQueue(request)
        self.entries = {}
        self.resets = 0
        self.start()
        wait_until(lambda: self.resets)

    def run(self):
        try:
            for message in self._stream:
                entries = {} if message.reset else dict(self.entries)
                for left in message.left:
                    del entries[left.contact_id, left.queue]
                for entry in message.entries:
                    contact = entry.contact
                    entries[contact.contact_id, contact.queue] = entry
                self.entries = entries
                self.resets += message.reset
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.CANCELLED

    @property
    def ids(self) -> list[str]:
        """Those who wait, the most urgent first."""
        ranked = sorted(
            self.entries.values(),
            key=lambda entry: entry.contact.rank_time.ToNanoseconds(),
        )
        return [entry.contact.contact_id for entry in ranked]

    def stop(self):
        self._stream.cancel()
        self.join()


@pytest.fixture
def head(client, queue):
    watching = Head(client, queues=[queue])
    yield watching
    watching.stop()


@pytest.fixture
def plan(client, fresh, queue):
    """Makes a customer, or takes one, with something to do in the queue. Each is
    due after the one before."""
    due = iter(range(1_700_000_000, 1_800_000_000))

    def make(contact_id: str = "", **fields) -> actions.Action:
        if not contact_id:
            made = client.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
            contact_id = made.contact_id
        request = action_pb2.CreateActionRequest(customer=ref(contact_id))
        request.action.kind = config_pb2.ACTION_KIND_FOLLOW_UP
        request.action.reason.text = "Wants a blue one"
        request.action.queue = queue
        request.action.due_time.seconds = next(due)
        for name, value in fields.items():
            setattr(request.action, name, value)
        return client.gateway.CreateAction(request)

    return make


def listed(client, **fields) -> action_pb2.ListActionsResponse:
    return client.gateway.ListActions(action_pb2.ListActionsRequest(**fields))


def dana(queue: str) -> str:
    """An agent of this queue alone."""
    return f"Dana of {queue}"


def next_of(client, queue: str, agent: str) -> list[str]:
    request = action_pb2.NextActionsRequest(queues=[queue], agent=agent)
    people = client.gateway.NextActions(request).people
    return [person.canonical_id for person in people]


def give_back(client, contact_id: str, agent: str):
    request = action_pb2.ReleaseActionsRequest(customer=ref(contact_id), agent=agent)
    client.gateway.ReleaseActions(request)


def done(client, action: actions.Action, agent: str):
    name = actions.ActionName(contact_id=action.contact_id, action_id=action.action_id)
    client.gateway.CompleteActions(
        action_pb2.CompleteActionsRequest(actions=[name], agent=agent)
    )


def test_who_comes_and_goes_is_told(client, queue, head, plan):
    assert head.ids == []
    first, second = plan(), plan()
    both = [first.contact_id, second.contact_id]
    wait_until(lambda: head.ids == both, SOON)
    assert next_of(client, queue, dana(queue)) == both[:1]
    wait_until(lambda: head.ids == both[1:], SOON)
    give_back(client, both[0], dana(queue))
    wait_until(lambda: head.ids == both, SOON)
    done(client, first, dana(queue))
    wait_until(lambda: head.ids == both[1:], SOON)
    # Nothing was leased by looking.
    assert next_of(client, queue, f"Eve of {queue}") == both[1:]
    assert head.resets == 1


def test_what_is_known_of_a_customer_is_told(client, queue, head, plan):
    ada = plan().contact_id
    client.gateway.UpdateContact(update_of(ada, {"display_name": "Ada"}))
    bob = plan().contact_id
    client.gateway.MergeContacts(merge_of(ada, bob))

    def told():
        return {entry.canonical_id for entry in head.entries.values()}

    # A merge comes by another feed: the head is read again in any case.
    wait_until(lambda: len(head.entries) == 2 and told() == {ada}, 10)
    assert {entry.display_name for entry in head.entries.values()} == {"Ada"}


def test_the_head_has_so_many(client, queue, plan):
    planned = [plan() for _ in range(4)]
    ids = [action.contact_id for action in planned]
    watching = Head(client, queues=[queue], contact_count=2)
    try:
        assert watching.ids == ids[:2]
        done(client, planned[0], dana(queue))
        wait_until(lambda: watching.ids == ids[1:3], SOON)
    finally:
        watching.stop()


def test_what_is_assigned_is_told_to_its_agent(client, queue, plan):
    agent = dana(queue)
    watching = Head(client, agent=agent)
    try:
        mine = plan(assignee=agent).contact_id
        plan()
        wait_until(lambda: watching.ids == [mine], SOON)
        assert [key[1] for key in watching.entries] == [""]
    finally:
        watching.stop()


def test_another_tenant_is_told_nothing(client, stranger, queue, head, plan):
    theirs = Head(stranger, queues=[queue])
    try:
        action = plan()
        wait_until(lambda: head.ids == [action.contact_id], SOON)
        assert not theirs.entries
    finally:
        theirs.stop()
    assert not listed(stranger, queues=[queue]).actions
    assert not listed(stranger, agent="Dana").actions


def test_a_queue_is_listed_page_by_page(client, queue, plan):
    planned = [plan() for _ in range(5)]
    planned.append(plan(planned[0].contact_id))
    next_of(client, queue, dana(queue))
    wanted = [planned[i].action_id for i in (1, 2, 3, 4, 0, 5)]
    found, token = [], ""
    while True:
        page = listed(client, queues=[queue], page_size=2, page_token=token)
        found += page.actions
        assert len(page.people) <= 2
        token = page.next_page_token
        if not token:
            break
    assert [action.action_id for action in found] == wanted
    assert [action.lease.agent for action in found] == [""] * 4 + [dana(queue)] * 2


def test_an_agent_has_what_is_leased_and_what_is_assigned(client, queue, plan):
    agent = dana(queue)
    leased, assigned = plan(), plan(assignee=agent)
    request = action_pb2.LeaseActionsRequest(
        customer=ref(leased.contact_id), agent=agent
    )
    client.gateway.LeaseActions(request)
    page = listed(client, agent=agent)
    ids = [leased.contact_id, assigned.contact_id]
    assert [action.contact_id for action in page.actions] == ids
    assert [person.canonical_id for person in page.people] == ids


def test_queues_are_read_over_http(suite, queue, plan):
    action = plan()
    connection = HTTPConnection(suite.services["gateway"].address.http, timeout=30)
    key = {"authorization": f"Bearer {suite.token('demo')}"}
    connection.request("GET", f"/v1/actions?queues={queue}&page_size=5", headers=key)
    reply = connection.getresponse()
    body = json.loads(reply.read())
    assert reply.status == 200
    assert [each["actionId"] for each in body["actions"]] == [action.action_id]
    assert body["people"][0]["canonicalId"] == action.contact_id
    connection.request("GET", f"/v1/actions:watch?queues={queue}", headers=key)
    reply = connection.getresponse()
    assert reply.status == 200
    first = json.loads(reply.readline())["result"]
    assert first["reset"]
    assert first["entries"][0]["contact"]["contactId"] == action.contact_id
    reply.close()
    connection.close()


def test_the_longest_wait_is_exported(suite):
    address = suite.services["interactions-svc"].address.ops

    def exported() -> str:
        connection = HTTPConnection(address, timeout=10)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    metric = "kith_queue_first_rank_timestamp_seconds"
    found = re.compile(rf'^{metric}{{(?=.*tenant="demo").*queue="service"', re.M)
    wait_until(lambda: found.search(exported()))


def test_what_is_refused(client, queue):
    def watch(request):
        return next(client.gateway.WatchQueue(request))

    invalid = grpc.StatusCode.INVALID_ARGUMENT
    assert code(watch, watch_pb2.WatchQueueRequest()) == invalid
    too_many = watch_pb2.WatchQueueRequest(queues=[queue], contact_count=51)
    assert code(watch, too_many) == invalid
