"""Lookups are checked and rebuilt by the real binaries, while all serve."""

import json
import signal
import socket
import subprocess

import grpc
import pytest

from builders import ask, code, link_of, mail, phone, touch, view_by, wait_until
from conftest import BINARIES
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import merge_pb2
from kith.interactions.v1 import interaction_pb2
from kithdev.failure import Failure
from kithdev.processes import OWNERS

CONTACTS, IDENTITY, INTERACTIONS = OWNERS
NOT_FOUND = grpc.StatusCode.NOT_FOUND


def holder_of(client, value) -> str:
    resolved = ask(client, "identity.ResolveIdentity", {"value": value})
    return resolved.candidates[0].identity.contact_id


def lookups(suite, name: str, work: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    done = suite.lookups(name, work, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout


def met(client, fresh, value) -> str:
    request = touch(fresh("r"), value)
    request.contact.display_name = "Ada King"
    request.contact.attributes["birthday"] = "1815-12-10"
    return client.gateway.RecordTouch(request).contact_id


def suggested(client, contact_id: str) -> list[str]:
    customer = customer_view_pb2.CustomerRef(contact_id=contact_id)
    request = merge_pb2.ListSuggestionsRequest(customer=customer)
    found = client.gateway.ListSuggestions(request).suggestions
    return [suggestion.other_id for suggestion in found]


def test_contacts_of_before_there_were_match_keys_are_healed(suite, client, fresh):
    caller = met(client, fresh, phone(fresh("phone")))
    writer = met(client, fresh, mail(fresh("mail")))
    for table in ("match_keys", "match_locks", "suggestions"):
        suite.database.execute(f"DELETE FROM kith_contacts.{table}")
    assert not suggested(client, caller)
    clean = (
        "group_members: 0 rows compared, 0 missing, 0 extra{0}\n"
        "merge_causes: 0 rows compared, 0 missing, 0 extra{0}\n"
    )
    assert lookups(suite, CONTACTS, "check") == (
        1,
        clean.format("") + "match_keys: 2 rows compared, 2 missing, 0 extra\n",
    )
    mended = "match_keys: 2 rows compared, 2 missing, 0 extra, 2 mended\n"
    assert lookups(suite, CONTACTS, "rebuild") == (
        0,
        clean.format(", 0 mended") + mended,
    )
    assert lookups(suite, CONTACTS, "check")[0] == 0
    assert suggested(client, caller) == [writer]


def test_values_are_found_again(suite, client, fresh):
    value = phone(fresh("phone"))
    contact = client.gateway.RecordTouch(touch(fresh("r"), value)).contact_id
    assert lookups(suite, IDENTITY, "check")[0] == 0
    suite.database.execute(
        "UPDATE kith_identity.contact_identities SET contact_id = REPEAT('x', 16) "
        f"WHERE contact_id = UNHEX('{contact.replace('-', '')}')"
    )
    code, told = lookups(suite, IDENTITY, "check")
    assert code == 1 and ", 1 missing, 1 extra\n" in told
    code, told = lookups(suite, IDENTITY, "rebuild")
    assert code == 0 and ", 1 missing, 1 extra, 2 mended\n" in told
    assert lookups(suite, IDENTITY, "check")[0] == 0


def test_values_of_contacts_that_do_not_exist_are_found_and_freed(suite, client, fresh):
    """As touches leave them that are cut off behind their claims."""
    live, left, late = mail(fresh("mail")), mail(fresh("mail")), mail(fresh("mail"))
    ada = client.gateway.RecordTouch(touch(fresh("r"), live)).contact_id
    nobody, made = "0192f0c1-2a3b-7c4d-8e5f-607182930001", ada[:-4] + "0002"
    for value, holder in ((left, nobody), (late, made)):
        claim = {"values": [value], "proposed_contact_id": holder}
        ask(client, "identity.ClaimIdentities", claim)
    assert left.value not in suite.missing_holders(), "a touch may still make it"
    wait_until(lambda: suite.missing_holders().count("\n") == 2)
    missing = suite.missing_holders()
    assert f'"contact_id":"{nobody}","value":"e-mail {left.value}"' in missing
    freed = suite.free_values(missing)
    assert freed.count("\n") == 2 and ada not in freed
    # Made after it was looked for, by a touch that had its value.
    ask(client, "contacts.EnsureContact", {"contact_id": made})
    returned = suite.return_values(freed)
    assert made in returned and nobody not in returned
    assert holder_of(client, live) == ada
    assert holder_of(client, late) == made
    assert code(client.gateway.GetCustomerView, view_by(left.value)) == NOT_FOUND
    assert suite.missing_holders() == ""
    # The value is anybody's.
    assert client.gateway.LinkIdentity(link_of(ada, left)).identity.contact_id == ada


def test_contacts_have_their_places_in_queues_again(suite, client, fresh):
    called = {"kind": interaction_pb2.KIND_CALL}
    called["direction"] = interaction_pb2.DIRECTION_INBOUND
    called["outcome"] = interaction_pb2.OUTCOME_MISSED
    missed = touch(fresh("r"), phone(fresh("phone")), **called)
    contact = client.gateway.RecordTouch(missed).contact_id
    assert lookups(suite, INTERACTIONS, "check")[0] == 0
    suite.database.execute(
        "UPDATE kith_interactions.action_queue SET rank_micros = 7 "
        f"WHERE contact_id = UNHEX('{contact.replace('-', '')}')"
    )
    code_, told = lookups(suite, INTERACTIONS, "check")
    assert code_ == 1 and ", 1 missing, 1 extra\n" in told
    code_, told = lookups(suite, INTERACTIONS, "rebuild")
    assert code_ == 0 and ", 1 missing, 1 extra, 2 mended\n" in told
    assert lookups(suite, INTERACTIONS, "check")[0] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_rebuild_can_be_interrupted(number):
    # A database that does not answer.
    with socket.create_server(("127.0.0.1", 0)) as database:
        port = database.getsockname()[1]
        with subprocess.Popen(
            [
                BINARIES / CONTACTS,
                "--rebuild_lookups",
                f"--db_address=tcp:127.0.0.1:{port}",
                "--db_user=u",
                "--db_name=n",
            ]
        ) as rebuild:
            with database.accept()[0]:
                rebuild.send_signal(number)
                assert rebuild.wait(30) == -number


def test_faults_are_told(tmp_path):
    def run(*flags: str) -> subprocess.CompletedProcess:
        command = [BINARIES / CONTACTS, *flags, f"--db_address=unix:{tmp_path}/none"]
        command += ["--db_user=u", "--db_name=n"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for other in ("--rebuild_lookups", "--contacts=missing"):
        done = run("--check_lookups", other)
        assert done.returncode == 2
        assert "want one of them" in json.loads(done.stderr)["fault"]
    for work in ("--check_lookups", "--contacts=missing"):
        done = run(work)
        assert done.returncode == 1
        assert "cannot be reached" in json.loads(done.stderr)["error"]


@pytest.mark.parametrize("name, flag", [(CONTACTS, "contacts"), (IDENTITY, "holdings")])
def test_a_task_that_is_none_is_refused(suite, name, flag):
    with pytest.raises(Failure, match=f"--{flag}: want "):
        suite.run_task(name, f"--{flag}=x", "")
