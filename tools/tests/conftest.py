"""Makes the tools and the generated messages importable, without a build."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_GOOGLE = (
    "/usr/share/gocode/src/github.com/gogo/googleapis"
)

# Kept for as long as the tests run; test modules import from it when they are
# collected, which is before any fixture.
_generated = tempfile.TemporaryDirectory()


def _generate() -> None:
    protos = [str(path) for path in (ROOT / "protos").rglob("*.proto")]
    subprocess.run(
        [
            "protoc",
            f"-I{ROOT / 'protos'}",
            f"-I{_GOOGLE}",
            f"--python_out={_generated.name}",
            *protos,
            "google/rpc/status.proto",
        ],
        check=True,
    )


_generate()
sys.path[:0] = [str(ROOT / "tools"), _generated.name]
