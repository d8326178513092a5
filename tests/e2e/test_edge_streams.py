"""WatchCustomer over HTTP as scripts use it: lines of JSON, and events."""

import http.client
import json
import threading

import pytest

from builders import touch_of, wait_until
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from watching import watchers

GATEWAY_FLAGS = ["--part_timeout=10s"]

EVENTS = {"accept": "text/event-stream"}


class Lines:
    """A stream, line by line as it comes."""

    def __init__(self, suite, path: str, headers=None):
        address = suite.services["gateway"].address.http
        self._connection = http.client.HTTPConnection(address, timeout=30)
        key = {"authorization": f"Bearer {suite.token('demo')}"}
        self._connection.request("GET", path, headers={**key, **(headers or {})})
        self.reply = self._connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Both have the socket.
        self.reply.close()
        self._connection.close()

    def line(self) -> str:
        """The next one that is not empty; "" at the end."""
        while line := self.reply.readline().decode():
            if line.strip():
                return line.strip()
        return ""

    def message(self) -> dict:
        """The next message, of either format."""
        while not (line := self.line()).startswith(("data: ", '{"result":')):
            assert line, "the stream has ended"
        text = line.removeprefix("data: ")
        return json.loads(text)["result"] if text == line else json.loads(text)

    def recorded(self) -> str:
        """The next interaction that it tells of."""
        while True:
            message = self.message()
            assert not message.get("reset")
            for change in message.get("changes", []):
                if "interactionRecorded" in change:
                    return change["interactionRecorded"]["interactionId"]


@pytest.fixture
def ada(client):
    """The id of a customer."""
    return client.gateway.CreateContact(
        gateway_contact_pb2.CreateContactRequest()
    ).contact_id


def _path(contact_id: str, token="") -> str:
    path = f"/v1/customers/{contact_id}:watch"
    return f"{path}?resume_token={token}" if token else path


def _touch(client, contact_id: str, fresh) -> str:
    answer = client.gateway.RecordTouch(touch_of(contact_id, fresh("r")))
    return answer.interaction.interaction_id


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["lines", "events"])
def test_a_script_sees_each_change_as_it_is_made(suite, client, ada, fresh, headers):
    with Lines(suite, _path(ada), headers) as stream:
        assert stream.reply.status == 200
        assert stream.message()["reset"]
        for _ in range(3):
            made = _touch(client, ada, fresh)
            assert stream.recorded() == made
        assert watchers(suite) == 1
    # It is noticed at once, and not with the next message.
    wait_until(lambda: watchers(suite) == 0, 2)


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["lines", "events"])
def test_what_is_refused_has_a_status(suite, ada, headers):
    for path, status in (
        (_path(ada, "bad"), 400),
        (_path("0190c1de-0000-7000-8000-000000000000"), 404),
    ):
        with Lines(suite, path, headers) as stream:
            assert stream.reply.status == status
            assert json.loads(stream.line())["error"]["code"] == status


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["lines", "events"])
def test_a_restart_ends_a_stream_with_a_token_that_goes_on(
    suite, client, ada, fresh, headers
):
    with Lines(suite, _path(ada), headers) as stream:
        token = stream.message()["resumeToken"]
        restart = threading.Thread(target=suite.restart, args=["gateway"])
        restart.start()
        lines = []
        while line := stream.line():
            lines.append(line)
        restart.join()
    told = [line.removeprefix("data: ") for line in lines]
    assert json.loads(told[-1])["error"]["status"] == "UNAVAILABLE"
    if headers:
        assert lines[-2] == "event: error"
    tokens = [json.loads(one) for one in told if '"resumeToken"' in one]
    token = {**tokens[-1], **tokens[-1].get("result", {})}["resumeToken"]
    made = _touch(client, ada, fresh)
    # As a browser's EventSource does it, or by the address.
    path = _path(ada, "" if headers else token)
    last = {"last-event-id": token} if headers else {}
    with Lines(suite, path, {**headers, **last}) as stream:
        assert stream.recorded() == made
