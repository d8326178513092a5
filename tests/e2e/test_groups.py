"""Customers who turn out to be one, and those who turn out not to be."""

import grpc
from google.protobuf.field_mask_pb2 import FieldMask

from builders import (
    code,
    external,
    link_of,
    mail,
    phone,
    ref,
    touch,
    touch_of,
    unlink_of,
    update_of,
    view_by,
    view_of,
)
from groups import (
    AGENT,
    DECISION,
    ROBOT,
    merge_of,
    newest_first,
    refused,
    see,
    shown,
    sold,
    state,
    timeline,
    unmerge_of,
)
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2


def test_a_group_is_seen_the_same_by_any_id_and_value(client, customer):
    ada, bob = customer("Ada", 3), customer("Bob", 4)
    merged = client.gateway.MergeContacts(merge_of(ada.id, phone(bob.number)))
    (edge,) = merged.edges
    assert (edge.survivor_id, edge.absorbed_id) == (ada.id, bob.id)
    view = shown(client, ada.id)
    for what in (
        bob.id,
        phone(ada.number),
        mail(bob.mailbox),
        mail(ada.mailbox),
        phone(bob.number),
        identity_pb2.ChannelValue(value=bob.mailbox),
    ):
        assert shown(client, what) == view
    assert view.contact.canonical_id == ada.id
    assert list(view.contact.member_ids) == [ada.id, bob.id]
    assert view.contact.display_name == "Ada"
    assert {one.value for one in view.identities} == {
        ada.number,
        ada.mailbox,
        bob.number,
        bob.mailbox,
    }
    assert sold(view) == 1 + 2 + 3 + 1 + 2 + 3 + 4
    assert list(view.interactions) == newest_first(view.interactions)
    assert {one.contact_id for one in view.interactions} == {ada.id, bob.id}
    assert timeline(client, mail(bob.mailbox), 3) == list(view.interactions)
    batch = client.gateway.BatchGetCustomerViews(
        customer_view_pb2.BatchGetCustomerViewsRequest(
            customers=[ref(bob.id), ref(phone(ada.number)), ref(ada.id)]
        )
    )
    for result in batch.results:
        assert result.response.view.contact.canonical_id == ada.id
        assert sold(result.response.view) == sold(view)


def test_every_answer_names_who_stands_for_the_group(client, customer, fresh):
    ada, bob = customer("Ada"), customer("Bob")
    client.gateway.MergeContacts(merge_of(ada.id, bob.id))
    calls, number = client.gateway, phone(bob.number)
    bobs = ref(number)
    touches = [
        touch(fresh("r"), number),
        touch_of(bob.id, fresh("r"), source="shop", external_id=fresh("order")),
    ]
    known, corrected = touches[0], touch_pb2.RecordTouchRequest()
    corrected.CopyFrom(touches[1])
    corrected.request_id, corrected.interaction.source_revision = fresh("r"), 1
    link = link_of(number, mail(fresh("mail")))
    view = view_of(bob.id, read_mask=FieldMask(paths=["summary"]))
    answers = [
        *(calls.RecordTouch(one) for one in (*touches, known, corrected)),
        calls.ListInteractions(
            customer_view_pb2.ListInteractionsRequest(customer=bobs)
        ),
        calls.LinkIdentity(link),
        calls.UnlinkIdentity(unlink_of(number, link.value)),
        calls.GetCustomerView(view).view,
        calls.ListMergeHistory(merge_pb2.ListMergeHistoryRequest(customer=bobs)),
        calls.ListSuggestions(merge_pb2.ListSuggestionsRequest(customer=bobs)),
    ]
    assert {one.canonical_id for one in answers} == {ada.id}
    cleo, value = customer("Cleo"), fresh("number")
    for system, who in (("crm", bob.id), ("shop", cleo.id)):
        calls.LinkIdentity(link_of(who, external(system, value)))
    found = calls.GetCustomerView(view_by(value)).ambiguous
    holders = [one.identity.contact_id for one in found.candidates]
    assert set(holders) == {bob.id, cleo.id}
    stands_for = {bob.id: ada.id, cleo.id: cleo.id}
    assert list(found.canonical_ids) == [stands_for[one] for one in holders]


