"""One who watches a customer, as a good client does."""

import http.client
import re
import threading
import time

import grpc

from builders import ref, wait_until
from kith.gateway.v1 import watch_pb2


def watch_of(customer, token=""):
    return watch_pb2.WatchCustomerRequest(customer=ref(customer), resume_token=token)


class Watch(threading.Thread):
    """Goes on with the last token, at the next of the gateways, where a
    stream ends."""

    def __init__(self, clients, customer, token="", read=lambda: None):
        """`read` is called upon each message; `view` is what it last answered."""
        super().__init__(daemon=True)
        self._clients = clients
        self._customer = customer
        self._stream = None
        self._stopping = False
        self._read = read
        self.view = None
        self.token = token
        self.messages = []
        self.ends = []
        self.start()
        wait_until(lambda: self.messages)

    def run(self):
        turn = 0
        while not self._stopping:
            call = self._clients[turn % len(self._clients)].gateway.WatchCustomer
            try:
                self._stream = call(watch_of(self._customer, self.token))
                for message in self._stream:
                    self.messages.append((time.monotonic(), message))
                    self.token = message.resume_token
                    if message.changes or message.reset:
                        self.view = self._read()
            except grpc.RpcError as error:
                self.ends.append(error.code())
                turn += 1
                # A client's pause before it connects again.
                time.sleep(0.05)

    @property
    def changes(self):
        return [change for _, message in self.messages for change in message.changes]

    @property
    def resets(self):
        return sum(message.reset for _, message in self.messages)

    @property
    def canonical(self):
        return self.messages[-1][1].canonical_id

    def count(self, kind):
        return sum(change.WhichOneof("what") == kind for change in self.changes)

    def told(self, kind):
        """When a change of the kind was first told; 0 where none was."""
        for when, message in self.messages:
            if any(one.WhichOneof("what") == kind for one in message.changes):
                return when
        return 0

    def recorded(self):
        """The interactions it was told of; each once, repeats or not."""
        return {
            one.interaction_recorded.interaction_id
            for one in self.changes
            if one.HasField("interaction_recorded")
        }

    def stop(self):
        self._stopping = True
        self._stream.cancel()
        self.join()


def watchers(suite) -> int:
    """How many streams of WatchCustomer are open at the gateway."""
    connection = http.client.HTTPConnection(suite.services["gateway"].address.ops)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return int(re.search(r"^kith_watchers (\d+)$", text, re.M).group(1))
