"""One click unsubscribes (RFC 8058): from the link in an e-mail to what counts."""

import http.client
import re
import secrets
import urllib.parse
from pathlib import Path

import grpc
import pytest

import node
from builders import mail, move_of, ref, share_of, touch
from conftest import PATIENT, four_processes
from groups import merge_of, refused, unmerge_of
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import consent_pb2
from kith.identity.v1 import consent_pb2 as consents
from kith.identity.v1 import consent_state_pb2 as states
from kithcheck.npm import modules
from kithdev.client import Client
from test_consent import GRANTED, MARKETING, NO, REFUSED, YES, confirmed, may, word

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def address(suite):
    """Where the gateway listens for HTTP."""
    return suite.services["gateway"].address.http


@pytest.fixture
def other(suite):
    """Calls with the key of another tenant."""
    with Client(suite.targets(), suite.token("other")) as one:
        yield one


@pytest.fixture
def visit(address):
    """Asks for what a link leads to, as a mail program would."""

    def ask(method: str, uri: str, body=None, kind=FORM, status=200):
        connection = http.client.HTTPConnection(address, timeout=30)
        headers = {} if body is None else {"content-type": kind}
        path = urllib.parse.urlsplit(uri).path
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        reply.body = reply.read().decode()
        connection.close()
        assert reply.status == status, reply.body
        return reply

    return ask


@pytest.fixture
def box(client, fresh):
    """The address of somebody who has agreed to advertising."""
    value = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), value))
    client.gateway.RecordConsent(word(value, GRANTED, value))
    assert may(client, value, value) == YES
    return value


def wanted(who, **fields) -> consent_pb2.CreateUnsubscribeLinkRequest:
    fields = {"purpose": MARKETING, **fields}
    return consent_pb2.CreateUnsubscribeLinkRequest(customer=ref(who), **fields)


def link_to(client, who, **fields) -> consent_pb2.UnsubscribeLink:
    return client.gateway.CreateUnsubscribeLink(wanted(who, **fields))


def records(client, who) -> list:
    request = consent_pb2.ListConsentsRequest(customer=ref(who), page_size=50)
    return list(client.gateway.ListConsents(request).consents)


def test_the_headers_are_those_of_rfc_8058(client, box):
    link = link_to(client, box)
    assert link.list_unsubscribe == f"<{link.uri}>"
    assert link.list_unsubscribe_post == ONE_CLICK
    token = link.uri.rpartition("/u/")[2]
    assert re.fullmatch(r"[A-Za-z0-9_-]{60,200}", token)
    assert box.value not in link.uri


def test_one_click_refuses_and_a_repeat_changes_nothing(client, box, visit):
    link = link_to(client, box)
    for _ in range(3):
        reply = visit("POST", link.uri, ONE_CLICK)
        assert "You are unsubscribed" in reply.body
        assert not reply.headers["set-cookie"] and not reply.headers["location"]
        assert reply.headers["cache-control"] == "no-store"
    assert may(client, box, box) == NO
    said, _ = records(client, box)
    assert (said.state, said.captured_by) == (
        REFUSED,
        consents.CONSENT_CAPTURER_PERSON,
    )
    assert said.method == consents.CONSENT_METHOD_LINK
    assert said.evidence.link_time == link.issue_time
    assert said.identity_key == link.identity_key
    refused(client.gateway.RecordConsent, word(box, GRANTED, box), "CONSENT_REFUSED")


def test_one_click_may_come_in_parts(client, box, visit):
    part = 'content-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click'
    body = f"--x\r\n{part}\r\n--x--\r\n"
    visit("POST", link_to(client, box).uri, body, "multipart/form-data; boundary=x")
    assert may(client, box, box) == NO


def test_one_click_may_come_in_chunks(client, box, visit):
    visit("POST", link_to(client, box).uri, iter([ONE_CLICK.encode()]))
    assert may(client, box, box) == NO
    visit("POST", "/u/none", iter([ONE_CLICK.encode()]), status=401)


def test_no_scanner_unsubscribes_anybody(client, box, visit):
    link = link_to(client, box)
    for method, status in (("GET", 200), ("HEAD", 200), ("OPTIONS", 405)):
        visit(method, link.uri, status=status)
    # What a filter may post: nothing, or a form of its own.
    for body in ("", "a=b"):
        visit("POST", link.uri, body, status=400)
    visit("POST", link.uri, ONE_CLICK, "text/plain", status=400)
    assert may(client, box, box) == YES
    assert len(records(client, box)) == 1


def test_the_page_has_a_button_and_no_script(client, box, visit):
    link = link_to(client, box)
    page = visit("GET", link.uri)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "<script" not in page.body
    (name, value) = re.search(r'name="(.*?)" value="(.*?)"', page.body).groups()
    assert '<form method="post">' in page.body
    visit("POST", link.uri, urllib.parse.urlencode({name: value}))
    assert may(client, box, box) == NO
    assert visit("GET", "/u/page.css").headers["content-type"].startswith("text/css")


def test_a_person_unsubscribes_in_a_browser(client, box, address, tmp_path):
    path = urllib.parse.urlsplit(link_to(client, box).uri).path
    env = {"NODE_PATH": str(modules()), "CHROMIUM": node.chromium()}
    script = Path(__file__).parent / "unsubscribe_page.js"
    seen = node.run(script, address, path, str(tmp_path), env=env)
    for visited in seen.values():
        assert visited["faults"] == []
        assert visited["question"] == "Stop these e-mails?"
        assert visited["colour"] == "rgb(11, 87, 208)"  # so the style is there
        assert visited["overflow"] <= 0
        # No redirect: it is the page of the link still.
        assert visited["url"] == f"http://{address}{path}"
    assert may(client, box, box) == NO
    # The second visit has said the same again.
    assert [one.state for one in records(client, box)] == [REFUSED, GRANTED]


