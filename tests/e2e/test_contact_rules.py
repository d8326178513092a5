"""The contact rules of a tenant by the gateway: caps, quiet hours, who is asked."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import grpc
import pytest

from builders import code, mail, phone, ref, touch, touch_of
from conftest import BINARIES, ONE, PATIENT
from groups import merge_of, reason_of, refused, see
from kith.gateway.v1 import consent_pb2
from kith.identity.v1 import consent_pb2 as consents
from kith.interactions.v1 import interaction_pb2
from kithdev.client import Client
from kithdev.credentials import ApiKey, Tenant
from kithdev.layout import Layout
from kithdev.suite import Suite
from test_consent import GRANTED, MARKETING, MAYBE, NO, REFUSED, YES, advertising, word

ZONE = "Europe/Berlin"
# Calls are quiet for twelve hours from now on, whenever the test runs; e-mail never is.
NOW = datetime.datetime.now(ZoneInfo(ZONE))
LATER = NOW + datetime.timedelta(hours=12)
RULES = f"""
  caps {{ count: 2 days: 7 }}
  quiet_hours {{
    channel: CONTACT_CHANNEL_PHONE
    begins: "{NOW:%H:%M}" ends: "{LATER:%H:%M}"
  }}
  ask_at_open_problem: true
  recent_return_days: 14
  stale_phone_months: 6
