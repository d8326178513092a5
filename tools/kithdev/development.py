"""The suite that ./dev runs: one tenant, one key that may do everything."""

import os

from kithdev.credentials import Tenant, development_key
from kithdev.failure import Failure
from kithdev.paths import BINARIES, RUN, shown
from kithdev.suite import NAMES, Layout, Suite

LAYOUT = Layout(RUN, BINARIES)
KEY_FILE = LAYOUT.secrets / "dev.key"

_TENANT = Tenant(id=1, slug="demo")
_DEFAULT_PORT_BASE = 7700
_HIGHEST_PORT_BASE = 65535 - 31


def suite() -> Suite:
    """The suite in .run, whether it runs or not."""
    key = development_key(KEY_FILE, _TENANT.slug)
    return Suite(
        LAYOUT,
        [_TENANT],
        [key],
        _port_base(),
        flags={name: ["--reflection"] for name in NAMES},
    )


def connection() -> tuple[dict[str, str], str]:
    """Where the running services are, and the token to call them with."""
    if not KEY_FILE.exists():
        raise Failure("Nothing runs here yet.", advice="./dev up")
    targets = suite().targets()
    if "gateway" not in targets:
        raise Failure("The gateway does not run.", advice="./dev up")
    return targets, KEY_FILE.read_text()


def bearer() -> str:
    """The header that carries the key, as typed in a shell."""
    return f"authorization: Bearer $(cat {shown(KEY_FILE)})"


def _port_base() -> int:
    text = os.environ.get("KITH_PORT_BASE", str(_DEFAULT_PORT_BASE))
    if not text.isdecimal() or not 1024 <= int(text) <= _HIGHEST_PORT_BASE:
        raise Failure(
            f'KITH_PORT_BASE is "{text}", want a port from 1024 to '
            f"{_HIGHEST_PORT_BASE}."
        )
    return int(text)
