"""flake8 over all Python: names that are not defined, imports that are not used."""

import re
import subprocess
import sys

from kithcheck.finding import Finding
from kithcheck.tree import Tree
from kithdev.failure import Failure

_LINE = re.compile(r"^(?:\./)?(.*?):(\d+):\d+: (.*)$", re.MULTILINE)


def check(tree: Tree) -> list[Finding]:
    """All that flake8 finds, as .flake8 says."""
    if not tree.python:
        return []
    done = subprocess.run(
        [sys.executable, "-m", "flake8", *tree.python],
        cwd=tree.root,
        capture_output=True,
        text=True,
        check=False,
    )
    found = _LINE.findall(done.stdout)
    if done.returncode != 0 and not found:
        raise Failure(f"flake8 failed: {done.stderr.strip()}")
    return [
        Finding(path, int(line), what, "see flake8.pycqa.org; ./dev fix mends layout.")
        for path, line, what in found
    ]
