"""Cases of tests that are lines of SQL."""

from pathlib import Path


def cases(name):
    """The lines of a file beside the tests, without its comments."""
    lines = Path(__file__).with_name(name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("-- ", "# "))]
