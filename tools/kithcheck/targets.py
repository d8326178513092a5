"""Our CMake targets: what each is made of, and what it links."""

import re
from dataclasses import dataclass
from functools import cached_property

from kithcheck.tree import Tree, area

_TARGET = re.compile(r"^kith_(library|binary|test)\(([\w-]+)([^)]*)\)", re.MULTILINE)
_KEYWORD = re.compile(r"\s(SOURCES|DEPS)\s")


@dataclass(frozen=True)
class Target:
    """One library, binary or test, and where it is defined."""

    name: str
    kind: str
    path: str
    line: int
    # The folders of its sources, as area() names them.
    areas: frozenset[str]
    deps: tuple[str, ...]


class Targets:
    """All of a tree, by name."""

    def __init__(self, tree: Tree):
        self._tree = tree

    @cached_property
    def all(self) -> dict[str, Target]:
        """Each that kith_library and its like define."""
        files = [path for path in self._tree.files if path.endswith("CMakeLists.txt")]
        return {target.name: target for path in files for target in self._of(path)}

    def below(self, name: str) -> set[str]:
        """The names of all our targets that one links, at any remove."""
        found: set[str] = set()
        waiting = list(self.all[name].deps)
        while waiting:
            dep = waiting.pop()
            if dep in self.all and dep not in found:
                found.add(dep)
                waiting += self.all[dep].deps
        return found

    def library_of(self, folder: str) -> Target | None:
        """The library made of a folder's sources."""
        for target in self.all.values():
            if target.kind == "library" and folder in target.areas:
                return target
        return None

    def _of(self, path: str) -> list[Target]:
        text = self._tree.text(path)
        folder = path.rpartition("CMakeLists.txt")[0]
        found = []
        for match in _TARGET.finditer(text):
            _, *parts = _KEYWORD.split(match[3])
            words = dict(zip(parts[::2], (part.split() for part in parts[1::2])))
            found.append(
                Target(
                    name=match[2],
                    kind=match[1],
                    path=path,
                    line=text.count("\n", 0, match.start()) + 1,
                    areas=frozenset(
                        area(folder + source) for source in words.get("SOURCES", ())
                    ),
                    deps=tuple(words.get("DEPS", ())),
                )
            )
        return found
