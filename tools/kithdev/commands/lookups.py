"""./dev lookups: whether the lookups of all services agree with their homes, and
whether the contacts that hold values exist."""

import argparse
import time

from kithdev.development import suite
from kithdev.failure import Failure
from kithdev.processes import OWNERS
from kithdev.suite import Suite

# A touch that is under way has made its contact by then.
_TOUCH_SECONDS = 10


def run(arguments: list[str]) -> int:
    """Exit status 0 where all agree, or have been mended."""
    parser = argparse.ArgumentParser(prog="./dev lookups", description=__doc__)
    parser.add_argument(
        "work",
        choices=("check", "rebuild", "free"),
        help="check: a line for each table, and for each value of a contact that does "
        "not exist; rebuild: mend the tables; free: free these values",
    )
    work = parser.parse_args(arguments).work
    running = suite()
    if not running.database.running:
        raise Failure("The database does not run.", advice="./dev up")
    if work == "free":
        return _free(running)
    failed = 0
    for name in OWNERS:
        print(f"{name}:", flush=True)
        failed |= running.lookups(name, work).returncode
    if work == "check":
        missing = running.missing_holders()
        print(f"values of contacts that do not exist: {missing.count(chr(10))}")
        print(missing, end="")
        failed |= bool(missing)
    return failed


def _free(running: Suite) -> int:
    freed = running.free_values(running.missing_holders())
    print(f"freed: {freed.count(chr(10))}\n{freed}", end="", flush=True)
    if freed:
        time.sleep(_TOUCH_SECONDS)
        returned = running.return_values(freed)
        print(f"given back: {returned.count(chr(10))}\n{returned}", end="")
    return 0
