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
    request_of,
    touch,
    unlink_of,
    wait_until,
)
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import touch_pb2
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


@pytest.mark.parametrize("by_value", [False, True], ids=["by_id", "by_value"])
def test_unlink_frees_a_value_whose_holder_does_not_exist(
    suite, client, fresh, by_value
):
    box, nobody = mail(fresh("mail")), "0192f0c1-2a3b-7c4d-8e5f-60718293a4fe"
    claim = {"values": [box], "proposed_contact_id": nobody}
    ask(client, "identity.ClaimIdentities", claim)
    unlink = unlink_of(box if by_value else nobody, box, request_id=fresh("r"))
    # For some seconds a touch may still make the holder.
    error = refuse(suite, client.gateway.UnlinkIdentity, unlink)
    assert error.code() == grpc.StatusCode.NOT_FOUND
    wait_until(lambda: code(client.gateway.UnlinkIdentity, unlink) == OK)
    # The answer to the repeat is that of the first.
    answer = client.gateway.UnlinkIdentity(unlink)
    assert answer.contact_missing and answer.canonical_id == nobody
    assert answer.identity.contact_id == nobody and answer.identity.HasField("end_time")
    # Nothing is left to free.
    unlink.request_id = fresh("r")
    error = refuse(suite, client.gateway.UnlinkIdentity, unlink)
    assert error.code() == grpc.StatusCode.NOT_FOUND
    contact = ask(client, "gateway.CreateContact", {})
    client.gateway.LinkIdentity(link_of(contact.contact_id, box))
    answer = client.gateway.UnlinkIdentity(unlink_of(contact.contact_id, box))
    assert not answer.contact_missing


def test_a_value_whose_holder_does_not_exist_is_free_for_link(suite, client, fresh):
    """As a touch leaves it that is cut off behind its claim."""
    box, nobody = mail(fresh("mail")), "0192f0c1-2a3b-7c4d-8e5f-60718293a4ff"
    claim = {"values": [box], "proposed_contact_id": nobody}
    client.identity.ClaimIdentities(request_of("identity.ClaimIdentities", claim))
    contact = client.gateway.CreateContact(request_of("gateway.CreateContact", {}))
    link = link_of(contact.contact_id, box)
    # For some seconds a touch may still make the holder.
    error = refuse(suite, client.gateway.LinkIdentity, link)
    assert error.code() == grpc.StatusCode.ALREADY_EXISTS
    wait_until(lambda: code(client.gateway.LinkIdentity, link) == grpc.StatusCode.OK)
    linked = client.gateway.LinkIdentity(link)
    assert linked.identity.contact_id == contact.contact_id
    # Who exists keeps it.
    other = client.gateway.CreateContact(request_of("gateway.CreateContact", {}))
    request = link_of(other.contact_id, box)
    error = refuse(suite, client.gateway.LinkIdentity, request)
    assert error.code() == grpc.StatusCode.ALREADY_EXISTS
