"""What a customer says stays where it is stored: no log, metric or error has it."""

import http.client
import itertools
import re
from typing import Iterator

import grpc
import pytest
from google.protobuf.message import Message

from builders import (
    link_of,
    mail,
    ref,
    unlink_of,
    update_of,
    view_by,
    wait_until,
)
from groups import merge_of
from kith.common.v1 import common_pb2
from kith.contacts.v1 import contact_pb2
from kith.contacts.v1 import group_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.gateway.v1.contact_pb2 import CreateContactRequest
from kith.gateway.v1.customer_view_pb2 import ListInteractionsRequest
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.client import SERVICES, Client, request_type
from kithdev.processes import NAMES

# Looked for without case and separators, as values are normalised.
MARK = "canary"
# Digits that no id, time or port is likely to have.
PHONE = "2025550187"


class Canaries:
    """Makes a value for each free field, and knows them all again."""

    def __init__(self):
        self._serial = itertools.count()

    def __call__(self, length: int = 0) -> str:
        return f"{MARK}{next(self._serial)}".ljust(length, "x")

    @staticmethod
    def in_(text: str) -> list[str]:
        plain = re.sub(r"[\s()-]", "", text).lower()
        return re.findall(f".{{0,60}}(?:{MARK}|{PHONE}).{{0,60}}", plain)


@pytest.fixture
def canary():
    return Canaries()


def attribution(canary) -> contact_pb2.Attribution:
    return contact_pb2.Attribution(
        utm_source=canary(),
        utm_medium=canary(),
        utm_campaign=canary(),
        affiliate=canary(),
        landing_page=f"https://{canary()}.example/{canary()}",
        referrer=f"https://{canary()}.example/",
    )


def contact(canary, length: int = 0) -> contact_pb2.Contact:
    return contact_pb2.Contact(
        display_name=canary(length),
        given_name=canary(length),
        family_name=canary(length),
        owner=canary(length),
        labels=[canary(length), canary(length)],
        attributes={"favourite": canary(length)},
        attribution=attribution(canary),
    )


def interaction(canary, length: int = 0, **fields) -> interaction_pb2.Interaction:
    return interaction_pb2.Interaction(
        kind=interaction_pb2.KIND_PURCHASE,
        topic=canary(length),
        subject=canary(length),
        body=canary(length),
        agent=canary(length),
        order_id=canary(length),
        items=[interaction_pb2.Item(sku=canary(length), name=canary(length))],
        amount=common_pb2.Money(currency_code="EUR", amount_micros=1),
        attributes={"note": canary(length)},
        **fields,
    )


def values(canary) -> list[identity_pb2.ChannelValue]:
    channels = (
        (identity_pb2.CHANNEL_EMAIL, "", f"{canary()}@{canary()}.example"),
        (identity_pb2.CHANNEL_PHONE, "", "(202) 555-0187"),
        (identity_pb2.CHANNEL_SOCIAL, "x", f"@{canary()}"),
        (identity_pb2.CHANNEL_VISITOR, "", canary()),
        (identity_pb2.CHANNEL_EXTERNAL, "oldcrm", canary()),
    )
    return [
        identity_pb2.ChannelValue(channel=channel, namespace=namespace, value=value)
        for channel, namespace, value in channels
    ]


def live_with(client, canary) -> str:
    """A customer's whole life, all of it good; answers the contact id."""
    gateway, held = client.gateway, values(canary)
    create = CreateContactRequest(contact=contact(canary), request_id=canary())
    contact_id = gateway.CreateContact(create).contact_id
    gateway.LinkIdentity(link_of(contact_id, held[-1]))
    touched = gateway.RecordTouch(
        touch_pb2.RecordTouchRequest(
            identities=held,
            contact=contact(canary),
            interaction=interaction(canary, source="shop", external_id=canary()),
        )
    )
    assert touched.contact_id == contact_id
    for value in held:
        gateway.GetCustomerView(view_by(value.value))
        resolve = identity_pb2.ResolveIdentityRequest(value=value)
        client.identity.ResolveIdentity(resolve)
    customer = ref(contact_id)
    gateway.ListInteractions(ListInteractionsRequest(customer=customer))
    client.contacts.ListContacts(contact_pb2.ListContactsRequest())
    told = {"labels": [canary()], "attributes": {"favourite": canary()}}
    told["display_name"] = canary()
    gateway.UpdateContact(update_of(contact_id, told))
    gateway.UnlinkIdentity(unlink_of(contact_id, held[4], reason=canary()))
    join_and_part(gateway, canary, contact_id)
    delete = contact_pb2.DeleteContactRequest(contact_id=contact_id)
    client.contacts.DeleteContact(delete)
    return contact_id


