"""Format: clang-format over all C++."""

import re
import subprocess
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.tree import Tree
from kithcheck.workers import in_parallel

_WARNING = re.compile(r"^(.*?):(\d+):\d+: (?:error|warning):")
_PROGRAM = "clang-format"
# One call each for some files: starting it costs more than most files do.
_FILES_PER_CALL = 20


def check(tree: Tree) -> list[Finding]:
    """Each file that clang-format would change, at the first place."""
    return [found for group in in_parallel(_check, _groups(tree)) for found in group]


def fix(tree: Tree) -> list[str]:
    """Formats; answers the files it changed."""
    changed = sorted({found.path for found in check(tree)})
    if changed:
        subprocess.run([_PROGRAM, "-i", *changed], cwd=tree.root, check=True)
    return changed


def _groups(tree: Tree) -> Iterator[tuple[Tree, list[str]]]:
    for first in range(0, len(tree.cpp), _FILES_PER_CALL):
        yield tree, tree.cpp[first : first + _FILES_PER_CALL]


def _check(group: tuple[Tree, list[str]]) -> list[Finding]:
    tree, files = group
    done = subprocess.run(
        [_PROGRAM, "--dry-run", "-Werror", "--ferror-limit=1", *files],
        cwd=tree.root,
        capture_output=True,
        text=True,
        check=False,
    )
    first: dict[str, int] = {}
    for match in map(_WARNING.match, done.stderr.splitlines()):
        if match:
            first.setdefault(match[1], int(match[2]))
    return [
        Finding(path, line, "not as clang-format writes it", "run ./dev fix.")
        for path, line in first.items()
    ]
