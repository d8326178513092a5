"""The real binaries on a real MariaDB, spoken to as any client would."""

import os
import uuid
from pathlib import Path

import pytest

from groups import Customer, make_customer
from kithdev.client import Client
from kithdev.credentials import ALL_SCOPES, ApiKey, Tenant
from kithdev.layout import Layout
from kithdev.paths import ROOT
from kithdev.suite import Suite

BINARIES = Path(os.environ["KITH_BINARIES"])

# Whether the suite is one process rather than four.
ONE = os.environ.get("KITH_ONE") == "1"

# As many as a tenant may have, beside those that there are by default.
QUEUES = [f"q{number}" for number in range(17)]
RULES = "".join(f'queues: "{queue}" ' for queue in QUEUES)

TENANTS = [
    Tenant(1, "demo", actions=RULES),
    Tenant(2, "other", "DE", "Europe/Berlin", actions=RULES),
]
# journal.write is of the gateway's own key; here the tests stand in for it.
SCOPES = (*ALL_SCOPES, "journal.write")
KEYS = [
    ApiKey("demo", "demo", scopes=SCOPES),
    ApiKey("other", "other", scopes=SCOPES),
    ApiKey("noscopes", "demo", scopes=()),
    ApiKey("directory", "demo", scopes=("customers.read", "contacts.read")),
    ApiKey("webform", "demo", assurance="ASSURANCE_UNAUTHENTICATED"),
    ApiKey("verified", "demo", assurance="ASSURANCE_VERIFIED"),
    ApiKey("otherverified", "other", assurance="ASSURANCE_VERIFIED"),
]


# A busy machine's late parts are what the tests of faults are about, and no others.
PATIENT = "--part_timeout=10s"
# Public forms of the tenant demo: "leads" and "form".
CONNECTORS = ROOT / "tools/kithdev/sample/connectors.textproto"


def start_suite(directory: Path, keys=KEYS, **options) -> Suite:
    """A running suite on free ports; the caller stops it."""
    suite = Suite(Layout(directory, BINARIES), TENANTS, keys, one=ONE, **options)
    try:
        suite.start()
    except BaseException:
        suite.stop()
        raise
    return suite


# For what only processes of their own can show, such as the loss of one.
four_processes = pytest.mark.skipif(ONE, reason="is about one process among four")


@pytest.fixture(scope="module")
def suite(request, tmp_path_factory):
    """One suite for the tests of a file. Tests that break it mend it."""
    gateway = getattr(request.module, "GATEWAY_FLAGS", [PATIENT])
    gateway = [f"--connectors_file={CONNECTORS}", *gateway]
    one = start_suite(tmp_path_factory.mktemp("suite"), flags={"gateway": gateway})
    yield one
    one.stop()


@pytest.fixture(scope="module")
def free_queues(suite):
    """Queues of the suite that no test has worked on."""
    return list(QUEUES)


@pytest.fixture
def queue(free_queues) -> str:
    """A queue that no other test of the file works on."""
    return free_queues.pop()


@pytest.fixture
def client(suite):
    """Calls with the key of the tenant demo."""
    with Client(suite.targets(), suite.token("demo")) as one:
        yield one


@pytest.fixture
def stranger(suite):
    """Calls with the key of another tenant."""
    with Client(suite.targets(), suite.token("other")) as one:
        yield one


@pytest.fixture
def form(suite):
    """Calls with a key that anybody can read in a web page."""
    with Client(suite.targets(), suite.token("webform")) as one:
        yield one


@pytest.fixture
def verified(suite):
    """Calls with the key of the business's own sign-in."""
    with Client(suite.targets(), suite.token("verified")) as one:
        yield one


@pytest.fixture
def fresh():
    """Makes values that no other test has used: fresh("phone")."""
    serial = uuid.uuid4().int

    def make(kind: str) -> str:
        nonlocal serial
        serial += 1
        if kind == "phone":
            # 555-0100 to 555-0199 are for fiction, in every area code.
            area = 201 + serial % 799
            return f"+1{area}5550{100 + serial // 799 % 100}"
        return (
            f"{kind}-{serial:x}@example.com" if kind == "mail" else f"{kind}-{serial:x}"
        )

    return make


@pytest.fixture
def customer(client, fresh):
    """Makes one who has bought: customer("Ada", 3), at 1, 2 and 3 EUR."""

    def make(name: str, count: int = 2) -> Customer:
        return make_customer(client, fresh, name, count)

    return make
