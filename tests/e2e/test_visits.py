"""Visits of web pages: from the script on a page to the lead that a form makes."""

import http.client
import json
import random
import secrets
import socket
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

import node
from builders import mail, ref, touch, wait_until
from conftest import BINARIES, CONNECTORS, KEYS, ONE, PATIENT, four_processes
from groups import merge_of, unmerge_of
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import action_pb2, customer_view_pb2
from kith.identity.v1 import identity_pb2
from kith.interactions.v1 import interaction_pb2
from kithcheck.npm import modules
from kithdev.credentials import Tenant
from kithdev.layout import Layout
from kithdev.sample_page import SamplePage
from kithdev.suite import Suite
from test_canaries import Canaries, check_logs_and_metrics

SHOP = "https://shop.example.com"
HUMAN = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1"
)
COOKIE = "__Host-kith_visitor"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def page_port():
    return free_port()


@pytest.fixture(scope="module")
def suite(tmp_path_factory, page_port):
    visits = (
        f'origins: "{SHOP}" origins: "http://127.0.0.1:{page_port}" '
        'no_last_touch_hosts: "pay.example" affiliate_parameters: "aff" '
        'country_header: "x-country"'
    )
    one = Suite(
        Layout(tmp_path_factory.mktemp("visits"), BINARIES),
        [Tenant(1, "demo", visits=visits), Tenant(2, "other", "DE", "Europe/Berlin")],
        KEYS,
        one=ONE,
        flags={"gateway": [PATIENT, f"--connectors_file={CONNECTORS}"]},
    )
    try:
        one.start()
        yield one
    finally:
        one.stop()


@pytest.fixture(scope="module")
def address(suite):
    """Where the gateway listens for HTTP."""
    return suite.services["gateway"].address.http


