"""./dev test, after the build: all tests, by ctest."""

import os
import subprocess

from kithdev.paths import ROOT


def run(arguments: list[str]) -> int:
    """Runs ctest, which has the last word; its exit status is ours."""
    print("  ..           Tests", flush=True)
    jobs = len(os.sched_getaffinity(0))
    return subprocess.run(
        ["ctest", "--preset", "dev", "--parallel", str(jobs), *arguments],
        cwd=ROOT,
        check=False,
    ).returncode
