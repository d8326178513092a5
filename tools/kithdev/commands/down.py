"""./dev down: stops what ./dev up started, and nothing else."""

from kithdev.console import Console
from kithdev.development import has_run, suite
from kithdev.failure import Failure


def run(arguments: list[str]) -> int:
    """Stops the services, then the database."""
    if arguments:
        raise Failure("./dev down takes no arguments.")
    if not has_run():
        print("Nothing runs here.")
        return 0
    with Console().step("Stop") as step:
        stopped = suite().stop()
        step.result(", ".join(stopped) if stopped else "nothing was running")
    return 0
