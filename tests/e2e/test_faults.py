"""What is killed, slow or gone: nothing is lost, nothing is half done."""

import threading

import grpc
import pytest

from builders import (
    phone,
    touch,
    touch_of,
    until_it_works,
    update_of,
    view_by,
    view_of,
    wait_until,
    whole_view,
)
from conftest import four_processes
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import value_pb2
from kith.identity.v1 import identity_pb2

# Longer than a busy machine takes for a part that is there.
GATEWAY_FLAGS = ["--part_timeout=1s"]


def fails_with(call, request, *codes):
    with pytest.raises(grpc.RpcError) as error:
        call(request)
    assert error.value.code() in codes, error.value


def one_contact_one_interaction(client, number):
    view = whole_view(client, view_by(number))
    assert len(view.interactions) == 1
    assert view.interactions[0].contact_id == view.contact.contact_id
    assert sum(count.count for count in view.summary.counts) == 1
    return view


@four_processes
def test_a_touch_cut_between_claim_and_ensure_heals(suite, client, fresh):
    number = fresh("phone")
    request = touch(fresh("r"), phone(number))
    suite.kill("contacts-svc")
    fails_with(client.gateway.RecordTouch, request, grpc.StatusCode.UNAVAILABLE)
    suite.restart("contacts-svc")
    # The value is claimed, for a contact that is not there yet.
    claimed = client.identity.ResolveIdentity(
        identity_pb2.ResolveIdentityRequest(value=phone(number))
    )
    assert len(claimed.candidates) == 1
    fails_with(
        lambda view: until_it_works(client.gateway.GetCustomerView, view),
        view_by(number),
        grpc.StatusCode.NOT_FOUND,
    )
    answer = until_it_works(client.gateway.RecordTouch, request)
    view = one_contact_one_interaction(client, number)
    assert answer.contact_id == claimed.candidates[0].identity.contact_id
    assert view.contact.contact_id == answer.contact_id


def test_a_touch_cut_between_ensure_and_record_heals(suite, client, fresh):
    number = fresh("phone")
    request = touch(fresh("r"), phone(number))
    rename = "RENAME TABLE kith_interactions.{} TO kith_interactions.{}"
    suite.database.execute(rename.format("interactions", "gone"))
    try:
        fails_with(client.gateway.RecordTouch, request, grpc.StatusCode.INTERNAL)
    finally:
        suite.database.execute(rename.format("gone", "interactions"))
    view = whole_view(client, view_by(number))
    assert not view.interactions and not view.summary.counts
    answer = client.gateway.RecordTouch(request)
    assert not answer.contact_created
    one_contact_one_interaction(client, number)


@four_processes
def test_a_gateway_killed_in_the_middle_of_a_touch_heals(suite, client, fresh):
    number = fresh("phone")
    request = touch(fresh("r"), phone(number))
    suite.services["contacts-svc"].pause()
    try:
        cut = client.gateway.RecordTouch.future(request)
        resolve = identity_pb2.ResolveIdentityRequest(value=phone(number))
        wait_until(lambda: client.identity.ResolveIdentity(resolve).candidates)
        suite.kill("gateway")
        assert cut.exception() is not None
    finally:
        suite.services["contacts-svc"].resume()
    suite.restart("gateway")
    until_it_works(client.gateway.RecordTouch, request)
    one_contact_one_interaction(client, number)


@four_processes
@pytest.mark.parametrize("fault", ["dead", "slow"])
def test_without_interactions_the_view_is_partial_and_in_time(
    suite, client, fresh, fault
):
    number = fresh("phone")
    client.gateway.RecordTouch(touch(fresh("r"), phone(number)))
    service = suite.services["interactions-svc"]
    service.kill() if fault == "dead" else service.pause()
    try:
        # Many at once: those who wait for the slow part hold up nobody else.
        waiting = [
            client.gateway.GetCustomerView.future(view_by(number)) for _ in range(50)
        ]
        lean = customer_view_pb2.GetCustomerViewRequest(
            customer=view_by(number).customer
        )
        lean.read_mask.paths.extend(["contact", "identities"])
        assert client.gateway.GetCustomerView(lean, timeout=5).view.identities
        for future in waiting:
            view = future.result().view
            missing = {s.part for s in view.parts if s.HasField("error")}
            assert missing == {"summary", "interactions", "threads", "actions"}
            assert len(view.identities) == 1
        update = update_of(phone(number), {"display_name": ""})
        client.gateway.UpdateContact(update, timeout=5)
    finally:
        if fault == "dead":
            suite.restart("interactions-svc")
        else:
            service.resume()

    def whole():
        view = client.gateway.GetCustomerView(view_by(number)).view
        return not any(s.HasField("error") for s in view.parts)

    wait_until(whole)