def test_no_link_but_ours_works_and_none_says_why(client, other, box, fresh, visit):
    link = link_to(client, box)
    theirs = mail(fresh("mail"))
    other.gateway.RecordTouch(touch(fresh("r"), theirs))
    elsewhere = link_to(other, theirs).uri
    # The head of one link with the rest of another, and a bit that differs.
    cut = len(link.uri) - 40
    last = "A" if link.uri[-3] != "A" else "B"
    replies = {
        visit("POST", uri, ONE_CLICK, status=404).body
        for uri in (
            elsewhere[:cut] + link.uri[cut:],
            link.uri[:-3] + last + link.uri[-2:],
            link.uri + "A",
            "/u/" + secrets.token_urlsafe(80),
            "/u/",
        )
    }
    assert len(replies) == 1
    assert may(client, box, box) == YES


def test_a_link_refuses_for_its_own_tenant_alone(client, other, fresh, box, visit):
    other.gateway.RecordTouch(touch(fresh("r"), box))
    other.gateway.RecordConsent(word(box, GRANTED, box))
    visit("POST", link_to(other, box).uri, ONE_CLICK)
    assert may(other, box, box) == NO
    assert may(client, box, box) == YES


def test_a_topic_is_refused_and_no_more(client, box, visit):
    visit("POST", link_to(client, box, topic="news").uri, ONE_CLICK)
    assert may(client, box, box, topic="news") == NO
    assert may(client, box, box, topic="offers") == YES
    for purpose in (
        states.CONSENT_PURPOSE_SERVICE,
        states.CONSENT_PURPOSE_TRANSACTION,
    ):
        request = consent_pb2.MayContactRequest(
            customer=ref(box), value=box, purpose=purpose
        )
        assert client.gateway.MayContact(request).answer == YES


def test_who_agrees_again_is_refused_again_by_the_same_link(
    client, verified, box, visit
):
    link = link_to(client, box)
    visit("POST", link.uri, ONE_CLICK)
    verified.gateway.RecordConsent(confirmed(box, box))
    assert may(client, box, box) == YES
    for _ in range(2):
        visit("POST", link.uri, ONE_CLICK)
    assert may(client, box, box) == NO
    assert [one.state for one in records(client, box)] == [
        REFUSED,
        GRANTED,
        REFUSED,
        GRANTED,
    ]


def test_a_merge_and_an_unmerge_leave_the_refusal_where_it_was_said(
    client, box, fresh, visit
):
    link = link_to(client, box)
    other = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), other))
    client.gateway.RecordConsent(word(other, GRANTED, other))
    client.gateway.MergeContacts(merge_of(other, box))
    visit("POST", link.uri, ONE_CLICK)
    assert may(client, other, box) == NO
    assert may(client, other, other) == YES
    client.gateway.UnmergeContacts(unmerge_of(link.contact_id))
    assert may(client, box, box) == NO
    assert records(client, box)[0].contact_id == link.contact_id


def test_a_value_that_has_moved_is_suppressed(client, box, fresh, visit):
    link = link_to(client, box)
    new = mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), new))
    client.gateway.MoveIdentity(move_of(link.contact_id, new, box))
    visit("POST", link.uri, ONE_CLICK)
    assert may(client, new, box) == NO
    refused(client.gateway.RecordConsent, word(new, GRANTED, box), "CONSENT_REFUSED")


def test_a_shared_address_is_refused_for_all_who_share_it(client, box, fresh, visit):
    home, other = mail(fresh("mail")), mail(fresh("mail"))
    client.gateway.RecordTouch(touch(fresh("r"), other))
    shared = client.gateway.ShareIdentity(share_of(home, box, other)).identity
    client.gateway.RecordConsent(word(home, GRANTED, home))
    assert may(client, home, home) == YES
    link = link_to(client, home)
    assert link.contact_id == shared.stand_in_contact_id
    visit("POST", link.uri, ONE_CLICK)
    for who in (home, box, other):
        assert may(client, who, home) == NO
    assert may(client, box, box) == YES


def test_a_link_to_a_deleted_contact_still_refuses(client, box, fresh, visit):
    link = link_to(client, box)
    client.contacts.DeleteContact(
        contact_pb2.DeleteContactRequest(contact_id=link.contact_id)
    )
    visit("POST", link.uri, ONE_CLICK)
    assert may(client, link.contact_id, box) == NO


def test_a_campaign_gets_its_links_at_once(client, box, fresh):
    batch = consent_pb2.BatchCreateUnsubscribeLinksRequest(
        requests=[wanted(who) for who in [box, mail(fresh("mail")), box] * 200]
    )
    results = client.gateway.BatchCreateUnsubscribeLinks(batch).results
    assert len(results) == 600
    for i, one in enumerate(results):
        if i % 3 == 1:
            assert one.error.code == grpc.StatusCode.NOT_FOUND.value[0]
        else:
            assert one.link.list_unsubscribe == f"<{one.link.uri}>"


@four_processes
def test_without_its_flags_the_gateway_makes_no_links(suite, box):
    replica = suite.start_replica("gateway", ["--public_url=", PATIENT])
    try:
        target = {"gateway": suite.targets()[replica]}
        with Client(target, suite.token("demo")) as late:
            with pytest.raises(grpc.RpcError) as told:
                link_to(late, box)
    finally:
        suite.services.pop(replica).stop()
    assert told.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert "--public_url" in told.value.details()
