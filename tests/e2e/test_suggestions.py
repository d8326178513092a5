"""Suggestions through the gateway: two touches, and then one customer or two."""

import pytest

from builders import link_of, mail, phone, ref, touch, update_of, view_by, view_of
from groups import see, shown
from kith.contacts.v1 import group_pb2
from kith.contacts.v1 import suggestion_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.identity.v1 import identity_pb2
from kithdev import sample
from kithdev.load import load

PERSON = group_pb2.Actor(kind=group_pb2.ACTOR_KIND_PERSON, name="Dana")


def met(client, name: str, value) -> str:
    """Somebody new, by a channel value."""
    request = touch("met-" + value.value.strip("+").replace("@", "."), value)
    request.contact.display_name = name
    request.contact.attributes["birthday"] = "1815-12-10"
    return client.gateway.RecordTouch(request).contact_id


def suggested(client, contact_id: str) -> list[suggestion_pb2.Suggestion]:
    customer = customer_view_pb2.CustomerRef(contact_id=contact_id)
    request = merge_pb2.ListSuggestionsRequest(customer=customer)
    return list(client.gateway.ListSuggestions(request).suggestions)


def test_a_confirmed_suggestion_is_one_customer(client):
    caller = met(client, "Ada King", phone("+12025550171"))
    writer = met(client, "KING, Ada", mail("ada.king@example.com"))
    (found,) = suggested(client, writer)
    assert found.other_id == caller
    assert found.score == suggestion_pb2.SUGGESTION_SCORE_LIKELY
    confirmed = client.gateway.ConfirmSuggestion(
        merge_pb2.ConfirmSuggestionRequest(
            suggestion_id=found.suggestion_id, survivor_id=writer, actor=PERSON
        )
    )
    assert confirmed.contact.canonical_id == writer
    assert confirmed.suggestion.decision.actor == PERSON
    for request in (view_of(caller), view_by("+12025550171")):
        contact = client.gateway.GetCustomerView(request).view.contact
        assert list(contact.member_ids) == [writer, caller]
    assert not suggested(client, caller)


def test_a_rejected_suggestion_does_not_come_back(client):
    caller = met(client, "Bea King", phone("+12025550172"))
    writer = met(client, "Bea King", mail("bea.king@example.com"))
    (found,) = suggested(client, caller)
    client.gateway.RejectSuggestion(
        merge_pb2.RejectSuggestionRequest(
            suggestion_id=found.suggestion_id, actor=PERSON
        )
    )
    assert not suggested(client, caller)
    # Writes the same name in another way, which is nothing new.
    client.gateway.UpdateContact(update_of(caller, {"display_name": "Bea  KING"}))
    assert not suggested(client, writer)


@pytest.fixture
def shop(stranger):
    """A small sample at a tenant that no other test of the file uses."""
    data = sample.generate(sample.KONTOR, sample.LEAST_CUSTOMERS)
    # Again, as loading is safe to repeat.
    for _ in range(2):
        load(stranger, data, lambda done: None)
    return data


def twofold(data):
    """Who of a sample is in two contacts, and the second one."""
    for customer in data.customers:
        for duplicate in customer.person.duplicates:
            yield customer.person, duplicate


def value_of(plain) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(
        channel=plain.channel, namespace=plain.namespace, value=plain.plain
    )


def test_the_sample_has_some_who_are_merged_and_some_who_are_suggested(stranger, shop):
    still_open = 0
    for person, duplicate in twofold(shop):
        one, two = value_of(person.values[0]), value_of(duplicate.value)
        contact, other = see(stranger, one).contact, see(stranger, two).contact
        if duplicate.merged_by:
            assert shown(stranger, one) == shown(stranger, two)
            assert list(contact.member_ids) == [contact.contact_id, other.contact_id]
            assert contact.display_name == person.contact.display_name
            request = merge_pb2.ListMergeHistoryRequest(customer=ref(two))
            (edge,) = stranger.gateway.ListMergeHistory(request).edges
            assert edge.actor.name == duplicate.merged_by
            assert edge.reason == duplicate.reason
            continue
        still_open += 1
        (found,) = suggested(stranger, other.contact_id)
        assert found.other_id == contact.contact_id != other.canonical_id
        likely = "birthday" in duplicate.contact.attributes
        assert (found.score == suggestion_pb2.SUGGESTION_SCORE_LIKELY) == likely
    everybody = stranger.gateway.ListSuggestions(merge_pb2.ListSuggestionsRequest())
    assert len(everybody.suggestions) == still_open >= 3


# cases.md B4: joining is not certain.
@pytest.mark.parametrize("linked", [False, True])
def test_variants_of_a_phone_are_suggested_and_not_joined(client, fresh, linked):
    subscriber = f"4{int(fresh('n').rpartition('-')[2], 16) % 10_000_000:07}"
    mobile, other = phone(f"+54911{subscriber}"), phone(f"+5411{subscriber}")
    first = client.gateway.RecordTouch(touch(fresh("r"), mobile)).contact_id
    if linked:
        second = client.gateway.RecordTouch(
            touch(fresh("r"), mail(fresh("mail")))
        ).contact_id
        for _ in range(2):
            client.gateway.LinkIdentity(link_of(second, other))
    else:
        for _ in range(2):
            request = touch(fresh("r"), other)
            second = client.gateway.RecordTouch(request).contact_id
    assert second != first
    (found,) = suggested(client, first)
    assert found.other_id == second
    (evidence,) = found.evidence
    assert evidence.rule == suggestion_pb2.MATCH_RULE_PHONE_VARIANT
    assert evidence.explanation == (
        f"One of them holds phone {other.value} and the other phone "
        f"{mobile.value}, which may be one line."
    )
    # Once it is said that they are two, they are not suggested again.
    client.gateway.RejectSuggestion(
        merge_pb2.RejectSuggestionRequest(
            suggestion_id=found.suggestion_id, actor=PERSON
        )
    )
    client.gateway.RecordTouch(touch(fresh("r"), other))
    assert not suggested(client, first)
