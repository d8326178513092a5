"""./dev check: the fast gate before the tests."""

from dataclasses import dataclass
from typing import Callable

from kithcheck import banned, boundaries, flake8, layout
from kithcheck import plans, protos, sizes, sql, tidy
from kithcheck.finding import Finding
from kithcheck.tree import Tree
from kithdev.commands import build
from kithdev.console import Console, Step, bar, paint
from kithdev.failure import Failure
from kithdev.paths import ROOT


@dataclass(frozen=True)
class _Check:
    """One check: what it is called while it runs, and what it needs."""

    title: str
    run: Callable[[Tree, Step, bool], list[Finding]]
    needs_build: bool = False
    # One more that it needs to be built.
    preset: str = ""


# In the order of what they cost.
_CHECKS = {
    "banned": _Check("Banned calls and words", lambda tree, *_: banned.check(tree)),
    "sizes": _Check("Sizes", lambda tree, *_: sizes.check(tree)),
    "boundaries": _Check("Boundaries", lambda tree, *_: boundaries.check(tree)),
    "format": _Check("Format", lambda tree, *_: layout.check(tree)),
    "flake8": _Check("Python", lambda tree, *_: flake8.check(tree)),
    "buf": _Check("Protos", lambda tree, *_: protos.check(tree)),
    "sql": _Check("SQL", lambda tree, *_: sql.check(tree), needs_build=True),
    "plans": _Check(
        "Plans",
        lambda tree, step, _: plans.check(tree, step.progress),
        needs_build=True,
    ),
    "tidy": _Check(
        "Clang-tidy",
        lambda tree, step, everything: tidy.check(
            tree, everything, lambda done, total: step.progress(bar(done, total))
        ),
        needs_build=True,
        preset="check",
    ),
}


class _Found(Exception):
    """A check is through, and found something."""

    def __init__(self, findings: list[Finding]):
        super().__init__()
        self.findings = findings


def run(arguments: list[str]) -> int:
    """Runs the checks named, or all; --all makes clang-tidy look for more."""
    everything = "--all" in arguments
    names = [name for name in arguments if name != "--all"]
    unknown = [name for name in names if name not in _CHECKS]
    if unknown:
        raise Failure(f'No check "{unknown[0]}"; there are {", ".join(_CHECKS)}.')
    chosen = [_CHECKS[name] for name in names or _CHECKS]
    if any(check.needs_build for check in chosen):
        build.run([])
    for preset in {check.preset for check in chosen if check.preset}:
        build.run([f"--preset={preset}"])
    tree = Tree(ROOT)
    console = Console()
    count = sum(_report(console, check, tree, everything) for check in chosen)
    if count:
        print(paint(f"\n{count} to mend.", "red"))
    return 1 if count else 0


def _report(console: Console, check: _Check, tree: Tree, everything: bool) -> int:
    """Runs one check and shows what it finds; answers how much that is."""
    try:
        with console.step(check.title) as step:
            findings = sorted(set(check.run(tree, step, everything)))
            if findings:
                raise _Found(findings)
            step.result("nothing to mend")
    except _Found as found:
        for finding in found.findings:
            print(finding, flush=True)
        return len(found.findings)
    return 0
