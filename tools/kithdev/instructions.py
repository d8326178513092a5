"""What each process of a suite executes for one view, counted by callgrind."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Sequence

from kith.gateway.v1 import customer_view_pb2

from kithdev.callgrind import Callgrind
from kithdev.client import Client
from kithdev.failure import Failure
from kithdev.paths import shown
from kithdev.processes import GATEWAY
from kithdev.suite import Suite

# Under valgrind all takes fifty times as long, a part of a view too.
GATEWAY_FLAGS = ["--part_timeout=30s"]

# First views open sessions, prepare statements and resolve symbols.
_WARM_UP, _VIEWS = 200, 200
_IDLE_SECONDS = 5
_VIEW_SECONDS = 30
# That of the scenario view_by_id of tests/bench.
_MASK = ("contact", "identities", "summary", "interactions")


Counts = dict[int, dict[str, float]]


def measure(
    suite: Suite, callgrind: Callgrind, token: str, callers: Sequence[int]
) -> Counts:
    """Asks a suite that runs under callgrind for views by id.

    Answers instructions a view by number of callers and process, MariaDB's not among
    them, and prints them.
    """
    ids = _contact_ids(suite, _WARM_UP + _VIEWS)
    counts = {}
    with Client({GATEWAY: suite.targets()[GATEWAY]}, token) as client:
        _view(client, ids[:_WARM_UP], max(callers))
        callgrind.begin(suite.pids())
        time.sleep(_IDLE_SECONDS)
        idle = callgrind.end_turn(suite.pids(), "idle")
        for number in callers:
            _view(client, ids[_WARM_UP:], number)
            busy = callgrind.end_turn(suite.pids(), f"views-{number}")
            counts[number] = {
                name: count.each(_VIEWS, idle[name]) for name, count in busy.items()
            }
    callgrind.end(suite.pids())
    print(table(counts))
    return counts


def table(counts: Counts) -> str:
    """As people read it."""
    names = list(next(iter(counts.values())))
    heads = [f"{number} callers" if number > 1 else "1 caller" for number in counts]
    lines = [("instructions a view", heads)]
    for name in names:
        lines.append((name, [f"{each[name]:,.0f}" for each in counts.values()]))
    together = [f"{sum(each.values()):,.0f}" for each in counts.values()]
    lines.append(("together", together))
    return "\n".join(
        f"{title:<22}" + "".join(f" {cell:>12}" for cell in cells)
        for title, cells in lines
    )


def report(forms: dict[str, Counts], directory: Path, result: Path) -> None:
    """Writes the figures of each form, and says where all is."""
    result.write_text(json.dumps({"instructions_a_view": forms}, indent=2) + "\n")
    print(
        f"\n  Of {_VIEWS} views by id, without MariaDB, and without what an idle "
        "process executes in that time."
        "\n  By function: callgrind_annotate "
        f"{shown(directory)}/callgrind.out.*.views-*"
        f"\n  All figures: {shown(result)}"
    )


def _contact_ids(suite: Suite, count: int) -> list[str]:
    found = suite.database.execute(
        f"SELECT HEX(contact_id) FROM kith_contacts.contacts LIMIT {count}"
    ).split()
    if len(found) < count:
        raise Failure(f"{len(found)} contacts are too few: want {count}.")
    return [str(uuid.UUID(hex=text)) for text in found]


def _view(client: Client, ids: list[str], callers: int) -> None:
    def view(contact_id: str) -> None:
        request = customer_view_pb2.GetCustomerViewRequest()
        request.customer.contact_id = contact_id
        request.read_mask.paths.extend(_MASK)
        answer = client.gateway.GetCustomerView(request, timeout=_VIEW_SECONDS).view
        failed = [part for part in answer.parts if part.HasField("error")]
        if failed or not answer.interactions:
            raise Failure(f"The view of {contact_id} lacks a part: {failed}")

    with ThreadPoolExecutor(callers) as pool:
        list(pool.map(view, ids))
