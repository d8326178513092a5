"""The documentation over HTTP: the OpenAPI document, and the page that shows it."""

import base64
import http.client
import json
import socket
import urllib.parse
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import node
from builders import wait_until
from conftest import QUEUES
from kithcheck.npm import modules

GATEWAY_FLAGS = ["--part_timeout=10s"]

HERE = Path(__file__).parent
AGENT = {"kind": "ACTOR_KIND_PERSON", "name": "Dana"}


def run_node(script: str, *arguments: str, **options):
    """The JSON that a script of this folder prints."""
    env = {"NODE_PATH": str(modules()), "CHROMIUM": node.chromium()}
    return node.run(HERE / script, *arguments, env=env, **options)


class Caller:
    """Calls by REST, and keeps each reply beside the route that it came by."""

    def __init__(self, address: str, token: str):
        self.replies: list[dict] = []
        self._headers = {"authorization": f"Bearer {token}"}
        self._connection = http.client.HTTPConnection(address, timeout=30)

    def __call__(self, method: str, route: str, body=None, status=200, **fields):
        """The JSON of the reply. `fields` go into the route, then the query."""
        return self._ask(method, route, _path(route, fields), body, status)

    def _ask(self, method: str, route: str, path: str, body, status: int):
        sent = None if body is None else json.dumps(body)
        kind = {} if body is None else {"content-type": "application/json"}
        self._connection.request(method, path, sent, {**self._headers, **kind})
        reply = self._connection.getresponse()
        text = reply.read()
        assert reply.status == status, (method, path, text)
        self.keep(method, route, status, reply.headers["content-type"], text)
        return json.loads(text)

    def keep(self, method: str, route: str, status: int, kind: str, text: bytes):
        """Notes a reply."""
        reply = {"method": method.lower(), "path": route, "status": status}
        self.replies.append({**reply, "type": kind, "body": json.loads(text)})

    def first_line(self, route: str, **arguments: str):
        """Notes the first message of a stream, and leaves."""
        path = _path(route, arguments)
        self._connection.request("GET", path, headers=self._headers)
        reply = self._connection.getresponse()
        kind = reply.headers["content-type"]
        self.keep("GET", route, reply.status, kind, reply.readline())
        self._connection.close()


def _names(route: str) -> list[str]:
    return [part.partition("}")[0] for part in route.split("{")[1:]]


def _path(route: str, fields: dict) -> str:
    """The path and query of a call: `fields` go into the route, then the query."""
    path, query = route, {}
    for name, value in fields.items():
        known = next((each for each in _names(route) if _argument(each) == name), "")
        if known:
            path = path.replace(f"{{{known}}}", value)
        else:
            query[name] = value
    return path + ("?" + urllib.parse.urlencode(query) if query else "")


def _argument(name: str) -> str:
    """The last name of a field's path."""
    return name.rpartition(".")[2]


@pytest.fixture(scope="module")
def address(suite):
    """Where the gateway listens for HTTP."""
    return suite.services["gateway"].address.http


