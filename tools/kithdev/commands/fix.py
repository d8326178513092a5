"""./dev fix: mends what a program can mend."""

from kithcheck import protos, style
from kithcheck.sql import released
from kithcheck.tree import Tree
from kithdev.console import Console
from kithdev.failure import Failure
from kithdev.paths import ROOT


def run(arguments: list[str]) -> int:
    """Formats; `release` takes protos and migrations as they are for released."""
    if arguments not in ([], ["release"]):
        raise Failure("./dev fix takes nothing, or release.")
    tree = Tree(ROOT)
    console = Console()
    if arguments:
        with console.step("Released protos") as step:
            step.result(protos.release(tree))
        with console.step("Released migrations") as step:
            step.result(", ".join(released.release(tree)) or "nothing to do")
        return 0
    with console.step("Format") as step:
        changed = style.fix(tree)
        step.result(", ".join(changed) or "nothing to do")
    return 0
