"""People who call with a token of an issuer (JWT) instead of an API key.

The tokens are made by `jose` from npm, once for all tests; each is sent to the real
gateway by gRPC and by REST.
"""

import json
import urllib.request
import uuid

import grpc
import pytest

import rest
from builders import external, touch, view_of, wait_until
from conftest import KEYS, PATIENT, start_suite
from groups import AGENT, ROBOT, merge_of, unmerge_of
from jose_tokens import make_tokens
from kith.contacts.v1 import contact_pb2, group_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.identity.v1 import identity_pb2
from kithdev.client import Client
from kithdev.credentials import ALL_SCOPES, ApiKey
from kithdev.processes import NAMES

SCOPES = [scope for scope in ALL_SCOPES if scope != "actors.assert"]
CLAIMS = {
    "iss": "https://login.example.com",
    "aud": "kith",
    "sub": "u-7",
    "email": "bea@example.com",
    "email_verified": True,
    "org": "demo",
    "scope": " ".join(["openid", *SCOPES]),
}
BEA = group_pb2.Actor(kind=group_pb2.ACTOR_KIND_PERSON, name="bea@example.com")

ISSUERS = f"""
issuers {{
  id: "corp"
  issuer: "https://login.example.com"
  audiences: "kith"
  jwks_file: "corp.jwks.json"
  tenant_claim: "org"
  tenants: "demo"
  tenants: "other"
  scopes_claim: "scope"
  roles_claim: "roles"
  roles {{ name: "agent" scopes: {json.dumps(SCOPES)} }}
  allowed_scopes: {json.dumps(SCOPES)}
  name_claim: "email"
  assurance: ASSURANCE_REPORTED
}}
"""
WANTED = "want metadata"
# Larger than what gRPC or the edge take as headers.
TOO_LARGE = (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAUTHENTICATED)


@pytest.fixture(scope="module")
def tokens():
    """JWK Sets and tokens, by name."""
    return make_tokens(CLAIMS)


@pytest.fixture(scope="module")
def folder(tokens, tmp_path_factory):
    """Where the issuers file and its keys are."""
    place = tmp_path_factory.mktemp("issuers")
    (place / "issuers.textproto").write_text(ISSUERS)
    write_jwks(place, json.dumps(tokens["jwks"]))
    return place


@pytest.fixture(scope="module")
def suite(folder, tmp_path_factory):
    """A suite whose four processes know the issuer."""
    flags = {name: [f"--issuers_file={folder}/issuers.textproto"] for name in NAMES}
    flags["gateway"].append(PATIENT)
    keys = [*KEYS, ApiKey("noactors", "demo", scopes=tuple(SCOPES))]
    one = start_suite(tmp_path_factory.mktemp("suite"), keys, flags=flags)
    yield one
    one.stop()


@pytest.fixture
def caller(suite):
    """Makes clients who send a token: caller(token)."""
    made = []

    def make(token: str) -> Client:
        made.append(Client(suite.targets(), token))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def bea(caller, tokens):
    """Calls with a good token."""
    return caller(tokens["good"]["es256"])


def write_jwks(folder, text: str) -> None:
    new = folder / "corp.jwks.json.new"
    new.write_text(text)
    new.replace(folder / "corp.jwks.json")


def by_rest(suite, token: str, path: str, method="GET", body=None):
    """Status and JSON of a reply by REST."""
    address = suite.services["gateway"].address.http
    headers = {"authorization": f"Bearer {token}"}
    reply, answer = rest.call(address, method, path, body, headers)
    return reply.status, answer


def code_of(call, request):
    """Code and text of a call by gRPC."""
    try:
        call(request)
    except grpc.RpcError as error:
        return error.code(), error.details()
    return grpc.StatusCode.OK, ""


def make_contact(client: Client) -> str:
    request = gateway_contact_pb2.CreateContactRequest()
    return client.gateway.CreateContact(request).contact_id


def test_a_good_token_reads_and_writes_by_all_protocols(suite, caller, tokens):
    for name, token in tokens["good"].items():
        contact_id = make_contact(caller(token))
        view = caller(token).gateway.GetCustomerView(view_of(contact_id))
        assert view.view.canonical_id == contact_id, name
        status, reply = by_rest(suite, token, f"/v1/customers/{contact_id}")
        assert status == 200 and reply["view"]["canonicalId"] == contact_id, name