def test_unmerge_gives_each_what_it_had_and_what_came_since(client, customer, fresh):
    ada, bob = customer("Ada", 3), customer("Bob", 4)
    before = {one.id: state(client, one.id) for one in (ada, bob)}
    edge = client.gateway.MergeContacts(merge_of(ada.id, bob.id)).edges[0]
    # By Bob's id, by his value, by a value that is new to him; and by Ada's.
    client.gateway.RecordTouch(touch_of(bob.id, fresh("r"), subject="since"))
    client.gateway.RecordTouch(touch(fresh("r"), phone(bob.number), subject="since"))
    new_mailbox = fresh("mail")
    answer = client.gateway.RecordTouch(
        touch(fresh("r"), mail(bob.mailbox), mail(new_mailbox), subject="since")
    )
    assert answer.contact_id == bob.id, "the holder, never the canonical contact"
    client.gateway.RecordTouch(touch_of(ada.id.upper(), fresh("r"), subject="ada's"))
    assert len(see(client, ada.id).interactions) == 7 + 4

    parts = client.gateway.UnmergeContacts(
        unmerge_of(bob.id, edge_id=edge.edge_id)
    ).group
    assert {tuple(part.member_ids) for part in parts.parts} == {(ada.id,), (bob.id,)}
    for one, since, values in ((ada, 1, []), (bob, 3, [new_mailbox])):
        now, then = state(client, one.id), before[one.id]
        assert now.contact == then.contact
        assert sold(now) == sold(then)
        assert list(now.interactions[since:]) == list(then.interactions)
        assert len(now.interactions) == len(then.interactions) + since
        assert {i.value for i in now.identities} == {
            *(i.value for i in then.identities),
            *values,
        }
        assert timeline(client, one.id) == list(now.interactions)


def test_reads_after_a_change_are_current_at_once(client, customer):
    ada, bob = customer("Ada", 1), customer("Bob", 1)
    for _ in range(50):
        edge = client.gateway.MergeContacts(merge_of(ada.id, bob.id)).edges[0]
        assert len(see(client, phone(bob.number)).interactions) == 2
        assert len(timeline(client, bob.id)) == 2
        client.gateway.UnmergeContacts(unmerge_of(ada.id, edge_id=edge.edge_id))
        assert len(see(client, phone(bob.number)).interactions) == 1
        assert len(timeline(client, bob.id)) == 1


def test_chains_and_rings_fall_apart_where_nothing_holds(client, customer):
    a, b, c, d = (customer(name, 1) for name in "ABCD")
    chain = [
        client.gateway.MergeContacts(merge_of(one.id, two.id)).edges[0]
        for one, two in ((a, b), (b, c), (c, d))
    ]
    assert see(client, d.id).contact.canonical_id == a.id
    ring = client.gateway.MergeContacts(merge_of(d.id, a.id)).edges[0]
    assert ring.edge_order > chain[-1].edge_order
    # The ring holds without any one of its edges.
    group = client.gateway.UnmergeContacts(
        unmerge_of(b.id, edge_id=chain[1].edge_id)
    ).group
    assert len(group.parts) == 1
    assert {edge.edge_id for edge in group.still_joined_by} == {
        chain[0].edge_id,
        chain[2].edge_id,
        ring.edge_id,
    }
    assert len(see(client, c.id).contact.member_ids) == 4
    # Without two it does not.
    group = client.gateway.UnmergeContacts(unmerge_of(d.id, edge_id=ring.edge_id)).group
    assert sorted(sorted(part.member_ids) for part in group.parts) == sorted(
        [sorted([a.id, b.id]), sorted([c.id, d.id])]
    )
    assert see(client, b.id).contact.canonical_id == a.id
    assert see(client, d.id).contact.canonical_id == c.id
    assert sold(see(client, d.id)) == 2


