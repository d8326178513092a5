"""Style: clang-format over all C++, black and flake8 over all Python."""

import re
import subprocess
import sys

from kithcheck.finding import PLACE, Finding
from kithcheck.tree import Tree
from kithdev.failure import Failure

_CLANG_FORMAT = ["clang-format", "--dry-run", "-Werror", "--ferror-limit=1"]
_BLACK = [sys.executable, "-m", "black"]
_UNBLACK = re.compile(r"^(?:would reformat|error: cannot format) ([^:\n]+)", re.M)
_FLAKE8 = [sys.executable, "-m", "flake8"]


def check_format(tree: Tree) -> list[Finding]:
    """Each file that clang-format would change, at the first place; or black."""
    told = _told(tree, _CLANG_FORMAT, tree.cpp, PLACE)
    first = {path: int(line) for path, line, _ in reversed(told)}
    first |= dict.fromkeys(
        _told(tree, [*_BLACK, "--check"], tree.of(".py"), _UNBLACK), 1
    )
    what = "not as clang-format or black writes it"
    return [Finding(path, line, what, "run ./dev fix.") for path, line in first.items()]


def check_python(tree: Tree) -> list[Finding]:
    """All that flake8 finds, as .flake8 says."""
    mend = "see flake8.pycqa.org; ./dev fix mends layout."
    return [
        Finding(path, int(line), what, mend)
        for path, line, what in _told(tree, _FLAKE8, tree.of(".py"), PLACE)
    ]


def fix(tree: Tree) -> list[str]:
    """Formats; answers the files it changed."""
    changed = sorted(found.path for found in check_format(tree))
    for suffixes, command in (
        ((".h", ".cc"), ["clang-format", "-i"]),
        ((".py",), [*_BLACK, "--quiet"]),
    ):
        files = [path for path in changed if path.endswith(suffixes)]
        if files and subprocess.run([*command, *files], cwd=tree.root).returncode != 0:
            raise Failure("Not all can be formatted.", advice="./dev check flake8")
    return changed


def _told(tree: Tree, command: list[str], files: list[str], pattern: re.Pattern[str]):
    """What a tool tells of files, as groups of the pattern."""
    if not files:
        return []
    done = subprocess.run(
        [*command, *files], cwd=tree.root, capture_output=True, text=True, check=False
    )
    found = pattern.findall(done.stdout + done.stderr)
    if done.returncode != 0 and not found:
        raise Failure(f"{' '.join(command)} failed: {done.stderr.strip()}")
    return found
