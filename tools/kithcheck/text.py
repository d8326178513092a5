"""Tells code from comments and strings, line for line."""

import io
import re
import tokenize
from bisect import bisect_right
from typing import Iterator

_CPP_PARTS = re.compile(
    r"""
    (?P<comment> //(?:[^\n\\]|\\.)* | /\*.*?\*/ )
  | (?P<text>
        \bR"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"
      | "(?:[^"\\\n]|\\.)*"
      | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)*'
    )
    """,
    re.DOTALL | re.VERBOSE,
)
_HASH = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)
_DASHES = re.compile(r"--\s.*")
_HASH_COMMENTS = (".cmake", ".sh", ".yaml", ".yml", "CMakeLists.txt")


class Source:
    """A file's text, twice: its code alone, and its comments alone.

    What is left out is blank, so that places are the same in both.
    """

    def __init__(self, path: str, text: str):
        self.text = text
        self._starts = [0] + [match.end() for match in re.finditer("\n", text)]
        comments, strings = _parts(path, text, self._starts)
        self.comments = _only(text, comments)
        self.code = _without(text, comments + strings)

    def line(self, offset: int) -> int:
        """The number of the line that a place is in."""
        return bisect_right(self._starts, offset)

    def explained(self, line: int) -> bool:
        """Whether a comment stands in a line, or in one of the two above it."""
        lines = self.comments.split("\n")
        return any(
            any(mark.isalpha() for mark in lines[number - 1])
            for number in (line, line - 1, line - 2)
            if number >= 1
        )


def _parts(path: str, text: str, starts: list[int]) -> tuple[list, list]:
    """The spans of the comments, and those of the strings."""
    if path.endswith((".h", ".cc", ".proto", ".js")):
        found = list(_CPP_PARTS.finditer(text))
        return (
            [match.span() for match in found if match["comment"]],
            [match.span() for match in found if not match["comment"]],
        )
    if path.endswith(".py"):
        tokens = list(_python_tokens(text, starts))
        return (
            [span for kind, span in tokens if kind == tokenize.COMMENT],
            [span for kind, span in tokens if kind == tokenize.STRING],
        )
    if path.endswith(".sql"):
        return [match.span() for match in _DASHES.finditer(text)], []
    if path.endswith(_HASH_COMMENTS) or text.startswith("#!"):
        return [match.span() for match in _HASH.finditer(text)], []
    return [], []


def _python_tokens(
    text: str, starts: list[int]
) -> Iterator[tuple[int, tuple[int, int]]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            begin, end = (
                starts[row - 1] + column
                for row, column in (token.start, token.end)
                if row <= len(starts)
            )
            yield token.type, (begin, end)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return  # What cannot be read has no comments; Python itself will say so.


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for begin, end in sorted(spans):
        pieces += [text[at:begin], _blank(text[begin:end])]
        at = end
    return "".join([*pieces, text[at:]])


def _only(text: str, spans: list[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for begin, end in spans:
        pieces += [_blank(text[at:begin]), text[begin:end]]
        at = end
    return "".join([*pieces, _blank(text[at:])])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
