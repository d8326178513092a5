"""./dev read tells people how a value is read."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf import text_format
from kith.gateway.v1 import value_pb2
from kith.identity.v1 import identity_pb2

from kithdev.commands import read
from kithdev.failure import Failure
from refused import Refused

_ANSWER = text_format.Parse(
    """readings {
        reading {
            identity { channel: CHANNEL_PHONE normalized_value: "+14155552671" }
            reason: "a national number of US"
        }
        candidates { identity { contact_id: "a1" } }
    }
    readings {
        reading {
            identity { channel: CHANNEL_SOCIAL namespace: "x" normalized_value: "b" }
        }
    }
    readings {
        reading { identity { channel: CHANNEL_EXTERNAL normalized_value: "c" } }
        candidates { identity { contact_id: "c3" namespace: "shop" } }
    }
    readings {
        reading { identity { channel: CHANNEL_EMAIL } refusal: "it has no @" }
    }""",
    value_pb2.ReadValueResponse(),
)


def client(answer):
    """Of a gateway with this answer."""
    return SimpleNamespace(gateway=SimpleNamespace(ReadValue=answer))


def test_each_reading_is_told_with_its_reason_and_holder():
    shown = read.show(client(lambda _: _ANSWER), "typed").splitlines()
    assert [line.rstrip() for line in shown] == [
        "phone      +14155552671",
        "           a national number of US",
        "           held by a1",
        "x social   b",
        "           held by nobody",
        "external   c",
        "           held by c3 in shop",
        "email      refused: it has no @",
    ]


def test_the_channel_and_the_namespace_are_sent():
    asked = []

    def answer(request):
        asked.append(request.value)
        return value_pb2.ReadValueResponse()

    read.show(client(answer), "@ada", "social", "x")
    assert asked[0].channel == identity_pb2.CHANNEL_SOCIAL
    assert (asked[0].namespace, asked[0].value) == ("x", "@ada")


def test_what_fails_is_told():
    def refuse(_):
        raise Refused(grpc.StatusCode.UNAVAILABLE)

    with pytest.raises(Failure, match="answered UNAVAILABLE"):
        read.show(client(refuse), "@ada")
    with pytest.raises(Failure, match="faxes is no channel"):
        read.show(client(refuse), "@ada", "faxes")


def test_control_characters_are_shown_and_not_sent_to_the_terminal():
    answer = value_pb2.ReadValueResponse()
    answer.CopyFrom(_ANSWER)
    answer.readings[0].reading.identity.normalized_value = "a\x1b[2K\rb"
    answer.readings[3].reading.refusal = "\x1b]52;c;eA==\x07"
    shown = read.show(client(lambda _: answer), "typed")
    assert "phone      a\\x1b[2K\\rb\n" in shown
    assert "email      refused: \\x1b]52;c;eA==\\x07" in shown