@pytest.fixture(scope="module")
def get(address):
    """Asks for a path without a key: get("/docs", method="HEAD")."""

    def ask(path: str, method: str = "GET", **headers):
        connection = http.client.HTTPConnection(address, timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        reply = connection.getresponse()
        reply.body = reply.read()
        connection.close()
        return reply

    return ask


@pytest.fixture(scope="module")
def document(get):
    """The OpenAPI document."""
    return json.loads(get("/openapi.json").body)


@pytest.fixture
def call(suite, address):
    """Calls with the key of the tenant demo."""
    return Caller(address, suite.token("demo"))


@pytest.fixture
def prover(suite, address, call):
    """Calls with a VERIFIED key, and keeps the replies with the others."""
    one = Caller(address, suite.token("verified"))
    one.replies = call.replies
    return one


CUSTOMERS = "/v1/customers"
CUSTOMER = "/v1/customers/{customer.contact_id}"
EMAIL = {"kind": "KIND_EMAIL", "direction": "DIRECTION_INBOUND"}


def _mail(value: str) -> dict:
    return {"channel": "CHANNEL_EMAIL", "value": value}


def _arrive(call: Caller, fresh, mail: str) -> str:
    """The id of somebody who has written; all of one name are suggested to be one."""
    names = {"displayName": "Nora Lindqvist", "attributes": {"birthday": "1990-04-02"}}
    touch = {"identities": [_mail(mail)], "interaction": EMAIL, "contact": names}
    touch["requestId"] = fresh("r")
    return call("POST", f"{CUSTOMERS}:recordTouch", touch)["contactId"]


def _record(call: Caller, fresh) -> str:
    """A customer who has written, bought and changed."""
    mail = fresh("mail")
    one = _arrive(call, fresh, mail)
    money = {"currencyCode": "EUR", "amountMicros": "12500000"}
    bought = {"kind": "KIND_PURCHASE", "amount": money, "sourceRevision": "1"}
    body = {"interaction": bought, "requestId": fresh("r")}
    call("POST", f"{CUSTOMERS}/{{contact_id}}:recordTouch", body, contact_id=one)
    touch = {"identities": [_mail(mail)], "interaction": EMAIL}
    touches = {"touches": [touch, {**touch, "requestId": fresh("r")}]}
    call("POST", f"{CUSTOMERS}:batchRecordTouches", touches)
    customers = [{"contactId": one}, {"contactId": str(uuid.uuid4())}]
    call("POST", f"{CUSTOMERS}:batchGet", {"customers": customers})
    call("GET", f"{CUSTOMERS}:lookup", q=mail, interactionsSize="5")
    call("GET", f"{CUSTOMERS}:timeline", q=mail, pageSize="1")
    call("GET", "/v1/values:read", q="(415) 555-2671")
    body = base64.b64encode(f"email={mail}".encode()).decode()
    call("POST", "/v1/hooks:try", {"source": "form", "request": {"body": body}})
    return one


def _journal(call: Caller, address: str) -> None:
    """Sends a form that nobody understands, and deals with its entry."""
    sent = http.client.HTTPConnection(address, timeout=30)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    sent.request("POST", "/hooks/demo/form", "message=Hello", kind)
    assert sent.getresponse().status == 204
    sent.close()
    failed = {"state": "ENTRY_STATE_FAILED", "source": "form"}
    query = {f"filter.{name}": value for name, value in failed.items()}
    entries: list[dict] = []

    def is_listed() -> bool:
        listed = call("GET", "/v1/entries", page_size="1", **query)
        entries[:] = listed.get("entries", [])
        return bool(entries)

    wait_until(is_listed)
    one = entries[0]["entryId"]
    call("GET", "/v1/entries/{entry_id}", entry_id=one)
    replay = {"filter": failed, "dryRun": True}
    call("POST", "/v1/entries:replay", replay)
    body = {"reason": "a test", "agent": "Dana"}
    call("POST", "/v1/entries/{entry_id}:discard", body, entry_id=one)


def _both_ways(contact_id: str):
    """Route, fields of the path and of the body to name a customer."""
    yield CUSTOMER, {"contact_id": contact_id}, {}
    yield CUSTOMERS, {}, {"customer": {"contactId": contact_id}}


def _change(call: Caller, fresh, one: str) -> None:
    for part in ("", "/timeline", "/interactions"):
        call("GET", CUSTOMER + part, contact_id=one)
    call("PATCH", CUSTOMER, {"labels": ["vip"]}, contact_id=one)
    for route, fields, ref in _both_ways(one):
        value = {"value": _mail(fresh("mail")), **ref}
        for verb in ("linkIdentity", "unlinkIdentity"):
            call("POST", f"{route}:{verb}", value, **fields)


def _move(call: Caller, fresh, one: str) -> None:
    """Moves a value to a new customer, in both ways."""
    to = {"toCustomer": {"contactId": call("POST", CUSTOMERS, {})["contactId"]}}
    by_id = "/v1/customers/{from_customer.contact_id}:moveIdentity"
    by_body = {"fromCustomer": {"contactId": one}}
    ways = (
        (by_id, {"contact_id": one}, {}),
        (f"{CUSTOMERS}:moveIdentity", {}, by_body),
    )
    for route, fields, body in ways:
        value = {"value": _mail(fresh("mail"))}
        call("POST", f"{CUSTOMER}:linkIdentity", value, contact_id=one)
        call("POST", route, {**value, **to, **body, "neverTheirs": True}, **fields)


def _share(call: Caller, fresh, one: str) -> None:
    """Shares a value with a new customer, and ends that."""
    two = call("POST", CUSTOMERS, {})["contactId"]
    they = [{"contactId": one}, {"contactId": two}]
    value = {"value": _mail(fresh("mail"))}
    call("POST", f"{CUSTOMERS}:shareIdentity", {**value, "customers": they})
    call("GET", f"{CUSTOMERS}:lookup", q=value["value"]["value"])
    call("POST", f"{CUSTOMERS}:unshareIdentity", {**value, "keepCustomer": they[0]})


def _quarantine(call: Caller, fresh, one: str) -> None:
    """Quarantines a value, and releases it."""
    value = {"value": _mail(fresh("mail"))}
    call("POST", f"{CUSTOMER}:linkIdentity", value, contact_id=one)
    for verb in ("quarantine", "release"):
        call("POST", f"/v1/identities:{verb}", {**value, "reason": "typed by all"})


def _verify(prover: Caller, fresh, one: str) -> None:
    for route, fields, ref in _both_ways(one):
        proof = {"value": _mail(fresh("mail")), "method": "link", **ref}
        prover("POST", f"{route}:verifyHolding", proof, **fields)


def _consent(call: Caller, fresh, one: str) -> None:
    """Records what a customer says, and asks about it, in all ways."""
    mail, purpose = fresh("mail"), "CONSENT_PURPOSE_MARKETING"
    call("POST", f"{CUSTOMER}:linkIdentity", {"value": _mail(mail)}, contact_id=one)
    word = {"purpose": purpose, "state": "CONSENT_STATE_REFUSED"}
    word |= {"capturedBy": "CONSENT_CAPTURER_AGENT", "method": "CONSENT_METHOD_CALL"}
    for route, fields, ref in _both_ways(one):
        said = {"consent": word, "value": _mail(mail), **ref}
        call("POST", f"{route}:recordConsent", said, **fields)
    call("GET", f"{CUSTOMER}/consents", contact_id=one)
    call("GET", f"{CUSTOMERS}:consents", q=mail, page_size="1")
    call("GET", f"{CUSTOMER}:mayContact", contact_id=one, purpose=purpose)
    call("GET", f"{CUSTOMERS}:mayContact", q=mail, purpose=purpose)
    question = {"customer": {"contactId": one}, "purpose": purpose}
    call("POST", f"{CUSTOMERS}:batchMayContact", {"requests": [question]})
    wanted = {"value": _mail(mail), "purpose": purpose}
    for route, fields, ref in _both_ways(one):
        call("POST", f"{route}:createUnsubscribeLink", {**wanted, **ref}, **fields)
    batch = {"requests": [{**wanted, "customer": {"contactId": one}}, {}]}
    call("POST", f"{CUSTOMERS}:batchCreateUnsubscribeLinks", batch)


def _open(call: Caller, fresh, one: str) -> None:
    """Opens a thread, changes it, and reads it in all ways."""
    mail = fresh("mail")
    value = {"value": _mail(mail)}
    call("POST", f"{CUSTOMER}:linkIdentity", value, contact_id=one)
    made = {"kind": "THREAD_KIND_PROBLEM", "dueTime": "2030-01-01T00:00:00Z"}
    made = call("POST", f"{CUSTOMER}/threads", made, contact_id=one)
    thread = "/v1/threads/{thread.thread_id}"
    done = {"state": "THREAD_STATE_RESOLVED", "resolution": "RESOLUTION_ANSWERED"}
    call("GET", thread, thread_id=made["threadId"], page_size="1")
    call("GET", f"{CUSTOMER}/threads", contact_id=one)
    call("GET", f"{CUSTOMERS}:threads", q=mail, states="THREAD_STATE_OPEN")
    call("PATCH", thread, done, thread_id=made["threadId"], update_mask="state")
    call("GET", f"{CUSTOMER}/threads", contact_id=one)
    _split(call, fresh, one, made["threadId"])


def _split(call: Caller, fresh, contact_id: str, thread: str) -> None:
    """Splits a thread, joins what came of it, and takes both back."""
    said = []
    for _ in range(2):
        body = {"interaction": {**EMAIL, "threadId": thread}, "requestId": fresh("r")}
        path = f"{CUSTOMERS}/{{contact_id}}:recordTouch"
        answer = call("POST", path, body, contact_id=contact_id)
        said.append(answer["interaction"]["interactionId"])
    path, moved = "/v1/threads/{thread_id}", {"interactionIds": said[:1]}
    made = call("POST", f"{path}:split", moved, thread_id=thread)["splitThread"]
    joined = {"joinedThreadId": made["threadId"]}
    call("POST", f"{path}:join", joined, thread_id=thread)
    for change in ("joined", "split"):
        verb = {"joined": "undoJoin", "split": "undoSplit"}[change]
        path = f"/v1/threads/{{{change}_thread_id}}:{verb}"
        call("POST", path, {}, **{f"{change}_thread_id": made["threadId"]})


def _reassign(call: Caller, fresh, one: str) -> None:
    """Moves what a customer has said to a new one."""
    body = {"interaction": EMAIL, "requestId": fresh("r")}
    path = f"{CUSTOMERS}/{{contact_id}}:recordTouch"
    said = call("POST", path, body, contact_id=one)["interaction"]
    name = {key: said[key] for key in ("interactionId", "occurredTime")}
    to = {"contactId": call("POST", CUSTOMERS, {})["contactId"]}
    moved = {"contactId": one, "interactions": [name], "reason": "a neighbour"}
    call("POST", "/v1/interactions:reassign", {**moved, "toCustomer": to})
    call("POST", f"{CUSTOMER}:undelete", {"agent": "Dana"}, contact_id=one)


def _act(call: Caller, fresh, one: str) -> None:
    """Plans something, and deals with it in all ways."""
    mail, queue = fresh("mail"), QUEUES[0]
    call("POST", f"{CUSTOMER}:linkIdentity", {"value": _mail(mail)}, contact_id=one)
    plan = {"kind": "ACTION_KIND_FOLLOW_UP", "reason": {"text": "Call about the hat"}}
    plan = {**plan, "queue": queue}
    made = [call("POST", f"{CUSTOMER}/actions", plan, contact_id=one) for _ in "1234"]
    names = [{name: each[name] for name in ("contactId", "actionId")} for each in made]
    call("GET", "/v1/actions:countWaiting", queues=queue)
    call("GET", f"{CUSTOMER}/actions", contact_id=one)
    call("GET", "/v1/actions", queues=queue)
    agent, they = {"agent": "Dana"}, {"customer": {"contactId": one}}
    call("POST", "/v1/actions:next", {"queues": [queue], "personCount": 2, **agent})
    call("POST", "/v1/actions:lease", {**they, **agent})
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    for verb, fields in (
        ("snooze", {"untilTime": later.isoformat()}),
        ("reassign", {"assignee": "Eve"}),
        ("dismiss", {"note": "nobody wants it"}),
        ("complete", {"interaction": EMAIL, "requestId": fresh("r")}),
    ):
        body = {"actions": [names.pop()], **fields, **agent}
        call("POST", f"/v1/actions:{verb}", body)
    call("GET", f"{CUSTOMERS}:actions", q=mail, ended="true")
    call("POST", "/v1/actions:release", {**they, **agent})


def _merge(call: Caller, fresh, one: str) -> None:
    """Merges a customer and takes that back, each in all ways."""
    two = call("POST", CUSTOMERS, {"roles": ["ROLE_AFFILIATE"]})["contactId"]
    cause = {"kind": "MERGE_CAUSE_KIND_DECISION", "value": fresh("c")}
    absorbed = {"absorbed": [{"contactId": two}], "cause": cause, "actor": AGENT}
    survivor = {"survivor": {"contactId": one}}
    by_id = "/v1/customers/{survivor.contact_id}:merge"
    call("POST", by_id, absorbed, contact_id=one)
    call("GET", f"{CUSTOMER}/merges", contact_id=one)
    undo = {"cause": cause, "actor": AGENT}
    call("POST", f"{CUSTOMERS}:undoMerges", undo)
    for route, fields, ref in _both_ways(one):
        made = call("POST", f"{CUSTOMERS}:merge", {**absorbed, **survivor})
        undo = {"edgeId": made["edges"][0]["edgeId"], "actor": AGENT, **ref}
        call("POST", f"{route}:unmerge", undo, **fields)


def _decide(call: Caller, fresh) -> None:
    """Confirms a suggestion and rejects another."""
    three = [_arrive(call, fresh, fresh("mail")) for _ in range(3)]
    call("GET", "/v1/suggestions")
    for verb, contact_id in (("confirm", three[1]), ("reject", three[2])):
        found = call("GET", f"{CUSTOMER}/suggestions", contact_id=contact_id)
        suggestion = found["suggestions"][0]["suggestionId"]
        route = f"/v1/suggestions/{{suggestion_id}}:{verb}"
        call("POST", route, {"actor": AGENT}, suggestion_id=suggestion)


def test_each_method_answers_as_the_document_says(
    call, prover, fresh, address, document
):
    one = _record(call, fresh)
    _change(call, fresh, one)
    _move(call, fresh, one)
    _share(call, fresh, one)
    _quarantine(call, fresh, one)
    _verify(prover, fresh, one)
    _consent(call, fresh, one)
    _open(call, fresh, one)
    _reassign(call, fresh, one)
    _act(call, fresh, one)
    _merge(call, fresh, one)
    _decide(call, fresh)
    _journal(call, address)
    call.first_line(f"{CUSTOMER}:watch", contact_id=one)
    call.first_line("/v1/actions:watch", queues="service")
    call("GET", CUSTOMER, status=404, contact_id=str(uuid.uuid4()))
    call("GET", CUSTOMER, status=400, contact_id="x")
    answered = {(each["path"], each["method"]) for each in call.replies}
    assert answered == {
        (path, method) for path, item in document["paths"].items() for method in item
    }
    given = json.dumps({"document": document, "replies": call.replies})
    assert run_node("openapi_check.js", input=given) == []


def test_document_tells_wrong_replies(document):
    """What the test above finds must be able to be found."""
    reply = {"path": CUSTOMER, "method": "get", "status": 200}
    reply["type"] = "application/json"
    bodies = [{"view": {"canonical": "x"}}, {"view": {"summary": {"byKind": 1}}}]
    bodies += [{"view": {}, "ambiguous": {}}, {"view": {"parts": [{"part": 1}]}}]
    replies = [{**reply, "body": body} for body in bodies]
    broken = {**document, "paths": {"no path": {}}}
    faults = run_node(
        "openapi_check.js", input=json.dumps({"document": document, "replies": replies})
    )
    assert len(faults) == len(bodies)
    assert run_node(
        "openapi_check.js", input=json.dumps({"document": broken, "replies": []})
    )


def test_page_makes_a_call_by_mouse_and_by_keyboard(
    suite, address, call, fresh, tmp_path
):
    mail = fresh("mail")
    contact_id = _arrive(call, fresh, mail)
    token = suite.token("demo")
    seen = run_node("docs_page.js", address, token, mail, str(tmp_path))
    for visit in seen.values():
        assert visit["faults"] == []
        assert visit["reply"]["status"] == "200"
        view = json.loads(visit["reply"]["body"])["view"]
        assert view["contact"]["contactId"] == contact_id
        # Its reply would not be shown, and never end.
        assert visit["stream"]["tries"] == 0
        assert "curl --no-buffer" in visit["stream"]["text"]
        assert visit["title"] == "Kith API"
        assert visit["overflow"] <= 0
        outside = [
            url
            for url in visit["requests"]
            if not url.startswith((f"http://{address}/", "data:"))
        ]
        assert outside == []


def test_pages_are_asked_for_again_only_if_they_change(get):
    for path in ("/docs", "/docs/swagger-ui-bundle.js", "/openapi.json"):
        whole = get(path)
        head = get(path, method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert int(head.headers["content-length"]) == len(whole.body)
        assert head.headers["cache-control"] == "no-cache"
        same = get(path, if_none_match=whole.headers["etag"])
        assert (same.status, same.body) == (304, b"")
        packed = get(path, accept_encoding="gzip")
        assert packed.headers["content-encoding"] == "gzip" or len(whole.body) < 1024


def test_pages_allow_nothing_from_elsewhere_and_nothing_inline(get):
    page = get("/docs")
    policy = dict(
        rule.strip().split(" ", 1)
        for rule in page.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert get("/").headers["location"] == "/docs"


@pytest.mark.parametrize(
    "path",
    [
        "/docs/../../../../etc/passwd",
        "/docs/..%2f..%2f..%2fetc/passwd",
        "/docs/docs.html",
        "/docs//docs.js",
        "/docs/%64ocs.js",
    ],
)
def test_no_path_reaches_a_file(address, path):
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert one.recv(4096).startswith(b"HTTP/1.1 404 ")