def join_and_part(gateway, canary, contact_id: str) -> None:
    other = gateway.CreateContact(CreateContactRequest(contact=contact(canary)))
    said = {
        "cause": group_pb2.MergeCause(
            kind=group_pb2.MERGE_CAUSE_KIND_DECISION, value=canary()
        ),
        "actor": group_pb2.Actor(kind=group_pb2.ACTOR_KIND_PERSON, name=canary()),
        "reason": canary(),
    }
    gateway.MergeContacts(merge_of(contact_id, other.contact_id, **said))
    history = merge_pb2.ListMergeHistoryRequest(customer=ref(contact_id))
    gateway.ListMergeHistory(history)
    assert gateway.UndoMerges(merge_pb2.UndoMergesRequest(**said)).groups


def update(canary, contact_id: str, etag: str = "") -> contact_pb2.UpdateContactRequest:
    request = contact_pb2.UpdateContactRequest(contact=contact(canary))
    request.contact.contact_id, request.contact.etag = contact_id, etag
    request.update_mask.paths.append("owner")
    return request


def conflicts(client, canary, contact_id: str) -> Iterator[tuple]:
    """Calls that are well made, and refused for what is stored."""
    gateway, taken = client.gateway, mail(f"{canary()}@{canary()}.example")
    record = interaction(canary, source="shop", external_id=canary())
    touch = touch_pb2.RecordTouchRequest(identities=[taken], interaction=record)
    gateway.RecordTouch(touch)
    create = CreateContactRequest(request_id="canaries-1")
    other = gateway.CreateContact(create).contact_id
    create.contact.CopyFrom(contact(canary))
    yield gateway.CreateContact, create
    touch.interaction.subject = canary()
    yield gateway.RecordTouch, touch
    direct = interaction_pb2.RecordInteractionRequest(interaction=touch.interaction)
    direct.interaction.contact_id = contact_id
    yield client.interactions.RecordInteraction, direct
    create = contact_pb2.CreateContactRequest(contact_id=contact_id)
    create.contact.CopyFrom(contact(canary))
    yield client.contacts.CreateContact, create
    yield client.contacts.UpdateContact, update(canary, contact_id)
    yield client.contacts.UpdateContact, update(canary, other, canary())
    link = identity_pb2.LinkIdentityRequest(contact_id=contact_id, value=taken)
    yield client.identity.LinkIdentity, link
    yield gateway.LinkIdentity, link_of(other, taken)
    nobodys = mail(f"noreply@{canary()}.example")
    yield gateway.LinkIdentity, link_of(other, nobodys)
    yield gateway.UnlinkIdentity, unlink_of(other, taken)
    nobody = view_by(f"{canary()}@example.com")
    yield gateway.GetCustomerView, nobody
    listing = ListInteractionsRequest(customer=nobody.customer)
    yield gateway.ListInteractions, listing


def spoil(message: Message, canary, length: int) -> None:
    """Puts a canary into every text there is, of this length at least."""
    for field in message.DESCRIPTOR.fields:
        repeated = field.label == field.LABEL_REPEATED
        is_map = (
            repeated
            and field.message_type
            and (field.message_type.GetOptions().map_entry)
        )
        if is_map:
            getattr(message, field.name)["note"] = canary(2 * length)
        elif field.message_type and not field.message_type.full_name.startswith(
            "google."
        ):
            inner = getattr(message, field.name)
            spoil(inner.add() if repeated else inner, canary, length)
        elif field.type == field.TYPE_STRING:
            # The body's limit is another one.
            text = canary(100 * length if field.name == "body" else length)
            if repeated:
                getattr(message, field.name).append(text)
            else:
                setattr(message, field.name, text)


