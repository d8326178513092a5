"""Backup, and restore to a point in time: what is served, and what readers are told."""

import re
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest

from builders import (
    code,
    touch_of,
    until_it_works,
    view_of,
    wait_until,
    whole_view,
)
from conftest import PATIENT, start_suite
from kith.changes.v1 import changes_service_pb2
from kith.gateway.v1 import contact_pb2 as gateway_contact_pb2
from kith.gateway.v1 import touch_pb2
from kithdev.client import Client
from kithdev.mariadb import CONFIG
from kithdev.paths import ROOT
from kithdev.processes import GATEWAY, OWNERS
from kithdev.suite import Suite
from watching import Watch, watch_of

# The statements that the page has for the user of backups, and its password there.
_PAGE = (ROOT / "docs" / "operations.md").read_text()
_USER = re.search(r"^CREATE USER backup@[^`]*", _PAGE, re.M)[0]
_PASSWORD = re.search(r"IDENTIFIED BY '(.*)'", _USER)[1]


class Restorable:
    """A suite whose MariaDB has a binlog, and where its backup lies."""

    def __init__(self, suite: Suite, directory: Path):
        self.suite = suite
        self.database = suite.database
        self._binlogs = directory / "binlog"
        self._backup = directory / "backup"
        self._data = suite.layout.directory / "database" / "data"

    def back_up(self) -> None:
        """Copies the data while all write, as the user of the page."""
        # GRANT makes no user then: a name that differs is found.
        strict = "SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_CREATE_USER');"
        self.database.execute(strict + _USER)
        _run(
            "mariadb-backup",
            f"--defaults-file={CONFIG}",
            "--backup",
            "--user=backup",
            f"--password={_PASSWORD}",
            f"--socket={self.database.socket}",
            f"--target-dir={self._backup}",
        )

    def restore(self, until: int) -> None:
        """Puts the data in place as they were at a second; no service may run."""
        self.database.execute("FLUSH BINARY LOGS")
        self.database.stop()
        _run("mariadb-backup", "--prepare", f"--target-dir={self._backup}")
        self._data.rename(self._data.with_name("data.lost"))
        _run(
            "mariadb-backup",
            "--copy-back",
            f"--target-dir={self._backup}",
            f"--datadir={self._data}",
        )
        name, position = self._end_of_backup()
        written = _run(
            "mariadb-binlog",
            # They are statements as comments, with the bytes of values.
            "--skip-annotate-row-events",
            f"--start-position={position}",
            # In the time zone of the machine.
            f"--stop-datetime={time.strftime('%F %T', time.localtime(until))}",
            *self._binlogs_from(name),
        )
        self.database.start()
        self.database.execute(written)

    def _end_of_backup(self) -> list[str]:
        """The file and the position of the binlog up to which the backup has all."""
        return (self._backup / "xtrabackup_binlog_info").read_text().split()[:2]

    def _binlogs_from(self, name: str) -> list[str]:
        paths = sorted(self._binlogs.glob("kith.[0-9]*"))
        return [str(path) for path in paths if path.name >= name]


