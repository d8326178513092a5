"""One running binary of the suite."""

import http.client
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from kithdev.failure import Failure
from kithdev.process import Process

_STOP_SECONDS = 20
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Address:
    """Where a service listens, each as host:port; the gateway for HTTP as well."""

    grpc: str
    ops: str
    http: str = ""


class Service:
    """A process that listens, and says where in its address file.

    Of a process that serves several APIs, there is one for each of them.
    """

    def __init__(
        self,
        name: str,
        binary: Path,
        directory: Path,
        log: Path,
        api: str = "grpc",
        under: Sequence[str] = (),
    ):
        """`api` is what the address file calls the address of its gRPC API; `under` is
        put before the command."""
        self.name = name
        self._under = list(under)
        self.binary = binary
        self._api = api
        self._address_file = directory / f"{name}.address"
        self.process = Process(directory / f"{name}.pid", log)

    @property
    def running(self) -> bool:
        """Whether the process runs."""
        return self.process.pid is not None

    @property
    def listeners(self) -> dict[str, str]:
        """The addresses of all that the process listens for; empty until it does."""
        try:
            lines = self._address_file.read_text().splitlines()
        except FileNotFoundError:
            return {}
        return dict(line.split("=", 1) for line in lines if line)

    @property
    def address(self) -> Address | None:
        """Where it listens, once it does."""
        listeners = self.listeners
        if not listeners:
            return None
        http = listeners.get("http", "") if self._api == "grpc" else ""
        return Address(listeners[self._api], listeners["ops"], http)

    def runs_as(self, wanted: Sequence[str]) -> bool:
        """Whether it runs from the binary that is there now, and as wanted."""
        return self.running and self.process.build == self._build(wanted)

    def start(self, flags: Sequence[str], wanted: Sequence[str]) -> None:
        """Starts it; wait_listening() and wait_ready() tell when it is up.

        `wanted` is what runs_as() will compare: the flags as configured, which
        may ask for any port, where `flags` ask for the one it had before.
        """
        self._address_file.unlink(missing_ok=True)
        self.process.start(
            [
                *self._under,
                str(self.binary),
                *flags,
                f"--address_file={self._address_file}",
            ],
            self._build(wanted),
        )

    def wait_listening(self, seconds: float) -> Address:
        """Waits until it says where it listens."""
        self._wait("listen", lambda: self.address is not None, seconds)
        return self.address

    def wait_ready(self, seconds: float) -> None:
        """Waits until /readyz answers 200."""
        self.wait_listening(seconds)
        self._wait("become ready", self.ready, seconds)

    def stays(self, seconds: float) -> bool:
        """Waits until it is ready; says whether it is.

        One that was told to end runs on for a while, and never is again.
        """
        try:
            self.wait_ready(seconds)
        except Failure:
            return False
        return True

    def ready(self) -> bool:
        """Whether it can serve now."""
        address = self.address
        return address is not None and _http_status(address.ops, "/readyz") == 200

    def stop(self) -> bool:
        """Asks it to end and waits; says whether it was running."""
        self._address_file.unlink(missing_ok=True)
        return self.process.stop(_STOP_SECONDS)

    def kill(self) -> bool:
        """Ends it without warning."""
        return self.process.kill()

    def pause(self) -> None:
        """Freezes it: connections stay open, nothing is answered."""
        self.process.pause()

    def resume(self) -> None:
        """Ends a pause."""
        self.process.resume()

    def _build(self, wanted: Sequence[str]) -> str:
        stat = self.binary.stat()
        return " ".join([str(stat.st_mtime_ns), str(stat.st_size), *wanted])

    def _wait(self, what: str, reached, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            if not self.running:
                raise Failure(
                    f"{self.name} ended before it could {what}.", log=self.process.log
                )
            if time.monotonic() > deadline:
                raise Failure(
                    f"{self.name} did not {what} within {seconds:.0f} s.",
                    log=self.process.log,
                )
            time.sleep(_POLL_SECONDS)


def _http_status(address: str, path: str) -> int:
    """The status a GET answers; 0 where nobody does."""
    connection = http.client.HTTPConnection(address, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