def ask(address, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request(method, path, body, headers or {})
    reply = connection.getresponse()
    reply.body = reply.read().decode()
    connection.close()
    return reply


class Browser:
    """A visitor's browser, as far as the gateway sees it."""

    def __init__(self, address: str, agent: str = HUMAN):
        self.address = address
        self.agent = agent
        self.cookie = ""

    def send(self, visit, revision, status=200, headers=None, **fields):
        """Sends a beacon of a visit; `fields` are those of VisitBeacon."""
        beacon = {
            "visit": visit,
            "revision": revision,
            "pages": 1,
            "page": f"{SHOP}/",
            "begun": int(time.time() * 1000) - 1000,
            "ms": 1000,
            **fields,
        }
        sent = {
            "content-type": "text/plain;charset=UTF-8",
            "origin": SHOP,
            "user-agent": self.agent,
            **({"cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}),
            **(headers or {}),
        }
        reply = ask(self.address, "POST", "/k/demo/visit", json.dumps(beacon), sent)
        assert reply.status == status, reply.body
        name, _, value = (reply.headers["set-cookie"] or "").partition("=")
        if name == COOKIE:
            self.cookie = value.partition(";")[0]
        return reply


@pytest.fixture
def browser(address):
    return Browser(address)


def new_visit() -> str:
    return secrets.token_hex(16)


def visitor(value: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(channel=identity_pb2.CHANNEL_VISITOR, value=value)


def view(client, what) -> customer_view_pb2.CustomerView:
    request = customer_view_pb2.GetCustomerViewRequest(customer=ref(what))
    return client.gateway.GetCustomerView(request).view


def visits(client, value: str) -> list:
    """The visits of a visitor, the newest first; none of one whom nobody knows."""
    try:
        found = view(client, visitor(value)).interactions
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error.details()
        return []
    return [one for one in found if one.source == "kith.visit"]


def sent_form(request_id: str, visit: str, *values):
    """A form that was sent in a visit."""
    return touch(
        request_id,
        *values,
        kind=interaction_pb2.KIND_WEB_EVENT,
        direction=interaction_pb2.DIRECTION_INBOUND,
        purpose=interaction_pb2.PURPOSE_SALES,
        attributes={"kith_visit": visit},
    )


def waiting(client, queue: str, value: identity_pb2.ChannelValue) -> bool:
    """Whether the holder of a value waits in a queue."""
    try:
        contact_id = view(client, value).contact.contact_id
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error.details()
        return False
    request = action_pb2.ListActionsRequest(queues=[queue], page_size=100)
    actions = client.gateway.ListActions(request).actions
    return contact_id in [one.contact_id for one in actions]


def test_the_script_is_small_and_for_anybody(address):
    reply = ask(address, "GET", "/k/demo/visit.js")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/javascript")
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("GET", "/k/demo/visit.js", headers={"accept-encoding": "gzip"})
    packed = connection.getresponse()
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.read()) <= 2048
    connection.close()
    assert ask(address, "GET", "/k/other/visit.js").status == 404


def test_a_visit_is_one_interaction_that_is_corrected_as_it_goes(client, browser):
    visit = new_visit()
    page = f"{SHOP}/p?utm_source=news&aff=p7&email=ada@example.com"
    assert browser.send(visit, 1, page=page).body == visit
    browser.send(
        visit,
        2,
        page=page,
        pages=3,
        ms=61000,
        clicks={"call": 2},
        firstPageSubmit=True,
        conversions=["signup"],
        exit=f"{SHOP}/cart?token=secret",
        headers={"x-country": "DE"},
    )
    (stored,) = visits(client, visit)
    assert stored.kind == interaction_pb2.KIND_WEB_EVENT
    assert (stored.external_id, stored.source_revision) == (visit, 2)
    attributes = dict(stored.attributes)
    assert attributes["landing_page"] == f"{SHOP}/p"
    assert attributes["source"] == "news" and attributes["affiliate"] == "p7"
    assert attributes["pages"] == "3" and attributes["clicks"] == "call=2"
    assert attributes["first_page_submit"] == attributes["converted"] == "true"
    assert attributes["exit_page"] == f"{SHOP}/cart"
    assert attributes["country"] == "DE" and attributes["device"] == "phone"
    assert attributes["verdict"] == "human"
    for never in ("secret", "ada@example.com", "iPhone", "127.0.0.1"):
        assert never not in str(stored)
    contact = view(client, visitor(visit)).contact
    assert contact.stage == contact_pb2.STAGE_ANONYMOUS
    assert contact.attribution.utm_source == "news"


def test_lost_late_and_doubled_beacons_do_no_harm(client, address):
    for seed in range(4):
        visit = new_visit()
        begun = int(time.time() * 1000) - 1000
        beacons = [
            (revision, {"pages": revision, "begun": begun}) for revision in range(1, 7)
        ]
        order = beacons * 2
        random.Random(seed).shuffle(order)
        del order[:3]
        if beacons[-1] not in order:
            order.append(beacons[-1])
        # All at once, and none has a cookie yet.
        with ThreadPoolExecutor(8) as pool:
            answers = list(
                pool.map(
                    lambda one: Browser(address).send(visit, one[0], **one[1]).body,
                    order,
                )
            )
        assert set(answers) == {visit}
        (stored,) = visits(client, visit)
        assert stored.source_revision == 6
        assert stored.attributes["pages"] == "6"


def test_a_known_visitor_is_one_contact_with_first_and_last_touch(client, browser):
    first, second, third = new_visit(), new_visit(), new_visit()
    now = int(time.time() * 1000)
    browser.send(
        first, 1, page=f"{SHOP}/?utm_source=ad", begun=now - 200_000, ms=200_000
    )
    assert browser.cookie == first
    # The cookie of the first visit is never prolonged.
    reply = browser.send(
        second, 1, page=f"{SHOP}/?utm_source=letter", begun=now - 100_000, ms=100_000
    )
    assert reply.body == first and reply.headers["set-cookie"] is None
    browser.send(third, 1, referrer="https://pay.example/done")
    newest, letter, oldest = visits(client, first)
    assert [one.external_id for one in (newest, letter, oldest)] == [
        third,
        second,
        first,
    ]
    assert newest.attributes["source"] == "pay.example"
    assert newest.attributes["first.source"] == "ad"
    assert newest.attributes["last.source"] == "letter"
    assert letter.attributes["last.source"] == "letter"
    assert oldest.attributes["last.source"] == "ad"


@pytest.mark.parametrize(
    "fields, headers",
    [({"gpc": True}, {}), ({"noCookie": True}, {}), ({}, {"sec-gpc": "1"})],
)
def test_nobody_is_followed_who_does_not_want_it(client, browser, fields, headers):
    browser.send(new_visit(), 1)
    known = browser.cookie
    visit = new_visit()
    reply = browser.send(visit, 1, headers=headers, **fields)
    assert reply.body == visit != known
    assert "Max-Age=0" in reply.headers["set-cookie"]
    assert browser.cookie == ""
    assert len(visits(client, visit)) == 1


def test_robots_are_marked_and_no_first_touch(client, address):
    visit = new_visit()
    page = f"{SHOP}/?utm_source=news"
    Browser(address, "Mozilla/5.0 (compatible; Googlebot/2.1)").send(
        visit, 1, page=page
    )
    (stored,) = visits(client, visit)
    assert stored.automated
    assert stored.attributes["verdict"] == "bot"
    assert stored.attributes["verdict_reason"] == "user agent: bot"
    assert not view(client, visitor(visit)).contact.HasField("attribution")


def test_other_pages_and_other_types_record_nothing(browser):
    visit = new_visit()
    browser.send(visit, 1, status=403, headers={"origin": "https://evil.example"})
    browser.send(visit, 1, status=415, headers={"content-type": "application/json"})
    browser.send(visit, 1, status=400, page="https://evil.example/")
    browser.send("x", 1, status=400)
    reply = ask(
        browser.address,
        "OPTIONS",
        "/k/demo/visit",
        headers={
            "origin": SHOP,
            "access-control-request-method": "POST",
        },
    )
    assert reply.status == 405
    assert reply.headers["access-control-allow-origin"] is None


def test_what_a_page_sends_is_in_no_log_and_no_metric(suite, address):
    canary = Canaries()
    told = []
    for status, fields in (
        (200, {}),
        (400, {"page": f"https://{canary()}.example/"}),
        (400, {"conversions": [canary(50)]}),
        (400, {"clicks": {canary(50): 1}}),
        (403, {"headers": {"origin": f"https://{canary()}.example"}}),
        (415, {"headers": {"content-type": f"text/{canary()}"}}),
    ):
        visit = new_visit()
        sent = {
            "page": f"{SHOP}/{canary()}?utm_source={canary()}&aff={canary()}",
            "referrer": f"https://{canary()}.example/{canary()}?q={canary()}",
            "exit": f"{SHOP}/{canary()}",
            "clicks": {canary(): 1},
            "conversions": [canary()],
            **fields,
        }
        agent = f"Mozilla/5.0 (X11; Linux x86_64) {canary()}"
        reply = Browser(address, agent).send(visit, 1, status, **sent)
        told += [reply.body, str(reply.headers)]
    reply = ask(address, "POST", f"/k/{canary()}/visit", canary())
    assert reply.status == 404
    assert not Canaries.in_("\n".join([*told, reply.body]))
    check_logs_and_metrics(suite)


def test_no_caller_records_or_corrects_a_visit(client, form, browser, fresh):
    visit = new_visit()
    browser.send(visit, 1)
    for caller in (client, form):
        request = touch(
            "",
            visitor(visit),
            kind=interaction_pb2.KIND_WEB_EVENT,
            source="kith.visit",
            external_id=visit,
            source_revision=99,
        )
        with pytest.raises(grpc.RpcError) as refused:
            caller.gateway.RecordTouch(request)
        assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    contact_id = view(client, visitor(visit)).contact.contact_id
    direct = interaction_pb2.RecordInteractionRequest(
        interaction={
            "contact_id": contact_id,
            "kind": interaction_pb2.KIND_WEB_EVENT,
            "source": "kith.visit",
            "external_id": fresh("visit"),
        }
    )
    with pytest.raises(grpc.RpcError) as refused:
        client.interactions.RecordInteraction(direct)
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED
    (stored,) = visits(client, visit)
    assert stored.source_revision == 1


def test_a_lead_keeps_its_touches_over_merge_and_unmerge(client, form, browser, fresh):
    first, second = new_visit(), new_visit()
    now = int(time.time() * 1000)
    browser.send(
        first, 1, page=f"{SHOP}/?utm_source=ad", begun=now - 200_000, ms=200_000
    )
    browser.send(second, 1, page=f"{SHOP}/?utm_source=letter")
    box = mail(fresh("mail"))
    told = form.gateway.RecordTouch(sent_form(fresh("r"), second, box, visitor(first)))
    assert "first.source" not in told.interaction.attributes

    def touches(lead) -> tuple[str, str, str]:
        (sent,) = [one for one in lead.interactions if "kith_visit" in one.attributes]
        attributes = sent.attributes
        return (
            lead.contact.attribution.utm_source,
            attributes["first.source"],
            attributes["last.source"],
        )

    lead = view(client, box)
    assert touches(lead) == ("ad", "ad", "letter")
    # A form identifies nobody: the visitor is suggested, not merged.
    visiting = view(client, visitor(first)).contact.contact_id
    assert visiting not in lead.contact.member_ids
    # Later visits change nothing of it.
    browser.send(new_visit(), 1, page=f"{SHOP}/?utm_source=later")
    assert touches(view(client, box)) == ("ad", "ad", "letter")
    client.gateway.MergeContacts(merge_of(box, visitor(first)))
    assert touches(view(client, box)) == ("ad", "ad", "letter")
    client.gateway.UnmergeContacts(unmerge_of(visiting))
    assert touches(view(client, box)) == ("ad", "ad", "letter")


def test_a_form_that_another_page_sends_carries_its_visit(
    client, browser, address, fresh
):
    first, second = new_visit(), new_visit()
    now = int(time.time() * 1000)
    browser.send(
        first, 1, page=f"{SHOP}/?utm_source=ad", begun=now - 200_000, ms=200_000
    )
    browser.send(second, 1, page=f"{SHOP}/?utm_source=letter")
    box = mail(fresh("mail"))
    fields = {"email": box.value, "kith_visit": second, "kith_visitor": first}
    reply = ask(
        address,
        "POST",
        "/hooks/demo/form",
        urllib.parse.urlencode(fields),
        {"content-type": "application/x-www-form-urlencoded"},
    )
    assert reply.status == 204

    def forms() -> list:
        try:
            found = view(client, box).interactions
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.NOT_FOUND, error.details()
            return []
        return [one for one in found if "kith_visit" in one.attributes]

    wait_until(forms)
    (sent,) = forms()
    assert sent.attributes["first.source"] == "ad"
    assert sent.attributes["last.source"] == "letter"
    assert "kith_visitor" not in sent.attributes
    lead = view(client, box).contact
    assert lead.attribution.utm_source == "ad"
    visiting = view(client, visitor(first)).contact.contact_id
    assert visiting not in lead.member_ids


def test_no_form_takes_the_visits_of_a_customer(client, form, browser, fresh):
    visit = new_visit()
    browser.send(visit, 1, page=f"{SHOP}/?utm_source=ad")
    box = mail(fresh("mail"))
    known = client.gateway.RecordTouch(touch(fresh("r"), box, visitor(visit)))
    assert view(client, visitor(visit)).contact.contact_id == known.contact_id
    other = mail(fresh("mail"))
    form.gateway.RecordTouch(sent_form(fresh("r"), visit, other, visitor(visit)))
    assert view(client, visitor(visit)).contact.contact_id == known.contact_id
    assert view(client, other).contact.contact_id != known.contact_id


@four_processes
def test_without_its_own_key_a_gateway_has_no_visits(suite):
    flags = ["--service_key_file=", "--link_keys_file=", PATIENT]
    replica = suite.start_replica("gateway", flags)
    try:
        late = Browser(suite.services[replica].address.http)
        late.send(new_visit(), 1, status=404)
    finally:
        suite.services.pop(replica).stop()


def test_a_form_that_is_sent_in_a_browser_is_a_lead_at_once(
    client, suite, address, page_port, fresh
):
    page = SamplePage("demo", address, page_port)
    box = mail(fresh("mail"))
    env = {"NODE_PATH": str(modules()), "CHROMIUM": node.chromium()}
    script = Path(__file__).parent / "visit_page.js"
    try:
        seen = node.run(script, page.origin, box.value, "", env=env)
    finally:
        page.close()
    assert seen["faults"] == []
    # Nothing asks whether it may ask.
    assert set(seen["asked"]) == {"POST"}
    assert seen["visitor"] == seen["filled"] == seen["visit"]
    assert seen["cookies"] == [COOKIE]
    # The journal answers the sender before the lead is recorded.
    wait_until(lambda: waiting(client, "service", box))
    lead = view(client, box)
    assert lead.contact.attribution.utm_source == "news"
    assert lead.contact.stage == contact_pb2.STAGE_LEAD
    assert lead.contact.display_name == "Ada Lovelace"

    def ended() -> dict:
        (stored,) = visits(client, seen["visit"])
        return dict(stored.attributes)

    longest = "x" * 39 + "\U0001f600"
    wait_until(lambda: ended().get("conversions") == f"lead; {longest}")
    attributes = ended()
    assert attributes["source"] == "news" and attributes["campaign"] == "spring"
    assert attributes["pages"] == "4" and attributes["clicks"] == "prices=1"
    assert attributes["exit_page"] == f"{page.origin}/thanks"
    assert attributes["verdict"] == "human"
    # The form was sent from the third page.
    assert "first_page_submit" not in attributes
    (sent,) = [one for one in lead.interactions if one.purpose]
    assert sent.topic == "form"
    assert sent.attributes["kith_visit"] == seen["visit"]
    assert sent.attributes["last.source"] == "news"
    # What is recorded is in the queue, in the same transaction.
    recorded = sent.recorded_time.ToMilliseconds()
    assert 0 <= recorded - seen["sent"] <= 1000


def test_a_browser_that_wants_privacy_keeps_no_cookie(
    client, address, page_port, fresh
):
    page = SamplePage("demo", address, page_port)
    env = {"NODE_PATH": str(modules()), "CHROMIUM": node.chromium()}
    script = Path(__file__).parent / "visit_page.js"
    try:
        seen = node.run(script, page.origin, fresh("mail"), "gpc", env=env)
    finally:
        page.close()
    assert seen["cookies"] == []
    (stored,) = visits(client, seen["visit"])
    assert stored.attributes["gpc"] == "true"


def test_a_new_campaign_begins_a_new_visit_and_nothing_else_does(
    client, address, page_port
):
    page = SamplePage("demo", address, page_port)
    env = {"NODE_PATH": str(modules()), "CHROMIUM": node.chromium()}
    script = Path(__file__).parent / "visit_again.js"
    try:
        seen = node.run(script, page.origin, env=env)
    finally:
        page.close()
    assert seen["campaign"] == seen["inside"]
    assert seen["affiliate"] == seen["reloaded"] == seen["query"] == seen["back"]
    assert len(set(seen.values())) == 3
    # One browser, whose cookie all of them have.
    wait_until(lambda: len(visits(client, seen["campaign"])) == 3)
    by_visit = {one.external_id: one for one in visits(client, seen["campaign"])}
    assert by_visit[seen["affiliate"]].attributes["affiliate"] == "p7"
    assert by_visit[seen["ad"]].attributes["source"] == "bing"
    # A browser that a program drives is no human's.
    assert all(one.automated for one in by_visit.values())
