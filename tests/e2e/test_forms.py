"""A public form records touches by the gateway, and does nothing else anywhere."""

import time

import grpc
import pytest

from builders import (
    code,
    external,
    mail,
    phone,
    ref,
    request_of,
    touch,
    touch_of,
    view_by,
    wait_until,
)
from groups import merge_of
from kith.common.v1 import common_pb2
from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.gateway.v1 import touch_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.client import SERVICES, Client

FORWARDER = "x-kith-gateway-authorization"
REFUSED = "an UNAUTHENTICATED key is taken from the gateway alone"


def of_forms(attribute: str) -> list[str]:
    """The methods of a service that want no assurance."""
    return [
        method.name
        for method in SERVICES[attribute].descriptor.methods
        if method.GetOptions().Extensions[common_pb2.assurance]
        == config_pb2.ASSURANCE_UNAUTHENTICATED
    ]


# What a touch calls in turn.
BEHIND = [
    f"{attribute}.{name}"
    for attribute in SERVICES
    if attribute != "gateway"
    for name in of_forms(attribute)
]


def view(client: Client, value) -> customer_view_pb2.CustomerView:
    """What the business sees of who holds a value."""
    request = customer_view_pb2.GetCustomerViewRequest(customer=ref(value))
    return client.gateway.GetCustomerView(request).view


def outcome(client: Client, method: str, credential: str = "") -> tuple[str, str]:
    """The code and the text that an empty request ends with."""
    attribute, _, name = method.partition(".")
    metadata = [(FORWARDER, f"Bearer {credential}")] if credential else []
    try:
        call = getattr(getattr(client, attribute), name)
        call(request_of(method, {}), metadata=metadata)
    except grpc.RpcError as error:
        return error.code().name, error.details()
    return "OK", ""


def test_a_form_records_touches_by_the_gateway(client, form, fresh):
    assert set(of_forms("gateway")) == {
        "RecordTouch",
        "BatchRecordTouches",
        "RecordConsent",
    }
    values = mail(fresh("mail")), phone(fresh("phone"))
    form.gateway.RecordTouch(touch(fresh("r"), *values))
    other = mail(fresh("mail"))
    batch = touch_pb2.BatchRecordTouchesRequest(
        touches=[touch(fresh("r"), *values), touch(fresh("r"), other)]
    )
    assert all(
        one.response.outcome == interaction_pb2.RECORD_OUTCOME_RECORDED
        for one in form.gateway.BatchRecordTouches(batch).results
    )
    known = view(client, values[0])
    assert len(known.interactions) == 2
    assert view(client, other).contact.contact_id != known.contact.contact_id
    assert len(view(client, other).interactions) == 1


def plain(answer: touch_pb2.RecordTouchResponse) -> touch_pb2.RecordTouchResponse:
    """An answer without what is new in each: ids, times and what was sent."""
    answer.interaction.ClearField("interaction_id")
    answer.interaction.ClearField("recorded_time")
    answer.interaction.ClearField("occurred_time")
    for one in answer.identities:
        one.ClearField("value")
    return answer


def test_a_form_does_not_learn_who_is_known(client, form, fresh):
    held, free = mail(fresh("mail")), mail(fresh("mail"))
    refused = phone("0000000")
    contact_id = client.gateway.RecordTouch(touch(fresh("r"), held)).contact_id
    answers = [
        form.gateway.RecordTouch(touch(fresh("r"), value, refused))
        for value in (held, free, free)
    ]
    batch = touch_pb2.BatchRecordTouchesRequest(
        touches=[
            touch(fresh("r"), value, refused) for value in (held, mail(fresh("mail")))
        ]
    )
    answers += [one.response for one in form.gateway.BatchRecordTouches(batch).results]
    assert contact_id.encode() not in b"".join(
        one.SerializeToString() for one in answers
    )
    assert [one.value for one in answers[0].identities] == [held, refused]
    known, *others = map(plain, answers)
    assert all(other == known for other in others)
    # What it says itself, and which of its values are none.
    assert known.interaction.kind == interaction_pb2.KIND_NOTE
    outcomes = [one.outcome for one in known.identities]
    assert outcomes == [0, identity_pb2.CLAIM_OUTCOME_REFUSED]


