"""Loading sends every step once, in order, and tries again what may succeed."""

import threading
from collections import defaultdict
from types import SimpleNamespace

import grpc
import pytest
from kith.gateway.v1 import thread_pb2
from kith.gateway.v1 import touch_pb2
from kith.interactions.v1 import thread_pb2 as threads

from kithdev import sample
from kithdev.failure import Failure
from kithdev.load import load, settling
from kithdev.sample.history import Settle
from refused import Refused

CUSTOMERS = 200
INTERACTIONS = 20 * CUSTOMERS


class FakeGateway:
    """Notes what arrives; fails where it is told to."""

    def __init__(self, failures=(), item_failures=()):
        self.steps = []
        self.batches = []
        self._failures = list(failures)
        self._item_failures = list(item_failures)
        self._lock = threading.Lock()

    def CreateContact(self, request, timeout):
        self._note(request)

    def LinkIdentity(self, request, timeout):
        self._note(request)

    def ShareIdentity(self, request, timeout):
        self._note(request)

    def MergeContacts(self, request, timeout):
        self._note(request)

    def ListThreads(self, request, timeout):
        assert list(request.states) == [threads.THREAD_STATE_WAITING]
        return thread_pb2.ListThreadsResponse(threads=[{"thread_id": "t"}])

    def UpdateThread(self, request, timeout):
        self._note(request)

    def BatchRecordTouches(self, request, timeout):
        with self._lock:
            if self._failures:
                raise Refused(self._failures.pop())
        response = touch_pb2.BatchRecordTouchesResponse()
        self.batches.append(list(request.touches))
        for touch in request.touches:
            result = response.results.add()
            if self._item_failures:
                result.error.code = self._item_failures.pop().value[0]
            else:
                result.response.SetInParent()
                self._note(touch)
        return response

    def _note(self, step):
        with self._lock:
            self.steps.append(step.SerializeToString(deterministic=True))


def run(data, **failures):
    gateway = FakeGateway(**failures)
    counts = []
    loaded = load(SimpleNamespace(gateway=gateway), data, counts.append)
    return gateway, loaded, counts


@pytest.fixture(scope="module")
def data():
    return sample.generate(sample.DEMO, CUSTOMERS)


def sent(step):
    """What the gateway gets of a step."""
    request = settling(step, "t") if isinstance(step, Settle) else step
    return request.SerializeToString(deterministic=True)


def test_every_step_once_and_in_order(data):
    gateway, loaded, counts = run(data)
    assert loaded.touches == counts[-1] == INTERACTIONS
    place = {step: index for index, step in enumerate(gateway.steps)}
    assert len(place) == sum(len(customer.steps) for customer in data.customers)
    for customer in data.customers:
        places = [place[sent(step)] for step in customer.steps]
        assert places == sorted(places)


def test_a_batch_never_uses_a_value_it_introduces(data):
    gateway, _, _ = run(data)
    number_of = {
        touch.interaction.external_id: number
        for number, customer in enumerate(data.customers)
        for touch in customer.touches()
    }
    assert len(gateway.batches) < INTERACTIONS / 20
    for batch in gateway.batches:
        assert len(batch) <= 100
        joined = defaultdict(bool)
        for touch in batch:
            number = number_of[touch.interaction.external_id]
            assert not joined[number]
            joined[number] = len(touch.identities) > 1


def test_what_may_succeed_later_is_tried_again(data):
    gateway, loaded, _ = run(
        data,
        failures=[grpc.StatusCode.UNAVAILABLE] * 2,
        item_failures=[grpc.StatusCode.ABORTED] * 3,
    )
    assert loaded.touches == INTERACTIONS
    assert len(gateway.steps) == len(set(gateway.steps))


@pytest.mark.parametrize("where", ["failures", "item_failures"])
def test_a_refusal_ends_it(data, where):
    with pytest.raises(Failure, match="refused"):
        run(data, **{where: [grpc.StatusCode.INVALID_ARGUMENT]})
