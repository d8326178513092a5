#!/usr/bin/python3
"""ctest fixture: the throw-away MariaDB behind all tests of one run.

    test_database.py start|stop --dir DIR

`start` writes DIR/address, one line such as unix:/tmp/kith-x/sock; the user is
root, without a password. `stop` ends the server and removes its data. Both are
for one run of ctest at a time, their parent: while it lives, `start` refuses
another one, whose `stop` then leaves the server alone.
"""

import argparse
import fcntl
import os
import shutil
import sys
from pathlib import Path

from kithdev.failure import Failure
from kithdev.mariadb import PrivateMariaDB
from kithdev.process import Process

# Tests of durability kill the process, not the machine, which this survives.
_FASTER = ["--innodb_flush_log_at_trx_commit=0", "--innodb_doublewrite=0"]


def start(directory: Path) -> None:
    """Starts a fresh server, also where an earlier run was cut short."""
    owner = _owner(directory)
    if owner.pid not in (None, os.getppid()):
        raise Failure(
            f"Another run of ctest, process {owner.pid}, tests in this build folder.",
            advice="wait until it is through, or test in a build folder of its own.",
        )
    _remove(directory)
    owner.adopt(os.getppid())
    database = _database(directory)
    database.start()
    (directory / "address").write_text(database.address + "\n")


def stop(directory: Path) -> None:
    """Ends the server and removes its data, unless it is another run's."""
    if _owner(directory).pid in (None, os.getppid()):
        _remove(directory)


def _remove(directory: Path) -> None:
    """All but the log."""
    _database(directory).dispose()
    (directory / "address").unlink(missing_ok=True)
    shutil.rmtree(directory / "data", ignore_errors=True)
    _owner(directory).forget()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["start", "stop"])
    parser.add_argument("--dir", type=Path, required=True)
    arguments = parser.parse_args()
    action = start if arguments.action == "start" else stop
    directory = arguments.dir.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    try:
        with (directory / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            action(directory)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _owner(directory: Path) -> Process:
    """The run of ctest that the server is for."""
    return Process(directory / "owner.pid", directory / "mariadbd.log")


def _database(directory: Path) -> PrivateMariaDB:
    return PrivateMariaDB(directory, directory / "mariadbd.log", _FASTER)


if __name__ == "__main__":
    sys.exit(main())