def _run(*argv) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{argv[0]}: {done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def restorable(tmp_path_factory):
    """One suite, and where its backup goes."""
    directory = tmp_path_factory.mktemp("suite")
    binlogs = directory / "binlog"
    binlogs.mkdir()
    options = [f"--log-bin={binlogs / 'kith'}", "--binlog-format=ROW", "--server-id=1"]
    suite = start_suite(directory, database_options=options, flags={GATEWAY: [PATIENT]})
    yield Restorable(suite, directory)
    suite.stop()


@pytest.fixture(scope="module")
def suite(restorable):
    """For the fixture `client`."""
    return restorable.suite


class Writer(threading.Thread):
    """Records notes for a contact until it is told to stop."""

    def __init__(self, client: Client, contact_id: str, name: str):
        super().__init__()
        self._client = client
        self._contact_id = contact_id
        self._name = name
        self.stopping = threading.Event()
        self.written = 0
        self.start()

    def run(self):
        while not self.stopping.is_set():
            self.written += 1
            note = touch_of(self._contact_id, f"{self._name}.{self.written}")
            until_it_works(self._client.gateway.RecordTouch, note)


def request_of(token: str) -> changes_service_pb2.TailChangesRequest:
    return changes_service_pb2.TailChangesRequest(resume_token=token)


def tail(client: Client, token: str = ""):
    """A stream of what interactions-svc tells."""
    return client.interactions_changes.TailChanges(request_of(token))


def place(client: Client):
    """Where its feed stands: a token and a number."""
    stream = tail(client)
    message = next(iter(stream))
    stream.cancel()
    return message.resume_token, message.sequence


def wait_told(client: Client, before: int, count: int = 1) -> None:
    """Waits until its feed has so many changes more."""
    wait_until(lambda: place(client)[1] >= before + count)


def watch_token(client: Client, contact_id: str) -> str:
    stream = client.gateway.WatchCustomer(watch_of(contact_id))
    token = next(iter(stream)).resume_token
    stream.cancel()
    return token


def wait_for_next_second() -> int:
    """A second that has just begun: what was written before is before it."""
    second = int(time.time()) + 1
    wait_until(lambda: time.time() >= second)
    return second


def subjects(client: Client, contact_id: str) -> list[str]:
    """Of the notes about a customer, the newest first."""
    view = whole_view(client, view_of(contact_id))
    return [one.subject for one in view.interactions]


@dataclass
class Past:
    """What was there before the restore; some of it is lost."""

    ada: str
    bob: str
    watcher: Watch
    # Positions of readers: a token and a number.
    kept: tuple[str, int]
    lost: tuple[str, int] = ("", 0)
    lost_watch: str = ""
    # The second to which it was restored, and what came next.
    until: int = 0
    lost_touch: touch_pb2.RecordTouchRequest | None = None
    resets: int = 0


def live(client: Client, back_up) -> Past:
    """Writes and reads, with a backup and a second between two touches."""
    create = gateway_contact_pb2.CreateContactRequest()
    ada, bob = (client.gateway.CreateContact(create).contact_id for _ in range(2))
    watcher = Watch([client], ada)
    writer = Writer(client, bob, "writer")
    wait_until(lambda: writer.written > 50)
    back_up()
    start = place(client)[1]
    client.gateway.RecordTouch(touch_of(ada, "1", subject="kept"))
    wait_told(client, start)
    past = Past(ada, bob, watcher, place(client))
    past.until = wait_for_next_second()
    past.lost_touch = touch_of(ada, "2", subject="lost")
    client.gateway.RecordTouch(past.lost_touch)
    wait_until(lambda: watcher.count("interaction_recorded") == 2)
    writer.stopping.set()
    writer.join()
    past.lost = place(client)
    past.lost_watch = watch_token(client, ada)
    past.resets = watcher.resets
    return past


@pytest.fixture(scope="module")
def past(restorable):
    """A suite that was restored, and what was before."""
    suite = restorable.suite
    with Client(suite.targets(), suite.token("demo")) as client:
        one = live(client, restorable.back_up)
        for name in OWNERS:
            suite.services[name].stop()
        restorable.restore(one.until)
        suite.start_services()
        suite.wait_ready()
        yield one
        one.watcher.stop()


def test_what_was_written_by_then_is_served(suite, client, past):
    assert subjects(client, past.ada) == ["kept"]
    for name in OWNERS:
        assert suite.lookups(name, "check").returncode == 0


def test_what_was_lost_is_written_again_by_who_repeats_it(client, past):
    until_it_works(client.gateway.RecordTouch, past.lost_touch)
    assert subjects(client, past.ada) == ["lost", "kept"]


@pytest.fixture
def passed(client, past, fresh):
    """The number of each position is that of another change by now."""
    number = 0
    while place(client)[1] <= past.lost[1]:
        number += 1
        note = touch_of(past.bob, f"{fresh('again')}.{number}")
        until_it_works(client.gateway.RecordTouch, note)


@pytest.mark.usefixtures("passed")
def test_a_reader_of_what_was_lost_is_told_so(client, past):
    token, _ = past.lost
    tail_changes = client.interactions_changes.TailChanges
    assert code(tail_changes, request_of(token)) == grpc.StatusCode.OUT_OF_RANGE


@pytest.mark.usefixtures("passed")
def test_a_reader_of_what_was_kept_goes_on(client, past):
    token, number = past.kept
    numbers = []
    for message in tail(client, token):
        numbers += [change.sequence for change in message.changes]
        if numbers and numbers[-1] > past.lost[1]:
            break
    assert numbers == list(range(number + 1, numbers[-1] + 1))


@pytest.mark.usefixtures("passed")
def test_watchers_are_told_that_anything_may_have_changed(client, past):
    wait_until(lambda: past.watcher.resets > past.resets)
    # The gateway may have yet to hear that its feed was set back.
    late = Watch([client], past.ada, past.lost_watch)
    wait_until(lambda: late.resets)
    late.stop()
