"""The change feed of the real services: nothing missed, nothing repeated."""

import random
import threading
import time
from collections import Counter

import grpc
import pytest

from builders import ask, code, mail, phone, touch, touch_of, update_of, wait_until
from conftest import KEYS, start_suite
from groups import merge_of, unmerge_of
from kith.changes.v1 import changes_service_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kithdev.client import Client
from kithdev.credentials import ALL_SCOPES, ApiKey


FEEDS = ("contacts", "identity", "interactions")


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """One suite, with a key that may read the changes of all tenants."""
    office = ApiKey("backoffice", "demo", (*ALL_SCOPES, "changes.tail_all"))
    one = start_suite(tmp_path_factory.mktemp("suite"), keys=[*KEYS, office])
    yield one
    one.stop()


class Feed(threading.Thread):
    """Reads a feed as a good reader does: goes on with the last token."""

    def __init__(self, tail, **request):
        super().__init__(daemon=True)
        self._tail = tail
        self._request = request
        self._stream = None
        self._stopping = False
        self.token = ""
        self.changes = []
        self.ends = []
        self.start()
        wait_until(lambda: self.token)

    def run(self):
        while not self._stopping:
            request = changes_service_pb2.TailChangesRequest(
                resume_token=self.token, **self._request
            )
            try:
                self._stream = self._tail(request)
                for message in self._stream:
                    self.changes += message.changes
                    self.token = message.resume_token
            except grpc.RpcError as error:
                self.ends.append(error.code())
                # A client's pause before it connects again.
                time.sleep(0.05)

    def kinds(self, owner):
        return [c.WhichOneof("what") for c in self.changes if c.owner == owner]

    def stop(self):
        self._stopping = True
        self._stream.cancel()
        self.join()


@pytest.fixture
def feeds(client):
    """The three feeds, from now on."""
    one = {area: Feed(getattr(client, f"{area}_changes").TailChanges) for area in FEEDS}
    yield one
    for feed in one.values():
        feed.stop()


def test_each_effect_is_told_by_its_owner(client, feeds, fresh):
    number = phone(fresh("phone"))
    made = client.gateway.RecordTouch(touch(fresh("r"), number))
    contact_id = made.contact_id
    client.gateway.UpdateContact(update_of(contact_id, {"display_name": "A"}))
    stage = {"stage": contact_pb2.STAGE_CUSTOMER}
    client.gateway.UpdateContact(update_of(contact_id, stage))
    ask(client, "contacts.DeleteContact", {"contact_id": contact_id})
    ask(client, "contacts.UndeleteContact", {"contact_id": contact_id})
    held = {"contact_id": contact_id, "value": mail(fresh("mail"))}
    key = ask(client, "identity.LinkIdentity", held).identity.identity_key
    ask(client, "identity.UnlinkIdentity", held)
    wait_until(lambda: len(feeds["identity"].kinds(key)) == 2)
    assert feeds["identity"].kinds(key) == ["identity_linked", "identity_unlinked"]
    wait_until(lambda: len(feeds["contacts"].kinds(contact_id)) == 5)
    assert feeds["contacts"].kinds(contact_id) == [
        "contact_created",
        "contact_updated",
        "stage_changed",
        "contact_deleted",
        "contact_undeleted",
    ]
    wait_until(lambda: feeds["interactions"].kinds(contact_id))
    (recorded,) = feeds["interactions"].changes
    told = recorded.interaction_recorded
    assert told.interaction_id == made.interaction.interaction_id


def test_tenants_do_not_see_each_other_but_the_office_sees_all(
    suite, client, stranger, feeds, fresh
):
    feed = Feed(stranger.contacts_changes.TailChanges)
    with Client(suite.targets(), suite.token("backoffice")) as office:
        everything = Feed(office.contacts_changes.TailChanges, all_tenants=True)
        mine = client.gateway.CreateContact(
            gateway_contact_pb2.CreateContactRequest()
        ).contact_id
        theirs = stranger.gateway.CreateContact(
            gateway_contact_pb2.CreateContactRequest()
        ).contact_id
        wait_until(lambda: everything.kinds(mine) and everything.kinds(theirs))
        wait_until(lambda: feeds["contacts"].kinds(mine) and feed.kinds(theirs))
        tenants = {c.owner: c.tenant_id for c in everything.changes}
        everything.stop()
    assert tenants[mine] == 1 and tenants[theirs] == 2
    assert not feed.kinds(mine) and not feeds["contacts"].kinds(theirs)
    feed.stop()


def test_what_is_refused(suite, client):
    def tail(request):
        return next(iter(client.contacts_changes.TailChanges(request)))

    other = next(
        iter(
            client.identity_changes.TailChanges(
                changes_service_pb2.TailChangesRequest()
            )
        )
    )
    request = changes_service_pb2.TailChangesRequest(resume_token=other.resume_token)
    assert code(tail, request) == grpc.StatusCode.INVALID_ARGUMENT
    request = changes_service_pb2.TailChangesRequest(all_tenants=True)
    assert code(tail, request) == grpc.StatusCode.PERMISSION_DENIED


