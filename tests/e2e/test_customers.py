"""What agents and frontends do all day, through the gateway."""

import concurrent.futures

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from builders import (
    code,
    external,
    link_of,
    mail,
    phone,
    touch,
    touch_of,
    unlink_of,
    update_of,
    view_by,
    view_of,
)
from groups import euros, timeline
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2


def at(seconds: int) -> Timestamp:
    return Timestamp(seconds=1_790_000_000 + seconds)


def test_a_contact_with_no_channel_has_everything(client, fresh):
    contact = client.gateway.CreateContact(gateway_contact_pb2.CreateContactRequest())
    record = client.gateway.RecordTouch
    record(touch_of(contact.contact_id, fresh("r"), subject="walked in"))
    record(
        touch_of(
            contact.contact_id,
            fresh("r"),
            kind=interaction_pb2.KIND_PURCHASE,
            amount=euros(40),
            occurred_time=at(1),
        )
    )
    record(
        touch_of(
            contact.contact_id,
            fresh("r"),
            kind=interaction_pb2.KIND_RETURN,
            amount=euros(15),
            occurred_time=at(2),
        )
    )
    record(
        touch_of(
            contact.contact_id,
            fresh("r"),
            kind=interaction_pb2.KIND_CALL,
            direction=interaction_pb2.DIRECTION_OUTBOUND,
            outcome=interaction_pb2.OUTCOME_MISSED,
            occurred_time=at(3),
        )
    )
    view = client.gateway.GetCustomerView(view_of(contact.contact_id)).view
    assert view.contact.stage == contact_pb2.STAGE_CUSTOMER
    assert not view.identities
    assert len(view.interactions) == 4
    assert view.summary.last_called_time == at(3)
    (sales,) = view.summary.sales
    assert (sales.sold_micros, sales.net_micros) == (40_000_000, 25_000_000)
    assert [source.part for source in view.parts if source.HasField("error")] == []


SPELLINGS = [
    "(415) 555-2671",
    "+1 415-555-2671",
    "415.555.2671",
    "1 415 555 2671",
    "+14155552671",
]


def test_one_phone_in_five_spellings_is_one_identity(client):
    ids = {
        client.gateway.RecordTouch(touch(f"spelling-{n}", phone(spelling))).contact_id
        for n, spelling in enumerate(SPELLINGS)
    }
    assert len(ids) == 1
    for spelling in SPELLINGS:
        view = client.gateway.GetCustomerView(view_by(spelling)).view
        assert view.contact.contact_id in ids
        (identity,) = view.identities
        assert identity.normalized_value == "+14155552671"
        assert identity.value == SPELLINGS[0]
        assert len(view.interactions) == 5


def test_an_old_systems_phone_key_works_beside_the_new_id(client, fresh):
    key = fresh("old")
    made = client.gateway.RecordTouch(
        touch(fresh("r"), external("smileanddial", key), phone(fresh("phone")))
    )
    view = client.gateway.GetCustomerView(view_by(key)).view
    assert view.contact.contact_id == made.contact_id
    assert len(view.identities) == 2


def race(client, requests):
    with concurrent.futures.ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(client.gateway.RecordTouch, requests))


def test_racing_first_touches_make_one_contact(client, fresh):
    number = fresh("phone")
    answers = race(client, [touch(fresh("r"), phone(number)) for _ in range(32)])
    assert len({answer.contact_id for answer in answers}) == 1
    assert sum(answer.contact_created for answer in answers) == 1
    view = client.gateway.GetCustomerView(view_by(number, interactions_size=100)).view
    assert len(view.interactions) == 32


def test_racing_touches_with_both_orders_make_one_contact(client, fresh):
    values = [phone(fresh("phone")), mail(fresh("mail"))]
    answers = race(
        client,
        [touch(fresh("r"), *values[:: 1 if n % 2 else -1]) for n in range(32)],
    )
    assert len({answer.contact_id for answer in answers}) == 1
    views = [
        client.gateway.GetCustomerView(view_by(value.value)).view for value in values
    ]
    assert {view.contact.contact_id for view in views} == {answers[0].contact_id}
    assert len(views[0].identities) == 2


def test_one_external_id_a_thousand_times_is_one_interaction(client, fresh):
    request = touch(
        "",
        phone(fresh("phone")),
        kind=interaction_pb2.KIND_PURCHASE,
        amount=euros(3),
        source="shop",
        external_id=fresh("order"),
    )
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(client.gateway.RecordTouch, [request] * 1000))
    assert len({answer.interaction.interaction_id for answer in answers}) == 1
    outcomes = [answer.outcome for answer in answers]
    assert outcomes.count(interaction_pb2.RECORD_OUTCOME_RECORDED) == 1
    view = client.gateway.GetCustomerView(view_of(answers[0].contact_id)).view
    assert len(view.interactions) == 1
    assert view.summary.sales[0].sold_micros == 3_000_000


def test_a_request_id_with_another_body_is_refused_before_any_write(client, fresh):
    request_id, known, unknown = fresh("r"), fresh("phone"), fresh("phone")
    client.gateway.RecordTouch(touch(request_id, phone(known)))
    other = touch(request_id, phone(unknown), subject="another body")
    assert code(client.gateway.RecordTouch, other) == grpc.StatusCode.INVALID_ARGUMENT
    nobody = code(client.gateway.GetCustomerView, view_by(unknown))
    assert nobody == grpc.StatusCode.NOT_FOUND


