"""What a check finds."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault, where it is, and how to mend it."""

    path: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}\n    To mend: {self.mend}"
