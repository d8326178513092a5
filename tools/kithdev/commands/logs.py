"""./dev logs: follows what the processes write."""

import os

from kithdev.failure import Failure
from kithdev.paths import LOGS

_LINES = "20"


def run(arguments: list[str]) -> int:
    """Follows the logs named, or all, until interrupted."""
    known = {path.stem: path for path in sorted(LOGS.glob("*.log"))}
    if not known:
        raise Failure("There are no logs yet.", advice="./dev up")
    unknown = [name for name in arguments if name not in known]
    if unknown:
        raise Failure(f"No log of {unknown[0]}; there are {', '.join(known)}.")
    chosen = [str(known[name]) for name in arguments or known]
    # By name, so that a log that is made anew is followed too.
    os.execvp("tail", ["tail", "-n", _LINES, "-F", *chosen])
