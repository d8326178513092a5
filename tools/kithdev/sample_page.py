"""A sample page with the script of visits and a form, as a business would serve it.

The page, the script and what both send have one origin, as the server passes /k/ and
/hooks/ on to the gateway: so the visitor's cookie is one of the page's own host. The
form is sent to a connector, without a key, and the server knows nothing of Kith's API.
"""

import html
import http.client
import http.server
import threading
import urllib.parse

# What goes on to the gateway, and back to the browser.
_REQUEST_HEADERS = (
    *("accept-encoding", "content-type", "cookie", "if-none-match", "origin"),
    *("sec-fetch-site", "sec-gpc", "sec-purpose", "user-agent"),
)
_REPLY_HEADERS = (
    *("cache-control", "content-encoding", "content-type", "etag", "location"),
    *("retry-after", "set-cookie", "vary"),
)
_Headers = list[tuple[str, str]]
_TIMEOUT_SECONDS = 10
_LONGEST_BODY = 64 * 1024

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<script>
window.kith = window.kith || function () {{ (kith.q = kith.q || []).push(arguments); }};
</script>
<script async src="/k/{tenant}/visit.js" data-tags="aff"></script>
<style>
body {{ font: 1.1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 30rem; }}
label {{ display: block; margin: 1rem 0; }}
input {{ display: block; font: inherit; padding: .4rem; width: 100%; }}
button {{ font: inherit; padding: .5rem 1rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""

_FORM = """<p><a href="/prices" data-kith-click="prices">Our prices</a></p>
<form method="post" action="/hooks/{tenant}/form">
<label>Name <input name="name" autocomplete="name" required></label>
<label>E-mail <input name="email" type="email" autocomplete="email" required></label>
<label>What is it about? <input name="subject"></label>
<input type="hidden" name="kith_visit">
<input type="hidden" name="kith_visitor">
<button type="submit">Call me</button>
</form>
"""

_PRICES = '<p>From 9 EUR.</p><p><a href="/">Back to the form</a></p>'

_THANKS = """<p>Thank you, {name}. We will be in touch.</p>
<script>kith("convert", "lead");</script>
"""


class SamplePage:
    """Serves the page on loopback in a thread of its own, until it is closed."""

    def __init__(self, tenant: str, gateway: str, port: int = 0):
        """`gateway` is the address of the gateway's HTTP listener. Port 0 takes a
        free one."""
        handler = type("Handler", (_Handler,), {"tenant": tenant, "to": gateway})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Serves no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    tenant: str
    to: str

    def do_GET(self) -> None:  # pylint: disable=invalid-name
        """A page, or the script."""
        path, _, query = self.path.partition("?")
        if path.startswith("/k/"):
            self._reply(*self._ask(b""))
        elif path == "/":
            self._page("Let us call you", _FORM.format(tenant=self.tenant))
        elif path == "/prices":
            self._page("Prices", _PRICES)
        elif path == "/thanks":
            name = urllib.parse.parse_qs(query).get("name", [""])[0]
            self._page("Thank you", _THANKS.format(name=html.escape(name)))
        else:
            self._reply(404, [("content-type", "text/plain")], b"no such page\n")

    def do_POST(self) -> None:  # pylint: disable=invalid-name
        """A form that was sent, or what the script sends."""
        length = int(self.headers.get("content-length", "0"))
        if not 0 <= length <= _LONGEST_BODY:
            self._reply(413, [("content-type", "text/plain")], b"too long\n")
            return
        body = self.rfile.read(length)
        if self.path.startswith(("/k/", "/hooks/")):
            self._reply(*self._led_on(body, *self._ask(body)))
        else:
            self._reply(404, [("content-type", "text/plain")], b"no such page\n")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a line has the address that was asked for."""

    def _page(self, title: str, body: str) -> None:
        text = _PAGE.format(title=title, body=body, tenant=self.tenant)
        self._reply(200, [("content-type", "text/html; charset=utf-8")], text.encode())

    def _led_on(
        self, form: bytes, status: int, headers: _Headers, body: bytes
    ) -> tuple[int, _Headers, bytes]:
        """What a browser gets: a page of thanks, where the connector has none."""
        if status != 204:
            return status, headers, body
        fields = dict(urllib.parse.parse_qsl(form.decode()))
        name = urllib.parse.urlencode({"name": fields.get("name", "")})
        return 303, [("location", f"/thanks?{name}")], b""

    def _ask(self, body: bytes) -> tuple[int, _Headers, bytes]:
        """What the gateway replies."""
        connection = http.client.HTTPConnection(self.to, timeout=_TIMEOUT_SECONDS)
        headers = {
            name: self.headers[name]
            for name in _REQUEST_HEADERS
            if name in self.headers
        }
        try:
            connection.request(self.command, self.path, body or None, headers)
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        kept = [
            (name, value)
            for name, value in reply.getheaders()
            if name.lower() in _REPLY_HEADERS
        ]
        return reply.status, kept, content

    def _reply(self, status: int, headers: _Headers, body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            # Nobody waits for what a page sends as it is left.
            self.close_connection = True