def test_a_form_names_no_contact_id(client, form, fresh):
    known = client.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
    ends = set()
    for contact_id in (known.contact_id, "0190a0b0-0000-7000-8000-000000000000"):
        with pytest.raises(grpc.RpcError) as error:
            form.gateway.RecordTouch(touch_of(contact_id, fresh("r")))
        ends.add((error.value.code(), error.value.details()))
    assert [code for code, _ in ends] == [grpc.StatusCode.PERMISSION_DENIED]


def test_what_a_form_says_of_the_business_counts_in_nothing(client, form, fresh):
    box = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), box))
    before = view(client, box).summary
    call = touch(fresh("r"), box, kind=interaction_pb2.KIND_CALL)
    call.interaction.direction = interaction_pb2.DIRECTION_OUTBOUND
    form.gateway.RecordTouch(call)
    form.gateway.RecordTouch(touch(fresh("r"), box, kind=interaction_pb2.KIND_AD))
    seen = view(client, box)
    assert seen.summary == before
    assert len(seen.interactions) == 3


@pytest.mark.parametrize(
    "said",
    [
        {"interaction": {"kind": interaction_pb2.KIND_PURCHASE}},
        {"contact": {"stage": contact_pb2.STAGE_LEAD}},
        {"contact": {"display_name": "Mallory"}},
    ],
)
@pytest.mark.parametrize("form_first", [True, False])
def test_a_form_keeps_no_visitor_from_being_joined(
    client, form, fresh, said, form_first
):
    browser = identity_pb2.ChannelValue(
        channel=identity_pb2.CHANNEL_VISITOR, value=fresh("browser")
    )
    if not form_first:
        client.gateway.RecordTouch(touch(fresh("r"), browser))
    request = touch(fresh("r"), browser)
    request.MergeFrom(touch_pb2.RecordTouchRequest(**said))
    form.gateway.RecordTouch(request)
    visit = view(client, browser).contact
    assert visit.stage == contact_pb2.STAGE_ANONYMOUS
    box = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), box))
    login = client.gateway.RecordTouch(touch(fresh("r"), box, browser))
    assert list(login.merged_visitor_ids) == [visit.contact_id]


def test_the_kind_and_attribution_of_a_form_are_replaced(client, form, fresh):
    box = mail(fresh("mail"))
    request = touch(fresh("r"), box)
    request.contact.kind = contact_pb2.CONTACT_KIND_ORGANIZATION
    request.contact.attribution.affiliate = "evil"
    request.contact.attribution.touch_time.seconds = 631152000
    form.gateway.RecordTouch(request)
    request = touch(fresh("r"), box)
    request.contact.kind = contact_pb2.CONTACT_KIND_PERSON
    request.contact.attribution.affiliate = "good"
    told = client.gateway.RecordTouch(request)
    assert list(told.filled_fields.paths) == ["kind", "attribution"]
    contact = view(client, box).contact
    assert contact.kind == contact_pb2.CONTACT_KIND_PERSON
    assert contact.attribution.affiliate == "good"


def test_what_a_system_says_too_is_no_longer_a_forms(client, form, verified, fresh):
    box, number = mail(fresh("mail")), phone(fresh("phone"))
    form.gateway.RecordTouch(touch(fresh("r"), box))
    bought = client.gateway.RecordTouch(touch(fresh("r"), box, number))
    proven = verified.gateway.RecordTouch(touch(fresh("r"), box))
    assert proven.contact_id == bought.contact_id


