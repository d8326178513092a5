"""Runs the processes of a bundle on this machine, with the files of their pods."""

import http.client
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Mapping

from bundle import Bundle, Source, Workload
from kithdev.paths import ROOT

BINARIES = Path(os.environ.get("KITH_BINARIES", ROOT / "build" / "dev" / "bin"))

_FLAG = re.compile(r"^ {4}--(\w+) ", re.M)


def binary(workload: Workload) -> Path:
    """The program in the image of a workload: kith/<name>."""
    image = workload.pod["containers"][0]["image"]
    return BINARIES / image.rpartition("/")[2].partition(":")[0]


def known_flags(program: Path) -> set[str]:
    """The flags that a program has, as its help tells."""
    done = subprocess.run(
        [str(program), "--helpfull"],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    return set(_FLAG.findall(done.stdout))


@dataclass
class Running:
    """A process that was started as in a pod."""

    workload: Workload
    process: subprocess.Popen
    addresses: dict[str, str]

    def probe(self, name: str) -> int:
        """The status that a probe of the manifest gets."""
        asked = self.workload.pod["containers"][0][name]["httpGet"]
        return self.get(asked["port"], asked["path"])

    def get(self, port: str, path: str) -> int:
        """The status of a GET at a port by its name; 0 if nobody answers."""
        return self.fetch(port, path)[0]

    def fetch(self, port: str, path: str) -> tuple[int, str]:
        """Status and body of a GET."""
        connection = http.client.HTTPConnection(self.addresses[port], timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)


class Pods:
    """Starts processes with files below a directory in place of /etc/kith."""

    def __init__(
        self, bundle: Bundle, directory: Path, content: Callable[[Source], bytes]
    ):
        """`content` makes what the Secrets hold that somebody else makes."""
        self._bundle = bundle
        self._directory = directory
        self._content = content
        self.running: dict[str, Running] = {}

    def run(self, workload: Workload, extra: list[str]) -> subprocess.CompletedProcess:
        """Runs a Job's container to its end."""
        return subprocess.run(
            self._command(workload, extra),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def start(self, workload: Workload, extra: list[str]) -> Running:
        """Starts a container on free ports, and waits until it listens."""
        record = self._directory / f"{workload.name}.address"
        listens = [
            f"--{flag}=127.0.0.1:0"
            for flag in ("listen_address", "ops_address", "http_address")
            if self._bundle.flag(workload, flag)
        ]
        command = self._command(workload, [*listens, *extra])
        with (self._directory / f"{workload.name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, f"--address_file={record}"], stderr=log
            )
        one = Running(workload, process, {})
        self.running[workload.name] = one
        self.wait(one, record.exists)
        lines = record.read_text().splitlines()
        one.addresses.update(line.split("=", 1) for line in lines)
        return one

    def wait(self, one: Running, reached: Callable[[], bool], seconds=20) -> None:
        """Waits until something is so, while the process runs."""
        deadline = time.monotonic() + seconds
        while not reached():
            log = self._directory / f"{one.workload.name}.log"
            told = log.read_text()[-2000:]
            assert one.process.poll() is None, told
            assert time.monotonic() < deadline, told
            # No event tells: polls.
            time.sleep(0.02)

    def stop(self) -> dict[str, int]:
        """Ends all as a kubelet does; the exit code of each."""
        for one in self.running.values():
            one.terminate()
        codes = {}
        for name, one in self.running.items():
            grace = one.workload.pod["terminationGracePeriodSeconds"]
            try:
                codes[name] = one.process.wait(grace)
            except subprocess.TimeoutExpired:
                one.process.kill()
                codes[name] = one.process.wait()
        self.running = {}
        return codes

    def _command(self, workload: Workload, extra: list[str]) -> list[str]:
        root = self._directory / workload.name
        for path, source in self._bundle.files(workload).items():
            target = root / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            known = self._bundle.find(source.kind, source.name) is not None
            text = self._bundle.content(source).encode() if known else None
            made = self._content(source) if text is None else text
            target.write_bytes(self._mapped(made, root))
        arguments = workload.pod["containers"][0]["args"]
        mapped = [self._mapped(each.encode(), root).decode() for each in arguments]
        return [str(binary(workload)), *mapped, *extra]

    @staticmethod
    def _mapped(text: bytes, root: Path) -> bytes:
        return text.replace(b"=/etc/kith/", f"={root}/etc/kith/".encode())


def overriding(flags: Mapping[str, str]) -> list[str]:
    """Arguments that win over what the manifest says."""
    return [f"--{name}={value}" for name, value in flags.items()]