def test_a_person_says_they_are_not_the_same(client, customer):
    ada, bob = customer("Ada"), customer("Bob")
    client.gateway.MergeContacts(merge_of(ada.id, bob.id, actor=ROBOT))
    client.gateway.UnmergeContacts(unmerge_of(bob.id))
    refused(
        client.gateway.MergeContacts, merge_of(ada.id, bob.id, actor=ROBOT), "NOT_SAME"
    )
    refused(
        client.gateway.MergeContacts, merge_of(bob.id, ada.id, actor=ROBOT), "NOT_SAME"
    )
    assert list(see(client, ada.id).contact.member_ids) == [ada.id]
    client.gateway.MergeContacts(merge_of(ada.id, bob.id))
    assert len(see(client, ada.id).contact.member_ids) == 2


def test_dry_runs_write_nothing_and_say_what_would_be(client, customer):
    ada, bob, cleo = customer("Ada"), customer("Bob"), customer("Cleo")
    cause = group_pb2.MergeCause(kind=group_pb2.MERGE_CAUSE_KIND_IMPORT, value=ada.id)
    client.gateway.MergeContacts(merge_of(ada.id, bob.id, cleo.id, cause=cause))
    before = shown(client, ada.id)
    dry = client.gateway.UnmergeContacts(unmerge_of(bob.id, dry_run=True)).group
    by_cause = merge_pb2.UndoMergesRequest(cause=cause, actor=AGENT, dry_run=True)
    dry_by_cause = client.gateway.UndoMerges(by_cause).groups
    assert shown(client, ada.id) == before
    assert len(dry.removed_edges) == 1 and len(dry.parts) == 2
    (group,) = dry_by_cause
    assert len(group.removed_edges) == 2 and len(group.parts) == 3
    wet = client.gateway.UnmergeContacts(unmerge_of(bob.id)).group
    assert list(wet.parts) == list(dry.parts)


def test_all_that_one_value_has_joined_comes_apart(client, customer, fresh):
    """Resumable, and also when nobody holds the value any more."""
    office = fresh("phone")
    holder = client.gateway.RecordTouch(touch(fresh("r"), phone(office))).contact_id
    key = see(client, holder).identities[0].identity_key
    cause = group_pb2.MergeCause(kind=group_pb2.MERGE_CAUSE_KIND_IDENTITY, value=key)
    others = [customer(f"Pair {n}", 1) for n in range(6)]
    for one, two in zip(others[::2], others[1::2]):
        client.gateway.MergeContacts(merge_of(one.id, two.id, cause=cause, actor=ROBOT))
    kept = client.gateway.MergeContacts(merge_of(others[0].id, others[2].id)).edges[0]
    client.gateway.UnlinkIdentity(unlink_of(holder, phone(office)))
    request = merge_pb2.UndoMergesRequest(value=phone(office), actor=AGENT, page_size=1)
    removed = []
    while True:
        page = client.gateway.UndoMerges(request)
        removed += [edge for group in page.groups for edge in group.removed_edges]
        request.page_token = page.next_page_token
        if not request.page_token:
            break
    assert len(removed) == 3
    assert {edge.cause.value for edge in removed} == {key}
    assert set(see(client, others[0].id).contact.member_ids) == {
        others[0].id,
        others[2].id,
    }
    history = client.gateway.ListMergeHistory(
        merge_pb2.ListMergeHistoryRequest(customer=ref(others[0].id))
    )
    assert {
        edge.edge_id for edge in history.edges if not edge.HasField("reversal")
    } == {kept.edge_id}
    for one in (others[1], others[3], others[4], others[5]):
        assert list(see(client, one.id).contact.member_ids) == [one.id]
        assert sold(see(client, one.id)) == 1
    again = client.gateway.UndoMerges(
        merge_pb2.UndoMergesRequest(cause=cause, actor=AGENT)
    )
    assert not again.groups and not again.next_page_token


