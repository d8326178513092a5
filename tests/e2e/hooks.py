"""Connectors of the tests, and requests as other systems send them."""

import base64
import hashlib
import hmac
import http.client
import json
import urllib.parse
from pathlib import Path

from kith.gateway.v1 import entry_pb2
from kith.gateway.v1 import hook_pb2
from kith.interactions.v1 import journal_pb2
from kithdev.client import Client

# Where senders reach the gateway, as they know it: a proxy stands between.
PUBLIC_URL = "https://crm.example.com"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

SECRETS = {
    "script.secret": "script-secret",
    "twilio.secret": "twilio-secret",
    "github.secret": "github-secret",
    # The one of the documentation of Standard Webhooks.
    "webhooks.secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}

_CONNECTORS = """
connectors {
  tenant: "demo" source: "leads" path: "/hooks/demo/leads" ready: "web-to-lead"
  answer {
    redirect {
      hosts: "www.shop.example" otherwise: "https://www.shop.example/thanks"
    }
  }
}
connectors {
  tenant: "demo" source: "form" path: "/hooks/demo/form" ready: "html-form"
  settings { key: "purpose" value: "SERVICE" }
}
connectors {
  tenant: "demo" source: "calls" path: "/hooks/demo/calls"
  ready: "five9-web2campaign"
  answer { redirect { hosts: "www.shop.example" } }
}
connectors {
  tenant: "demo" source: "messages" path: "/hooks/demo/messages"
  ready: "twilio-messages" signature { secret_file: "twilio.secret" }
}
connectors {
  tenant: "demo" source: "script" path: "/hooks/demo/script" ready: "json"
  signature { secret_file: "script.secret" }
}
connectors {
  tenant: "demo" source: "webhooks" path: "/hooks/demo/webhooks"
  ready: "standard-webhooks" signature { secret_file: "webhooks.secret" }
}
connectors {
  tenant: "demo" source: "orders" path: "/hooks/demo/orders"
  signature { scheme: SIGNATURE_SCHEME_TOKEN secret_file: "script.secret"
              token_path: "header.x-hook-token" }
  assurance: ASSURANCE_REPORTED
  body: HOOK_BODY_JSON
  touches {
    identities { channel: "EMAIL" value { path: "body.%s" } }
    set { field: "interaction.kind" value { constant: "NOTE" } }
  }
  answer { content_type: "application/json" body: "{\\"receipt\\":\\"{receipt}\\"}" }
}
"""


def write_connectors(folder: Path, orders_field: str = "mail") -> Path:
    """Writes the connectors file and its secrets. The source "orders" looks for the
    address in `orders_field`."""
    for name, secret in SECRETS.items():
        (folder / name).write_text(f"{secret}\n")
    path = folder / "connectors.textproto"
    # Readers see the old file or the new one.
    new = folder / "connectors.new"
    new.write_text(_CONNECTORS % orders_field)
    new.replace(path)
    return path


class Sender:
    """Sends requests to the gateway, each from an address of its own, as its proxy
    says."""

    def __init__(self, address: str):
        self.address = address
        self._clients = 0

    def __call__(self, path: str, body="", method="POST", client="", **headers):
        """The reply with its body, `body`. A dict is sent as a form."""
        if isinstance(body, dict):
            body = urllib.parse.urlencode(body)
        self._clients += 1
        high, low = divmod(self._clients, 250)
        sent = {
            "content-type": FORM,
            "x-forwarded-for": client or f"198.18.{high}.{low + 1}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        connection = http.client.HTTPConnection(self.address, timeout=30)
        connection.request(method, path, body, sent)
        reply = connection.getresponse()
        reply.body = reply.read().decode()
        connection.close()
        assert reply.headers["set-cookie"] is None
        return reply

    def event(self, path: str, event: dict, status: int = 200) -> str:
        """Sends JSON with the token of the script; answers the receipt."""
        reply = self(
            path,
            json.dumps(event),
            content_type=JSON,
            x_hook_token=SECRETS["script.secret"],
        )
        assert reply.status == status, reply.body
        return json.loads(reply.body)["receipt"]


def event_of(event_id: str, **customer: str) -> dict:
    """A note of a script of one's own about a customer."""
    return {"id": event_id, "kind": "NOTE", "customer": customer}


def twilio_signature(path: str, fields: dict, base: str = PUBLIC_URL) -> str:
    text = base + path + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = hmac.new(SECRETS["twilio.secret"].encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(digest.digest()).decode()


def webhook_signature(message_id: str, seconds: int, body: str) -> str:
    key = base64.b64decode(SECRETS["webhooks.secret"].removeprefix("whsec_"))
    text = f"{message_id}.{seconds}.{body}"
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def entry_of(client: Client, entry_id: str) -> journal_pb2.Entry:
    return client.gateway.GetEntry(entry_pb2.GetEntryRequest(entry_id=entry_id))


def entries_of(client: Client, source: str, **fields) -> list[journal_pb2.Entry]:
    """The newest entries of a source."""
    request = entry_pb2.ListEntriesRequest(
        filter=journal_pb2.EntryFilter(source=source, **fields), page_size=100
    )
    return list(client.gateway.ListEntries(request).entries)


def is_understood(client: Client, source: str, event: dict) -> bool:
    """Whether a source would understand an event, by its connector as it is now."""
    request = hook_pb2.TryHookRequest(source=source)
    request.request.headers.add(name="content-type", value=JSON)
    request.request.body = json.dumps(event).encode()
    return not client.gateway.TryHook(request).fault
