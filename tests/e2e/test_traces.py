"""Spans, as a collector of others gets them from the real binaries."""

import http.client
import json
import subprocess
import time
import uuid

import pytest

import rest
from builders import mail, phone, touch, view_by, view_of, wait_until
from collector import (
    CLIENT,
    SERVER,
    Collector,
    is_call,
    is_statement,
    is_whole,
    service,
)
from conftest import BINARIES, PATIENT, start_suite
from kithdev.processes import OWNERS

GATEWAY_SERVICE = "kith.gateway.v1.GatewayService"
ROOTS = 0.1


@pytest.fixture(scope="module")
def collector():
    one = Collector().start()
    yield one
    one.kill()


@pytest.fixture(scope="module")
def suite(tmp_path_factory, collector):
    flags = [
        f"--trace_target=ipv4:127.0.0.1:{collector.port}",
        f"--trace_ratio={ROOTS}",
    ]
    one = start_suite(
        tmp_path_factory.mktemp("suite"),
        flags={**dict.fromkeys(OWNERS, flags), "gateway": [PATIENT, *flags]},
    )
    yield one
    one.stop()


class Caller:
    """A caller with a trace of its own for each call."""

    def __init__(self, flags: str = "01"):
        self.trace, self.span = uuid.uuid4().hex, uuid.uuid4().hex[:16]
        self.header = f"00-{self.trace}-{self.span}-{flags}"
        self.metadata = [("traceparent", self.header)]


def whole(collector, caller, services):
    """The spans of a call, once all of these services have sent theirs."""

    def is_there():
        spans = collector.trace(caller.trace)
        return is_whole(spans, caller.span) and set(services) <= set(
            map(service, spans)
        )

    wait_until(is_there)
    return collector.trace(caller.trace)


def dropped(suite, name, reason):
    connection = http.client.HTTPConnection(suite.services[name].address.ops)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    start = f'kith_trace_spans_dropped_total{{reason="{reason}"}} '
    (line,) = [line for line in text.splitlines() if line.startswith(start)]
    return float(line.removeprefix(start))


def check_parent(span, parent, root):
    """That a span hangs where what it is about was done."""
    assert int(span["start"]) <= int(span["end"])
    if is_statement(span):
        assert span["kind"] == CLIENT and parent["kind"] == SERVER
        assert service(span) == service(parent)
        area = span["attributes"]["db.name"].removeprefix("kith_")
        assert parent["attributes"]["rpc.service"].startswith(f"kith.{area}.")
        assert span["name"].startswith(span["attributes"]["db.operation"])
    elif span["kind"] == CLIENT:
        assert service(span) == service(root) and parent == root
    else:
        assert parent["kind"] == CLIENT and parent["name"] == span["name"]
        assert parent["start"] <= span["start"] <= span["end"] <= parent["end"]


def check_statements(spans, operation, there):
    """That all owners have found rows, and whether such a statement is there."""
    statements = [span for span in spans if is_statement(span)]
    for owner in OWNERS:
        schema = f"kith_{owner.removesuffix('-svc')}"
        own = [span for span in statements if span["attributes"]["db.name"] == schema]
        assert max(span["attributes"]["kith.rows"] for span in own) > 0, owner
    kinds = {span["attributes"]["db.operation"] for span in statements}
    assert (operation in kinds) == there, kinds


def test_a_touch_and_a_view_are_one_tree_each(suite, collector, client, fresh):
    number, address = fresh("phone"), fresh("mail")
    texts = {"subject": fresh("subject"), "body": fresh("body")}
    secrets = [number, address, *texts.values(), suite.token("demo")]
    recorded, viewed = Caller(), Caller()
    client.gateway.RecordTouch(
        touch(fresh("r"), phone(number), mail(address), **texts),
        metadata=recorded.metadata,
    )
    client.gateway.GetCustomerView(view_by(address), metadata=viewed.metadata)
    for caller, method in ((recorded, "RecordTouch"), (viewed, "GetCustomerView")):
        spans = whole(collector, caller, set(suite.processes))
        by_id = {span["id"]: span for span in spans}
        (root,) = [span for span in spans if span["parent"] == caller.span]
        assert root["resource"]["service.version"]
        assert service(root) == suite.processes[-1]
        assert root["name"] == f"{GATEWAY_SERVICE}/{method}"
        assert root["attributes"] == {
            "rpc.system": "grpc",
            "rpc.service": GATEWAY_SERVICE,
            "rpc.method": method,
            "rpc.grpc.status_code": 0,
            "kith.tenant": "demo",
        }
        for span in spans:
            if span is not root:
                check_parent(span, by_id[span["parent"]], root)
        check_statements(spans, "INSERT", there=method == "RecordTouch")
        told = json.dumps(spans)
        assert not [value for value in secrets if value in told]


def test_a_request_over_http_is_the_root_of_its_tree(suite, collector, customer):
    contact = customer("Ada").id
    caller = Caller()
    headers = {
        "traceparent": caller.header,
        "authorization": f"Bearer {suite.token('demo')}",
    }
    reply, _ = rest.call(
        suite.services["gateway"].address.http,
        "GET",
        f"/v1/customers/{contact}",
        headers=headers,
    )
    assert reply.getheader("x-trace-id") == caller.trace
    spans = whole(collector, caller, suite.processes[-1:])
    (root,) = [span for span in spans if span["parent"] == caller.span]
    assert root["kind"] == SERVER and root["name"] == root["attributes"]["http.route"]
    assert root["attributes"]["http.request.method"] == "GET"
    assert root["attributes"]["http.response.status_code"] == reply.status
    assert contact not in json.dumps(spans)


