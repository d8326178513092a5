"""Clang-tidy over all sources that are built, with a memory of clean inputs."""

import hashlib
import json
import re
import shlex
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Callable

from kithcheck.finding import Finding
from kithcheck.includes import Include, Includes
from kithcheck.tree import Tree
from kithcheck.workers import in_parallel
from kithdev.failure import Failure

# 14, Debian's own, does not know std::source_location.
_PROGRAM = "clang-tidy-16"
# Of the preset check: each file by itself, so that a missing #include shows.
_DATABASE = "build/check/compile_commands.json"
_GENERATED = "build/check/protos/cpp"
_MEMORY = "build/check/tidy"
_FOUND = re.compile(r"^(/[^:]+):(\d+):\d+: (?:error|warning): (.*) \[([\w.,-]+)\]$")
_BROKEN = "clang-diagnostic-error"
_LINES = re.compile(r"note: (\d+) lines including")

# With --all, a quarter of an hour: worth a look now and then.
_ALL = (
    "-*,bugprone-*,clang-analyzer-*,google-*,misc-*,modernize-*,performance-*,"
    "readability-*,concurrency-*,"
    # Against the style of this tree or of Google's, or slower than all others.
    "-misc-confusable-identifiers,-misc-const-correctness,"
    "-bugprone-macro-parentheses,-modernize-return-braced-init-list,"
    "-bugprone-easily-swappable-parameters,-bugprone-exception-escape,"
    "-bugprone-narrowing-conversions,-google-readability-*,"
    "-google-runtime-references,-misc-no-recursion,"
    "-misc-non-private-member-variables-in-classes,-modernize-avoid-c-arrays,"
    "-modernize-concat-nested-namespaces,-modernize-use-nodiscard,"
    "-modernize-use-trailing-return-type,-readability-braces-around-statements,"
    "-readability-function-cognitive-complexity,-readability-identifier-length,"
    "-readability-implicit-bool-conversion,-readability-magic-numbers,"
    "-readability-named-parameter,-readability-qualified-auto"
)

_ADVICE = {
    "bugprone-dangling-handle": "keep the string alive: give it a name first.",
    "bugprone-unused-raii": "give the object a name, or it ends at once.",
    "bugprone-unused-return-value": "use what it answers.",
    "bugprone-use-after-move": "use it before it moves, or give it a new value.",
    _BROKEN: "mend the code until clang compiles it as well.",
    "google-build-using-namespace": "name what is used: using x::Y;",
    "google-explicit-constructor": "write explicit, or NOLINT for conversions.",
    "misc-definitions-in-headers": "move it to the .cc file, or write inline.",
    "misc-unused-using-decls": "delete the line.",
    "modernize-use-override": "write override.",
    "performance-for-range-copy": "write const auto&.",
    "performance-implicit-conversion-in-loop": "name the very type of the elements.",
    "performance-move-const-arg": "drop the std::move, or the const.",
    "readability-function-size": "name a part of it: at most 40 lines a function.",
}


@dataclass(frozen=True)
class _Job:
    """One source with all that its result depends on."""

    tree: Tree
    path: str
    checks: str | None
    memory: Path


def check(
    tree: Tree,
    everything: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Finding]:
    """What clang-tidy finds in each source of the repo, and in its headers; in
    tests where everything is asked for."""
    if not tree.has(_DATABASE):
        raise Failure(f"{_DATABASE} is missing.", advice="./dev build")
    commands = _commands(tree)
    includes = Includes(tree)
    checks = _ALL if everything else None
    jobs = [
        _Job(tree, path, checks, _memory(tree, path, command, checks, includes))
        for path, command in sorted(
            commands.items(), key=lambda item: -len(tree.text(item[0]))
        )
        # A third of the time, and their faults show when they run.
        if everything or not path.endswith("_test.cc")
    ]
    found = set(_unbuilt(tree, commands))
    for done, findings in enumerate(in_parallel(_look, jobs), 1):
        found.update(findings)
        progress(done, len(jobs))
    _forget({job.memory for job in jobs}, tree)
    return sorted(found)


def _commands(tree: Tree) -> dict[str, str]:
    """How each source of the repo is compiled; generated ones are left out."""
    ours = set(tree.cpp)
    commands = {}
    for entry in json.loads((tree.root / _DATABASE).read_text()):
        path = Path(entry["directory"], entry["file"])
        if path.is_relative_to(tree.root):
            shown = path.relative_to(tree.root).as_posix()
            if shown in ours:
                commands[shown] = entry["command"]
    return commands


