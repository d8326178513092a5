"""Format: clang-format over all C++, black over all Python."""

import re
import subprocess
import sys
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.tree import Tree
from kithcheck.workers import in_parallel
from kithdev.failure import Failure

_CLANG_FORMAT = "clang-format"
_CLANG_WARNING = re.compile(r"^(.*?):(\d+):\d+: (?:error|warning):", re.MULTILINE)
# One call each for some files: starting it costs more than most files do.
_FILES_PER_CALL = 20
_BLACK = [sys.executable, "-m", "black"]
_BLACK_WARNING = re.compile(r"^(?:would reformat|error: cannot format) ([^:\n]+)", re.M)


def check(tree: Tree) -> list[Finding]:
    """Each file that clang-format would change, at the first place; or black."""
    cpp = [found for group in in_parallel(_check_cpp, _groups(tree)) for found in group]
    return cpp + _check_python(tree)


def fix(tree: Tree) -> list[str]:
    """Formats; answers the files it changed."""
    changed = sorted({found.path for found in check(tree)})
    cpp = [path for path in changed if path in tree.cpp]
    if cpp:
        subprocess.run([_CLANG_FORMAT, "-i", *cpp], cwd=tree.root, check=True)
    python = [path for path in changed if path in tree.python]
    if python and _run(tree, [*_BLACK, "--quiet", *python]).returncode != 0:
        raise Failure("black cannot format all.", advice="./dev check flake8")
    return changed


def _groups(tree: Tree) -> Iterator[tuple[Tree, list[str]]]:
    for first in range(0, len(tree.cpp), _FILES_PER_CALL):
        yield tree, tree.cpp[first : first + _FILES_PER_CALL]


def _check_cpp(group: tuple[Tree, list[str]]) -> list[Finding]:
    tree, files = group
    options = ["--dry-run", "-Werror", "--ferror-limit=1"]
    told = _run(tree, [_CLANG_FORMAT, *options, *files]).stderr
    first: dict[str, int] = {}
    for path, line in _CLANG_WARNING.findall(told):
        first.setdefault(path, int(line))
    return [
        Finding(path, line, "not as clang-format writes it", "run ./dev fix.")
        for path, line in first.items()
    ]


def _check_python(tree: Tree) -> list[Finding]:
    if not tree.python:
        return []
    done = _run(tree, [*_BLACK, "--check", *tree.python])
    found = _BLACK_WARNING.findall(done.stderr)
    if done.returncode != 0 and not found:
        raise Failure(f"black failed: {done.stderr.strip()}")
    return [
        Finding(path, 1, "not as black writes it", "run ./dev fix.") for path in found
    ]


def _run(tree: Tree, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=tree.root, capture_output=True, text=True, check=False
    )
