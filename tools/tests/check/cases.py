"""Cases of tests that are lines of SQL, and the tables that they are about."""

import re
from pathlib import Path

_HERE = Path(__file__).parent
SCHEMA = "contacts-svc/schema/"
TABLES = (_HERE / "good_tables.sql").read_text().split("\n\n")
# The good tables as a service's migrations, none of them released.
MIGRATIONS = {f"{SCHEMA}released.sha256": ""} | {
    f"{SCHEMA}{number:04}_{re.search(r'TABLE (?P<name>[a-z]+)', text)['name']}.sql": text
    for number, text in enumerate(TABLES, 1)
}


def cases(name):
    """The lines of a file beside the tests, without its comments."""
    lines = (_HERE / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("-- ", "# "))]
