"""What is told to people when something fails."""

from pathlib import Path

from kithdev.paths import shown

_TAIL_LINES = 15


class Failure(Exception):
    """Something failed that its reader can do something about."""

    def __init__(
        self,
        what: str,
        *,
        log: Path | None = None,
        excerpt: list[str] | None = None,
        advice: str = "",
    ):
        """`excerpt` is shown in place of the last lines of the log."""
        super().__init__(what)
        self.what = what
        self.log = log
        self.excerpt = excerpt
        self.advice = advice

    def __str__(self) -> str:
        parts = [self.what]
        if self.log is not None:
            lines = self.excerpt or _tail(self.log, _TAIL_LINES)
            parts += [f"  | {line}" for line in lines]
            parts.append(f"Log: {shown(self.log)}")
        if self.advice:
            parts.append(f"To do: {self.advice}")
        return "\n".join(parts)


def _tail(path: Path, lines: int) -> list[str]:
    """The last lines of a file; none where there is no such file."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - 300 * lines))
        text = file.read().decode("utf-8", errors="replace")
    return text.splitlines()[-lines:]
