"""What people read of a watched customer, and that nothing ends it but them."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf import text_format
from kith.changes.v1 import change_pb2
from kith.gateway.v1 import watch_pb2

from kithdev.commands import watch
from kithdev.failure import Failure
from refused import Refused

_ID = "01932188-4900-7222-a41e-e764acbeb173"


class FakeGateway:
    """Answers a stream for each call: messages with these tokens, then its end."""

    def __init__(self, *streams):
        self._streams = list(streams)
        self.requests = []

    def WatchCustomer(self, request):
        self.requests.append((request.customer.value.value, request.resume_token))
        *tokens, end = self._streams.pop(0)
        for token in tokens:
            yield watch_pb2.WatchCustomerResponse(resume_token=token)
        raise Refused(end)


def lines(text):
    message = text_format.Parse(text, watch_pb2.WatchCustomerResponse())
    # Without the time, which is this machine's.
    return [line[12:] for line in watch.told(message)]


def test_a_stream_that_ends_goes_on_by_its_last_token(monkeypatch):
    monkeypatch.setattr(watch.time, "sleep", lambda seconds: None)
    away, wrong = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.NOT_FOUND
    gateway = FakeGateway(["a", "b", away], [away], ["c", wrong])
    read = []
    with pytest.raises(Failure, match="NOT_FOUND: as told"):
        for message in watch.follow(SimpleNamespace(gateway=gateway), "@nora"):
            read.append(message.resume_token)
    assert read == ["a", "b", "c"]
    assert gateway.requests == [("@nora", ""), ("@nora", "b"), ("@nora", "b")]


def test_each_change_is_a_line_in_words():
    told = lines(
        """
        changes { contact_updated {} }
        changes { stage_changed { old_stage: STAGE_LEAD stage: STAGE_CUSTOMER } }
        changes { identity_linked { channel: CHANNEL_PHONE } }
        changes { interaction_recorded { kind: KIND_SOCIAL_POST } }
        changes { contacts_merged { edges { absorbed_id: "b2" } } }
        changes { contacts_unmerged { edges { absorbed_id: "b2" } edges {} edges {} } }
        changes {}
        """
    )
    assert told == [
        "contact updated",
        "stage changed: customer",
        "identity linked: phone",
        "interaction recorded: social post",
        "contacts merged: b2",
        "contacts unmerged: b2 and 2 more",
        "something that a later version knows",
    ]


def test_a_token_alone_says_nothing_and_a_reset_does():
    assert not lines('resume_token: "t"')
    assert lines('reset: true resume_token: "t"') == ["anything may have changed"]


def test_lines_fit_a_terminal():
    message = watch_pb2.WatchCustomerResponse()
    edges = message.changes.add().contacts_unmerged.edges
    edges.extend([change_pb2.Edge(absorbed_id=_ID)] * 100)
    assert max(len(line) for line in watch.told(message)) <= 80
