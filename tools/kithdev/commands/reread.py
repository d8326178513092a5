"""./dev reread: what today's reading rules make of values stored under older ones."""

import argparse

from kithdev.development import suite
from kithdev.failure import Failure


def run(arguments: list[str]) -> int:
    """Exit status 0 where nothing is left to do."""
    parser = argparse.ArgumentParser(prog="./dev reread", description=__doc__)
    parser.add_argument(
        "work",
        choices=("list", "alias", "move"),
        help="list: a line for each that differs; alias: have both readings find it; "
        "move: store it anew",
    )
    work = parser.parse_args(arguments).work
    running = suite()
    if not running.database.running:
        raise Failure("The database does not run.", advice="./dev up")
    return running.reread(work).returncode
