"""The sample is the same in every run, whole, and true to the API's rules."""

import re
import unicodedata
from collections import Counter

import pytest
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2

from kithdev import sample
from kithdev.sample.names import QUESTIONS

CUSTOMERS = 500


@pytest.fixture(scope="module", params=sample.SHOPS, ids=lambda shop: shop.language)
def data(request):
    return sample.generate(request.param, CUSTOMERS)


@pytest.fixture(scope="module")
def touches(data):
    return [touch for customer in data.customers for touch in customer.touches()]


def phone_digits(text, region):
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if region == "DE":
        if text.startswith(("+", "00")):
            return digits.removeprefix("00")
        return f"49{digits.removeprefix('0')}"
    digits = digits.removeprefix("011")
    return digits if len(digits) > 10 else f"1{digits}"


def normalized(value, region="US"):
    """What values are matched by, as far as the sample's spellings go."""
    text = value.value
    if value.channel == identity_pb2.CHANNEL_PHONE:
        text = phone_digits(text, region)
    elif value.channel == identity_pb2.CHANNEL_EMAIL:
        text = text.lower()
    elif value.channel == identity_pb2.CHANNEL_SOCIAL:
        text = text.rstrip("/").rpartition("/")[2].lstrip("@").lower()
    return value.channel, value.namespace, text


def test_same_seed_same_sample(data):
    again = sample.generate(data.shop, CUSTOMERS)
    assert [customer.steps for customer in data.customers] == [
        customer.steps for customer in again.customers
    ]


def test_the_showcase_is_the_same_in_a_sample_of_any_size(data):
    small = sample.generate(data.shop, sample.LEAST_CUSTOMERS)
    assert small.showcase == data.showcase
    assert small.walk_in


def test_counts(data, touches):
    assert len(data.customers) == CUSTOMERS
    assert len(touches) == 20 * CUSTOMERS


def test_shops_share_customers_and_know_nothing_of_it():
    full = [sample.generate(shop) for shop in sample.SHOPS]
    assert [len(one.customers) for one in full] == [2_000, 2_000]
    assert [one.touches() for one in full] == [40_000, 40_000]
    ours, theirs = (
        {(value.channel, value.plain) for each in one.customers for value in each.person.values}
        for one in full
    )
    for channel in (identity_pb2.CHANNEL_PHONE, identity_pb2.CHANNEL_EMAIL):
        assert sum(kind == channel for kind, _ in ours & theirs) >= 10
    assert {value.plain for value in full[1].showcase.person.values} == {
        "nora.lindqvist@example.com",
        "+14155552671",
    }
    tenants = [one.shop.tenant for one in full]
    assert len({(one.region, one.time_zone) for one in tenants}) == 2


def test_every_touch_has_its_own_key(touches):
    keys = Counter(
        (touch.interaction.source, touch.interaction.external_id)
        for touch in touches
    )
    assert all(source and external_id for source, external_id in keys)
    assert set(keys.values()) == {1}


def test_request_ids_are_unique_and_well_formed(data):
    ids = [
        step.request_id
        for customer in data.customers
        for step in customer.steps
        if not isinstance(step, touch_pb2.RecordTouchRequest)
    ]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", one) for one in ids)


def test_touches_are_in_time_order_and_in_the_past(data):
    for customer in data.customers:
        times = [
            touch.interaction.occurred_time.ToNanoseconds()
            for touch in customer.touches()
        ]
        assert times == sorted(times)
        assert times[0] >= sample.BEGIN.timestamp() * 1e9
        assert times[-1] < sample.END.timestamp() * 1e9


def test_no_value_belongs_to_two(data):
    holders = {}
    for number, customer in enumerate(data.customers):
        for step in customer.steps:
            for value in carried(step):
                key = normalized(value, data.shop.tenant.region)
                assert holders.setdefault(key, number) == number


def carried(step):
    if isinstance(step, touch_pb2.RecordTouchRequest):
        return list(step.identities)
    if isinstance(step, gateway_contact_pb2.LinkIdentityRequest):
        named = [step.customer.value] if step.customer.HasField("value") else []
        return [*named, step.value]
    return []


def test_a_new_value_comes_with_a_known_one(data):
    for customer in data.customers:
        known, made = set(), set()
        for step in customer.steps:
            values = [normalized(value, data.shop.tenant.region) for value in carried(step)]
            if isinstance(step, gateway_contact_pb2.LinkIdentityRequest):
                assert values[0] in known or step.customer.contact_id in made
            elif values and known and not step.contact.ByteSize():
                assert known & set(values)
            elif isinstance(step, gateway_contact_pb2.CreateContactRequest):
                made.add(step.contact_id)
            known.update(values)
        person = customer.person
        assert len(known) == len(person.values) + len(person.duplicates)


def comparable(name):
    """What the rules say of names: words, without case, accents and order."""
    bare = "".join(
        c for c in unicodedata.normalize("NFD", name) if not "\u0300" <= c <= "\u036f"
    )
    return sorted(re.findall(r"[\w\u0900-\u097f]+", bare.casefold().replace("’", "")))


