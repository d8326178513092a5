"""./dev test, after the build: all tests, by ctest.

--long: those instead that go on for long, see docs/operations.md.
"""

import os
import subprocess

from kithdev.commands.build import chosen_preset
from kithdev.paths import ROOT


def run(arguments: list[str]) -> int:
    """Runs ctest, which has the last word; its exit status is ours."""
    preset, others = chosen_preset(arguments)
    if "--long" in others:
        others.remove("--long")
        others += ["-C", "Long", "-L", "long", "--verbose"]
    print("  ..           Tests", flush=True)
    # Tests wait for processes, the disk and clocks about a third of their time.
    jobs = len(os.sched_getaffinity(0)) + 1
    return subprocess.run(
        ["ctest", "--preset", preset, "--parallel", str(jobs), *others],
        cwd=ROOT,
        check=False,
    ).returncode
