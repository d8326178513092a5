"""./dev lookups: whether the lookups of all services agree with their homes."""

import argparse

from kithdev.development import suite
from kithdev.failure import Failure
from kithdev.suite import OWNERS


def run(arguments: list[str]) -> int:
    """Exit status 0 where all agree, or have been mended."""
    parser = argparse.ArgumentParser(prog="./dev lookups", description=__doc__)
    parser.add_argument(
        "work",
        choices=("check", "rebuild"),
        help="check: a line for each table; rebuild: mend what differs, too",
    )
    work = parser.parse_args(arguments).work
    running = suite()
    if not running.database.running:
        raise Failure("The database does not run.", advice="./dev up")
    failed = 0
    for name in OWNERS:
        print(f"{name}:", flush=True)
        failed |= running.lookups(name, work).returncode
    return failed
