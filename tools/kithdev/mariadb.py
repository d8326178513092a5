"""A MariaDB of its own, reached by a unix socket alone."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Sequence

from kithdev.failure import Failure
from kithdev.paths import ROOT
from kithdev.process import Process

CONFIG = ROOT / "tools" / "mariadb.cnf"

_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin"
# Covers the recovery after a kill.
_START_SECONDS = 60
_STOP_SECONDS = 30


class PrivateMariaDB:
    """A MariaDB server with its own data directory.

    root@localhost has no password: the socket lies in a folder that only its
    owner can enter. That folder is under /tmp, as the path of a socket may
    have 107 characters only, and is kept until dispose(), so that clients
    find a restarted server where it was.
    """

    def __init__(self, directory: Path, log: Path, options: Sequence[str] = ()):
        self._directory = directory
        self._data = directory / "data"
        self._socket_record = directory / "socket_directory"
        self._options = list(options)
        self.process = Process(directory / "mariadbd.pid", log)

    @property
    def socket(self) -> Path:
        """Its unix socket."""
        return Path(self._socket_record.read_text().strip()) / "sock"

    @property
    def address(self) -> str:
        """What the services take as --db_address."""
        return f"unix:{self.socket}"

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self.process.pid is not None

    def start(self) -> bool:
        """Starts it, installed first where needed, and waits until it answers.

        Says whether it was started; False: it ran already.
        """
        if self.running:
            return False
        self._install()
        self._make_socket_directory()
        self.process.start(
            [
                _program("mariadbd"),
                f"--defaults-file={CONFIG}",
                f"--datadir={self._data}",
                f"--socket={self.socket}",
                f"--pid-file={self._directory / 'server.pid'}",
                f"--tmpdir={self.socket.parent}",
                *_user_option(),
                *self._options,
            ]
        )
        self._wait_ready()
        return True

    def stop(self) -> bool:
        """Stops it cleanly; says whether it was running."""
        return self.process.stop(_STOP_SECONDS)

    def kill(self) -> bool:
        """Ends it without warning, as a power cut of the process would."""
        return self.process.kill()

    def restart(self) -> None:
        """Stops it, where it still runs, and starts it at the same socket."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freezes it: connections stay open, nothing is answered."""
        self.process.pause()

    def resume(self) -> None:
        """Ends a pause."""
        self.process.resume()

    def dispose(self) -> bool:
        """Stops it and gives up its socket; the data stay."""
        stopped = self.stop()
        if self._socket_record.exists():
            shutil.rmtree(self.socket.parent, ignore_errors=True)
            self._socket_record.unlink()
        return stopped

    def execute(self, sql: str, database: str = "") -> str:
        """Runs SQL as root; the rows as tab-separated lines."""
        # By standard input: arguments can be read by everybody.
        done = self._client(sql, ["--batch", "--skip-column-names", database])
        if done.returncode != 0:
            raise Failure(
                f"MariaDB refused a statement: {done.stderr.strip()}",
                log=self.process.log,
            )
        return done.stdout

    def create_schema(self, name: str) -> None:
        """Makes an empty database, unless it is there."""
        self.execute(f"CREATE DATABASE IF NOT EXISTS `{name}`")

    def create_user(
        self, name: str, password: str, schema: str, privileges: str
    ) -> None:
        """Makes a local user with privileges on one schema and no other."""
        # CREATE alone would keep the password of a user that is there.
        self.execute(
            f"CREATE USER IF NOT EXISTS '{name}'@'localhost';"
            f"ALTER USER '{name}'@'localhost' IDENTIFIED BY '{password}';"
            f"GRANT {privileges} ON `{_literal(schema)}`.* TO '{name}'@'localhost'"
        )

    def _install(self) -> None:
        """Makes the data directory, unless it is there."""
        if self._data.exists():
            return
        self._directory.mkdir(parents=True, exist_ok=True)
        self._make_socket_directory()
        scratch = self._directory / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        self.process.log.parent.mkdir(parents=True, exist_ok=True)
        with self.process.log.open("ab") as log:
            installed = subprocess.run(
                [
                    _program("mariadb-install-db"),
                    f"--defaults-file={CONFIG}",
                    f"--datadir={scratch}",
                    # A server clears its tmpdir of other servers' tables.
                    f"--tmpdir={self.socket.parent}",
                    "--auth-root-authentication-method=normal",
                    "--skip-test-db",
                    # A bare machine may not be able to look up its own name.
                    "--force",
                    *_user_option(),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=False,
            )
        if installed.returncode != 0:
            lines = self.process.log.read_text(errors="replace").splitlines()
            raise Failure(
                "mariadb-install-db failed.",
                log=self.process.log,
                excerpt=[line for line in lines if "ERROR" in line] or lines[-12:],
            )
        scratch.rename(self._data)

    def _client(self, sql: str, arguments: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(
            [
                _program("mariadb"),
                "--no-defaults",
                f"--socket={self.socket}",
                "--user=root",
                "--default-character-set=utf8mb4",
                *(argument for argument in arguments if argument),
            ],
            input=sql,
            capture_output=True,
            text=True,
            check=False,
        )

    def _make_socket_directory(self) -> None:
        if self._socket_record.exists() and self.socket.parent.is_dir():
            return
        made = tempfile.mkdtemp(prefix="kith-", dir="/tmp")
        self._socket_record.write_text(made + "\n")

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while self._client("SELECT 1", []).returncode != 0:
            if not self.running:
                raise Failure("MariaDB ended at start.", log=self.process.log)
            if time.monotonic() > deadline:
                raise Failure(
                    f"MariaDB did not answer within {_START_SECONDS} s.",
                    log=self.process.log,
                )
            time.sleep(0.02)


def _program(name: str) -> str:
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise Failure(f"{name} is not installed.", advice="./dev build installs it.")
    return found


def _user_option() -> list[str]:
    # mariadbd refuses to run as root unless told so.
    return ["--user=root"] if os.geteuid() == 0 else []


def _literal(schema: str) -> str:
    # A GRANT reads the name as a pattern.
    return schema.replace("_", "\\_")
