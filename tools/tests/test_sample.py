"""The sample is the same in every run, whole, and true to the API's rules."""

import re
import unicodedata
from collections import Counter
from datetime import timedelta

import pytest
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2

from kithdev import sample
from kithdev.sample import episodes
from kithdev.sample.history import Settle

CUSTOMERS = 500


@pytest.fixture(scope="module", params=sample.SHOPS, ids=lambda shop: shop.language)
def data(request):
    return sample.generate(request.param, CUSTOMERS)


@pytest.fixture(scope="module")
def touches(data):
    return [touch for customer in data.customers for touch in customer.touches()]


def phone_digits(text, region):
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    country, abroad, trunk = ("49", "00", "0") if region == "DE" else ("1", "011", "1")
    if text.startswith("+"):
        return digits
    if digits.startswith(abroad):
        return digits.removeprefix(abroad)
    return country + digits.removeprefix(trunk)


def matched_by(data, value):
    """What a value is matched by, as far as the sample's spellings go."""
    text = value.value
    if value.channel == identity_pb2.CHANNEL_PHONE:
        text = phone_digits(text, data.shop.tenant.region)
    elif value.channel == identity_pb2.CHANNEL_SOCIAL:
        text = text.rstrip("/").rpartition("/")[2].lstrip("@")
    return value.channel, value.namespace, text.lower()


def carried(data, step):
    values = []
    if isinstance(step, touch_pb2.RecordTouchRequest):
        values = step.identities
    elif isinstance(step, gateway_contact_pb2.LinkIdentityRequest):
        values = [step.customer.value, step.value]
    elif isinstance(step, gateway_contact_pb2.ShareIdentityRequest):
        values = [step.customers[0].value, step.value]
    return [matched_by(data, value) for value in values]


def test_same_seed_same_sample(data):
    again = sample.generate(data.shop, CUSTOMERS)
    assert [one.steps for one in data.customers] == [
        one.steps for one in again.customers
    ]


def test_counts(data, touches):
    assert len(data.customers) == CUSTOMERS
    assert len(touches) == data.touches() == 20 * CUSTOMERS
    assert max(len(one.touches()) for one in data.customers) > 60


def test_shops_share_customers_and_know_nothing_of_it():
    ours, theirs = (
        {
            (value.channel, value.plain)
            for customer in sample.generate(shop).customers
            for value in customer.person.values
        }
        for shop in sample.SHOPS
    )
    for channel in (identity_pb2.CHANNEL_PHONE, identity_pb2.CHANNEL_EMAIL):
        assert sum(kind == channel for kind, _ in ours & theirs) >= 10


