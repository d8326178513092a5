"""Processes are found again, and no other process is ever touched."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from kithdev.process import Process

_SLEEP = ["/usr/bin/sleep", "60"]
_STUBBORN = ["/usr/bin/bash", "-c", "trap '' TERM; echo on; while :; do sleep 1; done"]


@pytest.fixture
def record(tmp_path):
    return tmp_path / "one.pid"


@pytest.fixture
def process(record, tmp_path):
    one = Process(record, tmp_path / "one.log")
    yield one
    one.kill()


def test_start_and_stop(process, record):
    process.start(_SLEEP, build="7")
    pid = process.pid
    assert pid is not None and process.build == "7"
    assert process.stop(5)
    assert process.pid is None
    assert not record.exists()
    assert not process.stop(5)


def test_a_later_object_finds_it(process, record):
    process.start(_SLEEP)
    assert Process(record, process.log).pid == process.pid


def test_what_ignores_the_signal_is_killed(process):
    process.start(_STUBBORN)
    while not process.log.read_text():
        # No event tells: polls.
        time.sleep(0.01)
    assert process.stop(0.2)
    assert process.pid is None


def test_a_paused_process_stops(process):
    process.start(_SLEEP)
    process.pause()
    assert process.stop(5)


def test_a_paused_process_does_nothing_until_it_is_resumed(process):
    process.start(
        ["/usr/bin/bash", "-c", "while echo on; do read -rt 0.001 <> <(:); done"]
    )

    def size():
        return process.log.stat().st_size

    def wait_for_more(before):
        while size() == before:
            # No event tells: polls.
            time.sleep(0.001)

    wait_for_more(0)
    process.pause()
    paused = size()
    # What would have been written by now.
    time.sleep(0.05)
    assert size() == paused
    process.resume()
    wait_for_more(paused)
    assert process.kill()


def test_another_process_of_the_same_pid_is_left_alone(process, record):
    with subprocess.Popen(_SLEEP) as other:
        record.write_text(json.dumps({"pid": other.pid, "start_time": 1, "build": ""}))
        assert process.pid is None
        assert not process.signal(signal.SIGTERM)
        assert not process.stop(1)
        assert other.poll() is None
        other.kill()


def test_one_that_died_is_not_running(process):
    process.start(["/usr/bin/true"])
    while process.pid is not None:
        # No event tells: polls.
        time.sleep(0.01)
    assert not process.kill()


def test_output_goes_to_the_log(process):
    process.start(["/usr/bin/bash", "-c", "echo out; echo err >&2; exec sleep 60"])
    while process.log.read_text() != "out\nerr\n":
        # No event tells: polls.
        time.sleep(0.01)
    assert os.getpgid(process.pid) == process.pid


def test_it_holds_no_descriptor_of_its_caller(process, tmp_path):
    with (tmp_path / "lock").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        process.start(_SLEEP)
        kept = set()
        for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
            # The program closes what its loader has opened.
            with contextlib.suppress(FileNotFoundError):
                kept.add(os.readlink(descriptor))
    assert str(tmp_path / "lock") not in kept
