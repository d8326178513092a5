"""Our CMake targets: what each is made of, and what it links."""

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property

from kithcheck.tree import Tree, is_test

_TARGET = re.compile(
    r"^kith_(library|binary|test)\(([\w-]+)([\w\s]*?)\s(SOURCES\b[^)]*)\)", re.MULTILINE
)
_KEYWORD = re.compile(r"(?:^|\s)(SOURCES|DEPS)\s")


@dataclass(frozen=True)
class Target:
    """One library, binary or test, and where it is defined."""

    name: str
    kind: str
    # "GRPC", "TESTS", "TSAN LABEL unit".
    options: tuple[str, ...]
    path: str
    line: int
    sources: frozenset[str]
    deps: tuple[str, ...]

    @property
    def folders(self) -> set[str]:
        """Those that its sources are in."""
        return {posixpath.dirname(source) for source in self.sources}

    @property
    def for_tests(self) -> bool:
        """Whether it is, or is linked into, nothing but tests."""
        return self.kind == "test" or "TESTS" in self.options


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
        """The library made of a folder's sources: its layer."""
        return self._libraries.get(folder)

    def owners(self, path: str) -> list[Target]:
        """The targets that compile a source; of a header, the folder's library."""
        if path.endswith(".h"):
            source = path.removesuffix(".h") + ".cc"
            owned = self._owners.get(source)
            if owned is None and is_test(path):
                return []  # Its tests include what it does, and say more.
            library = self.library_of(posixpath.dirname(path))
            return owned or ([library] if library else [])
        return self._owners.get(path, [])

    @cached_property
    def _libraries(self) -> dict[str, Target]:
        found: dict[str, Target] = {}
        for target in self.all.values():
            if target.kind == "library":
                for folder in target.folders:
                    # A folder's own library comes before one for its tests.
                    if folder not in found or found[folder].for_tests:
                        found[folder] = target
        return found

    @cached_property
    def _owners(self) -> dict[str, list[Target]]:
        found: dict[str, list[Target]] = {}
        for target in self.all.values():
            for source in target.sources:
                found.setdefault(source, []).append(target)
        return found

    def _of(self, path: str) -> list[Target]:
        text = self._tree.text(path)
        folder = posixpath.dirname(path)
        found = []
        for match in _TARGET.finditer(text):
            _, *parts = _KEYWORD.split(match[4])
            words = dict(zip(parts[::2], (part.split() for part in parts[1::2])))
            found.append(
                Target(
                    name=match[2],
                    kind=match[1],
                    options=tuple(match[3].split()),
                    path=path,
                    line=text.count("\n", 0, match.start()) + 1,
                    sources=frozenset(
                        posixpath.normpath(posixpath.join(folder, source))
                        for source in words.get("SOURCES", ())
                    ),
                    deps=tuple(words.get("DEPS", ())),
                )
            )
        return found
