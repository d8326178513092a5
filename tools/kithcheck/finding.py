"""What a check finds."""

import re
from dataclasses import dataclass

# Where most tools find something: path, line and what.
PLACE = re.compile(r"^(?:\./)?([^:\n]+):(\d+):\d+: (.*)$", re.M)


@dataclass(frozen=True, order=True)
class Finding:
    """One fault, where it is, and how to mend it."""

    path: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}\n    To mend: {self.mend}"
