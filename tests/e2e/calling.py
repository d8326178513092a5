"""One who calls all the time, and notes whatever goes wrong."""

import threading

import grpc

from builders import phone, touch, view_by, wait_until


class Caller(threading.Thread):
    """Touches and views a customer, in turns, from its making until it is stopped."""

    def __init__(self, client, prefix: str, number: str):
        super().__init__()
        self._client = client
        self._prefix = prefix
        self._number = number
        self._stopping = False
        # A touch and a view each.
        self.rounds = 0
        self.errors = []
        self.start()

    def run(self):
        while not self._stopping:
            self.rounds += 1
            note = touch(f"{self._prefix}.{self.rounds}", phone(self._number))
            try:
                self._client.gateway.RecordTouch(note)
                view = self._client.gateway.GetCustomerView(view_by(self._number)).view
                self.errors += [s for s in view.parts if s.HasField("error")]
            except grpc.RpcError as error:
                self.errors.append(error)

    def goes_on(self, rounds: int = 10) -> None:
        """Waits for more than so many rounds that began after now."""
        before = self.rounds
        wait_until(lambda: self.rounds > before + rounds)

    def stop(self) -> None:
        """Waits for the end of the round under way."""
        self._stopping = True
        self.join()
