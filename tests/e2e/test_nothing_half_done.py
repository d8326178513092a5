"""What is refused has written nothing, in no table of any service.

test_errors shows it of each documented error.
"""

import grpc
import pytest

from builders import (
    ask,
    code,
    external,
    link_of,
    mail,
    phone,
    ref,
    touch,
    touch_of,
    unlink_of,
    wait_until,
)
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from tables import tables

OK = grpc.StatusCode.OK

# GoHighLevel/highlevel-api-docs#64: what contacts-svc refuses of a touch.
BAD_CONTACTS = {
    "attribute": {"attributes": {"Company": "ACME"}},
    "attribute_value": {"attributes": {"company": "x" * 1001}},
    "display_name": {"display_name": "x" * 201},
    "stage": {"stage": contact_pb2.STAGE_FORMER},
    "empty_label": {"labels": [""]},
    "double_label": {"labels": ["vip", "vip"]},
    "account_id": {"account_id": "acme"},
    "role": {"roles": [99]},
    "page": {"attribution": {"landing_page": "x" * 8193}},
}
BAD_INTERACTIONS = {
    "kind": {"kind": 99},
    "currency": {
        "kind": interaction_pb2.KIND_PURCHASE,
        "amount": {"currency_code": "ZZZ", "amount_micros": 1},
    },
    "subject": {"subject": "x" * 1001},
    "occurred_time": {"occurred_time": {"seconds": 9_999_999_999}},
    "source": {"source": "NO SOURCE", "external_id": "1"},
}


def refuse(suite, call, request) -> grpc.RpcError:
    before = tables(suite)
    with pytest.raises(grpc.RpcError) as error:
        call(request)
    assert tables(suite) == before
    return error.value


@pytest.mark.parametrize("in_batch", [True, False])
@pytest.mark.parametrize("revision", [None, 4, 5, 6])
def test_a_known_external_id_claims_no_other_value(client, fresh, in_batch, revision):
    fields = {"source": "shop", "external_id": fresh("order")}
    first = touch(fresh("r"), mail(fresh("mail")), source_revision=5, **fields)
    other = touch(fresh("r"), mail(fresh("mail")), **fields)
    other.contact.display_name = "Ghost"
    if revision is None:
        first.interaction.ClearField("source_revision")
    else:
        other.interaction.source_revision = revision
    for one in (first, other):
        one.interaction.kind = interaction_pb2.KIND_PURCHASE
        one.interaction.occurred_time.seconds = 1_700_000_000
    if in_batch:
        batch = touch_pb2.BatchRecordTouchesRequest(touches=[first, other])
        results = client.gateway.BatchRecordTouches(batch).results
        answers = [one.response for one in results]
    else:
        answers = [client.gateway.RecordTouch(one) for one in (first, other)]
    assert answers[0].contact_id == answers[1].contact_id
    assert not answers[1].contact_created and not answers[1].identities
    held = customer_view_pb2.GetCustomerViewRequest(customer=ref(other.identities[0]))
    assert code(client.gateway.GetCustomerView, held) == grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("by_source", [True, False])
def test_of_two_touches_at_once_with_one_id_one_writes(client, fresh, by_source):
    for _ in range(20):
        name = fresh("id")
        requests = [touch(name, mail(fresh("mail"))) for _ in range(2)]
        for one in requests:
            one.interaction.subject = one.identities[0].value
            if by_source:
                one.request_id = ""
                one.interaction.source, one.interaction.external_id = "shop", name
        calls = [client.gateway.RecordTouch.future(one) for one in requests]
        recorded = [call.exception() is None for call in calls]
        assert sorted(recorded) == [False, True]
        for ok, one in zip(recorded, requests):
            held = customer_view_pb2.GetCustomerViewRequest(
                customer=ref(one.identities[0])
            )
            seen = code(client.gateway.GetCustomerView, held)
            assert seen == (OK if ok else grpc.StatusCode.NOT_FOUND)


def test_an_empty_attribution_says_nothing(client, fresh):
    request = touch(fresh("r"), mail(fresh("mail")), occurred_time={"seconds": 0})
    request.contact.attribution.SetInParent()
    recorded = client.gateway.RecordTouch(request)
    contact = client.gateway.GetCustomerView(
        customer_view_pb2.GetCustomerViewRequest(customer=ref(recorded.contact_id))
    ).view.contact
    assert not contact.HasField("attribution")


def test_one_request_id_for_several_people_joins_nobody(client, fresh):
    boxes = [fresh("mail") for _ in range(4)]
    same = fresh("r")
    batch = touch_pb2.BatchRecordTouchesRequest(
        touches=[touch(same, mail(box)) for box in boxes[:3]]
    )
    results = client.gateway.BatchRecordTouches(batch).results
    assert [result.error.code for result in results] == [0, 3, 3]
    assert code(client.gateway.RecordTouch, touch(same, mail(boxes[3]))) != OK
    first = results[0].response.contact_id
    for box in boxes[1:]:
        view = client.gateway.RecordTouch(touch(fresh("r"), mail(box)))
        assert view.contact_id != first


def ends_of(client, touches, in_batch: bool) -> list[int]:
    """Of each touch the code of its error, or what became of it."""
    if in_batch:
        batch = touch_pb2.BatchRecordTouchesRequest(touches=touches)
        results = client.gateway.BatchRecordTouches(batch).results
        return [one.error.code or one.response.outcome for one in results]
    ends = []
    for one in touches:
        try:
            ends.append(client.gateway.RecordTouch(one).outcome)
        except grpc.RpcError as error:
            ends.append(error.code().value[0])
    return ends