def test_a_restart_ends_streams_with_a_reason_and_they_go_on(suite, client, feeds):
    suite.restart("contacts-svc")
    wait_until(lambda: feeds["contacts"].ends)
    # Of the stream that was open. A try that meets the server as it closes its port
    # is CANCELLED by gRPC.
    assert feeds["contacts"].ends[0] == grpc.StatusCode.UNAVAILABLE
    create = contact_pb2.CreateContactRequest()
    wait_until(
        lambda: code(client.contacts.CreateContact, create) == grpc.StatusCode.OK
    )
    wait_until(lambda: feeds["contacts"].changes)


def groups_of(edges):
    """Who stands for whom: the fold over the edges, survivors' side first."""
    stands_for, members = {}, {}
    for edge in sorted(edges, key=lambda edge: (edge.edge_order, edge.edge_id)):
        survivor, absorbed = (
            stands_for.setdefault(end, end)
            for end in (edge.survivor_id, edge.absorbed_id)
        )
        for one in (survivor, absorbed):
            members.setdefault(one, {one})
        if survivor != absorbed:
            for one in members[absorbed]:
                stands_for[one] = survivor
            members[survivor] |= members.pop(absorbed)
    return stands_for


def edges_told(changes):
    """The edges in force, as the feed tells them."""
    begun, ended = {}, set()
    for change in changes:
        begun |= {edge.edge_id: edge for edge in change.contacts_merged.edges}
        ended |= {edge.edge_id for edge in change.contacts_unmerged.edges}
    return [edge for edge_id, edge in begun.items() if edge_id not in ended]


class Shuffler(threading.Thread):
    """Merges contacts at random, and takes them apart again."""

    def __init__(self, client, contacts, seed):
        super().__init__()
        self._client = client
        self._contacts = contacts
        self._random = random.Random(seed)
        self.start()

    def run(self):
        for _ in range(60):
            survivor, *absorbed = self._random.sample(self._contacts, 3)
            if self._random.random() < 0.6:
                self._client.gateway.MergeContacts(merge_of(survivor, *absorbed))
            else:
                self._client.gateway.UnmergeContacts(unmerge_of(survivor))


def test_a_reader_of_the_feed_rebuilds_all_groups(client, feeds):
    create = gateway_contact_pb2.CreateContactRequest()
    ids = [client.gateway.CreateContact(create).contact_id for _ in range(40)]
    shufflers = [Shuffler(client, ids, seed) for seed in range(4)]
    for shuffler in shufflers:
        shuffler.join()
    read = client.contacts.BatchGetContacts(
        contact_pb2.BatchGetContactsRequest(contact_ids=ids)
    )
    stands_for = {one: contact.canonical_id for one, contact in zip(ids, read.contacts)}
    assert len(set(stands_for.values())) < len(ids)

    def rebuilt():
        groups = groups_of(edges_told(feeds["contacts"].changes))
        return {one: groups.get(one, one) for one in ids}

    wait_until(lambda: rebuilt() == stands_for)


class Writer(threading.Thread):
    """Records notes for some contacts until it is told to stop."""

    def __init__(self, client, contacts, name):
        super().__init__()
        self._client = client
        self._contacts = contacts
        self._name = name
        self.stopping = threading.Event()
        self.acknowledged = []
        self.start()

    def run(self):
        number = 0
        while not self.stopping.is_set():
            number += 1
            contact = self._contacts[number % len(self._contacts)]
            request = touch_of(contact, f"{self._name}.{number}")
            while not self._recorded(request):
                # A client's pause between two attempts.
                time.sleep(0.05)

    def _recorded(self, request):
        try:
            answer = self._client.gateway.RecordTouch(request)
        except grpc.RpcError:
            return False
        self.acknowledged.append(answer.interaction.interaction_id)
        return True


@pytest.mark.parametrize("victim", ["interactions-svc", "mariadbd"])
def test_kill_9_under_writers_and_a_reader(suite, client, feeds, fresh, victim):
    create = gateway_contact_pb2.CreateContactRequest()
    contacts = [client.gateway.CreateContact(create).contact_id for _ in range(20)]
    writers = [Writer(client, contacts, fresh("w")) for _ in range(6)]
    for round_ in range(1, 4):
        wait_until(
            lambda: sum(len(w.acknowledged) for w in writers) > 400 * round_, 120
        )
        if victim == "mariadbd":
            suite.database.kill()
            suite.database.restart()
        else:
            suite.kill(victim)
            suite.restart(victim)
    for writer in writers:
        writer.stopping.set()
        writer.join()
    acknowledged = [each for writer in writers for each in writer.acknowledged]
    changes = feeds["interactions"].changes
    wait_until(lambda: len(changes) >= len(acknowledged), 60)
    told = [c.interaction_recorded.interaction_id for c in changes]
    print(f"{victim}: {len(acknowledged)} acknowledged, {len(told)} told")
    assert Counter(told) == Counter(acknowledged)
    for owner in contacts:
        versions = [c.owner_version for c in changes if c.owner == owner]
        assert versions == list(range(1, len(versions) + 1))
    sequences = [c.sequence for c in changes]
    assert sequences == sorted(set(sequences))
