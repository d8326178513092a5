"""What C++ files include."""

import re
from dataclasses import dataclass
from typing import Callable

from kithcheck.text import Source
from kithcheck.tree import Tree

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.MULTILINE)


@dataclass(frozen=True)
class Include:
    """One #include: where it stands, and what it names."""

    path: str
    line: int
    target: str


class Includes:
    """The includes of a tree, and what they lead to within it."""

    def __init__(self, tree: Tree):
        self._tree = tree
        self._known: dict[str, list[Include]] = {}

    def of(self, path: str) -> list[Include]:
        """What a file names itself."""
        if path not in self._known:
            source = Source(path, self._tree.text(path))
            self._known[path] = [
                Include(path, source.line(match.start(1)), match[1])
                for match in _INCLUDE.finditer(source.text)
                # Not one that is commented out.
                if source.code[match.start(0) : match.start(1)].strip()
            ]
        return self._known[path]

    def reached(
        self, path: str, unwanted: Callable[[str], bool]
    ) -> list[tuple[Include, list[str]]]:
        """Each include of a file that leads to something unwanted, and the way.

        The way begins behind the include and ends with what is unwanted.
        """
        found = []
        for include in self.of(path):
            way = self._way(include.target, unwanted, set())
            if way is not None:
                found.append((include, way))
        return found

    def _way(
        self, target: str, unwanted: Callable[[str], bool], seen: set[str]
    ) -> list[str] | None:
        if unwanted(target):
            return [target]
        if target in seen or not self._tree.has(target):
            return None
        seen.add(target)
        for include in self.of(target):
            way = self._way(include.target, unwanted, seen)
            if way is not None:
                return [target, *way]
        return None
