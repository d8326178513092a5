"""The statements of a service, as its binary tells them."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

from kithdev.failure import Failure

FLAG = "--dump_statements"


class Statement(NamedTuple):
    """One statement, and the place of its text in the sources.

    `mark` is empty, "list" or "maintenance"; ":list" stands for "?, ?, ...".
    """

    sql: str
    mark: str
    path: str
    line: int


def of_binary(root: Path, service: str) -> list[Statement]:
    """Runs the binary, which needs no database for this."""
    binary = root / "build" / "dev" / "bin" / service
    if not binary.exists():
        raise Failure(f"{service} is not built.", advice="./dev build")
    done = subprocess.run(
        [str(binary), FLAG], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failure(f"{service} {FLAG} failed: {done.stderr.strip()[-500:]}")
    statements = []
    # One in each line: {"sql": ..., "mark": ..., "where": ...}.
    for fields in map(json.loads, filter(str.strip, done.stdout.splitlines())):
        path, _, line = fields["where"].rpartition(":")
        # ccache with a base_dir compiles by paths from the build folder.
        path = path.removeprefix("../../")
        statements.append(Statement(fields["sql"], fields["mark"], path, int(line)))
    return statements
