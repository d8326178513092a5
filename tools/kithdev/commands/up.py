"""./dev up, after the build: everything runs, is full of life, and is shown."""

import json

from kithdev import sample
from kithdev.client import Client
from kithdev.commands.view import look_up
from kithdev.console import Console, bar, paint
from kithdev.development import bearer, suite
from kithdev.failure import Failure
from kithdev.load import load
from kithdev.paths import SAMPLE_MARKER
from kithdev.suite import NAMES, Suite
from kithdev.view import render, title

_PHONE = "(415) 555-2671"
_EMAIL = "Nora.Lindqvist@Example.com"
_HANDLE = "@noralindqvist"


def run(arguments: list[str]) -> int:
    """Starts what does not run, loads the sample once, shows a customer."""
    if arguments:
        raise Failure("./dev up takes no arguments.")
    console = Console()
    running = suite()
    _start(console, running)
    with Client(running.targets(), running.token("developer")) as client:
        data = sample.generate()
        _load(console, client, data)
        _show(client, data)
    _show_endpoints(running)
    return 0


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
        kept = len(NAMES) - len(started)
        step.result(
            ", ".join(started) + f" started, {kept} kept" if started else "running"
        )


def _load(console: Console, client: Client, data: sample.Sample) -> None:
    version = f"{sample.VERSION} {sample.SEED}\n"
    with console.step("Sample data") as step:
        if SAMPLE_MARKER.exists():
            same = SAMPLE_MARKER.read_text() == version
            step.result(
                "loaded before" if same
                else "of another version; ./dev reset loads the present one"
            )
            return
        total = data.touches()
        loaded = load(client, data, lambda done: step.progress(bar(done, total)))
        SAMPLE_MARKER.write_text(version)
        step.result(
            f"{len(data.customers)} customers, {loaded.touches:,} touches, "
            f"{loaded.rate:,.0f} touches/s"
        )


def _show(client: Client, data: sample.Sample) -> None:
    _heading(f'./dev view "{_PHONE}"')
    found = look_up(client, _PHONE)
    print(render(found))
    customer = found.view.contact.canonical_id
    for typed in (_EMAIL, _HANDLE):
        _heading(f'./dev view "{typed}"')
        contact = look_up(client, typed).view.contact
        same = "the same customer" if contact.canonical_id == customer else "ANOTHER"
        print(f"  {contact.canonical_id}  {title(contact)}: {same}")
    walk_in = data.walk_in.person.contact_id
    _heading(f"./dev view {walk_in}")
    print(render(look_up(client, walk_in, interactions=5)))


def _show_endpoints(running: Suite) -> None:
    _heading("Endpoints")
    for name, service in reversed(running.services.items()):
        address = service.address
        print(
            f"  {name:<17} gRPC {address.grpc:<17} "
            f"metrics http://{address.ops}/metrics"
        )
    print(f"\n  Every call carries:  {bearer()}")
    request = json.dumps({"customer": {"value": {"value": _PHONE}}})
    print(f"  Any method by hand:  ./dev call gateway.ListTimeline '{request}'")


def _heading(text: str) -> None:
    print(f"\n{paint(text, 'bold')}")
