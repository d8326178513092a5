"""The files under check."""

import os
from functools import cache, cached_property
from pathlib import Path

_NOT_OURS = {"build", "node_modules", "__pycache__"}
# What a test is made of, beside the tests themselves.
_TEST_STEMS = ("_test", "_fixture", "_harness")


class Tree:
    """The files below a root that people wrote, committed or not.

    Paths are relative to the root, with slashes.
    """

    def __init__(self, root: Path):
        self.root = root
        # What a file says.
        self.text = cache(lambda path: (root / path).read_text(errors="replace"))

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
        return self.of(".h", ".cc")

    def of(self, *suffixes: str) -> list[str]:
        """The files with one of these endings."""
        return [path for path in self.files if path.endswith(suffixes)]

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return (self.root / path).is_file()


def area(path: str) -> str:
    """The folder that owns a file: a top-level one, or common/<x>."""
    return "/".join(path.split("/")[: 2 if path.startswith("common/") else 1])


def is_service(name: str) -> bool:
    """Whether an area is one of the services."""
    return name.endswith("-svc")


def is_test(path: str) -> bool:
    """Whether a file is part of a test, and of nothing else."""
    name = path.rpartition("/")[2]
    return (
        name.partition(".")[0].endswith(_TEST_STEMS)
        or name.startswith(("test_", "fake_", "conftest"))
        or path.startswith(("common/testing/", "tests/", "tools/tests/"))
    )