def _unbuilt(tree: Tree, commands: dict[str, str]) -> list[Finding]:
    return [
        Finding(
            path,
            1,
            "in no CMake target",
            "name it among the SOURCES in its folder's CMakeLists.txt and run "
            "./dev build, or delete it.",
        )
        for path in tree.of(".cc")
        if path not in commands
    ]


def _look(job: _Job) -> list[Finding]:
    if job.memory.exists():
        return [Finding(**found) for found in json.loads(job.memory.read_text())]
    findings = _run(job)
    if any(_BROKEN in found.what for found in findings):
        return findings  # What it lacks may come without a change of its inputs.
    job.memory.parent.mkdir(parents=True, exist_ok=True)
    scratch = job.memory.with_suffix(".new")
    scratch.write_text(json.dumps([asdict(found) for found in findings]))
    scratch.replace(job.memory)
    return findings


def _run(job: _Job) -> list[Finding]:
    done = subprocess.run(
        [
            _PROGRAM,
            "-p",
            str((job.tree.root / _DATABASE).parent),
            "--quiet",
            *([f"--checks={job.checks}"] if job.checks else []),
            job.path,
        ],
        cwd=job.tree.root,
        capture_output=True,
        text=True,
        check=False,
    )
    findings = _parse(job.tree, done.stdout)
    if done.returncode != 0 and not findings:
        # The fault lies in what it includes, or in clang-tidy itself.
        errors = [line for line in done.stdout.splitlines() if " error: " in line]
        what = (errors or done.stderr.strip().splitlines() or ["it failed"])[-1]
        findings = [Finding(job.path, 1, f"{what} [{_BROKEN}]", _ADVICE[_BROKEN])]
    return findings


def _parse(tree: Tree, output: str) -> list[Finding]:
    findings = []
    lines = output.splitlines()
    for number, match in enumerate(map(_FOUND.match, lines)):
        if not match or not Path(match[1]).is_relative_to(tree.root):
            continue
        rule = match[4].split(",")[0]
        what = match[3]
        if rule == "readability-function-size":
            counted = _LINES.search("\n".join(lines[number : number + 12]))
            what = what.replace(
                "exceeds recommended size/complexity thresholds",
                f"has {counted[1] if counted else 'too many'} lines, at most 40",
            )
        findings.append(
            Finding(
                Path(match[1]).relative_to(tree.root).as_posix(),
                int(match[2]),
                f"{what} [{rule}]",
                _ADVICE.get(rule, f"see clang-tidy's page on {rule}."),
            )
        )
    return findings


def _memory(
    tree: Tree, path: str, command: str, checks: str | None, includes: Includes
) -> Path:
    """Where the result of these very inputs is kept.

    System headers count by the version of clang-tidy alone: they change with
    the packages of a Debian release, and rarely.
    """
    digest = hashlib.sha256()
    for part in (
        _version(),
        checks or tree.text(".clang-tidy"),
        shlex.join(shlex.split(command)),
        *(f"{each}\0{tree.text(each)}" for each in _closure(tree, path, includes)),
    ):
        digest.update(part.encode())
        digest.update(b"\0")
    return tree.root / _MEMORY / f"{digest.hexdigest()}.json"


def _closure(tree: Tree, path: str, includes: Includes) -> list[str]:
    """The file and what it leads to, in the repo or generated."""
    seen = {path}
    waiting = [path]
    while waiting:
        for include in includes.of(waiting.pop()):
            target = _resolve(tree, include)
            if target and target not in seen:
                seen.add(target)
                waiting.append(target)
    return sorted(seen)


def _resolve(tree: Tree, include: Include) -> str | None:
    for target in (include.target, f"{_GENERATED}/{include.target}"):
        if tree.has(target):
            return target
    return None


@cache
def _version() -> str:
    try:
        return subprocess.run(
            [_PROGRAM, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except FileNotFoundError as error:
        raise Failure(
            f"{_PROGRAM} is not installed.", advice="tools/install_packages check"
        ) from error


def _forget(used: set[Path], tree: Tree) -> None:
    """Keeps the memory from growing; what was of use this time stays."""
    results = list((tree.root / _MEMORY).glob("*.json"))
    for old in sorted(results, key=lambda path: path.stat().st_mtime)[:-1000]:
        if old not in used:
            old.unlink(missing_ok=True)
