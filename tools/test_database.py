#!/usr/bin/python3
"""ctest fixture: the throw-away MariaDB behind all tests of one run.

    test_database.py start|stop --dir DIR

`start` writes DIR/address, one line such as unix:/tmp/kith-x/sock; the user is
root, without a password. `stop` ends the server and removes its data.
"""

import argparse
import shutil
import sys
from pathlib import Path

from kithdev.failure import Failure
from kithdev.mariadb import PrivateMariaDB

# Tests of durability kill the process, not the machine, which this survives.
_FASTER = ["--innodb_flush_log_at_trx_commit=0", "--innodb_doublewrite=0"]


def start(directory: Path) -> None:
    """Starts a fresh server, also where an earlier run was cut short."""
    stop(directory)
    database = _database(directory)
    database.start()
    (directory / "address").write_text(database.address + "\n")


def stop(directory: Path) -> None:
    """Ends the server and removes its data; the log stays."""
    _database(directory).dispose()
    (directory / "address").unlink(missing_ok=True)
    shutil.rmtree(directory / "data", ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["start", "stop"])
    parser.add_argument("--dir", type=Path, required=True)
    arguments = parser.parse_args()
    action = start if arguments.action == "start" else stop
    try:
        action(arguments.dir.resolve())
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _database(directory: Path) -> PrivateMariaDB:
    return PrivateMariaDB(directory, directory / "mariadbd.log", _FASTER)


if __name__ == "__main__":
    sys.exit(main())
