"""WatchCustomer of the real gateway, at more than one replica."""

import threading
import time

import grpc
import pytest

from builders import (
    code,
    link_of,
    mail,
    phone,
    ref,
    touch_of,
    unlink_of,
    until_it_works,
    update_of,
    view_of,
    wait_until,
)
from conftest import four_processes, start_suite
from groups import merge_of, unmerge_of
from kith.gateway.v1 import consent_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import watch_pb2
from kith.identity.v1 import consent_pb2 as consents
from kith.identity.v1 import consent_state_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.client import Client
from watching import Watch, watch_of


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """One suite with two replicas of the gateway."""
    one = start_suite(tmp_path_factory.mktemp("suite"))
    try:
        one.start_replica("gateway")
        yield one
    finally:
        one.stop()


@pytest.fixture
def replica(suite):
    """Calls the second replica, which may just have begun."""
    targets = {**suite.targets(), "gateway": suite.targets()["gateway.2"]}
    with Client(targets, suite.token("demo")) as one:
        yield one


@pytest.fixture
def ada(client):
    return client.gateway.CreateContact(
        gateway_contact_pb2.CreateContactRequest()
    ).contact_id


@pytest.fixture
def watching(client, replica):
    """Watches, and stops when the test is over: watching(clients, customer)."""
    watches = []

    def begin(clients, customer, **options):
        watches.append(Watch(clients, customer, **options))
        return watches[-1]

    yield begin
    for watch in watches:
        watch.stop()


def test_a_change_in_any_part_shows_at_another_replica(
    client, replica, ada, fresh, watching
):
    bob = client.gateway.CreateContact(
        gateway_contact_pb2.CreateContactRequest()
    ).contact_id
    watch = watching([replica], ada)
    assert watch.messages[0][1].reset and watch.canonical == ada
    update = update_of(ada, {"display_name": "Ada"})
    link = link_of(ada, mail(fresh("mail")))
    unlink = unlink_of(ada, link.value)
    refusal = consent_pb2.RecordConsentRequest(
        customer=ref(ada),
        consent=consents.Consent(
            purpose=consent_state_pb2.CONSENT_PURPOSE_MARKETING,
            state=consent_state_pb2.CONSENT_STATE_REFUSED,
            captured_by=consents.CONSENT_CAPTURER_AGENT,
            method=consents.CONSENT_METHOD_CALL,
        ),
    )
    steps = {
        "contact_updated": lambda: client.gateway.UpdateContact(update),
        "identity_linked": lambda: client.gateway.LinkIdentity(link),
        "identity_unlinked": lambda: client.gateway.UnlinkIdentity(unlink),
        "interaction_recorded": lambda: client.gateway.RecordTouch(
            touch_of(ada, fresh("r"))
        ),
        "consent_recorded": lambda: client.gateway.RecordConsent(refusal),
        "contacts_merged": lambda: client.gateway.MergeContacts(merge_of(bob, ada)),
        "contacts_unmerged": lambda: client.gateway.UnmergeContacts(unmerge_of(ada)),
    }
    for kind, step in steps.items():
        step()
        done = time.monotonic()
        wait_until(lambda kind=kind: watch.told(kind))
        print(f"{kind}: {1000 * (watch.told(kind) - done):.0f} ms after its answer")
        assert watch.canonical == (bob if kind == "contacts_merged" else ada)
    assert watch.resets == 1 and not watch.ends


def test_whoever_joins_the_group_is_watched_from_the_merge_on(
    client, replica, ada, fresh, watching
):
    watch = watching([replica], ada)
    others = [
        client.gateway.CreateContact(
            gateway_contact_pb2.CreateContactRequest()
        ).contact_id
        for _ in range(3)
    ]
    for number, other in enumerate(others, 1):
        client.gateway.MergeContacts(
            merge_of(others[number - 2] if number > 1 else ada, other)
        )
        wait_until(lambda number=number: watch.count("contacts_merged") == number)
    touched = {
        client.gateway.RecordTouch(touch_of(one, fresh("r"))).interaction.interaction_id
        for one in others
    }
    wait_until(lambda: watch.recorded() == touched)
    client.gateway.UnmergeContacts(unmerge_of(others[0]))
    wait_until(lambda: watch.count("contacts_unmerged") == 1)
    client.gateway.RecordTouch(touch_of(others[2], fresh("r")))
    mine = client.gateway.RecordTouch(touch_of(ada, fresh("r")))
    wait_until(lambda: mine.interaction.interaction_id in watch.recorded())
    assert watch.recorded() == touched | {mine.interaction.interaction_id}


