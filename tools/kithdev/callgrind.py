"""Instructions of processes that run under valgrind's callgrind."""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from kithdev.failure import Failure

# One that is busy takes its time to hear of it.
_CONTROL_SECONDS = 60


@dataclass(frozen=True)
class Count:
    """Instructions that a process executed, by all of its threads, and for how long."""

    instructions: int
    seconds: float

    def each(self, count: int, idle: "Count") -> float:
        """For each of so many calls, without what it executes when nobody calls.

        An idle process executes some for each second, and a second under valgrind has
        few calls.
        """
        idle_rate = idle.instructions / idle.seconds
        return (self.instructions - idle_rate * self.seconds) / count


class Callgrind:
    """Counts by turns. What was counted in each is left in a file of the directory, for
    callgrind_annotate: callgrind.out.<process>.<turn>."""

    def __init__(self, directory: Path):
        if shutil.which("valgrind") is None:
            raise Failure("valgrind is missing.", advice="apt-get install valgrind")
        self._directory = directory
        self._begin = 0.0
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)

    @property
    def under(self) -> list[str]:
        """What to put before the command of a process. It counts nothing yet."""
        return [
            shutil.which("valgrind"),
            "--tool=callgrind",
            "--instr-atstart=no",
            # Else one thread may keep the others from running.
            "--fair-sched=yes",
            f"--callgrind-out-file={self._directory / 'callgrind.out.%p'}",
        ]

    def begin(self, pids: Mapping[str, int]) -> None:
        """Begins to count, for all of the processes."""
        for pid in pids.values():
            _control(pid, "--instr=on")
        # That of the beginning is none.
        self.end_turn(pids, "none")

    def end_turn(self, pids: Mapping[str, int], turn: str) -> dict[str, Count]:
        """What each has executed since the last turn ended, or counting began."""
        seconds = time.monotonic() - self._begin
        for pid in pids.values():
            _control(pid, f"--dump={turn}")
        self._begin = time.monotonic()
        return {
            name: Count(self._keep(pid, name, turn), seconds)
            for name, pid in pids.items()
        }

    def end(self, pids: Mapping[str, int]) -> None:
        """Counts no more, so that the processes end soon."""
        for pid in pids.values():
            _control(pid, "--instr=off")

    def remove_rest(self) -> None:
        """Removes what is of no turn, once the processes have ended."""
        for pattern in ("callgrind.out.[0-9]*", "callgrind.out.*.none"):
            for path in self._directory.glob(pattern):
                path.unlink()

    def _keep(self, pid: int, name: str, turn: str) -> int:
        """Gives the last dump of a process its name; what it counted."""
        dumps = self._directory.glob(f"callgrind.out.{pid}.*")
        kept = self._directory / f"callgrind.out.{name}.{turn}"
        last = max(dumps, key=lambda dump: int(dump.suffix[1:]))
        return instructions(last.rename(kept).read_text())


def instructions(dump: str) -> int:
    """The total of a dump of callgrind's, which counts instructions and no more."""
    events = re.search(r"^events: (.*)$", dump, re.MULTILINE)
    totals = re.search(r"^totals: (.*)$", dump, re.MULTILINE)
    if events is None or totals is None or events[1].split() != ["Ir"]:
        raise Failure("callgrind has written something else than instructions.")
    return int(totals[1])


def _control(pid: int, what: str) -> None:
    done = subprocess.run(
        ["callgrind_control", what, str(pid)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_CONTROL_SECONDS,
        check=False,
    )
    # It ends with 0 in any case.
    if "OK." not in done.stdout:
        raise Failure(f"callgrind_control {what}: {done.stdout}{done.stderr}")
