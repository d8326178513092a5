"""The gateway over HTTP, as a script or a page without gRPC calls it."""

import contextlib
import http.client
import json
import re
import socket
import subprocess
import urllib.parse
import uuid

import pytest
from google.api import annotations_pb2
from google.protobuf import json_format

from builders import view_by, view_of, wait_until
from conftest import four_processes
from kithcheck.npm import buf
from kithdev.paths import BUILD
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import gateway_service_pb2

PAGE = "https://app.example.com"
GATEWAY_FLAGS = ["--part_timeout=10s", f"--http_origins={PAGE}"]

SERVICE = gateway_service_pb2.DESCRIPTOR.services_by_name["GatewayService"]
AGENT = {"kind": "ACTOR_KIND_PERSON", "name": "Dana"}


class Http:
    """Calls by REST or Connect with one key, or with none."""

    def __init__(self, address: str, token: str = ""):
        self.address = address
        self._connection = http.client.HTTPConnection(address, timeout=30)
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body=None, status=200, **headers):
        """The JSON of the reply, which must have the status."""
        self._connection.request(
            method,
            path,
            None if body is None else json.dumps(body),
            {
                **self._headers,
                **({} if body is None else {"content-type": "application/json"}),
                **headers,
            },
        )
        self.reply = self._connection.getresponse()
        text = self.reply.read()
        assert self.reply.status == status, (method, path, text)
        assert re.fullmatch("[0-9a-f]{32}", self.reply.headers["x-trace-id"])
        return json.loads(text)

    def connect(self, method: str, body, status=200):
        """The same by Connect."""
        return self("POST", f"/{SERVICE.full_name}/{method}", body, status)


@pytest.fixture
def caller(suite):
    """Makes callers: caller("demo") has that key, caller("") none."""

    def make(key: str) -> Http:
        address = suite.services["gateway"].address.http
        return Http(address, suite.token(key) if key else "")

    return make


@pytest.fixture
def web(caller):
    """Calls with the key of the tenant demo."""
    return caller("demo")


def _lookup(value: str) -> str:
    return "/v1/customers:lookup?" + urllib.parse.urlencode({"q": value})


def _record(web: Http, fresh, value: str) -> dict:
    """What an e-mail from an address is answered."""
    touch = {
        "identities": [{"channel": "CHANNEL_EMAIL", "value": value}],
        "interaction": {"kind": "KIND_EMAIL", "direction": "DIRECTION_INBOUND"},
        "requestId": fresh("r"),
    }
    return web("POST", "/v1/customers:recordTouch", touch)


def _arrive(web: Http, fresh, value: str) -> str:
    """The id of a customer who has written from an address."""
    return _record(web, fresh, value)["contactId"]


def _rules():
    """Each way to call a method by REST: its name, HTTP method and template."""
    for method in SERVICE.methods:
        rule = method.GetOptions().Extensions[annotations_pb2.http]
        for each in (rule, *rule.additional_bindings):
            kind = each.WhichOneof("pattern")
            yield method.name, kind.upper(), getattr(each, kind), each.body


