"""A value that comes with too many people is no evidence of one until released."""

import threading

import pytest

from builders import external, mail, phone, ref, touch
from groups import AGENT, see
from kith.gateway.v1 import action_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import value_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import action_pb2 as kept_pb2

QUARANTINED = identity_pb2.CLAIM_OUTCOME_QUARANTINED
COMPANIONS = 10


def visitor(value: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(channel=identity_pb2.CHANNEL_VISITOR, value=value)


@pytest.fixture
def arrive(client, fresh):
    """Records a touch with values, and answers what became of it."""

    def record(*values, caller=client):
        return caller.gateway.RecordTouch(touch(fresh("r"), *values))

    return record


def quarantine(client, value) -> identity_pb2.Identity:
    request = value_pb2.QuarantineIdentityRequest(value=value, reason="typed by all")
    return client.gateway.QuarantineIdentity(request)


def release(client, value) -> identity_pb2.Identity:
    request = value_pb2.ReleaseIdentityRequest(value=value, reason="it is hers")
    return client.gateway.ReleaseIdentity(request)


def candidate(client, value) -> identity_pb2.Candidate:
    request = value_pb2.ReadValueRequest(value=value)
    (reading,) = client.gateway.ReadValue(request).readings
    (one,) = reading.candidates
    return one


def reviews(client, contact_id: str) -> list:
    """The open REVIEWs of a contact about a quarantined value."""
    customer = customer_view_pb2.CustomerRef(contact_id=contact_id)
    listed = client.gateway.ListActions(
        action_pb2.ListActionsRequest(customer=customer)
    )
    return [
        action
        for action in listed.actions
        if action.review_cause == kept_pb2.REVIEW_CAUSE_QUARANTINED_VALUE
    ]


def flood(arrive, value, fresh, count: int) -> None:
    for _ in range(count):
        arrive(value, mail(fresh("mail")))


@pytest.mark.parametrize("typed", ["0000 12345", "fresh"])
def test_a_phone_that_twelve_forms_were_filled_with_glues_nobody(
    client, form, arrive, fresh, typed
):
    number = phone(fresh("phone") if typed == "fresh" else typed)
    boxes = [mail(fresh("mail")) for _ in range(12)]
    for box in boxes:
        answer = arrive(box, number, caller=form)
        assert answer.outcome
        assert [one.value for one in answer.identities] == [box, number]
    holders = {
        client.gateway.GetCustomerView(
            customer_view_pb2.GetCustomerViewRequest(customer=ref(box))
        ).view.contact.contact_id
        for box in boxes
    }
    assert len(holders) == 12
    assert all(len(see(client, holder).identities) == 1 for holder in holders)


def test_a_value_with_too_many_companions_is_passed_over(client, arrive, fresh):
    office = phone(fresh("phone"))
    first = arrive(office).contact_id
    flood(arrive, office, fresh, COMPANIONS + 5)
    one = candidate(client, office)
    assert one.identity.quarantine.companion_count == COMPANIONS + 1
    assert "quarantined: " in one.reason
    shown = {held.value: held for held in see(client, first).identities}
    assert shown[office.value].quarantine.reason
    # The touch is kept, and the reply says what became of the value.
    box = mail(fresh("mail"))
    beside = arrive(office, box)
    assert beside.contact_id != first
    assert [value.outcome for value in beside.identities] == [
        QUARANTINED,
        identity_pb2.CLAIM_OUTCOME_CLAIMED,
    ]
    customer = customer_view_pb2.CustomerRef(contact_id=beside.contact_id)
    pairs = client.gateway.ListSuggestions(
        merge_pb2.ListSuggestionsRequest(customer=customer)
    )
    assert not pairs.suggestions
    # Alone it leads to its holder.
    alone = arrive(office)
    assert (alone.contact_id, alone.identities[0].outcome) == (first, QUARANTINED)
    # One REVIEW asks for a person, who ends both.
    (review,) = reviews(client, first)
    assert review.identity_key == one.identity.identity_key
    released = release(client, office)
    assert released.quarantine.end_reason == "it is hers"
    assert release(client, office) == released
    assert not reviews(client, first)
    assert arrive(office).identities[0].outcome == identity_pb2.CLAIM_OUTCOME_HELD


def test_racers_open_one_review(client, arrive, fresh):
    office = phone(fresh("phone"))
    first = arrive(office).contact_id
    boxes = [mail(fresh("mail")) for _ in range(32)]
    threads = [
        threading.Thread(target=arrive, args=(office, box), daemon=True)
        for box in boxes
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert candidate(client, office).identity.quarantine.companion_count == (
        COMPANIONS + 1
    )
    assert len(reviews(client, first)) == 1


def test_a_quarantine_by_hand_stops_what_the_value_does_and_undo_takes_it_back(
    client, arrive, fresh
):
    box = mail(fresh("mail"))
    known = arrive(box).contact_id
    browser = visitor(fresh("browser"))
    visit = arrive(browser).contact_id
    assert list(arrive(browser, box).merged_visitor_ids) == [visit]
    assert quarantine(client, browser) == quarantine(client, browser)
    assert not reviews(client, known)
    undo = merge_pb2.UndoMergesRequest(
        value=browser, actor=AGENT, reason="a shared browser", dry_run=True
    )
    assert client.gateway.UndoMerges(undo).groups
    assert see(client, visit).contact.canonical_id == known
    undo.dry_run = False
    assert client.gateway.UndoMerges(undo).groups
    assert see(client, visit).contact.canonical_id == visit
    # It merges nobody any more.
    assert not arrive(browser, box).merged_visitor_ids
    assert see(client, visit).contact.canonical_id == visit


def test_a_day_gives_a_contact_so_many_values_of_a_channel(client, arrive, fresh):
    account = external("shop", fresh("C"))
    owner = arrive(account).contact_id
    answers = [arrive(account, mail(fresh("mail"))) for _ in range(21)]
    assert {one.contact_id for one in answers} == {owner}
    last = answers[-1].identities[1]
    assert last.outcome == identity_pb2.CLAIM_OUTCOME_NOT_CLAIMED
    assert "within a day" in last.reason


@pytest.mark.parametrize("caller", ["client", "form"])
def test_a_placeholder_is_kept_and_said(request, arrive, caller):
    answer = arrive(phone("0000000"), caller=request.getfixturevalue(caller))
    (refused,) = answer.identities
    assert refused.outcome == identity_pb2.CLAIM_OUTCOME_REFUSED
    assert "placeholder" in refused.reason
