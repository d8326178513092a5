"""The SQL parser: Apache DataFusion's sqlparser with its MySQL dialect.

Of python3-sqlglot, sql-parser-cst, node-sql-parser and this, it alone parses
every statement and migration of the repo.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Sequence

from kithcheck.npm import modules, node
from kithdev.failure import Failure

_SCRIPT = Path(__file__).with_name("parse_sql.js")
# As long as any list: what it is bound to does not matter here.
LIST = "?, ?, ?"


@dataclass(frozen=True)
class Parsed:
    """The syntax trees of one text, or why there are none."""

    statements: tuple[dict, ...] = ()
    error: str = ""


_known: dict[str, Parsed] = {}


def parse(texts: Sequence[str]) -> list[Parsed]:
    """Parses what is new among them in one go; it starts a program."""
    new = sorted({text for text in texts if text not in _known})
    if new:
        _known.update(zip(new, _run(new)))
    return [_known[text] for text in texts]


def _run(texts: Sequence[str]) -> list[Parsed]:
    done = subprocess.run(
        [node(), str(_SCRIPT)],
        input=json.dumps([text.replace(":list", LIST) for text in texts]),
        env={**os.environ, "NODE_PATH": str(modules())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"The SQL parser failed: {done.stderr.strip()[-500:]}")
    return [
        Parsed(tuple(one.get("statements", ())), one.get("error", ""))
        for one in json.loads(done.stdout)
    ]


def variant(node_: dict | str) -> tuple[str, object]:
    """The name and content of an enumeration's value."""
    if isinstance(node_, str):
        return node_, None
    return next(iter(node_.items()))


def below(node_: object, name: str) -> Iterator[object]:
    """All that goes by a name, at any depth."""
    if isinstance(node_, dict):
        for key, value in node_.items():
            if key == name:
                yield value
            yield from below(value, name)
    elif isinstance(node_, list):
        for value in node_:
            yield from below(value, name)


def last_name(parts: Sequence[dict]) -> str:
    """A table's name, or a column's, without what it is part of."""
    part = parts[-1]
    return part.get("Identifier", part).get("value", "")


def column(expression: object) -> str:
    """The column that an expression is; empty where it is something else."""
    if isinstance(expression, dict):
        name, content = variant(expression)
        if name == "Identifier":
            return content["value"]
        if name == "CompoundIdentifier":
            return last_name(content)
        if name == "Nested":
            return column(content)
    return ""
