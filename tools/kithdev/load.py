"""Loads the sample through the gateway's public API."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Iterator

import grpc
from google.protobuf.message import Message
from google.rpc import status_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import thread_pb2
from kith.gateway.v1 import touch_pb2
from kith.interactions.v1 import thread_pb2 as threads

from kithdev.client import Client
from kithdev.failure import Failure
from kithdev.sample import END, Sample
from kithdev.sample.history import Customer, Settle, Step

_BATCH = 100
_LANES = 4
_TIMEOUT_SECONDS = 30
_ATTEMPTS = 6
# Says nothing about the request, so that the same one may succeed later.
_TRANSIENT = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,
}
_TRANSIENT_NUMBERS = {code.value[0] for code in _TRANSIENT}


@dataclass(frozen=True)
class Loaded:
    """What loading came to."""

    touches: int
    seconds: float

    @property
    def rate(self) -> float:
        """Touches per second."""
        return self.touches / self.seconds if self.seconds else 0.0


def load(client: Client, sample: Sample, progress: Callable[[int], None]) -> Loaded:
    """Sends all steps, each customer's in their order; safe to repeat.

    `progress` is told how many touches are recorded so far.
    """
    if time.time() < END.timestamp():
        raise Failure(
            f"The sample ends on {END:%Y-%m-%d}, which this machine's clock has "
            "not reached.",
            advice="set the clock; the gateway refuses what has not happened yet.",
        )
    begin = time.monotonic()
    counter = _Counter(progress)
    lanes = [
        _Lane(client, sample.customers[first::_LANES], counter)
        for first in range(_LANES)
    ]
    with ThreadPoolExecutor(_LANES) as pool:
        for done in [pool.submit(lane.run) for lane in lanes]:
            done.result()
    return Loaded(counter.count, time.monotonic() - begin)


def settling(step: Settle, thread_id: str) -> thread_pb2.UpdateThreadRequest:
    """The request that settles one of the threads."""
    return thread_pb2.UpdateThreadRequest(
        thread=threads.Thread(
            thread_id=thread_id,
            state=threads.THREAD_STATE_RESOLVED,
            resolution=threads.RESOLUTION_ANSWERED,
        ),
        update_mask={"paths": ["state"]},
        request_id=f"{step.request_id}-{thread_id}",
    )


class _Counter:
    """Counts over all lanes."""

    def __init__(self, progress: Callable[[int], None]):
        self._lock = threading.Lock()
        self._progress = progress
        self.count = 0

    def add(self, count: int) -> None:
        with self._lock:
            self.count += count
            self._progress(self.count)


class _Lane:
    """Loads some of the customers, one request at a time."""

    def __init__(self, client: Client, customers: list[Customer], counter: _Counter):
        self._gateway = client.gateway
        self._queues = [list(customer.steps) for customer in customers]
        self._counter = counter

    def run(self) -> None:
        """Sends everything."""
        while any(self._queues):
            for queue in self._queues:
                self._send_singles(queue)
            batch = list(self._next_batch())
            if batch:
                self._send_batch(batch)

    def _send_singles(self, queue: list[Step]) -> None:
        while queue and not _is_touch(queue[0]):
            step = queue.pop(0)
            if isinstance(step, gateway_contact_pb2.CreateContactRequest):
                _retried(self._gateway.CreateContact, step)
            elif isinstance(step, Settle):
                self._settle(step)
            elif isinstance(step, gateway_contact_pb2.LinkIdentityRequest):
                _retried(self._gateway.LinkIdentity, step)
            elif isinstance(step, gateway_contact_pb2.ShareIdentityRequest):
                _retried(self._gateway.ShareIdentity, step)
            else:
                _retried(self._gateway.MergeContacts, step)

    def _settle(self, step: Settle) -> None:
        waiting = thread_pb2.ListThreadsRequest(
            customer=step.customer, states=[threads.THREAD_STATE_WAITING]
        )
        for thread in _retried(self._gateway.ListThreads, waiting).threads:
            _retried(self._gateway.UpdateThread, settling(step, thread.thread_id))

    def _next_batch(self) -> Iterator[touch_pb2.RecordTouchRequest]:
        """Takes what may be sent together.

        A touch that joins values ends its customer's part, as the gateway is
        free to work on the touches of one batch in any order.
        """
        room = _BATCH
        for queue in self._queues:
            while room and queue and _is_touch(queue[0]):
                touch = queue.pop(0)
                room -= 1
                yield touch
                if touch.contact.ByteSize() or len(touch.identities) > 1:
                    break

    def _send_batch(self, touches: list[touch_pb2.RecordTouchRequest]) -> None:
        for attempt in range(_ATTEMPTS):
            request = touch_pb2.BatchRecordTouchesRequest(touches=touches)
            response = _retried(self._gateway.BatchRecordTouches, request)
            failed = []
            for touch, result in zip(touches, response.results, strict=True):
                if result.HasField("error"):
                    _check_transient(touch, result.error)
                    failed.append(touch)
            self._counter.add(len(touches) - len(failed))
            if not failed:
                return
            touches = failed
            time.sleep(_pause(attempt))
        raise Failure(f"{len(touches)} touches failed again and again.")


def _retried(method: Callable, request: Message) -> Any:
    for attempt in range(_ATTEMPTS):
        try:
            return method(request, timeout=_TIMEOUT_SECONDS)
        except grpc.RpcError as error:
            if error.code() not in _TRANSIENT or attempt == _ATTEMPTS - 1:
                raise Failure(
                    f"The gateway refused the sample: {error.code().name}: "
                    f"{error.details()}"
                ) from error
            time.sleep(_pause(attempt))
    raise AssertionError("unreachable")


def _check_transient(
    touch: touch_pb2.RecordTouchRequest, error: status_pb2.Status
) -> None:
    if error.code not in _TRANSIENT_NUMBERS:
        raise Failure(
            f"The gateway refused touch {touch.interaction.external_id}: "
            f"code {error.code}: {error.message}"
        )


def _is_touch(step: Step) -> bool:
    return isinstance(step, touch_pb2.RecordTouchRequest)


def _pause(attempt: int) -> float:
    return 0.05 * 2**attempt
