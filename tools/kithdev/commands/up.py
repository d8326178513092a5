"""./dev up, after the build: everything runs, is full of life, and is shown."""

import argparse
import json
import urllib.parse
from datetime import datetime, timezone

from kithdev import sample
from kithdev.client import Client
from kithdev.commands.view import look_up, show
from kithdev.console import Console, bar, paint
from kithdev.development import bearer, choose_form, suite
from kithdev.load import load
from kithdev.paths import SAMPLE_MARKER, SAMPLE_TIME
from kithdev.processes import GATEWAY
from kithdev.suite import Suite
from kithdev.tenants import DEMO, KONTOR
from kithdev.view import title

_PHONE = "(415) 555-2671"
_EMAIL = "Nora.Lindqvist@Example.com"
_HANDLE = "@noralindqvist"


def run(arguments: list[str]) -> int:
    """Starts what does not run, loads the sample once, shows a customer."""
    options = _options(arguments)
    customers = options.customers
    console = Console()
    choose_form(options.one)
    running = suite()
    _start(console, running)
    walk_in = _sample(console, running, customers)
    with _client(running, DEMO.slug) as client:
        customer = _show(client, walk_in)
    with _client(running, KONTOR.slug) as client:
        _show_stranger(client, customer)
    _show_endpoints(running)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev up", description=__doc__)
    least, most = sample.LEAST_CUSTOMERS, sample.MOST_CUSTOMERS
    parser.add_argument(
        "--customers",
        type=int,
        default=most,
        help=f"of each tenant in the sample, {least} to {most}, each with some "
        f"{sample.INTERACTIONS_EACH} interactions; {most} if not given",
    )
    parser.add_argument(
        "--one",
        action="store_true",
        help="run all services and the gateway in one process, kith",
    )
    options = parser.parse_args(arguments)
    if not least <= options.customers <= most:
        parser.error(f"--customers: {options.customers}, want {least} to {most}")
    return options


def _client(running: Suite, tenant: str) -> Client:
    return Client(running.targets(), running.token(tenant))


def _start(console: Console, running: Suite) -> None:
    with console.step("Database") as step:
        running.configure()
        started = running.database.start()
        running.create_schemas()
        step.result("started" if started else "running")
    with console.step("Migrations"):
        running.migrate()
    with console.step("Services") as step:
        started = running.start_services()
        running.wait_ready()
        kept = len(running.processes) - len(started)
        step.result(
            ", ".join(started) + f" started, {kept} kept" if started else "running"
        )


def _sample(console: Console, running: Suite, customers: int) -> str:
    """Loads the sample, unless it is there; answers the id of a walk-in."""
    version = f"{sample.VERSION} of {customers} customers"
    if SAMPLE_MARKER.exists():
        loaded, walk_in = SAMPLE_MARKER.read_text().splitlines()
        with console.step("Sample data") as step:
            step.result(
                "loaded before"
                if loaded == version
                else f"version {loaded} is there; ./dev reset makes room for another"
            )
        return walk_in
    walk_ins = [_load(console, running, shop, customers) for shop in sample.SHOPS]
    SAMPLE_MARKER.write_text(f"{version}\n{walk_ins[0]}\n")
    return walk_ins[0]


def _sample_time() -> datetime:
    """Now, when loading begins; if it is cut off, the next run sends the same."""
    if not SAMPLE_TIME.exists():
        SAMPLE_TIME.write_text(datetime.now(timezone.utc).isoformat(timespec="seconds"))
    return datetime.fromisoformat(SAMPLE_TIME.read_text())


def _load(console: Console, running: Suite, shop: sample.Shop, customers: int) -> str:
    slug = shop.tenant.slug
    with console.step(f"Sample data of {slug}") as step:
        data = sample.generate(shop, customers, _sample_time())
        total = data.touches()
        with _client(running, slug) as client:
            loaded = load(client, data, lambda done: step.progress(bar(done, total)))
        step.result(
            f"{customers:,} customers, {loaded.touches:,} touches, "
            f"{loaded.rate:,.0f} touches/s"
        )
    return data.walk_in.person.contact_id


def _show(client: Client, walk_in: str) -> str:
    """Shows two customers of demo; answers the id of the first."""
    _heading(f'./dev view "{_PHONE}"')
    print(show(client, _PHONE))
    customer = look_up(client, _PHONE).view.contact.canonical_id
    for typed in (_EMAIL, _HANDLE):
        _heading(f'./dev view "{typed}"')
        contact = look_up(client, typed).view.contact
        same = "the same customer" if contact.canonical_id == customer else "ANOTHER"
        print(f"  {contact.canonical_id}  {title(contact)}: {same}")
    _heading(f"./dev view {walk_in}")
    print(show(client, walk_in, interactions=5))
    return customer


def _show_stranger(client: Client, customer: str) -> None:
    """Shows whom another tenant has under the same address."""
    _heading(f'./dev view --tenant={KONTOR.slug} "{_EMAIL}"')
    contact = look_up(client, _EMAIL).view.contact
    same = "THE SAME" if contact.canonical_id == customer else "a customer of their own"
    print(f"  {contact.canonical_id}  {title(contact)}: {same}")


def _show_endpoints(running: Suite) -> None:
    _heading("Endpoints")
    for name, service in reversed(running.services.items()):
        address = service.address
        print(
            f"  {name:<17} gRPC {address.grpc:<17} "
            f"metrics http://{address.ops}/metrics"
            + (f"  HTTP http://{address.http}" if address.http else "")
        )
    print(f"\n  Every call carries:  {bearer()}")
    print("  Who waits for you:   ./dev next")
    print(f'  What changes there:  ./dev watch "{_PHONE}"')
    request = json.dumps({"customer": {"value": {"value": _PHONE}}})
    print(f"  Any method by hand:  ./dev call gateway.ListInteractions '{request}'")
    gateway = running.services[GATEWAY].address.http
    lookup = urllib.parse.urlencode({"q": _PHONE}, quote_via=urllib.parse.quote)
    print(
        f'  From anything else:  curl -H "{bearer()}" '
        f"'http://{gateway}/v1/customers:lookup?{lookup}'"
    )
    print(
        f"  What a form sends:   curl -d email=ada@example.com -d subject=Hello "
        f"http://{gateway}/hooks/{DEMO.slug}/form"
    )
    print(f"  In a browser:        http://{gateway}/docs{_lack(running)}")


def _lack(running: Suite) -> str:
    """What to say of a page that the build got no viewer for."""
    if running.layout.has_viewer:
        return ""
    return " (a plain list without npm: apt-get install npm, then ./dev up)"


def _heading(text: str) -> None:
    print(f"\n{paint(text, 'bold')}")