def test_what_a_form_says_is_no_sale(client, form, fresh):
    box = mail(fresh("mail"))
    sale = touch(fresh("r"), box, kind=interaction_pb2.KIND_PURCHASE)
    sale.interaction.amount.currency_code = "EUR"
    sale.interaction.amount.amount_micros = 5_000_000
    client.gateway.RecordTouch(sale)
    sale.request_id = fresh("r")
    sale.interaction.amount.amount_micros = 999_000_000
    form.gateway.RecordTouch(sale)
    seen = view(client, box)
    assert [one.sold_micros for one in seen.summary.sales] == [5_000_000]
    assert [one.purchase_count for one in seen.summary.sales] == [1]
    said, sold = seen.interactions
    assert said.assurance == config_pb2.ASSURANCE_UNAUTHENTICATED
    assert sold.assurance == config_pb2.ASSURANCE_REPORTED


def test_what_a_form_named_first_is_replaced(client, form, fresh):
    box = mail(fresh("mail"))
    request = touch(fresh("r"), box)
    request.contact.display_name = "Mallory"
    request.contact.attributes["birthday"] = "1970-02-03"
    form.gateway.RecordTouch(request)
    assert view(client, box).contact.display_name == "Mallory"
    request.request_id = fresh("r")
    request.contact.display_name = "Ada Quist"
    del request.contact.attributes["birthday"]
    told = client.gateway.RecordTouch(request)
    assert list(told.filled_fields.paths) == ["display_name"]
    request.request_id = fresh("r")
    request.contact.display_name = "Bea"
    assert not client.gateway.RecordTouch(request).filled_fields.paths
    contact = view(client, box).contact
    assert contact.display_name == "Ada Quist"
    assert contact.attributes["birthday"] == "1970-02-03"


def test_an_attribute_of_a_form_hides_none_in_a_group(client, form, fresh):
    def record(caller, box, **attributes):
        request = touch(fresh("r"), box)
        request.contact.attributes.update(attributes)
        caller.gateway.RecordTouch(request)
        return view(client, box).contact.contact_id

    squat, box = mail(fresh("mail")), mail(fresh("mail"))
    squatter = record(form, squat, iban="EVIL")
    known = record(client, box, iban="REAL")
    client.gateway.MergeContacts(merge_of(squatter, known))
    assert view(client, box).contact.attributes == {"iban": "REAL"}
    # A system that adds a key to the form's contact says nothing of the other.
    record(client, squat, city="Ulm")
    shown = {"iban": "REAL", "city": "Ulm"}
    assert view(client, box).contact.attributes == shown


def test_a_form_blurs_nobody_whom_an_agent_looks_up(client, form, fresh):
    number = phone(fresh("phone"))
    digits = number.value.lstrip("+")
    known = client.gateway.RecordTouch(touch(fresh("r"), external("shop", digits)))
    form.gateway.RecordTouch(touch(fresh("r"), number))
    found = client.gateway.GetCustomerView(view_by(digits))
    assert found.view.contact.contact_id == known.contact_id
    # Who calls from it is found by it as a phone.
    assert view(client, number).contact.contact_id != known.contact_id


def test_the_time_of_an_answer_tells_a_form_nothing(client, form, fresh):
    known = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), known))
    for value in (known, mail(fresh("mail"))):
        single = touch(fresh("r"), value)
        batch = touch_pb2.BatchRecordTouchesRequest(
            touches=[touch(fresh("r"), value) for _ in range(3)]
        )
        for call, request, least in (
            (form.gateway.RecordTouch, single, 0.1),
            (form.gateway.BatchRecordTouches, batch, 0.11),
        ):
            begun = time.monotonic()
            call(request)
            assert time.monotonic() - begun >= least


@pytest.mark.parametrize("refused", ["0000000", "415-555-2671 or 2672"])
def test_the_first_good_value_of_a_form_makes_its_contact(client, form, fresh, refused):
    box = mail(fresh("mail"))
    form.gateway.RecordTouch(touch(fresh("r"), phone(refused), box))
    seen = view(client, box)
    assert [one.value for one in seen.identities] == [box.value]
    assert not seen.interactions[0].attributes