def test_a_failed_call_says_its_code_and_no_more(suite, collector, client):
    caller = Caller()
    unknown = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
    with pytest.raises(Exception, match="NOT_FOUND"):
        client.gateway.GetCustomerView(view_of(unknown), metadata=caller.metadata)
    spans = whole(collector, caller, suite.processes[-1:])
    (root,) = [span for span in spans if span["parent"] == caller.span]
    assert root["attributes"]["rpc.grpc.status_code"] == 5
    # Not a fault of the server.
    assert root["status"] == 0
    assert unknown not in json.dumps(spans)


def test_a_call_that_is_not_sampled_sends_nothing(suite, collector, client, customer):
    contact = customer("Bob").id
    quiet, loud = Caller("00"), Caller()
    client.gateway.GetCustomerView(view_of(contact), metadata=quiet.metadata)
    client.gateway.GetCustomerView(view_of(contact), metadata=loud.metadata)
    whole(collector, loud, set(suite.processes))
    assert not collector.trace(quiet.trace)


def test_of_500_calls_a_tenth_are_roots_of_whole_trees(
    suite, collector, client, customer
):
    contact = customer("Cid").id
    before = set(collector.traces())
    for _ in range(500):
        client.gateway.GetCustomerView(view_of(contact))
    # Spans are sent in the order in which they end, so these come last.
    last = Caller()
    client.gateway.GetCustomerView(view_of(contact), metadata=last.metadata)
    whole(collector, last, set(suite.processes))

    def rooted():
        return {
            trace: spans
            for trace, spans in collector.traces().items()
            if trace not in before
            and any(
                not span["parent"] and span["name"].endswith("/GetCustomerView")
                for span in spans
            )
        }

    wait_until(
        lambda: all(
            is_whole(spans) and set(map(service, spans)) == set(suite.processes)
            for spans in rooted().values()
        )
    )
    # The standard deviation is 6.7.
    assert 20 <= len(rooted()) <= 80


def test_calls_that_go_together_are_linked(suite, collector, client, customer):
    contact = customer("Dan").id
    callers = []
    for _ in range(5):
        together = [Caller() for _ in range(50)]
        calls = [
            client.gateway.GetCustomerView.future(
                view_of(contact), metadata=caller.metadata
            )
            for caller in together
        ]
        for call in calls:
            call.result()
        callers += together
    trees = [whole(collector, caller, suite.processes[-1:]) for caller in callers]
    links = [link for spans in trees for span in spans for link in span["links"]]
    assert links
    answered = {
        (span["trace"], span["parent"])
        for span in collector.spans()
        if span["kind"] == SERVER and is_call(span)
    }
    # What a call links to is a call that a service has answered.
    assert set(map(tuple, links)) <= answered


def test_a_collector_that_is_gone_or_silent_harms_nothing(
    suite, collector, client, customer
):
    contact = customer("Eve").id
    callers = []

    def view():
        callers.append(Caller())
        client.gateway.GetCustomerView(
            view_of(contact), metadata=callers[-1].metadata, wait_for_ready=True
        )

    def arrives():
        view()
        return any(
            set(suite.processes) <= set(map(service, collector.trace(caller.trace)))
            for caller in callers
        )

    for manner in (None, "silent"):
        collector.kill()
        if manner:
            collector.start(manner)
        before = dropped(suite, "gateway", "not_sent")
        start = time.monotonic()
        for _ in range(20):
            view()
        # Less than if each waited for a request of spans.
        assert time.monotonic() - start < 10
        wait_until(lambda: dropped(suite, "gateway", "not_sent") > before)
    # It ends though nobody takes its last spans, and does not wait out its drain.
    view()
    start = time.monotonic()
    suite.services["gateway"].stop()
    assert time.monotonic() - start < 10
    collector.kill()
    collector.start()
    suite.start_service("gateway")
    suite.wait_ready()
    callers.clear()
    # The links to it come back by themselves.
    wait_until(arrives)


def test_a_process_sends_its_last_spans_before_it_ends(
    suite, collector, client, customer
):
    contact = customer("Flo").id
    caller = Caller()
    client.gateway.GetCustomerView(view_of(contact), metadata=caller.metadata)
    suite.services["gateway"].stop()
    wait_until(
        lambda: suite.processes[-1] in map(service, collector.trace(caller.trace))
    )
    suite.start_service("gateway")
    suite.wait_ready()


@pytest.mark.parametrize(
    "flag, fault",
    [
        ("--trace_ratio=1.5", "--trace_ratio: 1.5, want 0 to 1"),
        ("--trace_ratio=nan", "--trace_ratio: nan, want 0 to 1"),
        ("--trace_target=dns:///collector:4317", "--trace_target"),
        ("--trace_tls_ca_file=/nonexistent", "--trace_tls_ca_file: no certificate"),
    ],
)
def test_a_bad_flag_is_told(flag, fault):
    done = subprocess.run(
        [BINARIES / "contacts-svc", flag],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2 and fault in done.stderr
