"""Long histories and great groups: the same answers, and no more writes."""

from concurrent import futures

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from builders import link_of, mail, phone, touch, touch_of, view_of
from groups import (
    euros,
    merge_of,
    newest_first,
    reason_of,
    see,
    sold,
    state,
    timeline,
    unmerge_of,
)
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import touch_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.client import Client

YEAR = 365 * 24 * 3600
NOW = 1_795_000_000


def live(client, fresh, number: str, count: int, begin: int) -> None:
    """`count` purchases at 1 EUR by a phone, from `begin` on, one a minute."""
    prefix = fresh("r")
    for first in range(0, count, 200):
        batch = client.gateway.BatchRecordTouches(
            touch_pb2.BatchRecordTouchesRequest(
                touches=[
                    touch(
                        f"{prefix}.{n}",
                        phone(number),
                        kind=interaction_pb2.KIND_PURCHASE,
                        occurred_time=Timestamp(seconds=begin + 60 * n),
                        amount=euros(1),
                    )
                    for n in range(first, min(count, first + 200))
                ]
            )
        )
        assert not [one for one in batch.results if one.HasField("error")]


def rows_changed(suite) -> int:
    """The rows written since the first call, but for those that the change feed
    writes by itself."""
    count = suite.database.execute(
        "SET GLOBAL userstat = 1;"
        "SELECT COALESCE(SUM(rows_changed), 0) "
        "FROM information_schema.table_statistics "
        "WHERE table_name NOT IN ('outbox', 'changes', 'leases')"
    )
    return int(count)


def test_a_mistake_of_a_year_ago_is_undone_in_one_call(suite, client, fresh):
    """Whatever the history, with the same rows; ./dev bench merge: a million."""
    written = []
    for history in (10, 1_500):
        ada, bob = fresh("phone"), fresh("phone")
        for number in (ada, bob):
            live(client, fresh, number, history, NOW - YEAR - 60 * history)
        before = [state(client, phone(number)) for number in (ada, bob)]
        begin = rows_changed(suite)
        edge = client.gateway.MergeContacts(merge_of(phone(ada), phone(bob))).edges[0]
        merged = rows_changed(suite)
        live(client, fresh, ada, 7, NOW - 600)
        live(client, fresh, bob, 5, NOW - 630)
        assert sold(see(client, phone(bob))) == 2 * history + 12
        since = rows_changed(suite)
        client.gateway.UnmergeContacts(
            unmerge_of(edge.absorbed_id, edge_id=edge.edge_id)
        )
        written.append((merged - begin, rows_changed(suite) - since))
        for number, more, then in zip((ada, bob), (7, 5), before):
            now = state(client, phone(number))
            assert now.contact == then.contact
            assert now.identities == then.identities
            assert sold(now) == history + more
            rows = timeline(client, phone(number), page_size=500)
            assert len(rows) == history + more and rows == newest_first(rows)
            assert {row.contact_id for row in rows} == {now.contact.canonical_id}
    assert written[0] == written[1]
    assert max(written[0]) < 20


GREAT = 1_200


def populate(client, ids: list[str]) -> None:
    """A purchase at 1 EUR for each."""
    for begin in range(0, len(ids), 200):
        part = ids[begin : begin + 200]
        ensure = [contact_pb2.EnsureContactRequest(contact_id=one) for one in part]
        client.contacts.BatchEnsureContacts(
            contact_pb2.BatchEnsureContactsRequest(requests=ensure)
        )
        touches = [
            touch_of(
                one,
                f"great-{one}",
                kind=interaction_pb2.KIND_PURCHASE,
                occurred_time=Timestamp(seconds=NOW - 7 * n % len(ids)),
                amount=euros(1),
            )
            for n, one in enumerate(part)
        ]
        batch = client.gateway.BatchRecordTouches(
            touch_pb2.BatchRecordTouchesRequest(touches=touches)
        )
        assert not [one for one in batch.results if one.HasField("error")]


@pytest.fixture(scope="module")
def great(suite):
    """The ids of a group of GREAT, of whom every hundredth has a mailbox."""
    ids = [f"0192f0c1-2a3b-7c4d-8e5f-{n:012x}" for n in range(1, GREAT + 1)]
    with Client(suite.targets(), suite.token("demo")) as client:
        populate(client, ids)
        for one in ids[::100]:
            client.gateway.LinkIdentity(link_of(one, mailbox(one)))
        for begin in range(1, GREAT, 100):
            client.gateway.MergeContacts(merge_of(ids[0], *ids[begin : begin + 100]))
    return ids


def mailbox(contact_id: str):
    return mail(f"{contact_id}@example.com")


def test_a_group_of_more_than_a_thousand_has_one_view(client, great):
    for what in (great[0], great[-1], mailbox(great[700])):
        view = see(client, what)
        assert view.contact.canonical_id == great[0]
        assert sorted(view.contact.member_ids) == great
        assert {one.contact_id for one in view.identities} == set(great[::100])
        assert sold(view) == GREAT
        assert len(view.interactions) == 20
    rows = timeline(client, great[-1], page_size=370)
    assert len(rows) == GREAT and rows == newest_first(rows)
    assert {row.contact_id for row in rows} == set(great)


def test_nobody_suffers_for_the_group_of_another(client, great):
    """Calls that go together would answer too much; each alone does not."""
    with pytest.raises(grpc.RpcError) as error:
        client.contacts.BatchGetContacts(
            contact_pb2.BatchGetContactsRequest(contact_ids=great[:50])
        )
    assert error.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert reason_of(error.value) == "TOO_MANY_MEMBERS"

    def canonical_id(one: str) -> str:
        request = view_of(one)
        request.read_mask.paths.append("contact")
        return client.gateway.GetCustomerView(request).view.contact.canonical_id

    with futures.ThreadPoolExecutor(50) as pool:
        assert set(pool.map(canonical_id, great[:50])) == {great[0]}


def test_one_of_a_great_group_is_taken_out(client, great):
    parts = client.gateway.UnmergeContacts(unmerge_of(great[700])).group.parts
    assert sorted(len(part.member_ids) for part in parts) == [1, GREAT - 1]
    assert sold(see(client, mailbox(great[700]))) == 1
    assert sold(see(client, great[0])) == GREAT - 1