@pytest.mark.parametrize("in_batch", [True, False])
def test_what_is_not_stored_makes_no_other_a_repeat(client, fresh, in_batch):
    name = fresh("order")
    shop = {"source": "shop", "external_id": name}
    stored = touch(fresh("r"), mail(fresh("mail")), **shop, source_revision=2)
    client.gateway.RecordTouch(stored)
    other = {"source": "shop", "external_id": fresh("order")}
    same, unknown = fresh("r"), touch_of(NOBODY, fresh("r"))
    touches = [
        # What comes first is invalid, and names nobody.
        touch(fresh("r"), mail(fresh("mail")), **other, **BAD_INTERACTIONS["currency"]),
        touch(fresh("r"), mail(fresh("mail")), **other),
        touch(same, mail(fresh("mail")), kind=99),
        touch_of(NOBODY, same),
        touch(same, mail(fresh("mail"))),
        touch(same, mail(fresh("mail"))),
        unknown,
        # What is older than the stored one is so, however often; what is stored is.
        touch(fresh("r"), mail(fresh("mail")), **shop, source_revision=1, subject="a"),
        touch(fresh("r"), mail(fresh("mail")), **shop, source_revision=1, subject="b"),
        touch(fresh("r"), mail(fresh("mail")), **shop, source_revision=2, subject="c"),
        stored,
    ]
    invalid, missing, taken = 3, 5, 6
    recorded = interaction_pb2.RECORD_OUTCOME_RECORDED
    known = interaction_pb2.RECORD_OUTCOME_KNOWN
    outdated = interaction_pb2.RECORD_OUTCOME_OUTDATED
    assert ends_of(client, touches, in_batch) == [
        *(invalid, recorded),
        *(invalid, missing, recorded, invalid, missing),
        *(outdated, outdated, taken, known),
    ]


@pytest.mark.parametrize("fields", BAD_CONTACTS.values(), ids=BAD_CONTACTS)
def test_a_touch_with_a_bad_contact_writes_nothing(suite, client, fresh, fields):
    request = touch(fresh("r"), phone(fresh("phone")), mail(fresh("mail")))
    request.contact.MergeFrom(contact_pb2.Contact(**fields))
    error = refuse(suite, client.gateway.RecordTouch, request)
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert error.details().startswith("contact.")


@pytest.mark.parametrize("fields", BAD_INTERACTIONS.values(), ids=BAD_INTERACTIONS)
def test_a_touch_with_a_bad_interaction_writes_nothing(suite, client, fresh, fields):
    request = touch(fresh("r"), phone(fresh("phone")), mail(fresh("mail")), **fields)
    error = refuse(suite, client.gateway.RecordTouch, request)
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("value", [external("NO SYSTEM", "1"), mail("x" * 321)])
def test_a_touch_with_a_bad_value_writes_nothing(suite, client, fresh, value):
    request = touch(fresh("r"), phone(fresh("phone")), value)
    error = refuse(suite, client.gateway.RecordTouch, request)
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT


NOBODY = "0192f0c1-2a3b-7c4d-8e5f-60718293a4fe"


@pytest.fixture
def orphan(client, fresh):
    """Makes a value whose holder does not exist, as a touch leaves it that is cut off
    behind its claim."""

    def make() -> identity_pb2.ChannelValue:
        box = mail(fresh("mail"))
        claim = {"values": [box], "proposed_contact_id": NOBODY}
        ask(client, "identity.ClaimIdentities", claim)
        return box

    return make


def test_a_value_whose_holder_does_not_exist_is_free_in_a_while(
    suite, client, fresh, orphan
):
    by_id, by_value, linked = orphan(), orphan(), orphan()
    contact = ask(client, "gateway.CreateContact", {}).contact_id
    unlink, link = client.gateway.UnlinkIdentity, client.gateway.LinkIdentity
    calls = [
        (unlink, unlink_of(NOBODY, by_id, request_id=fresh("r")), "NOT_FOUND"),
        (unlink, unlink_of(by_value, by_value, request_id=fresh("r")), "NOT_FOUND"),
        (link, link_of(contact, linked), "ALREADY_EXISTS"),
    ]
    # For some seconds a touch may still make the holder.
    for call, request, refusal in calls:
        assert refuse(suite, call, request).code().name == refusal
    for call, request, _ in calls:
        wait_until(lambda: code(call, request) == OK)
    for _, request, _ in calls[:2]:
        check_freed(suite, client, fresh, request)
    assert link(link_of(contact, linked)).identity.contact_id == contact
    # Who exists keeps it.
    other = ask(client, "gateway.CreateContact", {}).contact_id
    error = refuse(suite, link, link_of(other, linked))
    assert error.code() == grpc.StatusCode.ALREADY_EXISTS


def check_freed(suite, client, fresh, unlink) -> None:
    """An unlink has freed a value of nobody, once, for others."""
    # The answer to the repeat is that of the first.
    answer = client.gateway.UnlinkIdentity(unlink)
    assert answer.contact_missing and answer.canonical_id == NOBODY
    assert answer.identity.contact_id == NOBODY and answer.identity.HasField("end_time")
    # Nothing is left to free.
    unlink.request_id = fresh("r")
    error = refuse(suite, client.gateway.UnlinkIdentity, unlink)
    assert error.code() == grpc.StatusCode.NOT_FOUND
    contact = ask(client, "gateway.CreateContact", {}).contact_id
    client.gateway.LinkIdentity(link_of(contact, unlink.value))
    answer = client.gateway.UnlinkIdentity(unlink_of(contact, unlink.value))
    assert not answer.contact_missing
