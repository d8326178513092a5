"""What other systems and public forms send, from the door to the customer."""

import json
import subprocess
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from builders import code, mail, phone, ref, touch, until_it_works, view_by, wait_until
from conftest import BINARIES, PATIENT, four_processes, start_suite
from hooks import (
    JSON,
    PUBLIC_URL,
    Sender,
    entries_of,
    entry_of,
    event_of,
    is_understood,
    twilio_signature,
    webhook_signature,
    write_connectors,
)
from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import action_pb2
from kith.gateway.v1 import entry_pb2
from kith.interactions.v1 import interaction_pb2
from kith.interactions.v1 import journal_pb2
from kithdev.client import Client
from kithdev.processes import NAMES

DONE = journal_pb2.ENTRY_STATE_DONE
FAILED = journal_pb2.ENTRY_STATE_FAILED
LEADS, FORM, SCRIPT = "/hooks/demo/leads", "/hooks/demo/form", "/hooks/demo/script"
ORDERS = "/hooks/demo/orders"
THANKS = "https://www.shop.example/thanks"
RECEIPTS = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the connectors file is."""
    return tmp_path_factory.mktemp("connectors")


@pytest.fixture(scope="module")
def flags(folder):
    """Those of a gateway with these connectors, behind a proxy."""
    return [
        PATIENT,
        f"--connectors_file={write_connectors(folder)}",
        f"--public_url={PUBLIC_URL}",
        "--trusted_proxies=127.0.0.0/8",
    ]


@pytest.fixture(scope="module")
def suite(flags, tmp_path_factory):
    """A suite whose gateway has the connectors of `hooks`."""
    one = start_suite(tmp_path_factory.mktemp("suite"), flags={"gateway": flags})
    yield one
    one.stop()


@pytest.fixture(scope="module")
def send(suite):
    return Sender(suite.services["gateway"].address.http)


def known(client, value: str):
    """The view of a customer by a value, once something is recorded of it."""
    request = view_by(value, interactions_size=50)

    def is_recorded() -> bool:
        # The contact comes first.
        return (
            code(client.gateway.GetCustomerView, request) == grpc.StatusCode.OK
            and len(client.gateway.GetCustomerView(request).view.interactions) > 0
        )

    wait_until(is_recorded)
    return client.gateway.GetCustomerView(request).view


def actions_of(client, contact_id: str) -> list:
    request = action_pb2.ListActionsRequest(customer=ref(contact_id))
    return [action.kind for action in client.gateway.ListActions(request).actions]


def lead(box: str, **fields: str) -> dict[str, str]:
    """What a form made by Salesforce posts."""
    names = {"first_name": "Ada", "last_name": "Lovelace"}
    return {"oid": "00D000000000001", "email": box, **names, **fields}


def test_a_web_to_lead_form_becomes_a_lead_who_is_to_be_called(client, send, fresh):
    box = fresh("mail")
    page = "https://www.shop.example/done?a=1"
    reply = send(f"{LEADS}?encoding=UTF-8", lead(box, retURL=page, lead_source="ads"))
    assert (reply.status, reply.headers["location"]) == (303, page)
    view = known(client, box)
    assert view.contact.display_name == "Ada Lovelace"
    assert view.contact.stage == contact_pb2.STAGE_LEAD
    assert view.contact.attribution.utm_source == "ads"
    assert view.interactions[0].kind == interaction_pb2.KIND_WEB_EVENT
    wait_until(lambda: actions_of(client, view.canonical_id))


def test_a_call_center_gets_its_lead_as_five9_takes_it(client, send, fresh):
    number = fresh("phone")
    fields = {
        "F9domain": "agency",
        "F9list": "spring",
        "number1": number,
        "first_name": "Ben",
        "F9retURL": "https://www.shop.example/ok",
    }
    reply = send(f"/hooks/demo/calls?{urllib.parse.urlencode(fields)}", method="GET")
    assert reply.status == 303
    assert "F9errCode=0" in reply.headers["location"]
    view = known(client, number)
    assert view.contact.given_name == "Ben"
    assert view.contact.attribution.utm_campaign == "spring"


def test_a_message_is_signed_over_the_address_that_its_sender_knows(
    client, send, fresh
):
    path, number = "/hooks/demo/messages", fresh("phone")
    fields = {
        "MessageSid": fresh("SM"),
        "From": number,
        "To": "+12025550100",
        "Body": "Where is my parcel?",
    }
    here = twilio_signature(path, fields, f"http://{send.address}")
    assert send(path, fields, x_twilio_signature=here).status == 401
    reply = send(path, fields, x_twilio_signature=twilio_signature(path, fields))
    assert (reply.status, reply.body) == (200, "<Response/>")
    view = known(client, number)
    assert view.interactions[0].body == "Where is my parcel?"
    wait_until(
        lambda: config_pb2.ACTION_KIND_REPLY in actions_of(client, view.canonical_id)
    )


def test_a_script_gets_a_receipt_by_which_its_event_is_found(client, send, fresh):
    box, event_id = fresh("mail"), fresh("event")
    receipt = send.event(SCRIPT, event_of(event_id, email=box))
    wait_until(lambda: entry_of(client, receipt).state == DONE)
    entry = entry_of(client, receipt)
    assert json.loads(entry.body)["id"] == event_id
    assert entry.verdict == journal_pb2.SIGNATURE_VERDICT_SIGNED
    assert entry.address.startswith("198.18.")
    assert "x-hook-token" not in [header.name for header in entry.headers]
    view = known(client, box)
    assert [effect.contact_id for effect in entry.effects] == [view.contact.contact_id]
    assert view.interactions[0].external_id == event_id


def test_a_repeat_is_one_event(client, send, fresh):
    box, event_id = fresh("mail"), fresh("event")
    event = event_of(event_id, email=box)
    with ThreadPoolExecutor(8) as pool:
        receipts = set(pool.map(lambda _: send.event(SCRIPT, event), range(8)))
    assert len(receipts) == 1
    # By its id, whatever else is in it.
    assert send.event(SCRIPT, event | {"text": "once more"}) in receipts
    assert len(known(client, box).interactions) == 1


def test_a_double_click_is_one_lead(client, send, fresh):
    box = fresh("mail")
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: send(LEADS, lead(box)), range(4)))
    assert {reply.status for reply in replies} == {303}
    assert len(known(client, box).interactions) == 1


def test_what_is_not_understood_waits_until_its_mapping_is_mended(
    client, send, fresh, folder
):
    box = fresh("mail")
    event = {"email": box}
    receipt = send.event(ORDERS, event)
    wait_until(lambda: entry_of(client, receipt).state == FAILED)
    entry = entry_of(client, receipt)
    assert entry.failure == journal_pb2.ENTRY_FAILURE_MAPPING
    assert "identities" in entry.reason and box not in entry.reason
    assert json.loads(entry.body) == event

    write_connectors(folder, orders_field="email")
    wait_until(lambda: is_understood(client, "orders", event))
    replay = entry_pb2.ReplayEntriesRequest(
        filter={"source": "orders", "state": FAILED}, dry_run=True
    )
    assert receipt in client.gateway.ReplayEntries(replay).entry_ids
    assert entry_of(client, receipt).state == FAILED
    replay.dry_run = False
    assert receipt in client.gateway.ReplayEntries(replay).entry_ids
    wait_until(lambda: entry_of(client, receipt).state == DONE)
    assert known(client, box).interactions
    write_connectors(folder)


def test_what_nothing_is_to_come_of_is_discarded(client, send, fresh):
    receipt = send.event(ORDERS, {"nobody": fresh("x")})
    wait_until(lambda: entry_of(client, receipt).state == FAILED)
    discard = entry_pb2.DiscardEntryRequest(
        entry_id=receipt, reason="a test of theirs", agent="Dana"
    )
    entry = client.gateway.DiscardEntry(discard)
    assert entry.state == journal_pb2.ENTRY_STATE_DISCARDED
    assert (entry.reason, entry.discarded_by) == ("a test of theirs", "Dana")


def test_another_tenant_sees_nothing_of_it(client, stranger, send, fresh):
    box = fresh("mail")
    receipt = send.event(SCRIPT, event_of(fresh("event"), email=box))
    failed = send.event(ORDERS, {"nobody": fresh("x")})
    known(client, box)
    wait_until(lambda: entry_of(client, failed).state == FAILED)
    theirs = stranger.gateway
    not_found = grpc.StatusCode.NOT_FOUND
    for each in (receipt, failed):
        get = entry_pb2.GetEntryRequest(entry_id=each)
        assert code(theirs.GetEntry, get) == not_found
        discard = entry_pb2.DiscardEntryRequest(entry_id=each, reason="no", agent="Eve")
        assert code(theirs.DiscardEntry, discard) == not_found
    assert not theirs.ListEntries(entry_pb2.ListEntriesRequest()).entries
    replay = entry_pb2.ReplayEntriesRequest(filter={"state": FAILED})
    assert not theirs.ReplayEntries(replay).entry_ids
    assert code(theirs.GetCustomerView, view_by(box)) == not_found
    assert entry_of(client, failed).state == FAILED


def test_a_form_neither_overwrites_nor_merges_who_is_known(client, send, fresh):
    box, number = fresh("mail"), fresh("phone")
    ada = touch(fresh("r"), mail(box))
    ada.contact.display_name, ada.contact.family_name = "Ada Lovelace", "Lovelace"
    first = client.gateway.RecordTouch(ada).contact_id
    second = client.gateway.RecordTouch(touch(fresh("r"), phone(number))).contact_id
    for each in ({"email": box, "phone": number}, {"phone": number, "email": box}):
        fields = {"last_name": "Mallory", **each}
        assert send(LEADS, fields).status == 303

    def interactions_of_forms() -> int:
        views = [known(client, value) for value in (box, number)]
        return sum(
            one.kind == interaction_pb2.KIND_WEB_EVENT
            for view in views
            for one in view.interactions
        )

    wait_until(lambda: interactions_of_forms() == 2)
    for value, owner in ((box, first), (number, second)):
        view = known(client, value)
        assert list(view.contact.member_ids) == [owner]
    assert known(client, box).contact.display_name == "Ada Lovelace"
    assert known(client, box).contact.family_name == "Lovelace"


def test_a_filled_honeypot_is_a_hint(client, send, fresh):
    box = fresh("mail")
    reply = send(FORM, {"email": box, "message": "Hello", "website": "x.example"})
    assert reply.status == 204
    attributes = known(client, box).interactions[0].attributes
    assert attributes["verdict"] == "SUSPECT"
    assert attributes["verdict_reason"] == "HONEYPOT website"


def test_a_form_leads_to_no_page_of_somebody_else(send, fresh):
    for page in (
        "https://evil.example/",
        "//evil.example/",
        "https://www.shop.example@evil.example/",
        "http://www.shop.example/",
        "https://www.shop.example.evil.example/",
    ):
        reply = send(LEADS, lead(fresh("mail"), retURL=page))
        assert (reply.status, reply.headers["location"]) == (303, THANKS), page


def test_who_has_no_good_signature_is_not_let_in(client, send, fresh):
    before = [entry.entry_id for entry in entries_of(client, "script")]
    body = json.dumps(event_of(fresh("event"), email=fresh("mail")))
    for token in ("", "script-secreT", "script-secret2"):
        reply = send(SCRIPT, body, content_type=JSON, x_hook_token=token)
        assert reply.status == 401
        assert "customer" not in reply.body
    assert [entry.entry_id for entry in entries_of(client, "script")] == before


def test_a_time_that_is_signed_is_near_now(client, send, fresh):
    path, body = "/hooks/demo/webhooks", json.dumps({"type": "x", "data": {}})

    def status_at(seconds: int) -> int:
        message_id = fresh("msg")
        return send(
            path,
            body,
            content_type=JSON,
            webhook_id=message_id,
            webhook_timestamp=str(seconds),
            webhook_signature=webhook_signature(message_id, seconds, body),
        ).status

    now = int(time.time())
    assert status_at(now - 360) == 401
    assert status_at(now + 360) == 401
    assert status_at(now) < 300
    assert entries_of(client, "webhooks")


def test_what_a_connector_does_not_take_is_refused(send, fresh):
    form = lead(fresh("mail"))
    assert send("/hooks/demo/none", form).status == 404
    assert send(f"{LEADS}/", form).status == 404
    assert send(LEADS, "{}", content_type=JSON).status == 415
    assert send(LEADS, {"description": "x" * 1_048_577}).status == 413
    for method in ("GET", "PUT", "OPTIONS"):
        reply = send(LEADS, form, method=method, origin="https://www.shop.example")
        assert (reply.status, reply.headers["allow"]) == (405, "POST")
        assert reply.headers["access-control-allow-origin"] is None


def test_an_address_that_sends_too_much_is_told_when_to_come_again(send, fresh):
    one = "203.0.113.7"
    forms = [lead(fresh("mail")) for _ in range(300)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda form: send(LEADS, form, client=one), forms))
    refused = [reply for reply in replies if reply.status == 429]
    assert refused
    assert {reply.headers["retry-after"] for reply in refused} == {"1"}
    assert send(LEADS, lead(fresh("mail")), client="203.0.113.8").status == 303


def test_no_log_has_what_a_form_says(suite, client, send, fresh):
    mark = "canary"
    fields = {name: f"{mark}{name}" for name in ("last_name", "description", "custom")}
    box = f"{mark}{fresh('x')}@example.com"
    send(f"{LEADS}?utm_source={mark}", lead(box, **fields))
    send(f"/hooks/{mark}", fields)
    send(LEADS, f"{mark}=%", content_type=f"text/{mark}")
    send.event(ORDERS, {mark: mark})
    known(client, box)
    wait_until(lambda: entries_of(client, "orders", state=FAILED))
    for name in NAMES:
        assert mark not in suite.log(name).read_text(errors="replace"), name


def test_a_gateway_says_what_is_wrong_with_its_connectors(suite, tmp_path):
    connectors = tmp_path / "connectors.textproto"
    connectors.write_text("connectors { tenant: 'demo' source: 'x' path: '/x' }")
    done = subprocess.run(
        [
            str(BINARIES / "gateway"),
            f"--keys_file={suite.layout.keys_file}",
            f"--tenants_file={suite.layout.tenants_file}",
            f"--connectors_file={connectors}",
            "--trusted_proxies=10.0.0.0/8,proxy.example.com",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    for fault in (
        'connector \\"demo/x\\": path',
        "--connectors_file: given without --service_key_file",
        '--trusted_proxies: \\"proxy.example.com\\", want one such as',
    ):
        assert fault in done.stderr, done.stderr


def is_done(client, receipt: str) -> bool:
    request = entry_pb2.GetEntryRequest(entry_id=receipt)
    return until_it_works(client.gateway.GetEntry, request).state == DONE


@four_processes
def test_what_a_killed_gateway_has_answered_is_not_lost(suite, send, flags, fresh):
    replica = suite.start_replica("gateway", flags)
    target = {**suite.targets(), "gateway": suite.targets()[replica]}
    contacts = suite.services["contacts-svc"]
    boxes = [fresh("mail") for _ in range(RECEIPTS)]
    events = [event_of(fresh("event"), email=box) for box in boxes]
    # No touch ends while contacts-svc stands still: all are between their receipt and
    # their record.
    contacts.pause()
    try:
        with ThreadPoolExecutor(8) as pool:
            receipts = list(pool.map(lambda event: send.event(SCRIPT, event), events))
        suite.kill("gateway")
    finally:
        contacts.resume()
    try:
        with Client(target, suite.token("demo")) as client:
            for receipt, box in zip(receipts, boxes):
                wait_until(lambda receipt=receipt: is_done(client, receipt), 60)
                assert len(known(client, box).interactions) == 1
            # A second gateway has made the attempt that the first one began.
            assert any(entry_of(client, each).attempt_count > 1 for each in receipts)
    finally:
        suite.services.pop(replica).stop()
        suite.start_service("gateway")
        suite.services["gateway"].wait_ready(30)