def test_who_reads_upon_each_message_sees_all_that_merges_bring(
    client, replica, ada, fresh, watching
):
    def read():
        view = replica.gateway.GetCustomerView(view_of(ada)).view
        return {one.interaction_id for one in view.interactions}

    for _ in range(5):
        watch = watching([replica], ada, read=read)
        # All at once, so that merges and touches meet the reading of members.
        last, told = ada, read()
        for _ in range(3):
            other = client.gateway.CreateContact(
                gateway_contact_pb2.CreateContactRequest()
            ).contact_id
            client.gateway.MergeContacts(merge_of(last, other))
            answer = client.gateway.RecordTouch(touch_of(other, fresh("r")))
            told.add(answer.interaction.interaction_id)
            last = other
        wait_until(lambda watch=watch, told=told: watch.view == told)


def test_changes_right_after_a_merge_are_told(client, replica, ada, fresh, watching):
    for number in range(5):
        bob = client.gateway.CreateContact(
            gateway_contact_pb2.CreateContactRequest()
        ).contact_id
        watch = watching([replica], bob)
        client.gateway.MergeContacts(merge_of(ada, bob))
        # Before the merge is in the feed, and the group has been read.
        client.gateway.UpdateContact(update_of(ada, {"display_name": f"A{number}"}))
        link = link_of(ada, mail(fresh("mail")))
        client.gateway.LinkIdentity(link)
        touched = client.gateway.RecordTouch(touch_of(ada, fresh("r")))
        wait_until(
            lambda watch=watch, touched=touched: watch.told("contacts_merged")
            and watch.told("contact_updated")
            and watch.told("identity_linked")
            and touched.interaction.interaction_id in watch.recorded()
        )
        assert watch.resets == 1


def _record(client, contact_id: str, request_id: str) -> str:
    """Records a note without contacts-svc, and returns its id."""
    note = interaction_pb2.Interaction(
        contact_id=contact_id, kind=interaction_pb2.KIND_NOTE
    )
    request = interaction_pb2.RecordInteractionRequest(
        interaction=note, request_id=request_id
    )
    return client.interactions.RecordInteraction(request).interaction.interaction_id


@four_processes
def test_changes_while_a_merge_is_held_up_are_told(
    suite, client, replica, ada, fresh, watching
):
    bob = client.gateway.CreateContact(
        gateway_contact_pb2.CreateContactRequest()
    ).contact_id
    watch = watching([replica], bob)
    client.gateway.MergeContacts(merge_of(ada, bob))
    contacts = suite.services["contacts-svc"]
    contacts.pause()
    try:
        recorded = {_record(client, ada, fresh("r")) for _ in range(5)}
        # The gateway has read these, as nobody's whom it watches.
        mine = _record(client, bob, fresh("r"))
        wait_until(lambda: mine in watch.recorded())
    finally:
        contacts.resume()
    wait_until(lambda: watch.recorded() == recorded | {mine})
    assert watch.told("contacts_merged") and watch.resets == 1


def test_another_tenants_changes_are_never_told(client, stranger, ada, fresh, watching):
    # The same id, and the same value, of two tenants.
    stranger.gateway.CreateContact(
        gateway_contact_pb2.CreateContactRequest(contact_id=ada)
    )
    watch = watching([client], ada)
    theirs = watching([stranger], ada)
    for _ in range(3):
        stranger.gateway.RecordTouch(touch_of(ada, fresh("r")))
    client.gateway.RecordTouch(touch_of(ada, fresh("r")))
    wait_until(lambda: watch.recorded() and len(theirs.recorded()) == 3)
    assert {change.tenant_id for change in watch.changes} == {1}
    assert {change.tenant_id for change in theirs.changes} == {2}
    assert not watch.recorded() & theirs.recorded()


class Toucher(threading.Thread):
    """Records notes for a contact until it is told to stop."""

    def __init__(self, client, contact_id, name):
        super().__init__()
        self._call = client.gateway.RecordTouch
        self._contact_id = contact_id
        self._name = name
        self._stopping = threading.Event()
        self.recorded = set()
        self.start()

    def run(self):
        number = 0
        while not self._stopping.is_set():
            number += 1
            request = touch_of(self._contact_id, f"{self._name}.{number}")
            answer = until_it_works(self._call, request, 60)
            self.recorded.add(answer.interaction.interaction_id)

    def finish(self):
        self._stopping.set()
        self.join()
        return self.recorded