def test_a_bad_token_is_nobody_and_learns_nothing(suite, client, tokens):
    contact_id = make_contact(client)
    texts = set()
    sent = 0
    with Client(suite.targets(), None) as nobody:
        call = nobody.gateway.GetCustomerView
        for reason, bad in tokens["bad"].items():
            before = _refused(suite, reason)
            for name, token in bad.items():
                with pytest.raises(grpc.RpcError) as error:
                    call(
                        view_of(contact_id),
                        metadata=[("authorization", f"Bearer {token}")],
                    )
                assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED, name
                texts.add(error.value.details())
                status, reply = by_rest(suite, token, f"/v1/customers/{contact_id}")
                assert status == 401, name
                texts.add(reply["error"]["message"])
                # For this reason, and not for some other that hides it.
                before += 2
                assert _refused(suite, reason) == before, name
                sent += 1
        texts.add(code_of(call, view_of(contact_id))[1])
    assert sent >= 80
    # The same for all, and for who has none.
    (text,) = texts
    assert text.startswith(WANTED)


def test_each_process_looks_at_the_token_itself(caller, client, tokens):
    contact_id = make_contact(client)
    request = contact_pb2.GetContactRequest(contact_id=contact_id)
    values = identity_pb2.ListIdentitiesRequest()
    values.sets.add(contact_ids=[contact_id])
    good = caller(tokens["good"]["rs256"])
    assert good.contacts.GetContact(request).contact_id == contact_id
    for reason, name in (
        ("expired", "expired"),
        ("signature", "key_of_another_ec"),
        ("signature", "signature_in_der"),
        ("algorithm", "hs256_with_the_public_key"),
    ):
        bad = caller(tokens["bad"][reason][name])
        for call, asked in (
            (bad.contacts.GetContact, request),
            (bad.identity.ListIdentities, values),
        ):
            assert code_of(call, asked)[0] == grpc.StatusCode.UNAUTHENTICATED, name


def test_a_huge_token_is_refused_before_it_is_read(suite, caller, tokens):
    huge = tokens["other"]["huge"]
    assert len(huge) > 8192
    call = caller(huge).gateway.GetCustomerView
    assert code_of(call, view_of(str(uuid.uuid4())))[0] in TOO_LARGE
    status, _ = by_rest(suite, huge, f"/v1/customers/{uuid.uuid4()}")
    assert status in (401, 429, 431)


def test_a_token_has_no_scope_that_is_not_allowed(suite, caller, tokens):
    contact_id = make_contact(caller(tokens["other"]["by_role"]))
    for name in ("no_scopes", "scopes_beyond"):
        token = tokens["other"][name]
        code, text = code_of(caller(token).gateway.GetCustomerView, view_of(contact_id))
        assert code == grpc.StatusCode.PERMISSION_DENIED, name
        assert text == "the token lacks the scope customers.read"
        assert by_rest(suite, token, f"/v1/customers/{contact_id}")[0] == 403, name


def test_a_token_acts_for_its_tenant_alone(caller, client, tokens):
    contact_id = make_contact(client)
    other = caller(tokens["other"]["another_tenant"])
    code, _ = code_of(other.gateway.GetCustomerView, view_of(contact_id))
    assert code == grpc.StatusCode.NOT_FOUND


def test_who_calls_with_a_token_is_the_actor(suite, bea, caller, tokens):
    one, two, three = (make_contact(bea) for _ in range(3))
    nobody = group_pb2.Actor()
    merged = bea.gateway.MergeContacts(merge_of(one, two, actor=nobody))
    assert merged.edges[0].actor == BEA
    merged = bea.gateway.MergeContacts(merge_of(one, three, actor=BEA))
    assert merged.edges[0].actor == BEA
    for actor in (AGENT, ROBOT):
        for call, request in (
            (bea.gateway.MergeContacts, merge_of(one, two, actor=actor)),
            (bea.gateway.UnmergeContacts, unmerge_of(two, actor=actor)),
        ):
            code, text = code_of(call, request)
            assert code == grpc.StatusCode.PERMISSION_DENIED
            assert "not the person of the token" in text
    # By REST, without a line about it.
    cy = tokens["other"]["another_person"]
    undo = {"allEdges": True}
    status, reply = by_rest(suite, cy, f"/v1/customers/{two}:unmerge", "POST", undo)
    assert status == 200
    (edge,) = reply["group"]["removedEdges"]
    assert edge["reversal"]["actor"] == {
        "kind": "ACTOR_KIND_PERSON",
        "name": "cy@example.com",
    }