"""
CAP = "FREQUENCY_CAP"


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    tenants = [Tenant(1, "demo", "DE", ZONE, contact=RULES)]
    one = Suite(
        Layout(tmp_path_factory.mktemp("rules"), BINARIES),
        tenants,
        [ApiKey("demo", "demo")],
        one=ONE,
        flags={"gateway": [PATIENT]},
    )
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture
def client(suite):
    with Client(suite.targets(), suite.token("demo")) as one:
        yield one


@pytest.fixture
def box(client, fresh):
    """The address of a customer who has agreed to advertising."""
    value = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), value))
    client.gateway.RecordConsent(word(value, GRANTED, value))
    return value


def ask(client, who, value=None, **fields) -> consent_pb2.MayContactResponse:
    fields = {"purpose": MARKETING, **fields}
    return client.gateway.MayContact(
        consent_pb2.MayContactRequest(customer=ref(who), value=value, **fields)
    )


def kinds(answer) -> list[str]:
    return [each.WhichOneof("reason") for each in answer.reasons]


def test_a_customer_is_advertised_to_as_often_as_the_cap_says(client, box, fresh):
    assert ask(client, box, box).answer == YES
    for _ in "ab":
        client.gateway.RecordTouch(advertising(fresh("r"), box))
    answer = ask(client, box, box)
    assert (answer.answer, kinds(answer)) == (NO, ["frequency_cap"])
    assert answer.reasons[0].frequency_cap.counted == 2
    assert answer.reasons[0].frequency_cap.cap.days == 7
    refused(client.gateway.RecordTouch, advertising(fresh("r"), box), CAP)
    # Help passes.
    assert ask(client, box, box, purpose=4).answer == YES


def test_of_many_at_once_the_cap_lets_as_many_through(client, box, fresh):
    sends = [advertising(fresh("r"), box) for _ in range(32)]

    def send(request) -> str:
        try:
            client.gateway.RecordTouch(request)
        except grpc.RpcError as error:
            return reason_of(error)
        return "sent"

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(send, sends))
    assert results.count("sent") == 2
    assert results.count(CAP) == 30
    # Who was told that it was sent is told so again.
    again = sends[results.index("sent")]
    assert client.gateway.RecordTouch(again).outcome == (
        interaction_pb2.RECORD_OUTCOME_KNOWN
    )


def test_a_merged_customer_has_one_cap(client, box, fresh):
    other = mail(fresh("mail"))
    absorbed = client.gateway.RecordTouch(touch(fresh("r"), other)).contact_id
    client.gateway.RecordConsent(word(other, GRANTED, other))
    kept = client.gateway.RecordTouch(advertising(fresh("r"), box)).contact_id
    client.gateway.RecordTouch(advertising(fresh("r"), other))
    client.gateway.MergeContacts(merge_of(kept, absorbed))
    for value in (box, other):
        refused(client.gateway.RecordTouch, advertising(fresh("r"), value), CAP)


def test_a_report_beyond_the_cap_is_kept_as_a_violation(client, box, fresh):
    reports = [
        advertising("", box, source="mailer", external_id=fresh("id")) for _ in "abc"
    ]
    for report in reports:
        client.gateway.RecordTouch(report)
    shown = {
        one.external_id: one.contact_violation for one in see(client, box).interactions
    }
    assert [shown[one.interaction.external_id] for one in reports] == ["", "", CAP]


def test_a_refusal_wins_over_all_else(client, box, fresh):
    for _ in "ab":
        client.gateway.RecordTouch(advertising(fresh("r"), box))
    client.gateway.RecordConsent(word(box, REFUSED, box))
    answer = ask(client, box, box)
    assert (answer.answer, kinds(answer)) == (NO, ["consent", "frequency_cap"])
    assert answer.reasons[0].consent == consents.MAY_CONTACT_REASON_REFUSED
    refused(client.gateway.RecordTouch, advertising(fresh("r"), box), "MAY_NOT_CONTACT")


def test_nobody_is_called_in_quiet_hours(client, fresh):
    number = phone(fresh("phone"))
    client.gateway.RecordTouch(touch(fresh("r"), number))
    client.gateway.RecordConsent(word(number, GRANTED, number))
    answer = ask(client, number, number)
    assert (answer.answer, kinds(answer)) == (NO, ["quiet_hours"])
    end = answer.reasons[0].quiet_hours.end_time.ToDatetime(datetime.timezone.utc)
    assert datetime.timedelta(0) < end - NOW <= datetime.timedelta(hours=13)
    call = advertising(fresh("r"), number)
    call.interaction.kind = interaction_pb2.KIND_CALL
    refused(client.gateway.RecordTouch, call, "MAY_NOT_CONTACT")
    # A call that was made before the hours began may be recorded after them.
    before = NOW - datetime.timedelta(hours=2)
    call.interaction.occurred_time.FromDatetime(
        before.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    )
    assert client.gateway.RecordTouch(call).contact_id


def test_a_problem_and_a_return_are_for_a_person_to_decide(client, box, fresh):
    problem = touch(fresh("r"), box, direction=interaction_pb2.DIRECTION_INBOUND)
    problem.interaction.kind = interaction_pb2.KIND_EMAIL
    problem.interaction.opens = interaction_pb2.THREAD_KIND_PROBLEM
    thread = client.gateway.RecordTouch(problem).interaction.thread_id
    client.gateway.RecordTouch(touch(fresh("r"), box, kind=interaction_pb2.KIND_RETURN))
    answer = ask(client, box, box)
    assert (answer.answer, kinds(answer)) == (MAYBE, ["open_problem", "recent_return"])
    assert answer.reasons[0].open_problem.thread_id == thread
    # The person has decided.
    assert client.gateway.RecordTouch(advertising(fresh("r"), box)).contact_id


def test_a_batch_answers_each_with_its_reasons(client, box, fresh):
    capped = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), capped))
    client.gateway.RecordConsent(word(capped, GRANTED, capped))
    for _ in "ab":
        client.gateway.RecordTouch(advertising(fresh("r"), capped))
    batch = consent_pb2.BatchMayContactRequest()
    for value in [box, capped] * 500:
        batch.requests.add(customer=ref(value), value=value, purpose=MARKETING)
    results = client.gateway.BatchMayContact(batch).results
    assert [one.response.answer for one in results] == [YES, NO] * 500


def test_own_advertising_is_recorded_by_the_gateway_alone(client, box, fresh):
    contact = client.gateway.RecordTouch(touch(fresh("r"), box)).contact_id
    direct = interaction_pb2.RecordInteractionRequest(request_id=fresh("r"))
    direct.interaction.MergeFrom(
        touch_of(contact, "", kind=interaction_pb2.KIND_AD).interaction
    )
    direct.interaction.contact_id = contact
    assert code(client.interactions.RecordInteraction, direct) == (
        grpc.StatusCode.PERMISSION_DENIED
    )
    direct.interaction.source = "mailer"
    direct.interaction.external_id = fresh("id")
    assert client.interactions.RecordInteraction(direct).interaction.interaction_id
