"""Values of older reading rules are read again by the real binary, while all serve."""

import json
import subprocess

from builders import ask, mail, touch, view_of, wait_until
from kith.identity.v1 import identity_pb2
from kithdev.processes import IDENTITY
from watching import Watch

HANDLES = 300


def handle(name: str) -> identity_pb2.ChannelValue:
    return identity_pb2.ChannelValue(
        channel=identity_pb2.CHANNEL_SOCIAL, namespace="x", value=name
    )


def set_back(suite, name: str) -> None:
    """Has handles as if older rules had read them to the letter: `@name...`."""
    text = "CONCAT('6:social1:x', LENGTH(value), ':', value)"
    key = f"UNHEX(LEFT(SHA2({text}, 256), 32))"
    these = f"namespace = 'x' AND value LIKE '@{name}%'"
    joined = "AS t JOIN identities USING (tenant_id, identity_key)"
    for sql in (
        f"UPDATE holdings {joined} SET t.identity_key = {key} WHERE {these}",
        f"UPDATE contact_identities {joined} SET t.identity_key = {key} WHERE {these}",
        f"DELETE t FROM identity_values {joined} WHERE {these}",
        f"UPDATE identities SET identity_key = {key}, normalized = value, rules = 1 "
        f"WHERE {these}",
        "INSERT INTO identity_values SELECT tenant_id, channel, normalized, "
        f"identity_key FROM identities WHERE {these}",
    ):
        suite.database.execute(sql, "kith_identity")


def reread(suite, work: str) -> tuple[int, list[dict]]:
    """The exit code, and the lines that were printed."""
    done = suite.reread(work, capture_output=True, text=True, timeout=60)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def claim_all(client, names: list[str]) -> dict[str, str]:
    """The holder of each handle, a contact of its own."""
    held = {}
    for number, name in enumerate(names):
        contact = f"0192f0c1-2a3b-7c4d-8e5f-{number:012x}"
        claim = {"values": [handle(f"@{name}")], "proposed_contact_id": contact}
        held[name] = ask(client, "identity.ClaimIdentities", claim).contact_id
    return held


def holders(client, names: list[str]) -> dict[str, str]:
    """The holders of those handles that have one."""
    requests = [{"value": handle(name)} for name in names]
    answer = ask(client, "identity.BatchResolveIdentities", {"requests": requests})
    return {
        name: one.response.candidates[0].identity.contact_id
        for name, one in zip(names, answer.results)
        if one.response.candidates
    }


def test_values_are_read_again_whatever_is_killed(suite, client, fresh):
    names = [fresh("alice") for _ in range(HANDLES)]
    held = claim_all(client, names)
    assert holders(client, names) == held
    set_back(suite, "alice")
    code, lines = reread(suite, "list")
    assert code == 1 and lines[-1]["moves"] == HANDLES
    assert not holders(client, names)
    assert reread(suite, "alias")[0] == 0
    assert holders(client, names) == held
    # Killed in the middle, again and again, it loses nothing.
    for _ in range(3):
        with subprocess.Popen(
            suite.command(IDENTITY, "--reread_values=move"),
            stdout=subprocess.PIPE,
            text=True,
        ) as move:
            assert json.loads(move.stdout.readline())["reading"] == "moves"
            move.kill()
        assert holders(client, names) == held
    assert reread(suite, "move")[0] == 0
    assert holders(client, names) == held
    assert reread(suite, "move") == (0, [])
    assert suite.lookups(IDENTITY, "check", capture_output=True).returncode == 0


def test_a_view_and_its_watchers_see_the_value_as_it_is(suite, client, fresh):
    name = fresh("bob")
    request = touch(fresh("r"), mail(fresh("mail")), handle(f"@{name}"))
    contact = client.gateway.RecordTouch(request).contact_id

    def shown() -> list[str]:
        view = client.gateway.GetCustomerView(view_of(contact)).view
        return [one.normalized_value for one in view.identities]

    set_back(suite, "bob")
    assert f"@{name}" in shown()
    watch = Watch([client], contact, read=shown)
    assert reread(suite, "move")[0] == 0
    wait_until(lambda: watch.view and name in watch.view)
    watch.stop()
    assert f"@{name}" not in shown()


def test_what_is_no_work_is_refused(suite):
    done = suite.reread("x", capture_output=True, text=True)
    assert done.returncode == 2 and "want list, alias or move" in done.stderr
