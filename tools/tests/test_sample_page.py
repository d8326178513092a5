"""The sample page passes on what the script of visits needs, and makes leads."""

import http.client
import http.server
import threading

import pytest
from kithdev.sample_page import SamplePage

VISIT = "0123456789abcdef0123456789abcdef"


class FakeGateway(http.server.BaseHTTPRequestHandler):
    """Keeps what it is asked, and answers with a cookie."""

    status = 200
    asked: list[tuple[str, str, dict, bytes]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.asked.append((self.command, self.path, dict(self.headers), body))
        self._answer(b"visitor")

    def do_GET(self):
        self.asked.append((self.command, self.path, dict(self.headers), b""))
        self._answer(b"script")

    def log_message(self, format, *args):
        """Says nothing."""

    def _answer(self, body):
        self.send_response(self.status)
        self.send_header("content-type", "text/plain")
        self.send_header("set-cookie", "a=b; Secure")
        self.send_header("x-trace-id", "0af7")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def page():
    FakeGateway.asked, FakeGateway.status = [], 200
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeGateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = SamplePage("demo", f"127.0.0.1:{server.server_port}")
    yield one
    one.close()
    server.shutdown()
    server.server_close()


def ask(page, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(page.origin.removeprefix("http://"))
    connection.request(method, path, body, headers or {})
    reply = connection.getresponse()
    reply.body = reply.read().decode()
    connection.close()
    return reply


def test_what_the_script_sends_goes_on_with_its_cookie(page):
    sent = {"cookie": "a=b", "origin": page.origin, "x-kith-tenant": "other"}
    reply = ask(page, "POST", "/k/demo/visit", "{}", sent)
    assert (reply.status, reply.body) == (200, "visitor")
    assert reply.headers["set-cookie"] == "a=b; Secure"
    assert reply.headers["x-trace-id"] is None
    ((method, path, headers, body),) = FakeGateway.asked
    assert (method, path, body) == ("POST", "/k/demo/visit", b"{}")
    assert headers["cookie"] == "a=b" and headers["origin"] == page.origin
    assert "x-kith-tenant" not in headers


def test_the_page_has_the_script_and_the_fields_of_a_visit(page):
    reply = ask(page, "GET", "/?utm_source=news")
    assert '<script async src="/k/demo/visit.js" data-tags="aff">' in reply.body
    for name in ("kith_visit", "kith_visitor"):
        assert f'<input type="hidden" name="{name}">' in reply.body
    assert ask(page, "GET", "/k/demo/visit.js").body == "script"
    assert ask(page, "GET", "/nothing").status == 404
    assert FakeGateway.asked[0][1] == "/k/demo/visit.js"


def test_a_form_goes_to_its_connector_and_its_sender_is_thanked(page):
    FakeGateway.status = 204
    body = f"name=Ada&email=ada%40example.com&kith_visit={VISIT}&kith_visitor=v-1"
    form = {"content-type": "application/x-www-form-urlencoded"}
    reply = ask(page, "POST", "/hooks/demo/form", body, form)
    assert (reply.status, reply.headers["location"]) == (303, "/thanks?name=Ada")
    ((_, path, headers, sent),) = FakeGateway.asked
    assert (path, sent.decode()) == ("/hooks/demo/form", body)
    assert headers["content-type"] == form["content-type"]


def test_a_form_that_its_connector_refuses_says_so(page):
    FakeGateway.status = 429
    reply = ask(page, "POST", "/hooks/demo/form", "name=Ada")
    assert reply.status == 429


def test_a_name_is_shown_as_it_was_typed(page):
    reply = ask(page, "GET", "/thanks?name=%3Cscript%3Ex%3C%2Fscript%3E")
    assert "&lt;script&gt;x" in reply.body and "<script>x" not in reply.body


def test_a_body_that_is_too_long_is_not_read(page):
    reply = ask(page, "POST", "/hooks/demo/form", "", {"content-length": "1000000"})
    assert reply.status == 413
