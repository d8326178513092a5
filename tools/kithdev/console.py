"""Steps and progress as they happen: redrawn on a terminal, else in lines."""

import os
import re
import sys
import time
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import Iterator

_LINE_INTERVAL = 5.0
_DRAW_INTERVAL = 0.1
_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
# What moves a terminal's cursor, breaks its line or turns it round.
_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)


def visible(text: str) -> str:
    """The text with its control characters as escapes such as \\x1b."""
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def paint(text: str, style: str) -> str:
    """The text in a style, where standard output can show it."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def stored(text: str, style: str = "") -> str:
    """Stored text as it is printed: all visible, and in a style if that is given."""
    return paint(visible(text), style) if style else visible(text)


def bar(done: int, total: int, width: int = 30) -> str:
    """A progress bar."""
    filled = width * done // max(total, 1)
    return f"[{'#' * filled}{'.' * (width - filled)}] {done:,}/{total:,}"


class Step:
    """One step of a command, from its start to its result."""

    def __init__(self, title: str, begin: float):
        self._title = title
        self._begin = begin
        self._start = time.monotonic()
        self._shown = 0.0
        self._result = ""
        self.progress("")

    def progress(self, text: str) -> None:
        """Shows how far it is, as often as a reader can follow."""
        now = time.monotonic()
        interval = _DRAW_INTERVAL if sys.stdout.isatty() else _LINE_INTERVAL
        if now - self._shown < interval:
            return
        self._shown = now
        self._print("..", text, final=False)

    def result(self, text: str) -> None:
        """Says what came of it; shown when the step ends."""
        self._result = text

    def end(self, failed: bool) -> None:
        """Shows the result."""
        if failed:
            self._print(paint("FAIL", "red"), "", final=True)
            return
        seconds = time.monotonic() - self._start
        took = f" ({seconds:.1f} s)" if seconds >= 1 else ""
        self._print(paint("ok  ", "green"), self._result + took, final=True)

    def _print(self, mark: str, text: str, final: bool) -> None:
        elapsed = time.monotonic() - self._begin
        line = f"  {mark:<4}{elapsed:6.1f} s  {self._title}"
        if text:
            line += f": {text}"
        if not sys.stdout.isatty():
            print(line, flush=True)
            return
        if not final:
            line = line[: get_terminal_size().columns - 1]
        print(f"\r\x1b[K{line}", end="\n" if final else "", flush=True)


class Console:
    """The steps of one command, with the time since it began."""

    def __init__(self) -> None:
        self._begin = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Shows a step; an exception out of it is a failure."""
        step = Step(title, self._begin)
        try:
            yield step
        except BaseException:
            step.end(failed=True)
            raise
        step.end(failed=False)
