"""Runs one command of ./dev: the module of its name in kithdev.commands."""

import importlib
import sys

from kithdev.failure import Failure


def main() -> int:
    """Runs it; what it fails with is told without a stack trace."""
    name, *arguments = sys.argv[1:]
    try:
        command = importlib.import_module(f"kithdev.commands.{name}")
        return command.run(arguments)
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _MADE_BY_BUILD:
            raise
        print(f"{error.name} is missing: run ./dev build first.", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("\nStopped. ./dev status shows what still runs.", file=sys.stderr)
        return 130


# Generated, or installed with the packages.
_MADE_BY_BUILD = ("kith", "google", "grpc")


if __name__ == "__main__":
    sys.exit(main())
