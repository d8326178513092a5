"""Sessions: a cookie that stands for a key or a token, for pages of our own."""

import json
import re
import secrets
import uuid
from pathlib import Path

import pytest

import node
import rest
from builders import wait_until
from conftest import PATIENT, start_suite
from kithcheck.npm import modules

PAGE = "https://app.example.com"


@pytest.fixture(scope="module")
def keys_file(tmp_path_factory):
    """The file of the keys that seal cookies."""
    path = tmp_path_factory.mktemp("session") / "session.keys"
    path.write_text(secrets.token_hex(32) + "\n")
    return path


@pytest.fixture(scope="module")
def suite(keys_file, tmp_path_factory):
    """A suite whose gateway has sessions."""
    flags = [PATIENT, f"--session_keys_file={keys_file}", f"--http_origins={PAGE}"]
    one = start_suite(tmp_path_factory.mktemp("suite"), flags={"gateway": flags})
    yield one
    one.stop()


class Page:
    """What a page of the gateway's own origin sends, with the cookies it has."""

    def __init__(self, address: str):
        self._address = address
        self.cookie = ""
        self.csrf = ""
        self.set_cookie = ""

    def __call__(self, method: str, path: str, body=None, status=200, **headers):
        """The JSON of the reply, which must have the status."""
        # Names as they come from keywords.
        headers = {name.replace("_", "-"): each for name, each in headers.items()}
        headers.setdefault("sec-fetch-site", "same-origin")
        if self.cookie:
            headers.setdefault("cookie", self.cookie)
        reply, answer = rest.call(self._address, method, path, body, headers)
        assert reply.status == status, (method, path, answer)
        self.set_cookie = reply.headers.get("set-cookie", "")
        return answer

    def begin(self, token: str) -> dict:
        """Begins a session."""
        reply = self("POST", "/v1/session", authorization=f"Bearer {token}")
        self.cookie = self.set_cookie.split(";")[0]
        self.csrf = reply["csrfToken"]
        return reply


@pytest.fixture
def page(suite):
    """A page without a session."""
    return Page(suite.services["gateway"].address.http)


def test_a_session_reads_and_writes(suite, page):
    token = suite.token("demo")
    reply = page.begin(token)
    assert re.fullmatch(
        r"kith_session=[\w-]+; Path=/; Max-Age=28\d{3}; HttpOnly; SameSite=Strict",
        page.set_cookie,
    )
    assert token not in page.set_cookie and token not in json.dumps(reply)
    contact = page("POST", "/v1/customers", {}, x_csrf_token=page.csrf)
    path = f"/v1/customers/{contact['contactId']}"
    assert page("GET", path)["view"]["canonicalId"] == contact["contactId"]
    # By Connect as well.
    view = page(
        "POST",
        "/kith.gateway.v1.GatewayService/GetCustomerView",
        {"customer": {"contactId": contact["contactId"]}},
        x_csrf_token=page.csrf,
    )
    assert view["view"]["canonicalId"] == contact["contactId"]
    # A page that is loaded again.
    assert page("GET", "/v1/session")["csrfToken"] == page.csrf


def test_the_document_has_the_replies_of_sessions(suite, page):
    document = page("GET", "/openapi.json")
    assert set(document["paths"]["/v1/session"]) == {"get", "post", "delete"}
    bodies = [
        ("post", 200, page.begin(suite.token("demo"))),
        ("get", 200, page("GET", "/v1/session")),
        ("delete", 200, page("DELETE", "/v1/session")),
        ("post", 401, page("POST", "/v1/session", status=401)),
    ]
    replies = [
        {
            "path": "/v1/session",
            "method": method,
            "status": status,
            "type": "application/json",
            "body": body,
        }
        for method, status, body in bodies
    ]
    faults = node.run(
        Path(__file__).parent / "openapi_check.js",
        env={"NODE_PATH": str(modules())},
        input=json.dumps({"document": document, "replies": replies}),
    )
    assert faults == []


def test_what_writes_needs_the_csrf_token(suite, page):
    page.begin(suite.token("demo"))
    for path, body in (
        ("/v1/customers", {}),
        ("/kith.gateway.v1.GatewayService/CreateContact", {}),
        # Without a body, and as a form of any page sends it.
        (f"/v1/customers/{uuid.uuid4()}:merge", None),
    ):
        page("POST", path, body, 403)
        page("POST", path, body, 403, x_csrf_token="A" * 22)
    page("PATCH", f"/v1/customers/{uuid.uuid4()}", {"displayName": "x"}, 403)


def test_pages_of_others_have_no_session(suite, page):
    page.begin(suite.token("demo"))
    for origin in ({"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}):
        page("GET", "/v1/suggestions", status=403, **origin)
        page("GET", "/v1/session", status=403, **origin)
        page(
            "POST",
            "/v1/session",
            status=403,
            authorization=f"Bearer {suite.token('demo')}",
            **origin,
        )
    # Listed, so it may call by itself, but not with the cookie.
    page("GET", "/v1/suggestions", status=403, sec_fetch_site="", origin=PAGE)


def test_without_a_credential_there_is_no_session(suite, page):
    page("POST", "/v1/session", status=401)
    page("POST", "/v1/session", status=401, authorization="Bearer kith_demo_no")
    page("GET", "/v1/session", status=401)
    page("PUT", "/v1/session", {}, status=405)
    page.begin(suite.token("noscopes"))
    # No more than the key.
    page("GET", "/v1/suggestions", status=403)
    page.cookie += "A"
    page("GET", "/v1/suggestions", status=401)


def test_delete_ends_it(suite, page):
    page.begin(suite.token("demo"))
    page("DELETE", "/v1/session")
    assert page.set_cookie.startswith("kith_session=; Path=/; Max-Age=0;")
    page.cookie = ""
    page("GET", "/v1/suggestions", status=401)


def test_sealing_keys_are_rotated_while_it_runs(suite, page, keys_file):
    page.begin(suite.token("demo"))
    old = keys_file.read_text()
    new = secrets.token_hex(32) + "\n"

    def lasts() -> bool:
        try:
            page("GET", "/v1/suggestions")
        except AssertionError:
            return False
        return True

    _replace(keys_file, new + old)
    younger = Page(suite.services["gateway"].address.http)

    def sealed_by_new() -> bool:
        younger.begin(suite.token("demo"))
        return True

    assert sealed_by_new() and lasts()
    _replace(keys_file, new)
    wait_until(lambda: not lasts())
    younger.begin(suite.token("demo"))
    younger("GET", "/v1/suggestions")


def _replace(path, text: str) -> None:
    scratch = path.with_name("scratch")
    scratch.write_text(text)
    scratch.replace(path)
