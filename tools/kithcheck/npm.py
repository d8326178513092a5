"""Programs from npm, pinned, in a folder that git ignores."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from typing import BinaryIO

from kithdev.failure import Failure
from kithdev.paths import ROOT

_PINNED = Path(__file__).with_name("npm")
_PLACE = ROOT / "build" / "npm"


def modules(pinned: Path = _PINNED, place: Path = _PLACE) -> Path:
    """The folder node_modules in `place`, installed where what `pinned` has changed."""
    found = place / "node_modules"
    files = [pinned / name for name in ("package.json", "package-lock.json")]
    wanted = b"".join(path.read_bytes() for path in files)
    installed = found / ".installed"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "install.log").open("ab") as log:
        # Tests run beside each other.
        fcntl.flock(log, fcntl.LOCK_EX)
        if not installed.exists() or installed.read_bytes() != wanted:
            for path in files:
                shutil.copy(path, place)
            _install(log)
            installed.write_bytes(wanted)
    return found


def buf() -> str:
    """The program buf. Its package of this machine's kind is installed alone:
    the one that chooses among them asks for some that nobody publishes."""
    found = sorted(modules().glob("@bufbuild/buf-*/bin/buf"))
    if not found:
        raise Failure("buf has no build for this kind of machine.")
    return str(found[0])


def _install(log: BinaryIO) -> None:
    place = Path(log.name).parent
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=place,
        env={**os.environ, "NO_UPDATE_NOTIFIER": "1"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        check=False,
    )
    if done.returncode != 0:
        raise Failure("npm ci failed.", log=Path(log.name))
