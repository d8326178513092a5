"""The tenants, the API keys and the passwords of a suite, as files."""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path

ALL_SCOPES = tuple(
    f"{area}.{access}"
    for area in ("contacts", "identity", "interactions", "customers")
    for access in ("read", "write")
) + ("changes.tail", "actors.assert")

# Of the gateway's own key: it reads the changes of all tenants, records what customers
# say by its links, what other systems send and the visits of web pages, and asks for
# consent before it records what is advertised. By changes.tail_all the services know
# whose key it is, when it forwards what a form sends or acts for a tenant.
GATEWAY_SCOPES = (
    "changes.tail",
    "changes.tail_all",
    "contacts.read",
    "contacts.write",
    "identity.read",
    "identity.write",
    "interactions.advertise",
    "interactions.read",
    "interactions.write",
    "journal.write",
)


@dataclass(frozen=True)
class Tenant:
    """A business, as in kith.config.v1.Tenant.

    `actions` are the fields of kith.config.v1.ActionRules, as textproto; `contact`
    those of kith.config.v1.ContactRules, `visits` those of kith.config.v1.VisitRules.
    """

    id: int
    slug: str
    region: str = "US"
    time_zone: str = "America/Los_Angeles"
    placeholders: tuple[str, ...] = ()
    actions: str = ""
    contact: str = ""
    visits: str = ""


@dataclass(frozen=True)
class ApiKey:
    """A credential, as in kith.config.v1.ApiKey, together with its secret.

    `limits` are the fields of kith.config.v1.CallLimits, as textproto.
    """

    id: str
    tenant: str
    scopes: tuple[str, ...] = ALL_SCOPES
    assurance: str = "ASSURANCE_REPORTED"
    limits: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)

    @property
    def token(self) -> str:
        """What the caller sends after "Bearer "."""
        return f"kith_{self.id}_{self.secret}"


def write_tenants(path: Path, tenants: list[Tenant]) -> None:
    """Writes a --tenants_file."""
    blocks = [
        _block(
            "tenants",
            [f"id: {tenant.id}"]
            + _strings("slug", tenant.slug)
            + _strings("region", tenant.region)
            + _strings("time_zone", tenant.time_zone)
            + _strings("placeholders", *tenant.placeholders)
            + [f"actions {{ {tenant.actions} }}"] * bool(tenant.actions)
            + [f"contact {{ {tenant.contact} }}"] * bool(tenant.contact)
            + [f"visits {{ {tenant.visits} }}"] * bool(tenant.visits),
        )
        for tenant in tenants
    ]
    _replace(path, "".join(blocks), 0o644)


def write_keys(path: Path, keys: list[ApiKey]) -> None:
    """Writes a --keys_file, which holds digests and no secret."""
    blocks = [
        _block(
            "keys",
            _strings("id", key.id)
            + _strings("secret_sha256", hashlib.sha256(key.secret.encode()).hexdigest())
            + _strings("tenant", key.tenant)
            + _strings("scopes", *key.scopes)
            + [f"assurance: {key.assurance}"]
            + [f"limits {{ {key.limits} }}"] * bool(key.limits),
        )
        for key in keys
    ]
    _replace(path, "".join(blocks), 0o600)


def write_secret(path: Path, secret: str) -> None:
    """Writes a file that its owner alone can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _replace(path, secret, 0o600)


def password(path: Path) -> str:
    """The password in a file; made at first use."""
    if not path.exists():
        write_secret(path, secrets.token_hex(24))
    return path.read_text()


def sealing_keys(path: Path) -> Path:
    """The path of a file with a key of 64 hexadecimal digits; made at first use."""
    if not path.exists():
        write_secret(path, secrets.token_hex(32) + "\n")
    return path


def gateway_key(path: Path, tenant: str) -> ApiKey:
    """The gateway's own key, whose token a file has; made at first use.

    No source reports with more assurance than it has, and who has sent a message is
    VERIFIED.
    """
    assurance = "ASSURANCE_VERIFIED"
    return kept_key(path, ApiKey("gateway", tenant, GATEWAY_SCOPES, assurance))


def kept_key(path: Path, key: ApiKey) -> ApiKey:
    """The key, but with the secret of the token in a file; made at first use."""
    if not path.exists():
        write_secret(path, key.token)
    _, key_id, secret = path.read_text().split("_")
    return replace(key, id=key_id, secret=secret)


def _strings(name: str, *values: str) -> list[str]:
    # A JSON string in ASCII is a textproto string too.
    return [f"{name}: {json.dumps(value)}" for value in values]


def _block(name: str, lines: list[str]) -> str:
    return f"{name} {{\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def _replace(path: Path, text: str, mode: int) -> None:
    """Puts a file in place as a whole, readable as asked from the start."""
    scratch = path.with_name(path.name + ".new")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    scratch.replace(path)
