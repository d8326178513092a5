"""./dev view asks the gateway more than once; each failure is told to people."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf import text_format
from kith.contacts.v1 import suggestion_pb2
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2

from kithdev.commands import view
from kithdev.failure import Failure
from refused import Refused

_ANSWERS = {
    "GetCustomerView": text_format.Parse(
        """view { contact {
            contact_id: "a1" canonical_id: "a1" member_ids: ["a1", "b2"]
        } }""",
        customer_view_pb2.GetCustomerViewResponse(),
    ),
    "ListMergeHistory": merge_pb2.ListMergeHistoryResponse(),
    "ListSuggestions": merge_pb2.ListSuggestionsResponse(
        suggestions=[suggestion_pb2.Suggestion(other_canonical_id="c3")]
    ),
    "BatchGetCustomerViews": text_format.Parse(
        'results { response { view { contact { display_name: "Cleo" } } } }',
        customer_view_pb2.BatchGetCustomerViewsResponse(),
    ),
}


def client(refusing="", code=grpc.StatusCode.UNAVAILABLE):
    """Of a gateway that refuses one method, and answers the others."""

    def answer(method):
        if method == refusing:
            raise Refused(code)
        return _ANSWERS[method]

    methods = {name: lambda _, name=name: answer(name) for name in _ANSWERS}
    return SimpleNamespace(gateway=SimpleNamespace(**methods))


def test_a_view_with_who_else_it_may_be():
    assert "may also be   c3 Cleo" in view.show(client(), "@nora")


@pytest.mark.parametrize("method", _ANSWERS)
def test_any_call_that_fails_is_told(method):
    with pytest.raises(Failure, match="answered UNAVAILABLE: as told") as failed:
        view.show(client(method), "@nora")
    assert "./dev logs gateway" in str(failed.value)


def test_nobody_is_no_failure_of_the_gateway():
    nobody = client("GetCustomerView", grpc.StatusCode.NOT_FOUND)
    with pytest.raises(Failure, match='No customer is known by "@nora"'):
        view.show(nobody, "@nora")