def test_a_token_goes_on_at_the_other_replica(client, replica, ada, fresh):
    stream = client.gateway.WatchCustomer(watch_of(ada))
    first = next(stream)
    stream.cancel()
    assert first.reset
    # What is recorded from here on is told.
    toucher = Toucher(client, ada, fresh("t"))
    told, token = set(), first.resume_token
    for turn in range(40):
        gateway = [replica, client][turn % 2].gateway
        stream = gateway.WatchCustomer(watch_of(ada, token))
        for message in stream:
            assert not message.reset
            token = message.resume_token
            told |= {
                one.interaction_recorded.interaction_id
                for one in message.changes
                if one.HasField("interaction_recorded")
            }
            if message.changes:
                break
        stream.cancel()
    recorded = toucher.finish()
    watch = Watch([client], ada, token)
    wait_until(lambda: told | watch.recorded() >= recorded)
    assert told | watch.recorded() == recorded and not watch.resets
    watch.stop()
    print(f"{len(recorded)} recorded over 41 streams")


@pytest.mark.parametrize("victim", ["interactions-svc", "contacts-svc", "gateway"])
def test_streams_go_on_when_another_process_is_killed(
    suite, client, replica, ada, fresh, watching, victim
):
    watch = watching([replica], ada)
    toucher = Toucher(client, ada, fresh("t"))
    wait_until(lambda: len(watch.recorded()) > 20)
    suite.kill(victim)
    suite.restart(victim)
    wait_until(lambda: len(toucher.recorded) > 100)
    recorded = toucher.finish()
    wait_until(lambda: watch.recorded() >= recorded)
    assert watch.recorded() == recorded
    assert watch.resets == 1 and not watch.ends


def test_a_watcher_outlives_the_gateways(suite, client, replica, ada, fresh, watching):
    watch = watching([replica, client], ada)
    toucher = Toucher(client, ada, fresh("t"))
    wait_until(lambda: len(watch.recorded()) > 20)
    suite.restart("gateway.2")
    wait_until(lambda: watch.ends)
    assert set(watch.ends) == {grpc.StatusCode.UNAVAILABLE}
    wait_until(lambda: len(toucher.recorded) > 100)
    recorded = toucher.finish()
    wait_until(lambda: watch.recorded() >= recorded)
    # Drained with a token, it has gone on without a reset.
    assert watch.recorded() == recorded and watch.resets == 1


def questions(suite):
    rows = suite.database.execute(
        "SELECT variable_name, variable_value FROM information_schema.global_status "
        "WHERE variable_name IN ('COM_SELECT', 'COM_INSERT', 'COM_UPDATE', "
        "'COM_DELETE', 'COM_BEGIN', 'COM_COMMIT')"
    )
    return sum(int(line.split("\t")[1]) for line in rows.splitlines())


def cost(suite, client, ada, name):
    """What 200 touches recorded; how many statements they took, and seconds."""
    before, began = questions(suite), time.monotonic()
    answers = [
        client.gateway.RecordTouch(touch_of(ada, f"{name}.{number}"))
        for number in range(200)
    ]
    seconds = time.monotonic() - began
    recorded = {answer.interaction.interaction_id for answer in answers}
    return recorded, questions(suite) - before, seconds


def idle(suite):
    """Statements a second while nobody calls: what polls for changes."""
    before, began = questions(suite), time.monotonic()
    # Polls are counted for a while.
    time.sleep(2)
    return (questions(suite) - before) / (time.monotonic() - began)


def test_a_thousand_watchers_cost_the_database_nothing(
    suite, client, replica, ada, fresh
):
    polls = idle(suite)
    _, alone, seconds = cost(suite, client, ada, fresh("alone"))
    alone -= polls * seconds
    streams = [replica.gateway.WatchCustomer(watch_of(ada)) for _ in range(1000)]
    for stream in streams:
        assert next(stream).reset
    recorded, watched, seconds = cost(suite, client, ada, fresh("watched"))
    watched -= polls * seconds
    for stream in streams:
        told = set()
        while not told >= recorded:
            told |= {
                one.interaction_recorded.interaction_id for one in next(stream).changes
            }
        stream.cancel()
    print(f"200 touches: {alone:.0f} statements, {watched:.0f} with 1,000 watchers")
    # One statement of each watcher alone would be 1,000.
    assert abs(watched - alone) < 400


def test_what_is_refused(client, replica, ada):
    def watch(request):
        return next(client.gateway.WatchCustomer(request))

    invalid = grpc.StatusCode.INVALID_ARGUMENT
    assert code(watch, watch_pb2.WatchCustomerRequest()) == invalid
    assert code(watch, watch_of(ada, "bad")) == invalid
    assert code(watch, watch_of(phone("+12025550163"))) == grpc.StatusCode.NOT_FOUND