@pytest.mark.parametrize("name,kind,template,body", list(_rules()))
def test_each_route_leads_to_its_method_and_its_gate(
    caller, name, kind, template, body
):
    assert name in SERVICE.methods_by_name
    path = re.sub(r"{[^}]*}", str(uuid.uuid4()), template)
    refused = caller("")(kind, path, {} if body else None, 401)
    assert refused["error"]["status"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("method", SERVICE.methods, ids=lambda each: each.name)
def test_each_method_is_there_by_connect_and_by_rest(caller, method):
    refused = caller("").connect(
        method.name, {}, 415 if method.server_streaming else 401
    )
    assert refused["code"] in ("unauthenticated", "unimplemented")
    assert method.GetOptions().HasExtension(annotations_pb2.http)


def test_a_phone_number_in_the_address_answers_a_view(web, fresh):
    # An area that is assigned: without +, (359) may be Bulgaria.
    phone = f"+1503{fresh('phone')[5:]}"
    typed = f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"
    contact = web("POST", "/v1/customers", {"displayName": "Nora"})
    web(
        "POST",
        f"/v1/customers/{contact['contactId']}:linkIdentity",
        {"value": {"channel": "CHANNEL_PHONE", "value": phone}},
    )
    view = web("GET", _lookup(typed))["view"]
    assert view["contact"]["displayName"] == "Nora"
    assert view["canonicalId"] == contact["contactId"]


def test_all_protocols_answer_the_same(web, client, fresh):
    mail = fresh("mail")
    contact_id = _arrive(web, fresh, mail)
    by_grpc = client.gateway.GetCustomerView(view_of(contact_id))

    def message(reply):
        return json_format.ParseDict(reply, customer_view_pb2.GetCustomerViewResponse())

    assert message(web("GET", f"/v1/customers/{contact_id}")) == by_grpc
    body = {"customer": {"contactId": contact_id}}
    assert message(web.connect("GetCustomerView", body)) == by_grpc
    query = urllib.parse.urlencode({"encoding": "json", "message": json.dumps(body)})
    path = f"/{SERVICE.full_name}/GetCustomerView?{query}"
    assert message(web("GET", path)) == by_grpc
    by_value = client.gateway.GetCustomerView(view_by(mail))
    assert message(web("GET", _lookup(mail))) == by_value


def test_a_client_of_others_works_by_connect(suite, client, web, fresh):
    """connect-go, which buf is made with."""
    contact_id = _arrive(web, fresh, fresh("mail"))
    command = [
        buf(),
        "curl",
        f"--schema={BUILD / 'kith.protoset'}#format=binpb",
        "--protocol=connect",
        f"http://{web.address}/{SERVICE.full_name}/GetCustomerView",
    ]

    def call(token: str, body: dict) -> tuple[int, str]:
        done = subprocess.run(
            [*command, f"--header=authorization: Bearer {token}"]
            + [f"--data={json.dumps(body)}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout or done.stderr

    body = {"customer": {"contactId": contact_id}}
    code, reply = call(suite.token("demo"), body)
    assert code == 0, reply
    view = customer_view_pb2.GetCustomerViewResponse()
    assert json_format.Parse(reply, view) == client.gateway.GetCustomerView(
        view_of(contact_id)
    )
    code, reply = call(suite.token("other"), body)
    # By its own rule, 8 times the code: NOT_FOUND.
    assert code == 40 and json.loads(reply)["code"] == "not_found"


def test_the_life_of_a_customer_by_rest(web, fresh):
    one, two = (_arrive(web, fresh, fresh("mail")) for _ in range(2))
    changed = web(
        "PATCH",
        f"/v1/customers/{one}",
        {"displayName": "Bea", "stage": "STAGE_CUSTOMER"},
    )
    assert changed["displayName"] == "Bea"
    cleared = web("PATCH", f"/v1/customers/{one}", {"displayName": ""})
    assert "displayName" not in cleared and cleared["stage"] == "STAGE_CUSTOMER"
    web(
        "POST",
        f"/v1/customers/{two}:recordTouch",
        {"interaction": {"kind": "KIND_NOTE"}, "requestId": fresh("r")},
    )
    page = web("GET", f"/v1/customers/{two}/timeline?page_size=1")
    assert page["interactions"][0]["kind"] == "KIND_NOTE"
    token = urllib.parse.quote(page["nextPageToken"], safe="")
    rest = web("GET", f"/v1/customers/{two}/timeline?pageSize=5&pageToken={token}")
    assert [each["kind"] for each in rest["interactions"]] == ["KIND_EMAIL"]
    cause = {"kind": "MERGE_CAUSE_KIND_DECISION"}
    merge = {"absorbed": [{"contactId": two}], "cause": cause, "actor": AGENT}
    merged = web("POST", f"/v1/customers/{one}:merge", merge)
    assert merged["contact"]["canonicalId"] == one
    assert web("GET", f"/v1/customers/{two}")["view"]["canonicalId"] == one
    edges = web("GET", f"/v1/customers/{one}/merges")["edges"]
    assert [edge["edgeId"] for edge in edges] == [merged["edges"][0]["edgeId"]]
    web("GET", f"/v1/customers/{one}/suggestions")
    undo = {"edgeId": edges[0]["edgeId"], "actor": AGENT}
    web("POST", f"/v1/customers/{one}:unmerge", undo)
    assert web("GET", f"/v1/customers/{two}")["view"]["canonicalId"] == two


def test_a_thread_is_resolved_by_rest_without_a_mask(web, fresh):
    one = _arrive(web, fresh, fresh("mail"))
    made = web("POST", f"/v1/customers/{one}/threads", {"kind": "THREAD_KIND_INPUT"})
    path = f"/v1/threads/{made['threadId']}"
    why = {"resolution": "RESOLUTION_ANSWERED"}
    done = web("PATCH", path, {"state": "THREAD_STATE_RESOLVED", **why})
    assert (done["state"], done["resolution"]) == (
        "THREAD_STATE_RESOLVED",
        "RESOLUTION_ANSWERED",
    )
    fault = web("PATCH", path, why, status=400)["error"]["message"]
    assert fault.startswith("update_mask: ")
    opened = web("PATCH", path, {"state": "THREAD_STATE_OPEN"})
    assert "resolution" not in opened


def test_errors_have_the_shape_of_their_protocol(web, fresh):
    missing = web("GET", f"/v1/customers/{uuid.uuid4()}", status=404)["error"]
    assert (missing["code"], missing["status"]) == (404, "NOT_FOUND")
    assert web("GET", "/v1/nothing", status=404)["error"]["status"] == "NOT_FOUND"
    bad = web("GET", f"/v1/customers/{uuid.uuid4()}?interactions_size=-1", status=400)
    (detail,) = bad["error"]["details"]
    assert detail["@type"] == "type.googleapis.com/google.rpc.BadRequest"
    assert detail["fieldViolations"][0]["field"] == "interactions_size"
    by_connect = web.connect("GetCustomerView", {}, 400)
    assert by_connect["code"] == "invalid_argument"
    assert by_connect["details"][0]["type"] == "google.rpc.BadRequest"
    both = web("GET", f"/v1/customers/{uuid.uuid4()}?q={fresh('mail')}", status=400)
    assert "customer.value" in both["error"]["message"]


def test_no_value_is_passed_over_for_another(web, fresh):
    mail = fresh("mail")
    one, two = _arrive(web, fresh, mail), _arrive(web, fresh, fresh("mail"))

    def fault(method: str, path: str, body) -> str:
        return web(method, path, body, 400)["error"]["message"]

    undo = {"customer": {"contactId": two}, "allEdges": True, "actor": AGENT}
    assert fault("POST", f"/v1/customers/{one}:unmerge", undo).startswith(
        "customer.contact_id: the body has another value than the path"
    )
    note = {"interaction": {"kind": "KIND_NOTE"}, "requestId": fresh("r")}
    path = f"/v1/customers/{one}:recordTouch"
    assert fault("POST", path, {**note, "contactId": two}).startswith("contact_id: ")
    assert web("POST", path, {**note, "contactId": one})["contactId"] == one
    both = {"displayName": "Ada", "display_name": "Bea"}
    assert "given twice" in fault("PATCH", f"/v1/customers/{one}", both)
    nothing = {"attributes": {"a": None}}
    message = fault("PATCH", f"/v1/customers/{one}", nothing)
    assert message.startswith("attributes[a]: null, want ")
    query = urllib.parse.urlencode({"q": mail, "channel": "CHANNEL_EMAIL"})
    assert len(web("GET", f"/v1/customers:timeline?{query}")["interactions"]) == 2


def test_who_may_not_by_grpc_may_not_by_http(caller, web, fresh):
    mail = fresh("mail")
    contact_id = _arrive(web, fresh, mail)
    for path in (f"/v1/customers/{contact_id}", _lookup(mail)):
        assert caller("")("GET", path, status=401)
        assert caller("other")("GET", path, status=404)
        assert caller("noscopes")("GET", path, status=403)
        assert caller("webform")("GET", path, status=403)
        wrong = Http(web.address, "kith_demo_" + "0" * 43)
        assert wrong("GET", path, status=401)
    # What a public form is there for.
    answer = _record(caller("webform"), fresh, fresh("mail"))
    assert answer["outcome"] == "RECORD_OUTCOME_RECORDED"


def test_a_page_of_a_listed_origin_may_call(web):
    web("GET", "/v1/suggestions", origin=PAGE)
    assert web.reply.headers["access-control-allow-origin"] == PAGE
    web("GET", "/v1/suggestions", origin="https://evil.example.com")
    assert web.reply.headers["access-control-allow-origin"] is None


def test_the_trace_of_a_reply_is_in_the_log(suite, web):
    web("GET", "/v1/suggestions")
    trace = web.reply.headers["x-trace-id"]
    log = suite.log("gateway").read_text()
    lines = [json.loads(line) for line in log.splitlines() if trace in line]
    assert {line["message"] for line in lines} == {"call", "http"}
    assert {line.get("route") for line in lines} == {None, "GET /v1/suggestions"}


def test_a_restart_closes_idle_connections_and_ends_in_time(suite, caller, web):
    web("GET", "/v1/suggestions")
    suite.restart("gateway")
    log = suite.log("gateway").read_text()
    assert '"stopped"' in log and "did not stop in time" not in log
    caller("demo")("GET", "/v1/suggestions")


def test_idle_and_slow_connections_harm_nobody(web):
    """Few enough for 1,024 open files."""
    host, port = web.address.split(":")
    with contextlib.ExitStack() as open_ones:
        for number in range(600):
            one = socket.create_connection((host, int(port)))
            open_ones.enter_context(one)
            if number % 3 == 0:
                one.sendall(b"POST /v1/customers HTTP/1.1\r\nContent-Length: 9")
            elif number % 3 == 1:
                one.sendall(
                    b"POST /v1/customers HTTP/1.1\r\nHost: a\r\n"
                    b"Content-Length: 9\r\n\r\n{"
                )
        for _ in range(20):
            web("GET", "/v1/suggestions")


@four_processes
def test_no_error_tells_an_address_behind(suite, web):
    customer = uuid.uuid4()
    suite.kill("contacts-svc")
    try:
        reply = web("GET", f"/v1/customers/{customer}", status=503)["error"]
        assert reply["status"] == "UNAVAILABLE"
        assert reply["message"] == "contacts-svc cannot be reached; try again"
        body = {"customer": {"contactId": str(customer)}}
        by_connect = web.connect("GetCustomerView", body, 503)
        assert by_connect == {"code": "unavailable", "message": reply["message"]}
    finally:
        suite.restart("contacts-svc")
        wait_until(suite.services["gateway"].ready)
