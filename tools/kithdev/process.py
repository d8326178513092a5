"""Processes that outlive the command that started them."""

import json
import os
import select
import signal
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Sequence


class Process:
    """A daemon known by a file that records its pid and start time.

    The start time tells it from a later process that got the same pid; a
    pidfd then names the very process that was checked, so that no signal can
    reach another one.
    """

    def __init__(self, record: Path, log: Path):
        self._record = record
        self.log = log

    def start(self, argv: Sequence[str], build: str = "") -> None:
        """Starts it in a session of its own, its output added to the log.

        `build` is kept beside the pid, to tell later what is running.
        """
        self._record.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.adopt(_spawn(argv, self.log), build)

    def adopt(self, pid: int, build: str = "") -> None:
        """Records a process that runs."""
        record = {"pid": pid, "start_time": _start_time(pid), "build": build}
        scratch = self._record.with_suffix(".new")
        scratch.write_text(json.dumps(record) + "\n")
        scratch.replace(self._record)

    def forget(self) -> None:
        """Removes the record; the process is left alone."""
        self._record.unlink(missing_ok=True)

    @property
    def pid(self) -> int | None:
        """Its pid while it runs."""
        with self._open() as opened:
            return opened[0] if opened else None

    @property
    def build(self) -> str:
        """What start() was told; empty where it was never started."""
        return self._read().get("build", "")

    def signal(self, number: signal.Signals) -> bool:
        """Sends a signal; says whether there was a process to send it to."""
        with self._open() as opened:
            if opened is None:
                return False
            signal.pidfd_send_signal(opened[1], number)
            return True

    def pause(self) -> None:
        """Stops its threads, and returns once none runs any more."""
        with self._open() as opened:
            if opened is None:
                return
            pid, pidfd = opened
            signal.pidfd_send_signal(pidfd, signal.SIGSTOP)
            while not all(state in "TZX" for state in _states(pid)):
                # No event tells: polls.
                time.sleep(0.001)

    def resume(self) -> None:
        """Ends a pause."""
        self.signal(signal.SIGCONT)

    def stop(self, seconds: float) -> bool:
        """Asks it to end, and ends it after the time given.

        Says whether it was running.
        """
        with self._open() as opened:
            if opened is not None:
                pid, pidfd = opened
                signal.pidfd_send_signal(pidfd, signal.SIGTERM)
                # A stopped process takes no SIGTERM.
                signal.pidfd_send_signal(pidfd, signal.SIGCONT)
                if not _wait(pid, pidfd, seconds):
                    _kill(pid, pidfd)
        self._record.unlink(missing_ok=True)
        return opened is not None

    def kill(self) -> bool:
        """Ends it at once, as `kill -9`; says whether it was running."""
        with self._open() as opened:
            if opened is not None:
                _kill(*opened)
        self._record.unlink(missing_ok=True)
        return opened is not None

    def _read(self) -> dict:
        try:
            return json.loads(self._record.read_text())
        except FileNotFoundError:
            return {}

    @contextmanager
    def _open(self) -> Iterator[tuple[int, int] | None]:
        """The pid and a pidfd of the recorded process, while it runs."""
        record = self._read()
        try:
            pidfd = os.pidfd_open(record["pid"])
        except (KeyError, ProcessLookupError):
            yield None
            return
        try:
            start_time = _start_time(record["pid"])
            runs = start_time is not None and start_time == record["start_time"]
            yield (record["pid"], pidfd) if runs else None
        finally:
            os.close(pidfd)


def _spawn(argv: Sequence[str], log: Path) -> int:
    out = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    # A daemon that kept its caller's descriptors would hold the caller's locks.
    inherited = [
        fd
        for fd in map(int, os.listdir("/proc/self/fd"))
        if fd > 2 and _is_inheritable(fd)
    ]
    return os.posix_spawn(
        argv[0],
        argv,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), out, 0o640),
            (os.POSIX_SPAWN_DUP2, 1, 2),
            *((os.POSIX_SPAWN_CLOSE, fd) for fd in inherited),
        ],
        setsid=True,
        # Python ignores it, which a child would inherit.
        setsigdef=[signal.SIGPIPE],
    )


def _is_inheritable(fd: int) -> bool:
    try:
        return os.get_inheritable(fd)
    except OSError:
        return False  # That of the listing itself, closed by now.


def _start_time(pid: int) -> int | None:
    """In clock ticks since boot; nothing where it has ended."""
    fields = _stat(Path(f"/proc/{pid}/stat"))
    return None if fields[0] in "ZX" else int(fields[19])


def _states(pid: int) -> list[str]:
    """A letter for each of its threads, as `man proc` tells them."""
    return [_stat(path)[0] for path in Path(f"/proc/{pid}/task").glob("*/stat")]


def _stat(path: Path) -> list[str]:
    """The fields from the state on; of what has ended, that it is dead."""
    try:
        # The name, in brackets, may hold anything.
        return path.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ["X"]


def _wait(pid: int, pidfd: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    ended = bool(poll.poll(seconds * 1000))
    if ended:
        _reap(pid)
    return ended


def _kill(pid: int, pidfd: int) -> None:
    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    _wait(pid, pidfd, 10)


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # Started by an earlier command, so not this one's child.
