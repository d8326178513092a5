"""Packages are installed by group, if they are missing, and as root alone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).resolve().parents[1] / "install_packages"
_PACKAGES = """# Words about it all.

# build
kith-one
kith-old

# check
kith-two
# A second word is a program.
kith-three kith-program
kith-four bash
"""
_INSTALL = "apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends"


@pytest.fixture
def machine(tmp_path):
    """A checkout on a machine that has kith-old alone, whose apt-get only notes."""
    tools, programs = tmp_path / "tools", tmp_path / "bin"
    tools.mkdir()
    programs.mkdir()
    shutil.copy(_SCRIPT, tools)
    (tools / "packages.txt").write_text(_PACKAGES)

    def put(name, *lines):
        (programs / name).write_text("\n".join(["#!/bin/bash", *lines, ""]))
        (programs / name).chmod(0o755)

    put("id", "echo 0")
    put("dpkg-query", "echo 'ii  kith-old'", "echo 'rc  kith-one'")
    put("apt-get", f'echo "apt-get $*" >>{tmp_path}/calls')
    return put


@pytest.fixture
def install(machine, tmp_path):
    """Runs the script: its exit status, what it says of faults, what it called."""

    def run(*groups):
        done = subprocess.run(
            [tmp_path / "tools" / "install_packages", *groups],
            env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        calls = tmp_path / "calls"
        return (
            done.returncode,
            done.stderr,
            calls.read_text().splitlines() if calls.exists() else [],
        )

    return run


def test_all_that_is_missing_but_for_what_another_program_does(install):
    wanted = f"{_INSTALL} kith-one kith-three kith-two"
    assert install() == (0, "", [wanted])


def test_packages_come_in_groups(install):
    assert install("build", "run") == (0, "", [f"{_INSTALL} kith-one"])


def test_apt_is_left_alone_if_nothing_is_missing(machine, install):
    machine("dpkg-query", "echo 'ii  kith-old'", "echo 'ii  kith-one'")
    assert install("build") == (0, "", [])


def test_stale_package_lists_are_fetched(machine, install, tmp_path):
    machine(
        "apt-get",
        f'echo "$*" >>{tmp_path}/calls',
        f"[[ $(wc -l <{tmp_path}/calls) -gt 1 ]]",
    )
    status, _, calls = install("build")
    assert status == 0
    assert [call.split()[4] for call in calls] == ["install", "update", "install"]


@pytest.mark.parametrize("name, why", [("sudo", "root or sudo"), ("apt-get", "failed")])
def test_what_to_do_if_it_cannot_install(machine, install, name, why):
    machine("id", "echo 1000")
    machine("sudo", 'if [[ $1 != -v ]]; then exec "$@"; fi')
    machine(name, "exit 1")
    status, told, calls = install("build")
    assert status == 1 and not calls
    assert why in told
    assert "apt-get install -y --no-install-recommends kith-one\n" in told
