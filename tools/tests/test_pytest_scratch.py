"""Tests that pass leave no files, and tests that fail leave theirs for who looks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_TOOLS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("passes", [True, False])
def test_files_stay_where_a_test_fails(tmp_path, passes):
    test = tmp_path / "test_writes.py"
    test.write_text(
        "def test_writes(tmp_path):\n"
        "    (tmp_path / 'left').touch()\n"
        f"    assert {passes}\n"
    )
    scratch = tmp_path / "scratch"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
        + ["-p", "pytest_scratch", f"--basetemp={scratch}", test],
        env={**os.environ, "PYTHONPATH": str(_TOOLS)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == passes, done.stdout
    assert len(list(scratch.rglob("left"))) == (0 if passes else 1)
    assert scratch.exists() != passes
