"""./dev fuzz: lets libFuzzer look for inputs that break what must hold."""

import argparse
import re
import subprocess
import time
from pathlib import Path

from kithdev.commands import build
from kithdev.console import Console, Step
from kithdev.failure import Failure
from kithdev.logged import run_logged
from kithdev.paths import LOGS, ROOT, RUN, shown

_CORPUS = ROOT / "tests" / "fuzz" / "corpus"
_PROGRAM = ROOT / "build" / "fuzz" / "bin" / "kith-fuzz"
# What earlier runs have found worth keeping, and what breaks something.
_FOUND = RUN / "fuzz"
# As long as what a request carries may be, more or less.
_MOST_BYTES = 4096
_SECONDS_PER_INPUT = 10
_MOST_MEGABYTES = 2048
# "#4096 pulse cov: 297 ft: 690 corp: 12/318b exec/s: 2048 rss: 40Mb"
_PROGRESS = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) .*exec/s: (\d+)")
# What says what happened: a property, a sanitizer, libFuzzer itself.
_FAULT = re.compile(r"^(Broken: |Input \(|.*runtime error: |.*ERROR: )")
_CRASH = re.compile(r"Test unit written to (\S+)")


def run(arguments: list[str]) -> int:
    """Builds, runs the targets named, or all, one after the other."""
    options = _options(arguments)
    build.run(["--preset=fuzz", _PROGRAM.name])
    console = Console()
    if options.again:
        return subprocess.run(
            [str(_PROGRAM), f"--target={options.targets[0]}", str(options.again)],
            cwd=ROOT,
            check=False,
        ).returncode
    broken = 0
    for target in options.targets:
        try:
            with console.step(f"{target}, {options.seconds} s") as step:
                _fuzz(target, options.seconds, step)
        except Failure as failure:
            print(f"\n{failure}\n", flush=True)
            broken += 1
    return 1 if broken else 0


def targets() -> list[str]:
    """The names of all targets: each has a corpus."""
    return sorted(path.name for path in _CORPUS.iterdir())


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev fuzz", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", help=f"all if not given: {', '.join(targets())}"
    )
    parser.add_argument("--seconds", type=int, default=60, help="of each target")
    parser.add_argument(
        "--again", type=Path, metavar="FILE", help="one input of one target, once"
    )
    options = parser.parse_args(arguments)
    for target in options.targets:
        if target not in targets():
            parser.error(f"no target {target}; there are {', '.join(targets())}")
    if options.again and len(options.targets) != 1:
        parser.error("--again wants the one target that the file is for")
    options.targets = options.targets or targets()
    return options


def _fuzz(target: str, seconds: int, step: Step) -> None:
    """Runs one target; fails with the input if something breaks."""
    kept = _FOUND / target
    kept.mkdir(parents=True, exist_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    log_path = LOGS / f"fuzz-{target}.log"
    argv = [
        str(_PROGRAM),
        f"--target={target}",
        f"-max_total_time={seconds}",
        f"-max_len={_MOST_BYTES}",
        f"-timeout={_SECONDS_PER_INPUT}",
        f"-rss_limit_mb={_MOST_MEGABYTES}",
        "-use_value_profile=1",
        "-print_final_stats=1",
        f"-artifact_prefix={_FOUND}/{target}-",
        str(kept),
        str(_CORPUS / target),
    ]
    last = ""
    start = time.monotonic()

    def tell(line: str) -> None:
        nonlocal last
        if at := _PROGRESS.match(line):
            last = _told(at, time.monotonic() - start)
            step.progress(last)

    with log_path.open("w", encoding="utf-8") as log:
        code = run_logged(argv, log, tell)
    if code != 0:
        raise _failure(target, log_path)
    step.result(last)


def _told(progress: re.Match[str], seconds: float) -> str:
    inputs, edges, features, _ = (int(number) for number in progress.groups())
    return (
        f"{inputs:,} inputs, {inputs / max(seconds, 1):,.0f} a second, "
        f"{edges:,} edges, {features:,} features"
    )


def _failure(target: str, log: Path) -> Failure:
    """What broke, where its input is, and how to see it again."""
    lines = log.read_text(errors="replace").splitlines()
    excerpt = [line for line in lines if _FAULT.match(line)]
    crash = next((found[1] for line in lines if (found := _CRASH.search(line))), "")
    advice = f"see the log; {_PROGRAM.name} itself has failed"
    if crash:
        advice = (
            f"mend it, with a unit test beside the code; once more: "
            f"./dev fuzz {target} --again={shown(Path(crash))}"
        )
    return Failure(f"{target} is broken.", log=log, excerpt=excerpt, advice=advice)
