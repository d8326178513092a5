"""Calls of every kind, so that each panel has data."""

import http.client
import json
import random
import ssl
import threading
import uuid
from pathlib import Path

import grpc

from builders import phone, ref, touch, touch_of, until_it_works, view_of
from kith.changes.v1 import changes_service_pb2
from kith.gateway.v1 import customer_view_pb2, watch_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.client import SERVICES, Client, request_type

_LANES = 4

_FORM = "application/x-www-form-urlencoded"


class Load:
    """Calls a suite until it is stopped.

    `token` may do all, `limited` has a limit that it runs into. All listen with
    `certificate`. Readers of feeds begin at the tokens of `positions`, or now;
    `self.positions` is where this one began.
    """

    def __init__(
        self,
        suite,
        token: str,
        limited: str,
        certificate: Path,
        positions: dict[str, str] | None = None,
    ):
        self._suite = suite
        self._token = token
        self._stopping = threading.Event()
        self._faults: list[Exception] = []
        self._context = ssl.create_default_context(cafile=certificate)
        self._client, self._limited, self._stranger = (
            Client(
                suite.targets(),
                each,
                credentials=grpc.ssl_channel_credentials(certificate.read_bytes()),
            )
            for each in (token, limited, "e30.e30.e30")
        )
        self.positions: dict[str, str] = {}
        self._streams = self._tail(positions or {})
        # Services that have just started are back at the gateway within seconds.
        self._customer = until_it_works(lambda _: self._make_customer(), None)
        self._streams.append(self._watch())
        jobs = [self._lane] * _LANES + [self._edge, self._refusals]
        self._threads = [
            threading.Thread(target=self._run, args=(job,), daemon=True) for job in jobs
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends it. Fails if a call failed that should not have."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        for stream in self._streams:
            stream.cancel()
        for client in (self._client, self._limited, self._stranger):
            client.close()
        assert not self._faults, self._faults

    def _run(self, job) -> None:
        try:
            while not self._stopping.is_set():
                job()
        except Exception as fault:  # For the thread that stops it.
            self._faults.append(fault)

    def _make_customer(self) -> str:
        """One of 80,000, so most are new; numbers are for fiction."""
        area, line = random.randrange(201, 1000), random.randrange(100, 200)
        number = phone(f"+1{area}555{line:04}")
        made = self._client.gateway.RecordTouch(touch(f"{uuid.uuid4()}", number))
        return made.contact_id

    def _tail(self, positions: dict[str, str]) -> list:
        """A reader of each feed."""
        streams = []
        for name in filter(lambda name: name.endswith("_changes"), SERVICES):
            request = changes_service_pb2.TailChangesRequest(
                resume_token=positions.get(name, "")
            )
            streams.append(getattr(self._client, name).TailChanges(request))
            self.positions[name] = next(streams[-1]).resume_token
        return streams

    def _watch(self):
        request = watch_pb2.WatchCustomerRequest(customer=ref(self._customer))
        stream = self._client.gateway.WatchCustomer(request)
        next(stream)
        return stream

    def _lane(self) -> None:
        """Touches and views, several at once, so that some are joined."""
        contact_id = self._make_customer()
        self._client.gateway.GetCustomerView(view_of(contact_id))

    def _refusals(self) -> None:
        """What fails by the caller's fault, at the gateway and at each service."""
        unknown = view_of(str(uuid.uuid4()))
        _refused(lambda: self._client.gateway.GetCustomerView(unknown))
        # By the service behind.
        page = customer_view_pb2.ListInteractionsRequest(
            customer=ref(self._customer), page_token="none"
        )
        _refused(lambda: self._client.gateway.ListInteractions(page))
        # Nobody has consented to advertising.
        advertising = touch_of(
            self._customer, f"{uuid.uuid4()}", kind=interaction_pb2.KIND_AD
        )
        _refused(lambda: self._client.gateway.RecordTouch(advertising))
        _refused(lambda: self._limited.gateway.GetCustomerView(unknown))
        for name, service in SERVICES.items():
            method = service.descriptor.methods[0]
            if not method.server_streaming:
                call = getattr(getattr(self._stranger, name), method.name)
                _refused(lambda: call(request_type(method)()))
        self._stopping.wait(0.05)

    def _edge(self) -> None:
        """Each protocol of HTTP, a form, and a stream, which ends."""
        address = self._suite.services["gateway"].address.http
        web = http.client.HTTPSConnection(address, context=self._context, timeout=20)
        headers = {"authorization": f"Bearer {self._token}"}
        path = f"/v1/customers/{self._customer}"
        rpc = "/kith.gateway.v1.GatewayService/GetCustomerView"
        body = json.dumps({"customer": {"contactId": self._customer}}).encode()
        framed = b"\0" + len(body).to_bytes(4, "big") + body
        for method, target, content, kind in (
            ("GET", path, None, ""),
            ("GET", "/nowhere", None, ""),
            ("POST", rpc, body, "application/json"),
            ("POST", rpc, framed, "application/grpc-web+json"),
            ("POST", "/hooks/demo/form", b"email=ada@example.com", _FORM),
        ):
            web.request(method, target, content, headers | {"content-type": kind})
            web.getresponse().read()
        web.request("GET", f"{path}:watch", headers=headers)
        web.getresponse().readline()
        web.close()


def _refused(call) -> None:
    try:
        call()
    except grpc.RpcError:
        return
    raise AssertionError("a call that should fail did not")
