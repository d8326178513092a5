"""What joining and parting customers costs, by their history and their group."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Callable

from google.protobuf.timestamp_pb2 import Timestamp
from kith.common.v1 import common_pb2
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.interactions.v1 import interaction_pb2

from kithdev.client import Client
from kithdev.failure import Failure
from kithdev.suite import Suite

_YEAR_SECONDS = 365 * 24 * 3600
_BATCH = 500
_ABSORBED = 100
_ROUNDS = 15
_EURO = 1_000_000
# The greatest group takes a while to read, and to move.
_TIMEOUT_SECONDS = 60

_CAUSE = group_pb2.MergeCause(
    kind=group_pb2.MERGE_CAUSE_KIND_DECISION, value="bench"
)
_ACTOR = group_pb2.Actor(kind=group_pb2.ACTOR_KIND_PERSON, name="bench")


@dataclass(frozen=True)
class Figures:
    """One line of the result: medians over all rounds."""

    what: str
    merge_rows: float
    merge_ms: float
    unmerge_rows: float
    unmerge_ms: float
    view_ms: float


class MergeBench:
    """Merges and unmerges by the gateway of a suite that nobody else uses."""

    def __init__(self, suite: Suite, client: Client, tell: Callable[[str], None]):
        self._suite = suite
        self._client = client
        self._tell = tell

    def run(self, histories: list[int], groups: list[int]) -> list[Figures]:
        """Of two customers with so many interactions each; of groups so great."""
        figures = [self._histories(count) for count in histories]
        if len({(one.merge_rows, one.unmerge_rows) for one in figures}) != 1:
            raise Failure("Rows written depend on the history.")
        for size in groups:
            figures += self._groups(size)
        return figures

    def _histories(self, count: int) -> Figures:
        pair = self._contacts(2)
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(self._live, one, count) for one in pair]:
                done.result()
        figures = self._measure(f"{count:,} interactions each", pair[0], pair[1])
        for one in pair:
            self._expect(one, count)
        edge, _, _ = self._merge(pair[0], [pair[1]])
        self._expect(pair[1], 2 * count)
        self._unmerge(pair[1], edge)
        return figures

    def _groups(self, size: int) -> list[Figures]:
        *group, other = self._contacts(size)
        for begin in range(1, len(group), _ABSORBED):
            self._merge(group[0], group[begin : begin + _ABSORBED])
        return [
            self._measure(f"{size:,} members: one to the others", group[0], other),
            self._measure(f"{size:,} members: the others to one", other, group[0]),
        ]

    def _measure(self, what: str, survivor: str, absorbed: str) -> Figures:
        rounds = []
        for _ in range(_ROUNDS):
            edge, *merged = self._merge(survivor, [absorbed])
            view_ms = self._view(absorbed)[1]
            rounds.append((*merged, *self._unmerge(absorbed, edge), view_ms))
        figures = Figures(what, *map(statistics.median, zip(*rounds, strict=True)))
        self._tell(line(figures))
        return figures

    def _merge(self, survivor: str, absorbed: list[str]) -> tuple[str, int, float]:
        request = merge_pb2.MergeContactsRequest(
            survivor=_ref(survivor),
            absorbed=map(_ref, absorbed),
            cause=_CAUSE,
            actor=_ACTOR,
        )
        rows = self._suite.database.rows_changed()
        response, milliseconds = _timed(self._client.gateway.MergeContacts, request)
        return response.edges[0].edge_id, self._suite.database.rows_changed() - rows, milliseconds

    def _unmerge(self, customer: str, edge_id: str) -> tuple[int, float]:
        request = merge_pb2.UnmergeContactsRequest(
            customer=_ref(customer), edge_id=edge_id, actor=_ACTOR
        )
        rows = self._suite.database.rows_changed()
        _, milliseconds = _timed(self._client.gateway.UnmergeContacts, request)
        return self._suite.database.rows_changed() - rows, milliseconds

    def _view(self, customer: str) -> tuple[customer_view_pb2.CustomerView, float]:
        request = customer_view_pb2.GetCustomerViewRequest(customer=_ref(customer))
        response, milliseconds = _timed(self._client.gateway.GetCustomerView, request)
        return response.view, milliseconds

    def _expect(self, customer: str, purchases: int) -> None:
        view, _ = self._view(customer)
        members = set(view.contact.member_ids)
        shown = {one.contact_id for one in view.interactions}
        if not shown <= members or [
            (sales.purchase_count, sales.sold_micros) for sales in view.summary.sales
        ] != [(purchases, purchases * _EURO)]:
            raise Failure(f"A view is not what it should be: {view.summary}")

    def _contacts(self, count: int) -> list[str]:
        ids = []
        for begin in range(0, count, _BATCH):
            ids += self._ensure(min(_BATCH, count - begin))
        return ids

    def _ensure(self, count: int) -> list[str]:
        first = self._client.gateway.CreateContact(gateway_contact_pb2.CreateContactRequest())
        # Those that follow it, which nobody else makes.
        prefix, number = first.contact_id[:24], int(first.contact_id[24:], 16)
        ids = [f"{prefix}{(number + n) % (1 << 48):012x}" for n in range(count)]
        self._client.contacts.BatchEnsureContacts(
            contact_pb2.BatchEnsureContactsRequest(
                requests=[
                    contact_pb2.EnsureContactRequest(contact_id=one) for one in ids
                ]
            )
        )
        return ids

    def _live(self, contact_id: str, count: int) -> None:
        """A year of purchases at 1 EUR."""
        begin = int(time.time()) - _YEAR_SECONDS
        for first in range(0, count, _BATCH):
            requests = [
                interaction_pb2.RecordInteractionRequest(
                    interaction=interaction_pb2.Interaction(
                        contact_id=contact_id,
                        kind=interaction_pb2.KIND_PURCHASE,
                        occurred_time=Timestamp(
                            seconds=begin + n * _YEAR_SECONDS // count
                        ),
                        amount=common_pb2.Money(
                            currency_code="EUR", amount_micros=_EURO
                        ),
                        source="bench",
                        external_id=f"{contact_id}/{n}",
                    )
                )
                for n in range(first, min(count, first + _BATCH))
            ]
            response = self._client.interactions.BatchRecordInteractions(
                interaction_pb2.BatchRecordInteractionsRequest(requests=requests),
                timeout=_TIMEOUT_SECONDS,
            )
            if any(result.HasField("error") for result in response.results):
                raise Failure("interactions-svc refused what is to be measured.")


def head() -> str:
    """What stands above the lines."""
    return (
        f"  {'':<32}{'merge':>16}{'unmerge':>18}{'view':>9}\n"
        f"  {'':<32}{'rows':>7}{'ms':>9}{'rows':>9}{'ms':>9}{'ms':>9}"
    )


def line(figures: Figures) -> str:
    """Figures as people read them."""
    return (
        f"  {figures.what:<32}{figures.merge_rows:>7.0f}{figures.merge_ms:>9.1f}"
        f"{figures.unmerge_rows:>9.0f}{figures.unmerge_ms:>9.1f}"
        f"{figures.view_ms:>9.1f}"
    )


def to_json(figures: list[Figures]) -> list[dict]:
    """For a file."""
    return [asdict(one) for one in figures]


def _ref(contact_id: str) -> customer_view_pb2.CustomerRef:
    return customer_view_pb2.CustomerRef(contact_id=contact_id)


def _timed(call: Callable, request: object) -> tuple:
    begin = time.perf_counter()
    response = call(request, timeout=_TIMEOUT_SECONDS)
    return response, 1000 * (time.perf_counter() - begin)