@four_processes
def test_without_contacts_or_identity_there_is_no_view(suite, client, fresh):
    number = fresh("phone")
    contact_id = client.gateway.RecordTouch(touch(fresh("r"), phone(number))).contact_id
    suite.kill("identity-svc")
    fails_with(
        client.gateway.GetCustomerView, view_by(number), grpc.StatusCode.UNAVAILABLE
    )
    view = client.gateway.GetCustomerView(view_of(contact_id)).view
    missing = [s.part for s in view.parts if s.HasField("error")]
    assert missing == ["identities", "may_be"]
    # What needs no value is still served.
    assert suite.services["gateway"].ready()
    suite.restart("identity-svc")
    suite.kill("contacts-svc")
    wait_until(lambda: not suite.services["gateway"].ready())
    fails_with(
        client.gateway.GetCustomerView,
        view_of(contact_id),
        grpc.StatusCode.UNAVAILABLE,
    )
    suite.restart("contacts-svc")
    wait_until(lambda: suite.services["gateway"].ready())
    until_it_works(client.gateway.GetCustomerView, view_by(number))


class Writer(threading.Thread):
    """Records notes for one contact until it is told to stop."""

    def __init__(self, client, contact_id, name):
        super().__init__()
        self._client = client
        self._contact_id = contact_id
        self._prefix = name
        self.stopping = threading.Event()
        self.acknowledged = []
        self.sent = 0

    def run(self):
        while not self.stopping.is_set():
            self.sent += 1
            request = touch_of(
                self._contact_id, f"{self._prefix}.{self.sent}", subject=str(self.sent)
            )
            answer = until_it_works(self._client.gateway.RecordTouch, request, 60)
            self.acknowledged.append(answer.interaction.interaction_id)


@pytest.mark.parametrize(
    "victim", ["mariadbd", "contacts-svc", "interactions-svc", "gateway"]
)
def test_kill_9_under_writers_loses_and_doubles_nothing(suite, client, fresh, victim):
    # The test before may have left a link that the gateway makes anew.
    request = gateway_contact_pb2.CreateContactRequest()
    contact = until_it_works(client.gateway.CreateContact, request)
    writers = [Writer(client, contact.contact_id, fresh("w")) for _ in range(8)]
    for writer in writers:
        writer.start()
    for round_ in range(1, 4):
        wait_until(lambda: sum(w.sent for w in writers) > 1000 * round_, 120)
        if victim == "mariadbd":
            suite.database.kill()
            suite.database.restart()
        else:
            suite.kill(victim)
            suite.restart(victim)
    for writer in writers:
        writer.stopping.set()
    for writer in writers:
        writer.join()
    stored = []
    request = customer_view_pb2.ListInteractionsRequest(
        customer=view_of(contact.contact_id).customer, page_size=500
    )
    while True:
        page = until_it_works(client.gateway.ListInteractions, request)
        stored += [row.interaction_id for row in page.interactions]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    acknowledged = [i for writer in writers for i in writer.acknowledged]
    print(f"{victim}: {len(acknowledged)} acknowledged, {len(stored)} stored")
    assert len(acknowledged) >= 3000
    assert sorted(stored) == sorted(acknowledged)
    view = whole_view(client, view_of(contact.contact_id))
    assert sum(count.count for count in view.summary.counts) == len(acknowledged)


def test_without_the_database_nobody_is_ready_and_it_heals(suite, client, fresh):
    services = suite.services.values()
    suite.database.kill()
    wait_until(lambda: not any(service.ready() for service in services))
    pids = [service.process.pid for service in services]
    fails_with(
        client.gateway.GetCustomerView,
        view_by(fresh("phone")),
        grpc.StatusCode.UNAVAILABLE,
    )
    suite.database.restart()
    wait_until(lambda: all(service.ready() for service in services))
    until_it_works(client.gateway.RecordTouch, touch(fresh("r"), phone(fresh("phone"))))
    assert [service.process.pid for service in services] == pids


NEEDED = {
    # A service, and who needs it: by a value, or by a contact id.
    "identity-svc": lambda one: view_by(one.number),
    "contacts-svc": lambda one: view_of(one.id),
    "interactions-svc": lambda one: view_of(one.id),
}


@four_processes
@pytest.mark.parametrize("frozen", NEEDED)
def test_a_frozen_service_starves_nobody_who_does_not_need_it(
    suite, client, customer, fresh, frozen
):
    ada = customer("Ada")
    gateway, needs = client.gateway, NEEDED[frozen](ada)
    lean = view_of(ada.id, read_mask={"paths": ["contact"]})
    suite.services[frozen].pause()
    try:
        waiting = [
            gateway.GetCustomerView.future(needs, timeout=60) for _ in range(300)
        ]
        # Half of the gateway's places may wait for one service.
        wait_until(lambda: sum(call.done() for call in waiting) >= 300 - 256 / 2)

        def spared(_=None):
            if frozen == "contacts-svc":
                value = phone(fresh("phone"))
                read = value_pb2.ReadValueRequest(value=value)
                assert gateway.ReadValue(read).readings
            else:
                view = gateway.GetCustomerView(lean).view
                assert view.contact.contact_id == ada.id

        # Those that wait ask a service that runs first: it has places again at once.
        until_it_works(spared, None, seconds=2)
        for _ in range(20):
            spared()
        # None waits until its deadline.
        ends = {call.code() for call in waiting}
        refused = {grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE}
        served = {grpc.StatusCode.OK} if frozen == "interactions-svc" else set()
        assert ends <= refused | served
        assert ends >= served
        assert suite.services["gateway"].ready() == (frozen != "contacts-svc")
    finally:
        suite.services[frozen].resume()
    view = until_it_works(gateway.GetCustomerView, view_by(ada.number)).view
    assert view.contact.contact_id == ada.id
