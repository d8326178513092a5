"""Scripts of node that tests run, and the browser that some of them drive."""

import json
import os
import shutil
import subprocess
from pathlib import Path


def run(script: Path, *arguments: str, env=None, **options):
    """The JSON that a script prints; `env` is added to the environment."""
    done = subprocess.run(
        ["node", str(script), *arguments],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def chromium() -> str:
    """The browser."""
    names = ("chromium-headless-shell", "chromium")
    return next(filter(None, map(shutil.which, names)))
