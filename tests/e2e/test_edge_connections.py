"""Thousands of connections that do little, beside callers who notice nothing of them.

KITH_EDGE_CROWD says how many are idle; a tenth as many are slow. ./dev test --long
has the full number.
"""

import http.client
import json
import os
import re
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import PATIENT, start_suite

IDLE = int(os.environ.get("KITH_EDGE_CROWD", "2000"))
SLOW = IDLE // 10
CALLS = 300
# Of one connection that waits for its next request.
MOST_KIB = 24
# What a service manager gives a process: more has to be asked for.
SOFT_FILES = 1024


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = IDLE + SLOW + 1000
    assert hard >= wanted, f"ulimit -Hn is {hard}, this test wants {wanted}"
    resource.setrlimit(resource.RLIMIT_NOFILE, (SOFT_FILES, hard))
    try:
        flags = [PATIENT, "--http_connection_limit=20000", "--nolog_calls"]
        one = start_suite(tmp_path_factory.mktemp("suite"), flags={"gateway": flags})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    yield one
    one.stop()


@contextmanager
def _crowd(address: str, idle: int, slow: int):
    """A crowd; yields the process, which has said that its idle ones are there."""
    script = Path(__file__).with_name("edge_crowd.py")
    with subprocess.Popen(
        [sys.executable, script, address, str(idle), str(slow)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as crowd:
        try:
            assert crowd.stdout.readline() == "there\n"
            yield crowd
        finally:
            crowd.kill()


def _memory_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.M).group(1))


def _times(address: str, token: str) -> list[float]:
    """How long each of some good calls has taken, the longest last."""
    connection = http.client.HTTPConnection(address, timeout=10)
    times = []
    for _ in range(CALLS):
        began = time.monotonic()
        headers = {"authorization": f"Bearer {token}"}
        connection.request("GET", "/v1/suggestions", headers=headers)
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 200
        times.append(time.monotonic() - began)
    connection.close()
    return sorted(times)


def test_idle_and_slow_connections_harm_nobody(suite):
    gateway = suite.services["gateway"]
    address, token = gateway.address.http, suite.token("demo")
    alone = _times(address, token)
    before = _memory_kib(gateway.process.pid)
    with _crowd(address, IDLE, SLOW) as crowd:
        each = (_memory_kib(gateway.process.pid) - before) / IDLE
        assert crowd.stdout.readline() == "slow\n"
        beside = _times(address, token)
        # Those who are new are let in as well.
        for _ in range(20):
            assert _new_caller_is_answered(address, token)
        crowd.stdin.close()
        seen = json.loads(crowd.stdout.readline())
    middle, late = CALLS // 2, CALLS * 99 // 100
    print(
        f"{IDLE} idle, {SLOW} slow: {each:.1f} KiB an idle connection; a call takes "
        f"{1000 * beside[middle]:.1f} ms, p99 {1000 * beside[late]:.1f} ms; alone "
        f"{1000 * alone[middle]:.1f} ms, p99 {1000 * alone[late]:.1f} ms"
    )
    assert seen["answered"] == IDLE
    assert each < MOST_KIB
    # Not what the crowd's own process takes of the machine, which varies.
    assert beside[middle] < 5 * alone[middle] + 0.05
    assert beside[-1] < 5


def _new_caller_is_answered(address: str, token: str) -> bool:
    connection = http.client.HTTPConnection(address, timeout=5)
    connection.request(
        "GET", "/v1/suggestions", headers={"authorization": f"Bearer {token}"}
    )
    answered = connection.getresponse().status == 200
    connection.close()
    return answered
