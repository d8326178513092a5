"""./dev reset: back to a clean clone, save for the build."""

import shutil

from kithdev.commands import down
from kithdev.failure import Failure
from kithdev.paths import RUN


def run(arguments: list[str]) -> int:
    """Stops everything and removes its data, keys and logs."""
    if arguments:
        raise Failure("./dev reset takes no arguments.")
    down.run([])
    if RUN.exists():
        shutil.rmtree(RUN)
    print("All data, keys and logs are gone. ./dev up starts anew.")
    return 0
