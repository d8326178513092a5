"""One call over HTTP, on a connection of its own."""

import http.client
import json


def call(address: str, method: str, path: str, body=None, headers=None):
    """The reply and its JSON. A body is sent as JSON."""
    sent = dict(headers or {})
    if body is not None:
        sent["content-type"] = "application/json"
        body = json.dumps(body)
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request(method, path, body, sent)
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply, json.loads(text)
