"""Many who join and part the same customers at once, and services that die."""

import random
import threading
from concurrent import futures

from builders import ref, until_it_works, wait_until
from groups import merge_of, see, sold, unmerge_of
from kith.gateway.v1 import merge_pb2

RING = 4


class Ring:
    """Customers in a ring, each with one purchase; edges come and go."""

    def __init__(self, members):
        self.ids = [one.id for one in members]

    def check(self, view) -> None:
        """It is of one arc of the ring, wholly: any other group never was."""
        members = set(view.contact.member_ids)
        assert view.contact.canonical_id in members
        assert view.contact.contact_id in members
        inside = [one in members for one in self.ids]
        ends = sum(inside[n] != inside[n - 1] for n in range(RING))
        assert sum(inside) == len(members) and ends in (0, 2), inside
        assert {one.contact_id for one in view.interactions} == members
        assert len(view.interactions) == len(members)
        assert sold(view) == len(members)
        assert {one.contact_id for one in view.identities} == members


def test_readers_see_only_what_there_was_while_32_join_and_part(client, customer):
    rings = [Ring([customer(f"{r}/{n}", 1) for n in range(RING)]) for r in range(8)]
    stop = threading.Event()

    def toggle(ring: Ring, place: int) -> int:
        """Joins two neighbours and parts them again, by this edge alone."""
        one, two = ring.ids[place], ring.ids[(place + 1) % RING]
        count = 0
        while not stop.is_set():
            edges = until_it_works(
                client.gateway.MergeContacts, merge_of(one, two)
            ).edges
            request = unmerge_of(two, edge_id=edges[0].edge_id)
            until_it_works(client.gateway.UnmergeContacts, request)
            count += 1
        return count

    def read(seed: int) -> int:
        draw = random.Random(seed)
        for _ in range(150):
            ring = draw.choice(rings)
            ring.check(see(client, draw.choice(ring.ids)))
        return 150

    with futures.ThreadPoolExecutor(32 + 8) as pool:
        writers = [pool.submit(toggle, ring, n) for ring in rings for n in range(RING)]
        readers = [pool.submit(read, seed) for seed in range(8)]
        try:
            seen = sum(reader.result() for reader in readers)
        finally:
            stop.set()
        toggled = sum(writer.result() for writer in writers)
    print(f"{toggled} times joined and parted under {seen} views")
    assert toggled >= 32
    for ring in rings:
        for one in ring.ids:
            assert list(see(client, one).contact.member_ids) == [one]


def test_kill_9_under_merging_writers_leaves_no_half_merge(
    suite, client, customer, fresh
):
    people = [customer(str(n), 1) for n in range(16)]
    done = []
    stop = threading.Event()

    def write(seed: int) -> None:
        draw = random.Random(seed)
        while not stop.is_set():
            one, two = draw.sample(people, 2)
            request = merge_of(one.id, two.id, request_id=fresh(f"m{seed}"))
            edge = until_it_works(client.gateway.MergeContacts, request).edges[0]
            done.append(edge.edge_id)
            if draw.random() < 0.8:
                unmerge = unmerge_of(
                    two.id, edge_id=edge.edge_id, request_id=fresh(f"u{seed}")
                )
                until_it_works(client.gateway.UnmergeContacts, unmerge)
                done.append(edge.edge_id)

    with futures.ThreadPoolExecutor(8) as pool:
        writers = [pool.submit(write, seed) for seed in range(8)]
        try:
            for round_ in range(1, 4):
                wait_until(lambda: len(done) >= 60 * round_, 120)
                suite.kill("contacts-svc")
                suite.restart("contacts-svc")
        finally:
            stop.set()
        for writer in writers:
            writer.result()
    check_whole(client, people, done)


def check_whole(client, people, done) -> None:
    """Each request made one edge, or took one back; the groups are what is left.

    Whoever one asks tells the same.
    """
    edges, groups = {}, set()
    for one in people:
        view = see(client, one.id)
        members = frozenset(view.contact.member_ids)
        groups.add(members)
        assert sold(view) == len(members) == len(view.interactions)
        for member in members:
            other = see(client, member).contact
            assert set(other.member_ids) == members
            assert other.canonical_id == view.contact.canonical_id
        edges.update({edge.edge_id: edge for edge in history(client, one.id)})
    parted = [i for i, edge in edges.items() if edge.HasField("reversal")]
    assert sorted(done) == sorted([*edges, *parted])
    assert groups == components(
        [one.id for one in people],
        [edge for edge in edges.values() if not edge.HasField("reversal")],
    )


def history(client, contact_id: str) -> list:
    request = merge_pb2.ListMergeHistoryRequest(customer=ref(contact_id), page_size=500)
    edges = []
    while True:
        page = client.gateway.ListMergeHistory(request)
        edges += page.edges
        request.page_token = page.next_page_token
        if not request.page_token:
            return edges


def components(ids, edges) -> set[frozenset]:
    group = {one: {one} for one in ids}
    for edge in edges:
        joined = group[edge.survivor_id] | group[edge.absorbed_id]
        for one in joined:
            group[one] = joined
    return {frozenset(one) for one in group.values()}
