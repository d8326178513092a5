"""What a view tells in figures and times is right at the borders, too."""

import concurrent.futures
import time
import uuid

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from builders import code, external, phone, ref, touch, touch_of, view_of
from kith.common.v1 import common_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.interactions.v1 import interaction_pb2

INT64_MAX = 2**63 - 1


def ago(**length) -> Timestamp:
    """So many seconds, hours or days before now; negative: after."""
    seconds = {"seconds": 1, "hours": 3600, "days": 86_400}
    past = sum(count * seconds[unit] for unit, count in length.items())
    return Timestamp(seconds=int(time.time()) - past)


def money(currency: str, units: int) -> common_pb2.Money:
    return common_pb2.Money(currency_code=currency, amount_micros=units * 1_000_000)


def purchase(contact_id: str, request_id: str, **fields):
    kind = interaction_pb2.KIND_PURCHASE
    return touch_of(contact_id, request_id, kind=kind, **fields)


@pytest.fixture
def contact_id(client) -> str:
    request = gateway_contact_pb2.CreateContactRequest()
    return client.gateway.CreateContact(request).contact_id


# Cases F3: Twilio's SequenceNumber begins at 0.
REVISIONS = [
    (0, interaction_pb2.OUTCOME_UNSPECIFIED, interaction_pb2.RECORD_OUTCOME_RECORDED),
    (0, interaction_pb2.OUTCOME_UNSPECIFIED, interaction_pb2.RECORD_OUTCOME_KNOWN),
    (1, interaction_pb2.OUTCOME_ANSWERED, interaction_pb2.RECORD_OUTCOME_CORRECTED),
    (0, interaction_pb2.OUTCOME_UNSPECIFIED, interaction_pb2.RECORD_OUTCOME_OUTDATED),
]


def test_revisions_begin_at_0(client, fresh):
    number, call_id = fresh("phone"), fresh("call")
    for revision, outcome, effect in REVISIONS:
        call = touch(
            "",
            phone(number),
            kind=interaction_pb2.KIND_CALL,
            source="telephony",
            external_id=call_id,
            source_revision=revision,
            outcome=outcome,
            occurred_time=Timestamp(seconds=1_790_000_000),
        )
        assert client.gateway.RecordTouch(call).outcome == effect


# Cases D2, D3 and D5: what is recorded, and what the view then says.
SALES = [
    ("a price in dong", [money("VND", 1_250_000_000)], 1_250_000_000_000_000, False),
    ("two of the greatest", [money("IRR", 9 * 10**12)] * 2, INT64_MAX, True),
]


@pytest.mark.parametrize("sale", SALES, ids=[name for name, *_ in SALES])
def test_sums_are_right_or_say_so(client, contact_id, fresh, sale):
    _, amounts, sold, saturated = sale
    for amount in amounts:
        client.gateway.RecordTouch(purchase(contact_id, fresh("r"), amount=amount))
    (sales,) = client.gateway.GetCustomerView(view_of(contact_id)).view.summary.sales
    assert (sales.sold_micros, sales.saturated) == (sold, saturated)


def test_a_purchase_without_an_amount_is_worth_its_items(client, contact_id, fresh):
    items = [
        interaction_pb2.Item(sku="a", amount=money("EUR", 20)),
        interaction_pb2.Item(sku="b", amount=money("EUR", 30)),
    ]
    client.gateway.RecordTouch(purchase(contact_id, fresh("r"), items=items))
    (sales,) = client.gateway.GetCustomerView(view_of(contact_id)).view.summary.sales
    assert sales.sold_micros == 50_000_000
    two_currencies = {"items": items, "amount": money("USD", 50)}
    for bad in (two_currencies, {"amount": money("ZZZ", 1)}):
        refused = purchase(contact_id, fresh("r"), **bad)
        assert code(client.gateway.RecordTouch, refused) == (
            grpc.StatusCode.INVALID_ARGUMENT
        )


# Case D4.
def test_the_last_call_is_not_in_the_time_to_come(client, contact_id, fresh):
    call = {
        "kind": interaction_pb2.KIND_CALL,
        "direction": interaction_pb2.DIRECTION_OUTBOUND,
    }
    past, later = ago(days=2), ago(hours=-9)
    for when in (past, later):
        one = touch_of(contact_id, fresh("r"), occurred_time=when, **call)
        client.gateway.RecordTouch(one)
    summary = client.gateway.GetCustomerView(view_of(contact_id)).view.summary
    assert summary.last_called_time == past
    assert [one.count for one in summary.counts] == [1]


# Case G5.
def test_a_purchase_makes_a_customer_when_it_happened(client, fresh):
    day = ago(days=40)
    made = client.gateway.RecordTouch(
        touch(
            fresh("r"),
            external("shop", fresh("account")),
            kind=interaction_pb2.KIND_PURCHASE,
            amount=money("EUR", 9),
            occurred_time=day,
        )
    )
    contact = client.gateway.GetCustomerView(view_of(made.contact_id)).view.contact
    times = {one.stage: one.time for one in contact.stage_times}
    assert contact.stage == contact_pb2.STAGE_CUSTOMER
    assert times[contact_pb2.STAGE_CUSTOMER] == day


# Case G4.
def test_a_proposed_id_makes_one_contact(client):
    request = gateway_contact_pb2.CreateContactRequest(
        contact_id=str(uuid.uuid4()), contact={"display_name": "Ada"}
    )
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        made = list(pool.map(client.gateway.CreateContact, [request] * 16))
    assert {one.contact_id for one in made} == {request.contact_id}
    assert client.gateway.CreateContact(request).etag == made[0].etag
    request.contact.display_name = "Grace"
    assert code(client.gateway.CreateContact, request) == (
        grpc.StatusCode.ALREADY_EXISTS
    )


# Case G6: each is about a million bytes, and an answer has three.
def test_a_view_tells_that_it_was_cut_short(client, contact_id, fresh):
    items = [interaction_pb2.Item(name="\U0001f331" * 500)] * 500
    for second in range(4):
        day = Timestamp(seconds=1_790_000_000 + second)
        one = purchase(contact_id, fresh("r"), items=items, occurred_time=day)
        client.gateway.RecordTouch(one)
    request = view_of(contact_id, interactions_size=4)
    view = client.gateway.GetCustomerView(request).view
    (cut,) = [part for part in view.parts if part.HasField("error")]
    assert (len(view.interactions), cut.part) == (3, "interactions")
    assert cut.error.code == grpc.StatusCode.OUT_OF_RANGE.value[0]
    assert cut.error.message.startswith("only the newest 3 of 4 interactions")
    rest = client.gateway.ListInteractions(
        customer_view_pb2.ListInteractionsRequest(
            customer=ref(contact_id), page_size=4, page_token=view.next_page_token
        )
    )
    assert [one.occurred_time.seconds for one in rest.interactions] == [1_790_000_000]
    assert not rest.next_page_token
