"""./dev check: the fast gate before the tests."""

from dataclasses import dataclass
from typing import Callable

from kithcheck import banned, boundaries, plans, protos, sql, style, tidy
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
    run: Callable[[Tree, Step], list[Finding]]
    # What it needs to be built; nothing if empty.
    preset: str = ""


# In the order of what they cost.
_CHECKS = {
    "banned": _Check(
        "Banned calls, words and sizes", lambda tree, _: banned.check(tree)
    ),
    "boundaries": _Check("Boundaries", lambda tree, _: boundaries.check(tree)),
    "format": _Check("Format", lambda tree, _: style.check_format(tree)),
    "flake8": _Check("Python", lambda tree, _: style.check_python(tree)),
    "buf": _Check("Protos", lambda tree, _: protos.check(tree)),
    "sql": _Check("SQL", lambda tree, _: sql.check(tree), preset="dev"),
    "plans": _Check(
        "Plans",
        lambda tree, step: plans.check(tree, step.progress),
        preset="dev",
    ),
    "tidy": _Check(
        "Clang-tidy",
        lambda tree, step: tidy.check(
            tree, progress=lambda done, total: step.progress(bar(done, total))
        ),
        preset="check",
    ),
}


class _Found(Exception):
    """A check is through, and found something."""

    def __init__(self, findings: list[Finding]):
        super().__init__()
        self.findings = findings


def run(arguments: list[str]) -> int:
    """Runs the checks named, or all."""
    unknown = [name for name in arguments if name not in _CHECKS]
    if unknown:
        raise Failure(f'No check "{unknown[0]}"; there are {", ".join(_CHECKS)}.')
    chosen = [_CHECKS[name] for name in arguments or _CHECKS]
    for preset in sorted({check.preset for check in chosen if check.preset}):
        build.run([f"--preset={preset}"])
    tree = Tree(ROOT)
    console = Console()
    count = sum(_report(console, check, tree) for check in chosen)
    if count:
        print(paint(f"\n{count} to mend.", "red"))
    return 1 if count else 0


def _report(console: Console, check: _Check, tree: Tree) -> int:
    """Runs one check and shows what it finds; answers how much that is."""
    try:
        with console.step(check.title) as step:
            findings = sorted(set(check.run(tree, step)))
            if findings:
                raise _Found(findings)
            step.result("nothing to mend")
    except _Found as found:
        for finding in found.findings:
            print(finding, flush=True)
        return len(found.findings)
    return 0
