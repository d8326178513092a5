"""The statements of a service, as its binary tells them."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from kithdev.failure import Failure

FLAG = "--dump_statements"
_BINARIES = "build/dev/bin"
_UP = "../../"


@dataclass(frozen=True)
class Statement:
    """One statement, and the place of its text in the sources.

    `mark` is empty, "list" or "maintenance"; ":list" stands for "?, ?, ...".
    """

    sql: str
    mark: str
    path: str
    line: int


def of_binary(root: Path, service: str) -> list[Statement]:
    """Runs the binary, which needs no database for this."""
    binary = root / _BINARIES / service
    if not binary.exists():
        raise Failure(f"{service} is not built.", advice="./dev build")
    done = subprocess.run(
        [str(binary), FLAG], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failure(f"{service} {FLAG} failed: {done.stderr.strip()[-500:]}")
    return read(done.stdout)


def read(text: str) -> list[Statement]:
    """One statement of each line: {"sql": ..., "mark": ..., "where": ...}."""
    statements = []
    for line in filter(str.strip, text.splitlines()):
        try:
            fields = json.loads(line)
            path, _, number = fields["where"].rpartition(":")
            # ccache with a base_dir compiles by paths from the build folder.
            path = path.removeprefix(_UP)
            statements.append(
                Statement(fields["sql"], fields["mark"], path, int(number))
            )
        except (ValueError, KeyError) as error:
            raise Failure(f"{FLAG} printed what is no statement: {line}") from error
    return statements