def test_a_key_states_a_person_only_with_the_scope(suite, client):
    one, two = (make_contact(client) for _ in range(2))
    with Client(suite.targets(), suite.token("noactors")) as system:
        call = system.gateway.MergeContacts
        code, text = code_of(call, merge_of(one, two, actor=AGENT))
        assert code == grpc.StatusCode.PERMISSION_DENIED
        assert "lacks the scope actors.assert" in text
        assert call(merge_of(one, two, actor=ROBOT)).edges[0].actor == ROBOT
        code, text = code_of(call, merge_of(one, two, actor=group_pb2.Actor()))
        assert code == grpc.StatusCode.INVALID_ARGUMENT
    assert client.gateway.UnmergeContacts(unmerge_of(two, actor=AGENT))


def test_a_touch_by_a_person_merges_visitors_as_any_other(bea, fresh):
    visitor = identity_pb2.ChannelValue(
        channel=identity_pb2.CHANNEL_VISITOR, value=str(uuid.uuid4())
    )
    customer = external("shop", fresh("customer"))
    first = bea.gateway.RecordTouch(touch(fresh("r"), visitor))
    second = bea.gateway.RecordTouch(touch(fresh("r"), customer))
    both = bea.gateway.RecordTouch(touch(fresh("r"), customer, visitor))
    assert list(both.merged_visitor_ids) == [first.contact_id]
    assert both.contact_id == second.contact_id


def test_keys_are_rotated_while_all_run(suite, folder, caller, tokens):
    old, new = tokens["good"]["es256"], tokens["other"]["rotated"]
    gateway = caller(new).gateway
    asked = view_of(str(uuid.uuid4()))

    def knows(token: str) -> bool:
        code, _ = code_of(caller(token).gateway.GetCustomerView, asked)
        # The services behind have read the keys as well.
        return code == grpc.StatusCode.NOT_FOUND

    assert code_of(gateway.GetCustomerView, asked)[0] == grpc.StatusCode.UNAUTHENTICATED
    try:
        write_jwks(folder, json.dumps(tokens["rotated"]))
        wait_until(lambda: knows(new))
        wait_until(lambda: not knows(old))
        broken = _metric(suite, "kith_jwks_reload_failures_total")
        write_jwks(folder, '{"keys": [')
        wait_until(lambda: _metric(suite, "kith_jwks_reload_failures_total") > broken)
        assert knows(new)
    finally:
        write_jwks(folder, json.dumps(tokens["jwks"]))
        wait_until(lambda: knows(old))


def test_log_and_metrics_tell_why_and_nothing_of_the_token(suite, caller, tokens):
    before = _refused(suite, "expired")
    expired = tokens["bad"]["expired"]["expired"]
    call = caller(expired).gateway.GetCustomerView
    code_of(call, view_of(str(uuid.uuid4())))
    assert _refused(suite, "expired") == before + 1
    log = suite.log("gateway").read_text()
    lines = [json.loads(line) for line in log.splitlines() if "token refused" in line]
    assert {"issuer": "corp", "reason": "expired"}.items() <= lines[-1].items()
    for part in expired.split("."):
        assert part not in log
    assert "bea@example.com" not in log


def _refused(suite, reason: str) -> float:
    """How many tokens the gateway has refused for a reason."""
    return _metric(suite, "kith_tokens_refused_total", f'reason="{reason}"')


def _metric(suite, name: str, label: str = "") -> float:
    """The sum of what the gateway has under a name, with a label if one is given."""
    address = suite.services["gateway"].address.ops
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as reply:
        lines = reply.read().decode().splitlines()
    return sum(
        float(line.split()[-1])
        for line in lines
        if line.startswith(name) and label in line
    )
