"""Programs from npm, pinned, in a folder that git ignores."""

import os
import shutil
import subprocess
from pathlib import Path

from kithdev.failure import Failure
from kithdev.paths import ROOT

_PINNED = Path(__file__).with_name("npm")
_FILES = ("package.json", "package-lock.json")
_PLACE = ROOT / "build" / "npm"


def modules() -> Path:
    """The folder node_modules, installed where the pinned versions changed."""
    if not _installed():
        _install()
    return _PLACE / "node_modules"


def node() -> str:
    """The program that runs JavaScript."""
    return _program("node")


def buf() -> str:
    """The program buf. Its package of this machine's kind is installed alone:
    the one that chooses among them asks for some that nobody publishes."""
    found = sorted(modules().glob("@bufbuild/buf-*/bin/buf"))
    if not found:
        raise Failure("buf has no build for this kind of machine.")
    return str(found[0])


def _installed() -> bool:
    lock = _PLACE / "node_modules" / ".installed"
    return lock.exists() and lock.read_bytes() == _wanted()


def _install() -> None:
    npm = _program("npm")
    _PLACE.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copyfile(_PINNED / name, _PLACE / name)
    log = _PLACE / "install.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=_PLACE,
            env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
    if done.returncode != 0:
        raise Failure("npm ci failed.", log=log)
    (_PLACE / "node_modules" / ".installed").write_bytes(_wanted())


def _wanted() -> bytes:
    return b"".join((_PINNED / name).read_bytes() for name in _FILES)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Failure(
            f"{name} is not installed.",
            advice="tools/install_packages check, or apt-get install nodejs npm.",
        )
    return found
