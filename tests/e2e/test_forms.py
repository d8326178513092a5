"""A public form records touches by the gateway, and does nothing else anywhere."""

import grpc
import pytest

from builders import ask, code, mail, phone, request_of, touch, wait_until
from kith.common.v1 import common_pb2
from kith.config.v1 import config_pb2
from kith.gateway.v1 import touch_pb2
from kithdev.client import SERVICES, Client

FORWARDER = "x-kith-gateway-authorization"
REFUSED = "an UNAUTHENTICATED key is taken from the gateway alone"


def of_forms(attribute: str) -> list[str]:
    """The methods of a service that want no assurance."""
    return [
        method.name
        for method in SERVICES[attribute].descriptor.methods
        if method.GetOptions().Extensions[common_pb2.assurance]
        == config_pb2.ASSURANCE_UNAUTHENTICATED
    ]


# What a touch calls in turn.
BEHIND = [
    f"{attribute}.{name}"
    for attribute in SERVICES
    if attribute != "gateway"
    for name in of_forms(attribute)
]


@pytest.fixture
def form(suite):
    """Calls with a key that anybody can read in a web page."""
    with Client(suite.targets(), suite.token("webform")) as one:
        yield one


def outcome(client: Client, method: str, credential: str = "") -> tuple[str, str]:
    """The code and the text that an empty request ends with."""
    attribute, _, name = method.partition(".")
    metadata = [(FORWARDER, f"Bearer {credential}")] if credential else []
    try:
        call = getattr(getattr(client, attribute), name)
        call(request_of(method, {}), metadata=metadata)
    except grpc.RpcError as error:
        return error.code().name, error.details()
    return "OK", ""


def test_a_form_records_touches_by_the_gateway(client, form, fresh):
    assert set(of_forms("gateway")) == {"RecordTouch", "BatchRecordTouches"}
    values = mail(fresh("mail")), phone(fresh("phone"))
    sent = form.gateway.RecordTouch(touch(fresh("r"), *values))
    assert sent.contact_created
    batch = touch_pb2.BatchRecordTouchesRequest(
        touches=[touch(fresh("r"), *values), touch(fresh("r"), mail(fresh("mail")))]
    )
    known, new = form.gateway.BatchRecordTouches(batch).results
    assert known.response.contact_id == sent.contact_id
    assert new.response.contact_created
    request = {"contact_id": sent.contact_id}
    assert ask(client, "contacts.GetContact", request).contact_id == sent.contact_id


@pytest.mark.parametrize("method", BEHIND)
def test_a_form_may_not_call_past_the_gateway(suite, client, form, method):
    for credential in (
        "",
        "kith_gateway_wrong",
        *map(suite.token, ("webform", "demo")),
    ):
        name, text = outcome(form, method, credential)
        assert (name, text.startswith(REFUSED)) == ("PERMISSION_DENIED", True), text
    # It is the gateway's key that matters, and only for a form.
    for caller, credential in (
        (form, suite.layout.gateway_key_file.read_text()),
        (client, ""),
    ):
        assert outcome(caller, method, credential)[0] == "INVALID_ARGUMENT"


def test_each_service_has_methods_that_a_touch_calls():
    assert {method.partition(".")[0] for method in BEHIND} == {
        "contacts",
        "identity",
        "interactions",
    }


def test_a_gateway_without_a_key_of_its_own_says_so_to_a_form(suite, fresh):
    replica = suite.start_replica("gateway", ["--service_key_file="])
    target = {"gateway": suite.targets()[replica]}
    try:
        with Client(target, suite.token("webform")) as form:
            with pytest.raises(grpc.RpcError) as error:
                form.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
        with Client(target, suite.token("demo")) as system:
            system.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
    finally:
        suite.services.pop(replica).stop()
    assert error.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert error.value.details().startswith(REFUSED)


def test_the_gateways_key_changes_while_all_run(suite, form, fresh):
    key_file = suite.layout.gateway_key_file
    old = key_file.read_text()
    key_file.unlink()
    suite.configure()
    assert key_file.read_text() != old
    method = BEHIND[0]
    wait_until(lambda: outcome(form, method, old)[0] == "PERMISSION_DENIED")

    def recorded() -> bool:
        request = touch(fresh("r"), mail(fresh("mail")))
        return code(form.gateway.RecordTouch, request) == grpc.StatusCode.OK

    wait_until(recorded)


def test_no_log_has_the_gateways_credential(suite, form, fresh):
    form.gateway.RecordTouch(touch(fresh("r"), mail(fresh("mail"))))
    secret = suite.layout.gateway_key_file.read_text().rpartition("_")[2]
    for log in suite.layout.logs.glob("*.log"):
        assert secret not in log.read_text(errors="replace"), log
