"""Clients that others wrote call the gateway, each in its protocol.

What comes of a call is the same for all of them: the response, or the code, the
message and the details of the error.
"""

import contextlib
import http.server
import json
import subprocess
import threading
import uuid

import pytest
from google.protobuf import json_format

import edge_clients
import node
from builders import mail, touch, view_by, view_of
from conftest import PATIENT, start_suite
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import customer_view_pb2
from kithcheck.npm import buf

METHOD = "kith.gateway.v1.GatewayService/GetCustomerView"

# What the calls that fail end with.
CODES = {
    "missing": 5,
    "invalid": 3,
    "empty": 3,
    "forbidden": 7,
    "nobody": 16,
    "watchBadToken": 3,
}
SAME = ["view", "lookup", "page", "repeat", *CODES]


class _Pages(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments):
        super().__init__(*arguments, directory=edge_clients.PAGE)

    def log_message(self, *_):
        """Says nothing."""


@contextlib.contextmanager
def _origin():
    """An origin that serves the page, such as http://127.0.0.1:8080."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def origins():
    """Two origins, of which the gateway lists the first alone."""
    edge_clients.prepare()
    with _origin() as listed, _origin() as other:
        yield listed, other


@pytest.fixture(scope="module")
def suite(tmp_path_factory, origins):
    flags = [PATIENT, f"--http_origins={origins[0]}"]
    one = start_suite(tmp_path_factory.mktemp("suite"), flags={"gateway": flags})
    yield one
    one.stop()


@pytest.fixture
def plan(suite, client, fresh):
    """A customer with two e-mails, one who is watched, and who calls for them."""
    value = fresh("mail")
    request = touch(fresh("r"), mail(value))
    request.contact.display_name = "Zo\u00eb \u2603"
    recorded = client.gateway.RecordTouch(request)
    client.gateway.RecordTouch(touch(fresh("r"), mail(value)))
    watched = client.gateway.CreateContact(gateway_contact_pb2.CreateContactRequest())
    address = suite.services["gateway"].address
    return {
        "http": address.http,
        "grpc": address.grpc,
        "ops": address.ops,
        "protoset": str(edge_clients.PROTOSET),
        "chromium": node.chromium(),
        "token": suite.token("demo"),
        "noscopes": suite.token("noscopes"),
        "contactId": recorded.contact_id,
        "watchedId": watched.contact_id,
        "mail": value,
        "missing": str(uuid.uuid4()),
        # Who repeats a touch gets the answer that it has had.
        "touch": json_format.MessageToDict(request),
        "cases": [*SAME, "watch"],
    }


def _by_grpc(plan: dict) -> dict:
    """What comes of the calls by gRPC, with Google's own protocol and none of ours."""
    outcomes = edge_clients.run("node_clients.js", {**plan, "only": "grpc-js"})
    return outcomes["grpc-js"]


def _check(outcomes: dict, plan: dict, wanted: dict):
    """Each client has got what is wanted."""
    watched = {"first": {"reset": True, "canonicalId": plan["watchedId"]}, "told": True}
    for kind, got in outcomes.items():
        for case in SAME:
            # A client without streams has not begun one.
            if case in got or not case.startswith("watch"):
                assert got[case] == wanted[case], (kind, case)
        assert got.get("watch", watched) == watched, kind
        assert got["left"], f"{kind}: the gateway has not noticed that it left"
        assert ("GET" in got["used"]) == (" get" in kind), kind


@pytest.fixture
def wanted(client, plan):
    """What grpc-js has got, which is right by the clients of Python."""
    outcomes = _by_grpc(plan)
    view = customer_view_pb2.GetCustomerViewResponse()
    json_format.ParseDict(outcomes["view"]["reply"], view)
    assert view == client.gateway.GetCustomerView(view_of(plan["contactId"]))
    assert view == client.gateway.GetCustomerView(view_by(plan["mail"]))
    for case, code in CODES.items():
        error = outcomes[case]["error"]
        assert error["code"] == code and error["message"], case
    (detail,) = outcomes["invalid"]["error"]["details"]
    assert detail["type"] == "google.rpc.BadRequest"
    return outcomes


def test_clients_in_node_get_what_grpc_gets(plan, wanted):
    outcomes = edge_clients.run("node_clients.js", plan)
    assert len(outcomes) == 15
    _check(outcomes, plan, wanted)


def test_a_page_of_a_listed_origin_gets_what_grpc_gets(plan, wanted, origins):
    outcomes = edge_clients.run("browser.js", {**plan, "page": origins[0]})
    assert len(outcomes) == 7
    _check(outcomes, plan, wanted)
    streamless = [kind for kind, got in outcomes.items() if "watch" not in got]
    assert streamless == ["grpc-web binary"]


def test_a_page_of_another_origin_gets_nothing(plan, origins):
    cases = ["view", "missing", "nobody"]
    there = {**plan, "page": origins[1], "cases": cases}
    for kind, got in edge_clients.run("browser.js", there).items():
        for case in cases:
            # Made by the client itself, as the browser shows it nothing.
            assert got[case]["error"]["code"] in (2, 14), (kind, case)
            assert not got[case]["error"]["details"], (kind, case)


def test_a_deadline_that_passes_is_told_to_all(suite, client, plan, origins):
    there = {**plan, "page": origins[0], "cases": ["slow"]}
    suite.services["contacts-svc"].pause()
    try:
        for script in ("node_clients.js", "browser.js"):
            for kind, got in edge_clients.run(script, there).items():
                assert got["slow"]["error"]["code"] == 4, (script, kind, got)
    finally:
        suite.services["contacts-svc"].resume()
    assert client.gateway.GetCustomerView(view_of(plan["contactId"]))


@pytest.mark.parametrize("protocol", ["connect", "grpcweb", "grpc"])
def test_buf_curl_gets_what_grpc_gets(suite, client, plan, protocol):
    http2 = protocol == "grpc"
    address = plan["grpc" if http2 else "http"]

    def call(token: str) -> tuple[int, str]:
        done = subprocess.run(
            [buf(), "curl", f"--schema={edge_clients.PROTOSET}#format=binpb"]
            + [f"--protocol={protocol}", f"--header=authorization: Bearer {token}"]
            + ["--http2-prior-knowledge"] * http2
            + [f"--data={json.dumps({'customer': {'contactId': plan['contactId']}})}"]
            + [f"http://{address}/{METHOD}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout or done.stderr

    code, reply = call(suite.token("demo"))
    assert code == 0, reply
    view = customer_view_pb2.GetCustomerViewResponse()
    wanted = client.gateway.GetCustomerView(view_of(plan["contactId"]))
    assert json_format.Parse(reply, view) == wanted
    code, reply = call(suite.token("other"))
    # By its own rule, 8 times the code: NOT_FOUND.
    assert code == 40 and json.loads(reply)["code"] == "not_found"
