"""Where things are. Everything that is made lies under build/ and .run/."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BUILD = ROOT / "build" / "dev"
BINARIES = BUILD / "bin"

RUN = ROOT / ".run"
LOGS = RUN / "log"
SAMPLE_MARKER = RUN / "sample"
# When loading it has begun.
SAMPLE_TIME = RUN / "sample-time"


def shown(path: Path) -> str:
    """The path as somebody in the project's folder would type it."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
