"""./dev build [--preset=...] [target...]: configures and builds what changed."""

import re
from pathlib import Path
from typing import IO

from kithdev.console import Console, Step
from kithdev.failure import Failure
from kithdev.logged import run_logged
from kithdev.paths import LOGS, ROOT

_DEFAULT_PRESET = "dev"
_PRESET_OPTION = "--preset="
_LOG = LOGS / "build.log"
# Ninja's "[3/128] Building ...".
_PROGRESS = re.compile(r"\[(\d+)/(\d+)\]")
_ERROR_LINES = 40


def run(arguments: list[str]) -> int:
    """Builds all, or the targets named; says how much there was to do."""
    preset, names = chosen_preset(arguments)
    targets = ["--target", *names] if names else []
    LOGS.mkdir(parents=True, exist_ok=True)
    console = Console()
    with _LOG.open("w", encoding="utf-8") as log:
        if not (ROOT / "build" / preset / "build.ninja").exists():
            with console.step("Configure") as step:
                _logged(["cmake", "--preset", preset], log, step)
        with console.step("Build") as step:
            build = ["cmake", "--build", "--preset", preset]
            count = _logged([*build, *targets], log, step)
            step.result(f"{count} steps" if count else "nothing to do")
    return 0


def chosen_preset(arguments: list[str]) -> tuple[str, list[str]]:
    """The preset that the arguments begin with, or dev; and the other arguments."""
    if arguments and arguments[0].startswith(_PRESET_OPTION):
        return arguments[0].removeprefix(_PRESET_OPTION), arguments[1:]
    return _DEFAULT_PRESET, arguments


def _logged(argv: list[str], log: IO[str], step: Step) -> int:
    """Runs a command into the log; answers the number of steps it took."""
    count = 0

    def count_step(line: str) -> None:
        nonlocal count
        if progress := _PROGRESS.match(line):
            count = int(progress[1])
            step.progress(line.strip())

    if run_logged(argv, log, count_step) != 0:
        raise Failure(f"{' '.join(argv)} failed.", log=_LOG, excerpt=_first_error(_LOG))
    return count


def _first_error(log: Path) -> list[str]:
    """The output of the first step that failed; the log goes on after it."""
    text = log.read_text(errors="replace")
    at = text.find("FAILED: ")
    return [] if at < 0 else text[at:].splitlines()[:_ERROR_LINES]
