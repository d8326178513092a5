"""A collector of spans: tests/otlp, a program of node."""

import shutil
import subprocess
from pathlib import Path
from typing import Sequence

from kithcheck.npm import modules
from kithdev.paths import ROOT

_SOURCES = ROOT / "tests" / "otlp"
_PLACE = ROOT / "build" / "otlp"


def start(
    manner: str, port: int = 0, tls: Sequence[Path] = ()
) -> tuple[subprocess.Popen, int]:
    """Starts one; answers it and its port, once it listens.

    Its manner is one of those that receiver.js knows. It prints each span as a line of
    JSON, unless it "discards" them. `tls`: the files of its certificate and key.
    """
    modules(_SOURCES, _PLACE)
    # Under the name it has in the tree, as node looks for packages beside it.
    script = shutil.copy(_SOURCES / "receiver.js", _PLACE)
    process = subprocess.Popen(
        ["node", script, manner, f"127.0.0.1:{port}", *tls],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, int(process.stdout.readline())