def test_the_same_request_id_and_body_answers_the_same(client, fresh):
    request = touch(fresh("r"), phone(fresh("phone")))
    first = client.gateway.RecordTouch(request)
    again = client.gateway.RecordTouch(request)
    assert again.interaction == first.interaction
    assert again.outcome == interaction_pb2.RECORD_OUTCOME_KNOWN


def test_no_touch_makes_a_former(client, fresh):
    request = touch(fresh("r"), phone(fresh("phone")))
    request.contact.stage = contact_pb2.STAGE_FORMER
    with pytest.raises(grpc.RpcError) as refused:
        client.gateway.RecordTouch(request)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "contact.stage: FORMER" in refused.value.details()
    request.contact.stage = contact_pb2.STAGE_QUALIFIED
    contact_id = client.gateway.RecordTouch(request).contact_id
    view = client.gateway.GetCustomerView(view_of(contact_id)).view
    assert view.contact.stage == contact_pb2.STAGE_QUALIFIED


def test_a_placeholder_is_no_identity_and_the_touch_is_kept(client, fresh):
    answer = client.gateway.RecordTouch(touch(fresh("r"), phone("0000000")))
    (value,) = answer.identities
    assert value.outcome == identity_pb2.CLAIM_OUTCOME_REFUSED
    assert value.reason
    view = client.gateway.GetCustomerView(view_of(answer.contact_id)).view
    assert len(view.interactions) == 1
    assert not view.identities


def test_a_value_of_another_contact_is_never_moved(client, fresh):
    held = fresh("phone")
    owner = client.gateway.RecordTouch(touch(fresh("r"), phone(held))).contact_id
    address = fresh("mail")
    other = client.gateway.RecordTouch(touch(fresh("r"), mail(address))).contact_id
    mixed = client.gateway.RecordTouch(touch(fresh("r"), mail(address), phone(held)))
    assert mixed.contact_id == other
    assert mixed.identities[1].outcome == identity_pb2.CLAIM_OUTCOME_HELD_BY_OTHER
    view = client.gateway.GetCustomerView(view_by(held)).view
    assert view.contact.contact_id == owner


def test_link_update_timeline_unlink(client, fresh):
    contact = client.gateway.CreateContact(
        gateway_contact_pb2.CreateContactRequest(
            contact=contact_pb2.Contact(display_name="Ada"), request_id=fresh("r")
        )
    )
    address = mail(fresh("mail"))
    client.gateway.LinkIdentity(link_of(contact.contact_id, address))
    update = update_of(address, {"display_name": "Grace"})
    assert client.gateway.UpdateContact(update).display_name == "Grace"

    for n in range(5):
        client.gateway.RecordTouch(
            touch_of(contact.contact_id, fresh("r"), occurred_time=at(n))
        )
    rows = timeline(client, address, page_size=2)
    times = [row.occurred_time.seconds for row in rows]
    assert times == sorted(times, reverse=True)
    assert len(times) == 5

    client.gateway.UnlinkIdentity(unlink_of(contact.contact_id, address))
    view = client.gateway.GetCustomerView
    assert code(view, view_by(address.value)) == grpc.StatusCode.NOT_FOUND
    assert not view(view_of(contact.contact_id)).view.identities


def test_a_view_goes_on_in_the_timeline(client, fresh):
    contact = client.gateway.CreateContact(gateway_contact_pb2.CreateContactRequest())
    for n in range(7):
        client.gateway.RecordTouch(
            touch_of(contact.contact_id, fresh("r"), occurred_time=at(n))
        )
    view = client.gateway.GetCustomerView(
        view_of(contact.contact_id, interactions_size=3)
    ).view
    rest = client.gateway.ListInteractions(
        customer_view_pb2.ListInteractionsRequest(
            customer=customer_view_pb2.CustomerRef(contact_id=contact.contact_id),
            page_token=view.next_page_token,
        )
    )
    seen = [*view.interactions, *rest.interactions]
    assert [row.occurred_time.seconds for row in seen] == [
        at(n).seconds for n in reversed(range(7))
    ]


def test_you_read_what_you_wrote(client, fresh):
    contact = client.gateway.CreateContact(gateway_contact_pb2.CreateContactRequest())
    for n in range(200):
        client.gateway.RecordTouch(
            touch_of(contact.contact_id, fresh("r"), occurred_time=at(n))
        )
        view = client.gateway.GetCustomerView(
            view_of(contact.contact_id, interactions_size=1)
        ).view
        assert view.interactions[0].occurred_time == at(n)
        assert sum(count.count for count in view.summary.counts) == n + 1


def test_batches_answer_each_item(client, fresh):
    number = fresh("phone")
    batch = touch_pb2.BatchRecordTouchesRequest(
        touches=[
            touch(fresh("r"), phone(number)),
            touch(fresh("r")),
            touch(fresh("r"), phone(number)),
        ]
    )
    results = client.gateway.BatchRecordTouches(batch).results
    assert results[0].response.contact_id == results[2].response.contact_id
    assert results[1].error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    views = client.gateway.BatchGetCustomerViews(
        customer_view_pb2.BatchGetCustomerViewsRequest(
            customers=[
                view_by(number).customer,
                view_by(fresh("mail")).customer,
            ]
        )
    ).results
    assert len(views[0].response.view.interactions) == 2
    assert views[1].error.code == grpc.StatusCode.NOT_FOUND.value[0]