def test_every_request_has_its_own_key(data, touches):
    keys = {(one.interaction.source, one.interaction.external_id) for one in touches}
    assert len(keys) == len(touches)
    assert all(source and external_id for source, external_id in keys)
    steps = [step for customer in data.customers for step in customer.steps]
    ids = [
        step.request_id
        for step in steps
        if not isinstance(step, touch_pb2.RecordTouchRequest)
    ]
    assert len(ids) == len(set(ids)) == len(steps) - len(touches)
    assert all(re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", one) for one in ids)


def test_touches_are_in_time_order_and_in_the_past(data):
    for customer in data.customers:
        times = [
            touch.interaction.occurred_time.ToSeconds() for touch in customer.touches()
        ]
        assert times == sorted(times)
        assert sample.BEGIN.timestamp() <= times[0]
        assert times[-1] < sample.END.timestamp()


def test_no_value_belongs_to_two(data):
    holders = {}
    for number, customer in enumerate(data.customers):
        for step in customer.steps:
            for value in carried(data, step):
                assert holders.setdefault(value, number) == number


def test_a_new_value_comes_with_a_known_one(data):
    for customer in data.customers:
        known = set()
        for step in customer.steps:
            values = set(carried(data, step))
            is_touch = isinstance(step, touch_pb2.RecordTouchRequest)
            makes_contact = is_touch and step.HasField("contact")
            assert not values or makes_contact or known & values
            known |= values
        person = customer.person
        homes = person.home is not None
        assert len(known) == len(person.values) + len(person.duplicates) + homes


def comparable(name):
    """What the rules say of names: words, without case, accents and order."""
    bare = re.sub("[\u0300-\u036f’]", "", unicodedata.normalize("NFD", name.casefold()))
    return sorted(re.findall(r"\w+", bare))


def duplicates(data):
    """Each with the customer, and the touch that it came about by."""
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
        assert dict(other.attributes).items() <= dict(one.attributes).items()
        rules |= other.attributes.keys()
        (value,) = touch.identities
        assert value.channel == identity_pb2.CHANNEL_EMAIL
        assert customer.touches()[0] != touch
    assert rules == {"birthday", "postcode"}


@pytest.mark.parametrize("shop", sample.SHOPS, ids=lambda shop: shop.language)
def test_the_least_sample_has_all_there_is_to_show(shop):
    least = sample.generate(shop, sample.LEAST_CUSTOMERS)
    assert least.showcase == sample.generate(shop, CUSTOMERS).showcase
    assert len(least.showcase.touches()) == 64
    assert least.walk_in
    merged = Counter(bool(duplicate.merged_by) for _, duplicate, _ in duplicates(least))
    assert min(merged[True], merged[False]) > 3


def test_who_is_merged_was_merged_by_a_person_in_the_end(data):
    for customer, duplicate, touch in duplicates(data):
        (value,) = carried(data, touch)
        merges = [
            step
            for step in customer.steps
            if isinstance(step, merge_pb2.MergeContactsRequest)
            and matched_by(data, step.absorbed[0].value) == value
        ]
        assert len(merges) == bool(duplicate.merged_by)
        for merge in merges:
            assert merge.actor.kind == group_pb2.ACTOR_KIND_PERSON
            assert merge.actor.name in data.shop.agents and merge.reason
            assert customer.steps.index(merge) > customer.steps.index(touch)
            first = carried(data, customer.touches()[0])
            assert matched_by(data, merge.survivor.value) in first


def test_walk_ins_are_known_by_id(data):
    first, *rest = data.walk_in.steps
    assert isinstance(first, gateway_contact_pb2.CreateContactRequest)
    assert {step.contact_id for step in rest} == {first.contact_id}
    assert not any(carried(data, step) for step in rest)


def test_amounts_are_the_sums_of_their_items(touches):
    paid = [touch.interaction for touch in touches if touch.interaction.items]
    assert len(paid) > 2_000
    for interaction in paid:
        total = sum(item.amount.amount_micros for item in interaction.items)
        assert interaction.amount.amount_micros == total > 0


def test_what_comes_back_was_bought(data):
    for customer in data.customers:
        bought = Counter()
        for touch in customer.touches():
            interaction = touch.interaction
            is_purchase = interaction.kind == interaction_pb2.KIND_PURCHASE
            for item in interaction.items:
                bought[interaction.order_id, item.sku] += 1 if is_purchase else -1
        assert min(bought.values(), default=0) >= 0


def test_it_reads_like_life(data, touches):
    kinds = {touch.interaction.kind for touch in touches}
    assert kinds == set(interaction_pb2.Kind.values()) - {0}
    scripts = {customer.person.name.script for customer in data.customers}
    assert scripts == set(data.shop.scripts)
    phones = {
        value.value
        for touch in data.showcase.touches()
        for value in touch.identities
        if matched_by(data, value)[2] == "14155552671"
    }
    assert len(phones) >= 3


def test_somebody_has_a_problem_for_the_third_time(data):
    """And two that were settled, and nothing else is in their threads."""
    (customer,) = (
        one
        for one in data.customers
        if any(isinstance(step, Settle) for step in one.steps)
    )
    told = []
    for step in customer.steps:
        if isinstance(step, Settle):
            told.append("settled")
        elif getattr(step, "interaction", None) and step.interaction.topic == "repair":
            opens = step.interaction.opens == interaction_pb2.THREAD_KIND_PROBLEM
            told.append("problem" if opens else "answer")
    once = ["problem", "answer", "settled"]
    assert told == [*once, *once, "problem"]
    last = customer.touches()[-1].interaction
    assert last.direction == interaction_pb2.DIRECTION_INBOUND


def is_asked(one):
    """Whether it wants an answer."""
    said = one.kind in (
        interaction_pb2.KIND_EMAIL,
        interaction_pb2.KIND_MESSAGE,
        interaction_pb2.KIND_SOCIAL_POST,
    )
    return said and one.direction == interaction_pb2.DIRECTION_INBOUND


def test_few_wait_but_those_who_shall(data):
    """A queue that the sample's own loose ends fill shows nothing."""
    closed, asked, wait = set(), set(), 0
    for customer in data.customers:
        unanswered = set()
        for touch in customer.touches():
            one = touch.interaction
            if one.closing:
                closed.add(one.topic)
            elif is_asked(one):
                asked.add(one.topic)
                unanswered.add(one.topic)
            elif one.direction == interaction_pb2.DIRECTION_OUTBOUND:
                unanswered.discard(one.topic)
        wait += bool(unanswered)
    assert not closed & asked
    assert 2 <= wait <= 2 + CUSTOMERS // 100


def test_only_what_waits_is_of_the_day_on_which_it_is_looked_at(data):
    later = sample.END + timedelta(days=30, hours=9)
    looked_at = sample.generate(data.shop, CUSTOMERS, later)
    changed = 0
    for one, other in zip(data.customers, looked_at.customers, strict=True):
        last = other.touches()[-1].interaction.occurred_time.ToSeconds()
        if last < sample.END.timestamp():
            assert one.steps == other.steps
            continue
        changed += 1
        assert later.timestamp() - 86400 < last < later.timestamp()
        assert len(one.steps) == len(other.steps)
    assert changed == len(episodes.WAITING)


def having(touches, **fields):
    """Those of the touches that have these fields."""
    return [
        touch
        for touch in touches
        if all(getattr(touch.interaction, name) == it for name, it in fields.items())
    ]


def test_there_are_people_to_act_on(data):
    last = [customer.touches()[-1] for customer in data.customers]
    assert having(
        last,
        kind=interaction_pb2.KIND_CALL,
        direction=interaction_pb2.DIRECTION_INBOUND,
        outcome=interaction_pb2.OUTCOME_MISSED,
    )
    assert having(
        last,
        kind=interaction_pb2.KIND_SOCIAL_POST,
        opens=interaction_pb2.THREAD_KIND_PROBLEM,
    )
    (lead,) = having(
        last,
        kind=interaction_pb2.KIND_WEB_EVENT,
        purpose=interaction_pb2.PURPOSE_SALES,
    )
    # Of the morning of the last day.
    end = sample.END.timestamp()
    assert end - 12 * 3600 < lead.interaction.occurred_time.ToSeconds() < end


def test_somebody_has_called_by_the_phone_of_a_household(data):
    """A phone that nobody has held alone, so that the call is of neither."""
    (customer,) = (one for one in data.customers if one.person.home)
    at = next(
        place
        for place, step in enumerate(customer.steps)
        if isinstance(step, gateway_contact_pb2.ShareIdentityRequest)
    )
    create, share, call = customer.steps[at - 1 : at + 2]
    home = customer.person.home
    assert (create.contact_id, create.contact) == (home.contact_id, home.contact)
    by_value, by_id = share.customers
    assert matched_by(data, by_value.value) in carried(data, customer.touches()[0])
    assert by_id.contact_id == create.contact_id
    assert carried(data, call) == [matched_by(data, share.value)]
    assert having(
        [call],
        direction=interaction_pb2.DIRECTION_INBOUND,
        outcome=interaction_pb2.OUTCOME_MISSED,
    )
    shared = matched_by(data, share.value)
    assert [carried(data, step) for step in customer.steps].count([shared]) == 1


def test_the_showcase_customer(data):
    known = {value for step in data.showcase.steps for value in carried(data, step)}
    wanted = {
        (identity_pb2.CHANNEL_PHONE, "", "14155552671"),
        (identity_pb2.CHANNEL_EMAIL, "", "nora.lindqvist@example.com"),
    }
    if data.shop.tells_story:
        wanted.add((identity_pb2.CHANNEL_SOCIAL, "x", "noralindqvist"))
    assert wanted <= known
