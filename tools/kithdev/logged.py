"""Commands whose output goes into a log and is read as it comes."""

import subprocess
from typing import IO, Callable, Sequence

from kithdev.paths import ROOT


def run_logged(
    argv: Sequence[str], log: IO[str], on_line: Callable[[str], None]
) -> int:
    """Runs a command in the root of the tree, its output into the log and each
    line of it to `on_line`; answers its exit code."""
    with subprocess.Popen(
        argv,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout:
            log.write(line)
            on_line(line)
    log.flush()
    return process.returncode
