"""The files under check."""

import os
from functools import cached_property
from pathlib import Path

_CPP = (".h", ".cc")
_NOT_OURS = {"build", "node_modules", "__pycache__"}
# What a test is made of, beside the tests themselves.
_TEST_STEMS = ("_test", "_fixture", "_harness")


class Tree:
    """The files below a root that people wrote, committed or not.

    Paths are relative to the root, with slashes.
    """

    def __init__(self, root: Path):
        self.root = root
        self._texts: dict[str, str] = {}

    @cached_property
    def files(self) -> list[str]:
        """All of them, in order."""
        found = []
        for directory, names, files in os.walk(self.root):
            names[:] = [
                name for name in names if name not in _NOT_OURS and name[0] != "."
            ]
            found += [Path(directory, name) for name in files]
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    @property
    def cpp(self) -> list[str]:
        """C++ sources and headers."""
        return self.of(*_CPP)

    @property
    def python(self) -> list[str]:
        """Python modules and scripts."""
        return self.of(".py")

    def of(self, *suffixes: str) -> list[str]:
        """The files with one of these endings."""
        return [path for path in self.files if path.endswith(suffixes)]

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return (self.root / path).is_file()

    def text(self, path: str) -> str:
        """What a file says."""
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(errors="replace")
        return self._texts[path]


def area(path: str) -> str:
    """The folder that owns a file: a top-level one, or common/<x>."""
    first, _, rest = path.partition("/")
    if first == "common":
        return f"common/{rest.partition('/')[0]}"
    return first


def is_service(name: str) -> bool:
    """Whether an area is one of the services."""
    return name.endswith("-svc")


def is_test(path: str) -> bool:
    """Whether a file is part of a test, and of nothing else."""
    name = path.rpartition("/")[2]
    stem = name.partition(".")[0]
    return (
        stem.endswith(_TEST_STEMS)
        or name.startswith(("test_", "fake_", "conftest"))
        or path.startswith(("common/testing/", "tests/", "tools/tests/"))
    )
