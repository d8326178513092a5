"""How values are read: by the services, the gateway and ./dev read."""

import grpc
import pytest

from builders import external, link_of, mail, phone, touch
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import value_pb2
from kith.identity.v1 import identity_pb2
from kithdev.client import Client
from kithdev.commands import read


def typed(text: str, **fields) -> identity_pb2.ChannelValue:
    """A value as typed, with or without its channel."""
    return identity_pb2.ChannelValue(value=text, **fields)


def contact_of(client, fresh, *values) -> str:
    """Whose touch it is that came by these values."""
    return client.gateway.RecordTouch(touch(fresh("r"), *values)).contact_id


# Two that were one, and one that was two: the network or channel, and what was typed.
STRANGERS = [
    (
        "s/facebook",
        "https://www.facebook.com/groups/9/user/1",
        "https://www.facebook.com/groups/9/user/2",
    ),
    (
        "s/facebook",
        "https://www.facebook.com/app_scoped_user_id/1/",
        "https://www.facebook.com/app_scoped_user_id/2/",
    ),
    (
        "s/linkedin",
        "https://www.linkedin.com/in/https://de.linkedin.com/in/ada-e2e",
        "https://www.linkedin.com/in/https://de.linkedin.com/in/bob-e2e",
    ),
    ("s/x", "https://www.instagram.com/alice-e2e", "@alice-e2e"),
    ("p", "DHL-4711", "GLS 4711"),
    ("p", "+14155550000", "+14155550001"),
    ("p", "+919876543210", "+919876543211"),
    ("p", "12345", "123456"),
    ("s/x", "https://x.com/i/user/71", "https://x.com/i/user/72"),
    (
        "s/linkedin",
        "https://www.linkedin.com/in/ACoAABe2ex",
        "https://www.linkedin.com/in/ACoAABe2eX",
    ),
    (
        "s/facebook",
        "https://www.facebook.com/pfbid0e2ex",
        "https://www.facebook.com/pfbid0e2eX",
    ),
]
ONE = [
    ("p", "sip:+14152308645@pbx.example;user=phone", "+14152308645"),
    ("p", "+551183449529", "+5511983449529"),
    ("p", "4915621703327", "+4915621703327"),
    ("e", "Ada Q <ada.q-e2e@example.com>", "ada.q-e2e@example.com"),
    ("e", "ada.q-e2e\u200b@example.com", "ada.q-e2e@example.com"),
    ("s/linkedin", "https://www.linkedin.com/in/jos%C3%A9-e2e", "jos\u00e9-e2e"),
    ("e", "Team: ada.t-e2e@example.com;", "Ada T [ada.t-e2e@example.com]"),
    ("p", "+229 97 12 34 56", "+2290197123456"),
    ("p", "7123456783 (mobile)", "+17123456783"),
    ("s/twitter", "https://x.com/alice-e2e", "@ Alice-e2e"),
    ("s/whatsapp", "4915621703327@s.whatsapp.net", "+49 156 21703327"),
    ("s/whatsapp", "0000491562170332", "00491562170332."),
]
NO_NUMBERS = ["4.91512E+12", "#REF!", "sip:anonymous@anonymous.invalid", "266696687"]
# A value of each kind that names nobody: identity-svc/values/README.md.
NOBODY = [
    ("x/shop", "{{customer.id}}"),
    ("x/shop", "#REF!"),
    ("x/shop", "[object Object]"),
    ("x/shop", "1.00E+05"),
    ("x/shop", "user-undefined"),
    ("x/shop", "guest"),
    ("x/shop", "-1"),
    ("x/shop", "00000000-0000-0000-0000-000000000000"),
    ("v", "{{cid}}"),
    ("v", "02:00:00:00:00:00"),
    ("v", "OPTED_OUT"),
    ("v", "bot"),
    ("s/x", "https://"),
    ("s/x", "https://x.com/home"),
    ("s/x", "https://x.com/following"),
    ("s/facebook", "Facebook User"),
    ("s/facebook", "https://www.facebook.com/profile.php?id="),
    ("s/linkedin", "https://www.linkedin.com/in/"),
    ("s/tiktok", "https://www.tiktok.com/@"),
    ("s/reddit", "u/[deleted]"),
    ("s/whatsapp", "status@broadcast"),
    ("s/whatsapp", "4.91512E+12"),
    ("s/vk", "https://vk.com/edit"),
    ("x/shop", "\x01"),
    ("x/shop", "\U0001f600"),
    ("e", "{{email}}@example.com"),
    ("e", "mailer-daemon@example.com"),
    ("e", "ada@example.com (bob@example.com)"),
    ("e", "a***@example.com"),
    ("e", "guest@guest.com"),
    ("e", "123@123.com"),
    ("p", "+49 30 0000000"),
    ("p", "1-415-555-XXXX"),
    ("p", "2147483647"),
    ("p", "telegram:7123456789"),
    ("p", "tel:7042;phone-context=a.example"),
    ("p", "7123456789@telegram"),
    ("p", "Fax 99 (415) 555-2671"),
    ("p", "123-123-1234"),
    ("p", "12345678901"),
    ("p", "987654"),
    ("p", "+49 30 7459603 / +49 30 7459604"),
]