def test_history_tells_who_when_and_why_by_any_name(client, customer):
    ada, bob = customer("Ada"), customer("Bob")
    edge = client.gateway.MergeContacts(
        merge_of(ada.id, bob.id, reason="same passport")
    ).edges[0]
    request = merge_pb2.ListMergeHistoryRequest(customer=ref(phone(bob.number)))
    history = client.gateway.ListMergeHistory(request)
    assert list(history.edges) == [edge] and history.canonical_id == ada.id
    assert (edge.actor, edge.reason, edge.cause) == (AGENT, "same passport", DECISION)
    client.gateway.UnmergeContacts(
        unmerge_of(ada.id, edge_id=edge.edge_id, reason="no")
    )
    history = client.gateway.ListMergeHistory(request)
    assert history.edges[0].reversal.reason == "no"
    assert history.canonical_id == bob.id


def test_a_repeat_has_one_effect(client, customer, fresh):
    ada, bob = customer("Ada"), customer("Bob")
    merge = merge_of(mail(ada.mailbox), bob.id, request_id=fresh("m"))
    edges = client.gateway.MergeContacts(merge).edges
    assert client.gateway.MergeContacts(merge).edges == edges
    unmerge = unmerge_of(bob.id, request_id=fresh("u"))
    client.gateway.UnmergeContacts(unmerge)
    again = client.gateway.UnmergeContacts(unmerge).group
    assert [one.edge_id for one in again.removed_edges] == [edges[0].edge_id]
    history = merge_pb2.ListMergeHistoryRequest(customer=ref(bob.id))
    assert len(client.gateway.ListMergeHistory(history).edges) == 1
    merge.reason = "another body"
    assert code(client.gateway.MergeContacts, merge) == grpc.StatusCode.INVALID_ARGUMENT


def test_a_repeat_is_known_though_its_value_means_another(client, customer, fresh):
    """By then it means nobody, then somebody else: neither is touched."""
    ada, bob, eve = customer("Ada"), customer("Bob"), customer("Eve")
    by = phone(bob.number)
    merge = merge_of(ada.id, by, request_id=fresh("m"))
    update = update_of(by, {"owner": "Dana"}, request_id=fresh("c"))
    unmerge = unmerge_of(by, request_id=fresh("u"))
    unlink = unlink_of(by, by, request_id=fresh("i"))
    gateway = client.gateway
    edges = gateway.MergeContacts(merge).edges
    gateway.UpdateContact(update)
    gateway.UnmergeContacts(unmerge)
    ended = gateway.UnlinkIdentity(unlink)

    def repeat():
        assert [one.edge_id for one in gateway.MergeContacts(merge).edges] == [
            one.edge_id for one in edges
        ]
        assert gateway.UpdateContact(update).contact_id == bob.id
        removed = gateway.UnmergeContacts(unmerge).group.removed_edges
        assert [one.edge_id for one in removed] == [one.edge_id for one in edges]
        assert gateway.UnlinkIdentity(unlink) == ended

    repeat()
    another = update_of(by, {"owner": "Max"}, request_id=fresh("c"))
    assert code(gateway.UpdateContact, another) == grpc.StatusCode.NOT_FOUND
    gateway.LinkIdentity(link_of(eve.id, by))
    before = see(client, eve.id)
    repeat()
    assert see(client, eve.id) == before
    unlink.customer.CopyFrom(ref(eve.id))
    assert code(gateway.UnlinkIdentity, unlink) == grpc.StatusCode.INVALID_ARGUMENT


def test_values_are_the_groups_and_stay_with_their_member(client, customer, fresh):
    ada, bob = customer("Ada"), customer("Bob")
    client.gateway.MergeContacts(merge_of(ada.id, bob.id))
    link = link_of(ada.id, phone(bob.number))
    assert client.gateway.LinkIdentity(link).identity.contact_id == bob.id
    unlink = unlink_of(ada.id, mail(bob.mailbox), request_id=fresh("u"))
    ended = client.gateway.UnlinkIdentity(unlink).identity
    assert ended.contact_id == bob.id and ended.HasField("end_time")
    client.gateway.UnmergeContacts(unmerge_of(ada.id))
    assert client.gateway.UnlinkIdentity(unlink).identity == ended
    assert {one.value for one in see(client, bob.id).identities} == {bob.number}
    assert {one.value for one in see(client, ada.id).identities} == {
        ada.number,
        ada.mailbox,
    }