def duplicates(data):
    """Each with the person, and the touch that it came about by."""
    for customer in data.customers:
        for duplicate in customer.person.duplicates:
            (touch,) = (
                touch
                for touch in customer.touches()
                if touch.contact == duplicate.contact
            )
            yield customer, duplicate, touch


def test_some_are_in_two_contacts_that_agree_by_a_rule(data):
    rules = set()
    for customer, duplicate, touch in duplicates(data):
        one, other = customer.person.contact, duplicate.contact
        name = comparable(f"{one.given_name} {one.family_name}")
        assert comparable(other.display_name) == name and len(name) >= 2
        agreed = dict(other.attributes)
        assert agreed.items() <= dict(one.attributes).items()
        assert agreed.keys() <= {"birthday", "postcode"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", agreed.get("birthday", "1900-01-01"))
        assert re.fullmatch(r"\d{5}", agreed.get("postcode", "00000"))
        rules |= agreed.keys()
        (value,) = touch.identities
        assert value.channel == identity_pb2.CHANNEL_EMAIL
        assert customer.touches()[0] != touch
    assert rules == {"birthday", "postcode"}


def test_every_sample_has_some_who_are_merged_and_some_who_are_not(data):
    small = sample.generate(data.shop, sample.LEAST_CUSTOMERS)
    for one, least in ((data, CUSTOMERS // 100), (small, 3)):
        merged = [bool(duplicate.merged_by) for _, duplicate, _ in duplicates(one)]
        assert merged.count(True) > least
        assert merged.count(False) > least


def test_who_is_merged_was_merged_by_a_person_in_the_end(data):
    region = data.shop.tenant.region
    for customer, duplicate, touch in duplicates(data):
        merges = [
            step
            for step in customer.steps
            if isinstance(step, merge_pb2.MergeContactsRequest)
            and normalized(step.absorbed[0].value, region)
            == normalized(touch.identities[0], region)
        ]
        assert len(merges) == bool(duplicate.merged_by)
        for merge in merges:
            assert merge.actor.kind == group_pb2.ACTOR_KIND_PERSON
            assert merge.actor.name in data.shop.agents and merge.reason
            assert customer.steps.index(merge) > customer.steps.index(touch)
            assert normalized(merge.survivor.value, region) in {
                normalized(value, region) for value in carried(customer.touches()[0])
            }


def test_walk_ins_are_known_by_id(data):
    walk_in = data.walk_in
    first, *rest = walk_in.steps
    assert isinstance(first, gateway_contact_pb2.CreateContactRequest)
    assert {step.contact_id for step in rest} == {first.contact_id}
    assert not any(carried(step) for step in rest)


def test_amounts_are_the_sums_of_their_items(touches):
    paid = [touch.interaction for touch in touches if touch.interaction.items]
    assert len(paid) > 2_000
    for interaction in paid:
        currency = interaction.amount.currency_code
        assert {item.amount.currency_code for item in interaction.items} == {currency}
        total = sum(item.amount.amount_micros for item in interaction.items)
        assert interaction.amount.amount_micros == total
        assert 5_000_000 <= total <= 20_000_000_000


def test_what_comes_back_was_bought(data):
    for customer in data.customers:
        bought = Counter()
        for touch in customer.touches():
            interaction = touch.interaction
            for item in interaction.items:
                line = (interaction.order_id, item.sku, item.amount.amount_micros)
                if interaction.kind == interaction_pb2.KIND_PURCHASE:
                    bought[line] += 1
                else:
                    assert interaction.kind == interaction_pb2.KIND_RETURN
                    bought[line] -= 1
        assert min(bought.values(), default=0) >= 0


def test_it_reads_like_life(data, touches):
    kinds = {touch.interaction.kind for touch in touches}
    assert kinds == set(interaction_pb2.Kind.values()) - {
        interaction_pb2.KIND_UNSPECIFIED
    }
    scripts = {customer.person.name.script for customer in data.customers}
    assert scripts == set(data.shop.scripts)
    assert scripts & set(QUESTIONS)
    phones = {
        value.value
        for touch in touches
        for value in touch.identities
        if normalized(value, data.shop.tenant.region)[2] == "14155552671"
    }
    assert len(phones) >= 3


def test_the_showcase_customer(data):
    known = {
        normalized(value, data.shop.tenant.region)
        for step in data.showcase.steps
        for value in carried(step)
    }
    wanted = {
        (identity_pb2.CHANNEL_PHONE, "", "14155552671"),
        (identity_pb2.CHANNEL_EMAIL, "", "nora.lindqvist@example.com"),
    }
    if data.shop.tells_story:
        wanted.add((identity_pb2.CHANNEL_SOCIAL, "x", "noralindqvist"))
    assert wanted <= known
    assert len(data.showcase.touches()) == 64