def value_of(kind: str, text: str) -> identity_pb2.ChannelValue:
    """p, e, v, s/network and x/system as in the design's cases."""
    channel, _, network = kind.partition("/")
    names = {
        "p": "PHONE",
        "e": "EMAIL",
        "s": "SOCIAL",
        "v": "VISITOR",
        "x": "EXTERNAL",
    }
    number = identity_pb2.Channel.Value("CHANNEL_" + names[channel])
    return typed(text, channel=number, namespace=network)


@pytest.mark.parametrize(("kind", "one", "other"), STRANGERS)
def test_strangers_stay_two(client, fresh, kind, one, other):
    contacts = {
        contact_of(client, fresh, value_of(kind, text)) for text in (one, other)
    }
    assert len(contacts) == 2


# A local number, short codes, and the name of a sender: each is of many people.
@pytest.mark.parametrize("text", ["484-8208", "1009", "654320", "ABC-1600"])
@pytest.mark.parametrize("first", [True, False])
def test_a_phone_that_is_a_text_joins_nobody(client, fresh, text, first):
    people = [
        *(mail(fresh("mail")) for _ in range(4)),
        phone(fresh("phone")),
        external("shop", fresh("C")),
        value_of("s/x", fresh("ada")),
    ]
    touches = [(phone(text), one) if first else (one, phone(text)) for one in people]
    contacts = {contact_of(client, fresh, *values) for values in touches}
    assert len(contacts) == len(people)
    # Messages by it alone are one contact's.
    assert len({contact_of(client, fresh, phone(text)) for _ in range(3)}) == 1


@pytest.mark.parametrize(("kind", "one", "other"), ONE)
def test_two_spellings_are_one_customer(client, fresh, kind, one, other):
    contacts = {
        contact_of(client, fresh, value_of(kind, text)) for text in (one, other)
    }
    assert len(contacts) == 1


@pytest.mark.parametrize(("kind", "text"), NOBODY)
def test_what_names_nobody_is_refused(client, fresh, kind, text):
    value = value_of(kind, text)
    answers = [
        client.gateway.RecordTouch(
            touch(fresh("r"), value, external("crm", fresh("c")))
        )
        for _ in range(2)
    ]
    assert answers[0].contact_id != answers[1].contact_id
    for answer in answers:
        refused = next(one for one in answer.identities if one.value == value)
        assert refused.outcome == identity_pb2.CLAIM_OUTCOME_REFUSED
        assert refused.reason
    with pytest.raises(grpc.RpcError) as error:
        client.gateway.LinkIdentity(link_of(answers[0].contact_id, value))
    assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert refused.reason in error.value.details()


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_without_a_number_two_touches_are_two_customers(client, fresh, text):
    contacts = {
        contact_of(client, fresh, phone(text), external("shop", fresh("c")))
        for _ in range(2)
    }
    assert len(contacts) == 2
    readings = client.identity.ReadValue(
        identity_pb2.ReadValueRequest(value=phone(text))
    ).readings
    assert len(readings) == 1 and readings[0].refusal


def test_each_reading_tells_whom_it_finds(client, fresh):
    number = fresh("phone")
    holder = contact_of(client, fresh, phone(number))
    request = value_pb2.ReadValueRequest(value=typed(number))
    readings = client.gateway.ReadValue(request).readings
    assert readings[0].reading.identity.normalized_value == number
    assert readings[0].reading.reason == "an international number"
    assert [one.identity.contact_id for one in readings[0].candidates] == [holder]
    assert not any(other.candidates for other in readings[1:])


# A public form may put in any text as an id, a browser or a handle.
@pytest.mark.parametrize("kind", ["x/zzz", "v", "s/zzz"])
@pytest.mark.parametrize("what", ["phone", "mail"])
def test_a_form_blurs_no_look_up(suite, client, fresh, kind, what):
    text = fresh(what)
    known = contact_of(client, fresh, value_of(what[0].replace("m", "e"), text))
    with Client(suite.targets(), suite.token("webform")) as form:
        form.gateway.RecordTouch(touch(fresh("r"), value_of(kind, text)))
    request = customer_view_pb2.GetCustomerViewRequest(
        customer=customer_view_pb2.CustomerRef(value=typed(text))
    )
    view = client.gateway.GetCustomerView(request).view
    assert view.contact.contact_id == known


def test_people_see_the_readings(client, fresh):
    number = fresh("phone")
    holder = contact_of(client, fresh, phone(number))
    shown = read.show(client, number)
    assert f"phone      {number}" in shown
    assert f"held by {holder}" in shown
    assert "nobody" in shown
    assert "refused: it has no @" in read.show(client, "C-1001 x", channel="EMAIL")
