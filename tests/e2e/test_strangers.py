"""What people share - browsers, office phones, addresses of pages - joins nobody."""

import itertools
import random
import time
import uuid

import grpc
import pytest

from builders import external, link_of, mail, phone, ref, touch, touch_of
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import suggestion_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from groups import AGENT, see

HELD_BY_OTHER = identity_pb2.CLAIM_OUTCOME_HELD_BY_OTHER
TOUCHES = 20_000


def visitor(value: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(channel=identity_pb2.CHANNEL_VISITOR, value=value)


def handle(network: str, value: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(
        channel=identity_pb2.CHANNEL_SOCIAL, namespace=network, value=value
    )


@pytest.fixture
def arrive(client, fresh):
    """Records a touch with values, and answers what became of it."""

    def record(*values, caller=client, **contact):
        request = touch(fresh("r"), *values)
        request.contact.MergeFrom(contact_pb2.Contact(**contact))
        return caller.gateway.RecordTouch(request)

    return record


def customer_of(client, value) -> str:
    """The canonical id of who holds a value; empty if nobody does."""
    request = customer_view_pb2.GetCustomerViewRequest(customer=ref(value))
    try:
        return client.gateway.GetCustomerView(request).view.contact.canonical_id
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error.details()
        return ""


def suggested(client, contact_id: str) -> dict[str, list[int]]:
    """Who else a contact may be, and by which rules."""
    request = merge_pb2.ListSuggestionsRequest(customer=ref(contact_id))
    return {
        one.other_id: [evidence.rule for evidence in one.evidence]
        for one in client.gateway.ListSuggestions(request).suggestions
    }


# rudderlabs/rudder-transformer#1180, chatwoot/chatwoot#2913
@pytest.mark.parametrize("strong", [mail, lambda value: external("shop", value)])
@pytest.mark.parametrize("first", [True, False])
def test_a_shared_browser_joins_nobody(client, arrive, fresh, strong, first):
    browser = visitor(fresh("browser"))

    def order(value):
        return (value, browser) if first else (browser, value)

    bea, cem = strong(fresh("mail")), strong(fresh("mail"))
    one = arrive(*order(bea))
    other = arrive(*order(cem))
    assert one.contact_id != other.contact_id
    outcomes = {held.value.value: held.outcome for held in other.identities}
    assert outcomes[browser.value] == HELD_BY_OTHER
    assert not other.merged_visitor_ids
    assert customer_of(client, browser) == one.contact_id
    assert not suggested(client, other.contact_id)


def test_an_address_that_many_accounts_share_joins_nobody(client, arrive, fresh):
    box = mail(fresh("mail"))
    ids = {arrive(external("shop", fresh("C")), box).contact_id for _ in range(4)}
    assert len(ids) == 4
    # Nor is it lost: a person sees that they may be one.
    second = sorted(ids)[1]
    assert suggested(client, second) or suggested(client, sorted(ids)[0])


def test_thirty_people_with_one_office_phone_stay_apart(client, arrive, fresh):
    office = phone(fresh("phone"))
    boxes = [mail(fresh("mail")) for _ in range(30)]
    for n, box in enumerate(boxes):
        arrive(*((box, office) if n % 2 else (office, box)))
    holders = [customer_of(client, box) for box in boxes]
    assert "" not in holders
    shared = holders.count(customer_of(client, office))
    assert shared == 3
    assert len(set(holders)) == 28
    rules = suggested(client, holders[-1])
    assert rules or suggested(client, customer_of(client, office))


# chatwoot/chatwoot#5496, #5705
def test_a_visitor_who_says_who_they_are_becomes_known(client, arrive, fresh):
    browser, box = visitor(fresh("browser")), mail(fresh("mail"))
    visit = arrive(browser)
    view = see(client, visit.contact_id)
    assert view.contact.stage == contact_pb2.STAGE_ANONYMOUS
    named = arrive(browser, box, display_name="Ada")
    assert named.contact_id == visit.contact_id
    assert list(named.filled_fields.paths) == ["display_name"]
    contact = see(client, visit.contact_id).contact
    assert (contact.stage, contact.display_name) == (contact_pb2.STAGE_LEAD, "Ada")
    # What is said stays, and what was cleared does too.
    assert not arrive(box, display_name="Eve").filled_fields.paths
    contact = see(client, visit.contact_id).contact
    assert contact.display_name == "Ada"


def test_a_visitor_to_whom_an_address_is_linked_is_a_lead(client, arrive, fresh):
    visit = arrive(visitor(fresh("browser")))
    client.gateway.LinkIdentity(link_of(visit.contact_id, mail(fresh("mail"))))
    contact = see(client, visit.contact_id).contact
    assert contact.stage == contact_pb2.STAGE_LEAD


def test_what_happened_before_a_login_is_joined_once(client, arrive, fresh):
    browser = visitor(fresh("browser"))
    ada, bob = mail(fresh("mail")), mail(fresh("mail"))
    known, other = arrive(ada), arrive(bob)
    visit = arrive(browser)
    login = arrive(ada, browser)
    assert login.contact_id == known.contact_id
    assert list(login.merged_visitor_ids) == [visit.contact_id]
    view = see(client, visit.contact_id)
    assert view.contact.canonical_id == known.contact_id
    # The browser is Ada's now: who comes after her is not she.
    assert not arrive(bob, browser).merged_visitor_ids
    stranger = arrive(mail(fresh("mail")), browser)
    assert stranger.contact_id not in (known.contact_id, visit.contact_id)
    assert customer_of(client, bob) == other.contact_id
    # And it can be taken back.
    undo = merge_pb2.UndoMergesRequest(value=browser, actor=AGENT)
    client.gateway.UndoMerges(undo)
    view = see(client, visit.contact_id)
    assert view.contact.canonical_id == visit.contact_id


def test_a_batch_joins_as_its_touches_do_one_by_one(client, fresh):
    browser, box = visitor(fresh("browser")), mail(fresh("mail"))
    batch = [
        touch(fresh("r"), box),
        touch(fresh("r"), browser),
        touch(fresh("r"), browser, box),
        touch(fresh("r"), browser, mail(fresh("mail"))),
    ]
    request = touch_pb2.BatchRecordTouchesRequest(touches=batch)
    answer = client.gateway.BatchRecordTouches(request)
    known, visit, login, stranger = (one.response for one in answer.results)
    assert login.contact_id == known.contact_id
    assert stranger.contact_id not in (known.contact_id, visit.contact_id)
    assert list(login.merged_visitor_ids) == [visit.contact_id]


# What may stand beside the browser of who is identified by a name: nothing that
# counts, or that is somebody else's.
BESIDE = {
    "nothing": [],
    "refused": [phone("0000000")],
    "refused id": [external("shop", "null")],
    "emergency": [phone("911")],
    "sender": [phone("DHL-4711")],
}


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
def test_a_batch_knows_who_is_identified_as_touches_one_by_one_do(
    client, arrive, fresh, beside
):
    for value in beside:
        arrive(value)
    for in_batch in (True, False):
        browser = visitor(fresh("browser"))
        arrive(browser)
        named, other = touch(fresh("r"), browser, *beside), mail(fresh("mail"))
        named.contact.display_name = "Ada"
        batch = [named, touch(fresh("r"), browser, other)]
        if in_batch:
            request = touch_pb2.BatchRecordTouchesRequest(touches=batch)
            results = client.gateway.BatchRecordTouches(request).results
            first, second = (one.response for one in results)
        else:
            first, second = map(client.gateway.RecordTouch, batch)
        assert second.contact_id != first.contact_id
        assert second.contact_created
        assert [one.outcome for one in second.identities] == [
            identity_pb2.CLAIM_OUTCOME_NOT_CLAIMED,
            identity_pb2.CLAIM_OUTCOME_CLAIMED,
        ]
        rules = suggested(client, second.contact_id)
        assert rules == {first.contact_id: [suggestion_pb2.MATCH_RULE_SAME_TOUCH]}


@pytest.mark.parametrize("how", ["other browser", "spelled otherwise", "login"])
def test_a_batch_gives_no_stranger_a_visitors_values(client, arrive, fresh, how):
    for in_batch in (True, False):
        one, two = fresh("browser"), fresh("browser")
        stranger = touch(fresh("r"), visitor(two), mail(fresh("mail")))
        if how == "spelled otherwise":
            stranger.identities[0].value = f"\u00a0{one}"
        else:
            arrive(visitor(one), visitor(two))
        first = touch(fresh("r"), visitor(one))
        if how == "login":
            box = mail(fresh("mail"))
            arrive(box)
            first.identities.append(box)
        else:
            first.contact.display_name = "Ada"
        if in_batch:
            request = touch_pb2.BatchRecordTouchesRequest(touches=[first, stranger])
            results = client.gateway.BatchRecordTouches(request).results
            known, other = (result.response for result in results)
        else:
            known, other = map(client.gateway.RecordTouch, (first, stranger))
        assert other.canonical_id not in (known.contact_id, known.canonical_id)
        assert [value.outcome for value in other.identities] == [
            identity_pb2.CLAIM_OUTCOME_NOT_CLAIMED,
            identity_pb2.CLAIM_OUTCOME_CLAIMED,
        ]


def test_a_correction_adds_a_value_and_joins_no_strangers(client, arrive, fresh):
    box, number, other = mail(fresh("mail")), phone(fresh("phone")), mail(fresh("mail"))
    fields = {"source": "shop", "external_id": fresh("x")}

    def revise(revision: int, *values):
        request = touch(fresh("r"), *values, source_revision=revision, **fields)
        return client.gateway.RecordTouch(request)

    stranger = arrive(other)
    first = revise(0, box)
    added = revise(1, box, number)
    assert added.outcome == interaction_pb2.RECORD_OUTCOME_CORRECTED
    assert [one.outcome for one in added.identities] == [
        identity_pb2.CLAIM_OUTCOME_HELD,
        identity_pb2.CLAIM_OUTCOME_CLAIMED,
    ]
    assert customer_of(client, number) == first.contact_id
    # It was somebody else, whom others know or nobody does.
    free = mail(fresh("mail"))
    for revision, values in enumerate([(other, free), (free,)], start=2):
        moved = revise(revision, *values)
        assert moved.contact_id == first.contact_id
        assert not moved.identities
        assert customer_of(client, free) == ""
    assert customer_of(client, other) == stranger.contact_id
    # Of two known ones each keeps what is theirs, and they may be one.
    both = revise(4, box, other)
    assert both.identities[1].outcome == HELD_BY_OTHER
    assert list(suggested(client, first.contact_id)) == [stranger.contact_id]


# A touch that is cut off behind its claim leaves what the claim has written.
def cut_off(client, request) -> None:
    client.identity.ClaimIdentities(
        identity_pb2.ClaimIdentitiesRequest(
            values=request.identities, proposed_contact_id=str(uuid.uuid4())
        )
    )


@pytest.mark.parametrize("again", ["the same", "another"])
def test_a_login_that_is_cut_off_loses_no_visitor(client, arrive, fresh, again):
    browser, box = visitor(fresh("browser")), mail(fresh("mail"))
    known, visit = arrive(box), arrive(browser)
    request = touch(fresh("r"), box, browser)
    cut_off(client, request)
    login = client.gateway.RecordTouch(request)
    assert login.contact_id == known.contact_id
    assert list(login.merged_visitor_ids) == [visit.contact_id]
    assert see(client, visit.contact_id).contact.canonical_id == known.contact_id
    # Once: neither the same nor another touch does it again.
    if again == "another":
        request.request_id = fresh("r")
    assert not client.gateway.RecordTouch(request).merged_visitor_ids
    undo = merge_pb2.UndoMergesRequest(value=browser, actor=AGENT)
    client.gateway.UndoMerges(undo)
    request.request_id = fresh("r")
    assert not client.gateway.RecordTouch(request).merged_visitor_ids
    assert see(client, visit.contact_id).contact.canonical_id == visit.contact_id


def test_a_proof_that_is_cut_off_still_suggests_the_squatter(
    client, form, verified, fresh
):
    box = mail(fresh("mail"))
    form.gateway.RecordTouch(touch(fresh("r"), box))
    squatter = customer_of(client, box)
    request = touch(fresh("r"), box)
    cut_off(verified, request)
    proven = verified.gateway.RecordTouch(request)
    assert proven.contact_id != squatter
    assert list(suggested(client, proven.contact_id)) == [squatter]


def test_a_login_and_a_stranger_at_once_on_one_browser_stay_apart(
    client, arrive, fresh
):
    for _ in range(20):
        browser, ada = visitor(fresh("browser")), mail(fresh("mail"))
        known, visit = arrive(ada), arrive(browser)
        calls = [
            client.gateway.RecordTouch.future(touch(fresh("r"), browser, value))
            for value in (ada, mail(fresh("mail")))
        ]
        login, stranger = (call.result() for call in calls)
        assert login.contact_id == known.contact_id
        ids = {
            see(client, one).contact.canonical_id
            for one in (known.contact_id, stranger.contact_id)
        }
        assert len(ids) == 2
        # Whose the visitor is depends on who was first.
        canonical = see(client, visit.contact_id).contact.canonical_id
        assert canonical in ids


def test_a_login_at_a_deleted_contact_joins_once_it_is_back(client, arrive, fresh):
    browser, box = visitor(fresh("browser")), mail(fresh("mail"))
    known, visit = arrive(box), arrive(browser)
    delete = contact_pb2.DeleteContactRequest(contact_id=known.contact_id)
    client.contacts.DeleteContact(delete)
    login = arrive(box, browser)
    assert login.contact_id == known.contact_id
    assert not login.merged_visitor_ids
    back = contact_pb2.UndeleteContactRequest(contact_id=known.contact_id)
    client.contacts.UndeleteContact(back)
    assert list(arrive(box, browser).merged_visitor_ids) == [visit.contact_id]


def test_a_form_suggests_what_it_may_not_join(client, form, arrive, fresh):
    browser, box = visitor(fresh("browser")), mail(fresh("mail"))
    known, visit = arrive(box), arrive(browser)
    arrive(box, browser, caller=form)
    assert see(client, visit.contact_id).contact.canonical_id == visit.contact_id
    rules = suggested(client, known.contact_id)
    assert rules == {visit.contact_id: [suggestion_pb2.MATCH_RULE_SAME_TOUCH]}


def test_a_guest_who_has_bought_is_suggested(client, arrive, fresh):
    browser = visitor(fresh("browser"))
    guest = arrive(browser)
    sale = touch_of(guest.contact_id, fresh("r"))
    sale.interaction.kind = interaction_pb2.KIND_PURCHASE
    client.gateway.RecordTouch(sale)
    named = arrive(mail(fresh("mail")), browser)
    assert named.contact_id != guest.contact_id
    rules = suggested(client, named.contact_id)
    assert rules == {guest.contact_id: [suggestion_pb2.MATCH_RULE_SAME_TOUCH]}


def test_who_squats_on_an_address_by_a_form_does_not_keep_it(
    client, form, verified, arrive, fresh
):
    box = mail(fresh("mail"))
    arrive(box, caller=form)
    squatter = customer_of(client, box)
    owner = arrive(box, caller=verified)
    assert arrive(box, caller=verified).contact_id == owner.contact_id
    assert owner.contact_id != squatter
    assert customer_of(client, box) == owner.contact_id
    assert list(suggested(client, owner.contact_id)) == [squatter]


@pytest.mark.parametrize("how", ["batch", "one by one", "at once"])
@pytest.mark.parametrize("age", [None, 60, 86_400])
def test_who_has_proven_an_address_has_its_events_of_any_time(
    client, form, verified, arrive, fresh, how, age
):
    box = mail(fresh("mail"))
    arrive(box, caller=form, display_name="Squatter")
    squatter = customer_of(client, box)
    touches = [touch(fresh("r"), box) for _ in range(3)]
    touches.append(touch(fresh("r"), box, phone(fresh("phone"))))
    if age is not None:
        now = int(time.time())
        for place, one in enumerate(touches):
            one.interaction.occurred_time.seconds = now - age + place
    if how == "batch":
        batch = touch_pb2.BatchRecordTouchesRequest(touches=touches)
        results = verified.gateway.BatchRecordTouches(batch).results
        answers = [result.response for result in results]
    elif how == "at once":
        calls = [verified.gateway.RecordTouch.future(one) for one in touches]
        answers = [call.result() for call in calls]
    else:
        answers = [verified.gateway.RecordTouch(one) for one in touches]
    owner = customer_of(client, box)
    assert owner != squatter
    assert {one.contact_id for one in answers} == {owner}
    # So are yesterday's orders that a system reports later.
    order = touch(fresh("r"), box, external("shop", fresh("C")))
    order.interaction.occurred_time.seconds = int(time.time()) - 100_000
    assert client.gateway.RecordTouch(order).contact_id != squatter
    order = touch(fresh("r"), box)
    order.interaction.occurred_time.seconds = int(time.time()) - 100_000
    assert client.gateway.RecordTouch(order).contact_id == owner
    assert list(suggested(client, owner)).count(squatter) == 1


# Of cases A1 to A4: values of two people that were one, and their sources.
STRANGERS = [
    # harismuneer/Ultimate-Social-Scrapers#111
    (handle("instagram", "https://instagram.com/_u/alice-{n}"), "_u/alice", "_u/bob"),
    # lobu-ai/lobu#1813
    (
        handle("facebook", "https://www.facebook.com/app_scoped_user_id/1{n}/"),
        "user_id/1",
        "user_id/2",
    ),
    (handle("facebook", "https://l.facebook.com/l.php?u=a{n}"), "?u=a", "?u=b"),
    # stickerdaniel/linkedin-mcp-server#748
    (
        handle("linkedin", "https://www.linkedin.com/in/ada-q-{n}"),
        "in/ada",
        "in/bob",
    ),
    # interviewstreet/hiring-agent#324
    (
        handle("x", "https://www.instagram.com/alice{n}"),
        "https://www.instagram.com/",
        "@",
    ),
    # google/libphonenumber#1302
    (phone("DHL-{n}"), "DHL-", "GLS "),
]


@pytest.mark.parametrize("value, old, new", STRANGERS)
def test_values_of_two_people_are_two_customers(client, fresh, value, old, new):
    serial = fresh("n").rpartition("-")[2]
    one, other = identity_pb2.ChannelValue(), identity_pb2.ChannelValue()
    one.CopyFrom(value)
    one.value = value.value.format(n=serial)
    other.CopyFrom(one)
    other.value = one.value.replace(old, new)
    assert other.value != one.value
    ids = [
        client.gateway.RecordTouch(touch(fresh("r"), each)).contact_id
        for each in (one, other)
    ]
    assert ids[0] != ids[1]


# alphagov/notifications-admin#4124, dilshod/xlsx2csv#190, 2600hz/kazoo#5260
NO_NUMBERS = [
    "4.91512E+12",
    "1.41555E+10",
    "#REF!",
    "sip:anonymous@anonymous.invalid",
    "anonymous@anonymous.invalid",
    "UNKNOWN CALLER",
    "266696687",
]


# What programs, people and browsers send where there is nobody, of each kind that
# identity-svc/values/README.md lists.
NOBODYS = [
    *[
        external("shop", text)
        for text in (
            "{{customer.id}}",
            "${id}",
            "#VALUE!",
            "[object Object]",
            "1.00E+05",
            "2147483647",
            "user-undefined",
            "gid://shop/Customer/",
            "guest",
            "customer_id",
            "-1",
        )
    ],
    *[visitor(text) for text in ("{{cid}}", "(not set)", "02:00:00:00:00:00")],
    *[
        mail(text)
        for text in (
            "%EMAIL%@example.com",
            "a***@example.com",
            "mailer-daemon@example.com",
            "no.reply@shop.example",
            "your@email.com",
        )
    ],
    *[
        phone(text)
        for text in ("+49 30 0000000", "415-555-XXXX", "1234567890", "2147483647")
    ],
    handle("facebook", "Facebook User"),
    handle("facebook", "https://www.facebook.com/profile.php?id="),
    handle("linkedin", "https://www.linkedin.com/in/"),
    handle("linkedin", "https://www.linkedin.com/feed/"),
    handle("x", "https://x.com/home"),
    handle("tiktok", "https://www.tiktok.com/@"),
    handle("telegram", "Deleted Account"),
    handle("reddit", "[deleted]"),
    handle("whatsapp", "status@broadcast"),
    handle("x", "https://"),
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_nobody(client, arrive, fresh, text):
    one = arrive(phone(text), mail(fresh("mail")))
    other = arrive(phone(text), mail(fresh("mail")))
    assert one.identities[0].outcome == identity_pb2.CLAIM_OUTCOME_REFUSED
    assert one.identities[0].reason
    assert one.contact_id != other.contact_id


def _day(random_of, people: int):
    """The touches of a day: of whom each is, and its values as they come.

    Without office phones, each of which may join three people: see above.
    """
    browsers = [f"kiosk-{n}" for n in range(12)]
    noise = [
        lambda: phone(random_of.choice(NO_NUMBERS)),
        lambda: visitor(random_of.choice(browsers)),
        lambda: mail(random_of.choice(["null", "n/a", "none@none", "@"])),
        lambda: handle("facebook", f"l.facebook.com/l.php?u={random_of.random()}"),
        lambda: handle("instagram", "https://instagram.com/explore/"),
        lambda: random_of.choice(NOBODYS),
        lambda: random_of.choice(NOBODYS),
    ]
    for _ in itertools.count():
        who = random_of.randrange(people)
        values = [mail(f"Person.{who}@day.example")]
        if random_of.random() < 0.5:
            values.append(external("shop", f"day-{who}"))
            values.reverse()
        if random_of.random() < 0.4:
            values.append(random_of.choice(noise)())
        if random_of.random() < 0.1:
            values.insert(0, random_of.choice(noise)())
        yield who, values


def test_a_day_of_touches_joins_no_two_strangers(client):
    """Clean values with every kind of noise among them."""
    people = TOUCHES // 10
    day = _day(random.Random(20_261_129), people)
    of_contact: dict[str, set[int]] = {}
    of_person: dict[int, set[str]] = {}
    refused = 0
    for begin in range(0, TOUCHES, 200):
        touches = list(itertools.islice(day, 200))
        request = touch_pb2.BatchRecordTouchesRequest(
            touches=[
                touch(f"day-{begin + n}", *values)
                for n, (_, values) in enumerate(touches)
            ]
        )
        answer = client.gateway.BatchRecordTouches(request, timeout=60)
        for (who, _), result in zip(touches, answer.results, strict=True):
            assert result.HasField("response"), result.error
            contact_id = result.response.canonical_id
            of_contact.setdefault(contact_id, set()).add(who)
            of_person.setdefault(who, set()).add(contact_id)
            refused += sum(
                one.outcome == identity_pb2.CLAIM_OUTCOME_REFUSED
                for one in result.response.identities
            )
    joined = {one: who for one, who in of_contact.items() if len(who) > 1}
    split = sum(len(ids) > 1 for ids in of_person.values())
    print(
        f"{TOUCHES} touches of {len(of_person)} people: {len(joined)} contacts join "
        f"strangers, {split} people are split, {refused} values are refused"
    )
    assert not joined
