"""The peer of ./dev bench view --peer: tests/bench/peer, a monolith in Go."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from kithdev.failure import Failure
from kithdev.mariadb import PrivateMariaDB
from kithdev.paths import ROOT

_SOURCES = ROOT / "tests" / "bench" / "peer"
_PLACE = ROOT / "build" / "peer"
_SCHEMA = "bench_peer"

# Where Debian puts them.
_GO = Path("/usr/lib/go/bin")
_LIBRARIES = Path("/usr/share/gocode")
_DRIVER = "src/github.com/go-sql-driver/mysql"


@dataclass(frozen=True)
class Peer:
    """One that runs, and where it listens for HTTP."""

    pid: int
    address: str


def build() -> Path:
    """Builds it, of Debian's packages alone; answers the program."""
    go = find_go()
    packages = missing(go, _LIBRARIES)
    if packages:
        raise Failure(
            "--peer is written in Go, and something of it is missing.",
            advice=f"apt-get install {' '.join(packages)}",
        )
    _PLACE.mkdir(parents=True, exist_ok=True)
    program = _PLACE / "kith-peer"
    settings = {
        "GOPATH": str(_LIBRARIES),
        "GO111MODULE": "off",
        "GOCACHE": str(_PLACE / "cache"),
    }
    done = subprocess.run(
        [go, "build", "-o", str(program), str(_SOURCES / "main.go")],
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure("go build failed.", excerpt=done.stderr.splitlines())
    return program


def find_go() -> str | None:
    """The compiler, on the path or where Debian puts it."""
    return shutil.which("go") or shutil.which("go", path=str(_GO))


def missing(go: str | None, libraries: Path) -> list[str]:
    """The packages to install."""
    packages = [] if go else ["golang-go"]
    if not (libraries / _DRIVER).is_dir():
        packages.append("golang-github-go-sql-driver-mysql-dev")
    return packages


@contextmanager
def running(program: Path, database: PrivateMariaDB) -> Iterator[Peer]:
    """Runs it on tables of its own, which are new and empty."""
    database.execute(f"CREATE DATABASE {_SCHEMA}")
    database.execute((_SOURCES / "schema.sql").read_text(), _SCHEMA)
    process = subprocess.Popen(
        [str(program), "-dsn", f"root@unix({database.socket})/{_SCHEMA}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = process.stdout.readline().strip()
        if not address:
            raise Failure("The peer did not start.")
        yield Peer(process.pid, address)
    finally:
        process.kill()
        process.communicate()
