"""The suite that ./dev runs: tenants with a key each, which may do everything."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from kithdev.credentials import ApiKey, Tenant, kept_key
from kithdev.failure import Failure
from kithdev.layout import Layout
from kithdev.paths import BINARIES, ROOT, RUN, shown
from kithdev.processes import GATEWAY, NAMES
from kithdev.suite import Suite
from kithdev.tenants import DEMO, TENANTS

LAYOUT = Layout(RUN, BINARIES)

# Where Vite serves a page that somebody works on.
_PAGES = ["--http_origins=http://localhost:5173"]
# Forms that anybody may post, without a secret.
_HOOKS = [f"--connectors_file={ROOT / 'tools/kithdev/sample/connectors.textproto'}"]
_DEFAULT_PORT_BASE = 7700
_HIGHEST_PORT_BASE = 65535 - 31


# Where the suite of .run is one process.
_ONE_MARKER = RUN / "one"


def choose_form(one: bool) -> None:
    """Has the suite of .run be one process, or four."""
    if one:
        RUN.mkdir(parents=True, exist_ok=True)
        _ONE_MARKER.touch()
    else:
        _ONE_MARKER.unlink(missing_ok=True)


def suite() -> Suite:
    """The suite in .run, whether it runs or not."""
    return Suite(
        LAYOUT,
        [_with_visits(tenant) for tenant in TENANTS.values()],
        [key(slug) for slug in TENANTS],
        _port_base(),
        flags={
            name: ["--reflection", *_PAGES, *_HOOKS]
            if name == GATEWAY
            else ["--reflection"]
            for name in NAMES
        },
        one=_ONE_MARKER.exists(),
    )


def key(tenant: str) -> ApiKey:
    """The key of a tenant; made at first use."""
    return kept_key(_key_file(tenant), ApiKey(tenant, tenant))


def form_port() -> int:
    """Where ./dev form serves its page: the last of the ports of the suite."""
    return _port_base() + 31


def has_run() -> bool:
    """Whether anything was started here."""
    return _key_file(DEMO.slug).exists()


def connection(tenant: str = DEMO.slug) -> tuple[dict[str, str], str]:
    """Where the running services are, and the token to call them with."""
    if not has_run():
        raise Failure("Nothing runs here yet.", advice="./dev up")
    targets = suite().targets()
    if "gateway" not in targets:
        raise Failure("The gateway does not run.", advice="./dev up")
    return targets, key(tenant).token


def bearer(tenant: str = DEMO.slug) -> str:
    """The header that carries a tenant's key, as typed in a shell."""
    return f"authorization: Bearer $(cat {shown(_key_file(tenant))})"


def add_tenant_option(parser: argparse.ArgumentParser) -> None:
    """--tenant, for commands that call as one of them."""
    parser.add_argument(
        "--tenant", choices=TENANTS, default=DEMO.slug, help=f"{DEMO.slug} if not given"
    )


def _key_file(tenant: str) -> Path:
    return LAYOUT.secrets / f"{tenant}.key"


def _with_visits(tenant: Tenant) -> Tenant:
    """The tenant, but with visits of the page of ./dev form."""
    if tenant.slug != DEMO.slug:
        return tenant
    return replace(
        tenant,
        visits=f'origins: "http://127.0.0.1:{form_port()}" '
        f'origins: "http://localhost:{form_port()}" '
        'affiliate_parameters: "aff"',
    )


def _port_base() -> int:
    text = os.environ.get("KITH_PORT_BASE", str(_DEFAULT_PORT_BASE))
    if not text.isdecimal() or not 1024 <= int(text) <= _HIGHEST_PORT_BASE:
        raise Failure(
            f'KITH_PORT_BASE is "{text}", want a port from 1024 to '
            f"{_HIGHEST_PORT_BASE}."
        )
    return int(text)