def test_a_group_is_updated_deleted_and_undeleted_as_one(client, customer, fresh):
    ada, bob = customer("Ada"), customer("Bob")
    client.gateway.MergeContacts(merge_of(ada.id, bob.id))
    update = update_of(phone(bob.number), {"owner": "agent-7"})
    assert client.gateway.UpdateContact(update).canonical_id == ada.id
    client.contacts.DeleteContact(contact_pb2.DeleteContactRequest(contact_id=bob.id))
    deleted = see(client, mail(ada.mailbox)).contact
    assert deleted.HasField("delete_time") and deleted.owner == "agent-7"
    client.gateway.RecordTouch(touch(fresh("r"), phone(bob.number)))
    assert see(client, bob.id).contact.HasField("delete_time")
    cleo = customer("Cleo")
    refused(client.gateway.MergeContacts, merge_of(cleo.id, bob.id), "CONTACT_DELETED")
    client.contacts.UndeleteContact(
        contact_pb2.UndeleteContactRequest(contact_id=ada.id)
    )
    client.gateway.UnmergeContacts(unmerge_of(bob.id))
    assert see(client, bob.id).contact.owner == ""


def test_a_page_token_does_not_outlive_the_group(client, customer):
    ada, bob = customer("Ada", 5), customer("Bob", 5)
    page = client.gateway.ListInteractions(
        customer_view_pb2.ListInteractionsRequest(customer=ref(ada.id), page_size=2)
    )
    client.gateway.MergeContacts(merge_of(ada.id, bob.id))
    stale = customer_view_pb2.ListInteractionsRequest(
        customer=ref(ada.id), page_size=2, page_token=page.next_page_token
    )
    assert code(client.gateway.ListInteractions, stale) == (
        grpc.StatusCode.INVALID_ARGUMENT
    )
    # One of a view goes on by another id.
    view = client.gateway.GetCustomerView(view_of(ada.id, interactions_size=3)).view
    rest = client.gateway.ListInteractions(
        customer_view_pb2.ListInteractionsRequest(
            customer=ref(phone(bob.number)), page_token=view.next_page_token
        )
    )
    rows = [*view.interactions, *rest.interactions]
    assert len(rows) == 10 and rows == newest_first(rows)


def test_another_tenants_ids_are_nobody(client, stranger, customer):
    ada, bob = customer("Ada"), customer("Bob")
    edge = client.gateway.MergeContacts(merge_of(ada.id, bob.id)).edges[0]
    theirs = stranger.gateway.CreateContact(
        gateway_contact_pb2.CreateContactRequest()
    ).contact_id
    nobody = grpc.StatusCode.NOT_FOUND
    gateway = stranger.gateway
    for request in (
        merge_of(theirs, ada.id),
        merge_of(ada.id, theirs),
        merge_of(theirs, phone(bob.number)),
    ):
        assert code(gateway.MergeContacts, request) == nobody
    assert code(client.gateway.MergeContacts, merge_of(ada.id, theirs)) == nobody
    assert code(gateway.UnmergeContacts, unmerge_of(ada.id)) == nobody
    unmerge = unmerge_of(theirs, edge_id=edge.edge_id)
    assert code(gateway.UnmergeContacts, unmerge) == nobody
    history = merge_pb2.ListMergeHistoryRequest(customer=ref(bob.id))
    assert code(gateway.ListMergeHistory, history) == nobody
    by_cause = merge_pb2.UndoMergesRequest(cause=DECISION, actor=AGENT)
    assert not gateway.UndoMerges(by_cause).groups
    assert len(see(client, ada.id).contact.member_ids) == 2
