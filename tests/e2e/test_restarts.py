"""A rolling restart under load: nobody notices."""

import json
import time

import pytest

from calling import Caller
from conftest import PATIENT, start_suite
from kithdev.client import Client
from kithdev.processes import OWNERS

_LOAD_BALANCED = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "healthCheckConfig": {"serviceName": ""},
    }
)

# As a Deployment's minReadySeconds: callers may take the longest pause between
# two attempts to connect (1 s) until they find the new process.
_MIN_READY_SECONDS = 2


def both(suite, name: str) -> str:
    """The target of both replicas."""
    addresses = [suite.services[n].address.grpc for n in (name, f"{name}.2")]
    return "ipv4:" + ",".join(addresses)


@pytest.fixture(scope="module")
def replicated(tmp_path_factory):
    """Two of everything, each gateway in front of both of each service."""
    suite = start_suite(tmp_path_factory.mktemp("suite"))
    try:
        for name in OWNERS:
            suite.start_replica(name)
        flags = [
            f"--{name.removesuffix('-svc')}_target={both(suite, name)}"
            for name in OWNERS
        ]
        flags.append(PATIENT)
        suite.start_replica("gateway", flags)
        # The first one knows of the second replicas from now on.
        suite.add_flags("gateway", flags)
        suite.restart("gateway")
        yield suite
    finally:
        suite.stop()


def test_eight_restarts_under_load_are_invisible(replicated, fresh):
    client = Client(
        {"gateway": both(replicated, "gateway")},
        replicated.token("demo"),
        [("grpc.service_config", _LOAD_BALANCED)],
    )
    callers = [Caller(client, fresh("c"), fresh("phone")) for _ in range(4)]
    try:
        for name in (*OWNERS, "gateway"):
            for replica in (name, f"{name}.2"):
                replicated.restart(replica)
                # What a Deployment does.
                time.sleep(_MIN_READY_SECONDS)
    finally:
        for caller in callers:
            caller.stop()
        client.close()
    calls = sum(2 * caller.rounds for caller in callers)
    errors = [error for caller in callers for error in caller.errors]
    print(f"8 restarts, {calls} calls, {len(errors)} errors")
    assert calls > 1000
    assert not errors, errors[0]