def errors_of(call, request, **options) -> list[str]:
    """What a call tells of errors: its own, those of its items and parts."""
    try:
        response = call(request, **options)
        if isinstance(response, grpc.Call):
            stream, response = response, next(iter(response))
            stream.cancel()
    except grpc.RpcError as error:
        return [error.details(), *map(str, error.trailing_metadata() or ())]
    return list(_errors_in(response))


def _errors_in(message: Message):
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        if field.message_type.full_name == "google.rpc.Status":
            yield str(value)
            continue
        inner = value if field.label == field.LABEL_REPEATED else [value]
        for one in inner:
            yield from _errors_in(one)


def scrape(suite, name: str) -> str:
    connection = http.client.HTTPConnection(suite.services[name].address.ops)
    connection.request("GET", "/metrics")
    return connection.getresponse().read().decode()


def check_logs_and_metrics(suite) -> None:
    for log in sorted(suite.layout.logs.iterdir()):
        assert not Canaries.in_(log.read_text()), log.name
    for name in NAMES:
        assert not Canaries.in_(scrape(suite, name)), name


def test_the_search_finds_a_canary_in_any_spelling():
    assert Canaries.in_("x CANARY7 y") and Canaries.in_("(202) 555-0187")
    assert not Canaries.in_("kith 202 555")


def test_a_customers_life_leaves_no_trace_outside(suite, client, canary):
    contact_id = live_with(client, canary)
    for call, request in conflicts(client, canary, contact_id):
        told = errors_of(call, request)
        assert told, request
        assert not Canaries.in_("\n".join(told)), told
    check_logs_and_metrics(suite)


# As typed by mistake, and longer than any limit.
@pytest.mark.parametrize("length", [0, 600])
@pytest.mark.parametrize("attribute", SERVICES)
def test_what_is_refused_is_not_repeated(suite, client, canary, attribute, length):
    stub = getattr(client, attribute)
    for method in SERVICES[attribute].descriptor.methods:
        call = getattr(stub, method.name)
        request = request_type(method)()
        spoil(request, canary, length)
        if request.ByteSize() == 0:
            continue  # It has no text.
        told = "\n".join(errors_of(call, request))
        assert told or length == 0, method.name
        assert not Canaries.in_(told), (method.name, Canaries.in_(told))
    check_logs_and_metrics(suite)


@pytest.mark.parametrize("token", ["kith_canary7_canary8", "canary9"])
def test_a_wrong_key_is_not_repeated(suite, canary, token):
    with Client(suite.targets(), token) as intruder:
        for attribute, service in SERVICES.items():
            for method in service.descriptor.methods:
                call = getattr(getattr(intruder, attribute), method.name)
                request = request_type(method)()
                spoil(request, canary, 600)
                trace = (("traceparent", f"00-{canary(32)}-{canary(16)}-01"),)
                told = "\n".join(errors_of(call, request, metadata=trace))
                assert told and not Canaries.in_(told), method.name
    check_logs_and_metrics(suite)


def test_a_fault_of_ours_does_not_tell_what_it_was_about(suite, client, canary):
    rename = "RENAME TABLE kith_contacts.{} TO kith_contacts.{}"
    suite.database.execute(rename.format("contacts", "gone"))
    try:
        request = CreateContactRequest(contact=contact(canary))
        told = "\n".join(errors_of(client.gateway.CreateContact, request))
        assert "internal error" in told and not Canaries.in_(told)
    finally:
        suite.database.execute(rename.format("gone", "contacts"))
    wait_until(suite.services["contacts-svc"].ready)
    check_logs_and_metrics(suite)