def test_what_a_form_names_beside_is_kept_for_people(client, form, fresh):
    known = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), known))
    answers = []
    for other in (known, mail(fresh("mail"))):
        number = phone(fresh("phone"))
        request = touch(fresh("r"), number, other)
        request.interaction.attributes["page"] = "/contact"
        form.gateway.RecordTouch(request)
        # A repeat is known, and answered what was recorded.
        again = form.gateway.RecordTouch(request)
        assert again.outcome == interaction_pb2.RECORD_OUTCOME_KNOWN
        said = view(client, number).interactions[0]
        assert said.attributes == {
            "page": "/contact",
            "also_named.1": f"email {other.value}",
        }
        assert again.interaction.attributes == said.attributes
        again.interaction.attributes.pop("also_named.1")
        answers.append(plain(again))
    assert answers[0] == answers[1]


def test_a_form_takes_no_places_of_suggestions(client, form, fresh):
    def record(caller, *values):
        return caller.gateway.RecordTouch(touch(fresh("r"), *values)).contact_id

    box = mail(fresh("mail"))
    ada = record(client, box)
    for _ in range(25):
        other = mail(fresh("mail"))
        record(client, other)
        record(form, box, other)
    number = phone(fresh("phone"))
    bob = record(client, number)
    record(client, box, number)
    request = merge_pb2.ListSuggestionsRequest(customer=ref(ada))
    found = client.gateway.ListSuggestions(request).suggestions
    assert len(found) == 21
    assert bob in {one.other_id for one in found}


@pytest.mark.parametrize("method", BEHIND)
def test_a_form_may_not_call_past_the_gateway(suite, client, form, method):
    for credential in (
        "",
        "kith_gateway_wrong",
        *map(suite.token, ("webform", "demo")),
    ):
        name, text = outcome(form, method, credential)
        assert (name, text.startswith(REFUSED)) == ("PERMISSION_DENIED", True), text
    # It is the gateway's key that matters, and only for a form.
    for caller, credential in (
        (form, suite.layout.gateway_key_file.read_text()),
        (client, ""),
    ):
        assert outcome(caller, method, credential)[0] == "INVALID_ARGUMENT"


def test_each_service_has_methods_that_a_touch_calls():
    assert {method.partition(".")[0] for method in BEHIND} == {
        "contacts",
        "identity",
        "interactions",
    }


def test_a_gateway_without_a_key_of_its_own_says_so_to_a_form(suite, fresh):
    flags = ["--service_key_file=", "--link_keys_file="]
    replica = suite.start_replica("gateway", flags)
    target = {"gateway": suite.targets()[replica]}
    try:
        with Client(target, suite.token("webform")) as form:
            with pytest.raises(grpc.RpcError) as error:
                form.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
        with Client(target, suite.token("demo")) as system:
            system.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
    finally:
        suite.services.pop(replica).stop()
    assert error.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert error.value.details().startswith(REFUSED)


def test_the_gateways_key_changes_while_all_run(suite, form, fresh):
    key_file = suite.layout.gateway_key_file
    old = key_file.read_text()
    key_file.unlink()
    suite.configure()
    assert key_file.read_text() != old
    method = BEHIND[0]
    wait_until(lambda: outcome(form, method, old)[0] == "PERMISSION_DENIED")

    def recorded() -> bool:
        request = touch(fresh("r"), mail(fresh("mail")))
        return code(form.gateway.RecordTouch, request) == grpc.StatusCode.OK

    wait_until(recorded)


def test_no_log_has_the_gateways_credential(suite, form, fresh):
    form.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
    secret = suite.layout.gateway_key_file.read_text().rpartition("_")[2]
    for log in suite.layout.logs.glob("*.log"):
        assert secret not in log.read_text(errors="replace"), log
