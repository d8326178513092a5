"""The SQL parser: Apache DataFusion's sqlparser with its MySQL dialect.

Of python3-sqlglot, sql-parser-cst, node-sql-parser and this, it alone parses
every statement and migration of the repo.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence

from kithcheck.npm import modules
from kithdev.failure import Failure

_SCRIPT = Path(__file__).with_name("parse_sql.js")


class Parsed(NamedTuple):
    """The syntax trees of one text, or why there are none."""

    statements: list[dict]
    error: str


_known: dict[str, Parsed] = {}


def parse(texts: Sequence[str]) -> list[Parsed]:
    """Parses what is new among them in one go; it starts a program."""
    new = sorted(set(texts) - _known.keys())
    if new:
        # As long as any list: what it is bound to does not matter here.
        given = json.dumps([text.replace(":list", "?, ?, ?") for text in new])
        done = subprocess.run(
            ["node", str(_SCRIPT)],
            input=given,
            env={**os.environ, "NODE_PATH": str(modules())},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"The SQL parser failed: {done.stderr.strip()[-500:]}")
        for text, one in zip(new, json.loads(done.stdout)):
            _known[text] = Parsed(one.get("statements", []), one.get("error", ""))
    return [_known[text] for text in texts]


def variant(node: dict | str) -> tuple[str, object]:
    """The name and content of an enumeration's value."""
    return (node, None) if isinstance(node, str) else next(iter(node.items()))


def below(node: object, name: str) -> Iterator[object]:
    """All that goes by a name, at any depth."""
    if isinstance(node, dict):
        if name in node:
            yield node[name]
        node = list(node.values())
    for value in node if isinstance(node, list) else ():
        yield from below(value, name)


def last_name(parts: Sequence[dict]) -> str:
    """A table's name, or a column's, without what it is part of."""
    part = parts[-1]
    return part.get("Identifier", part).get("value", "")


def column(expression: object) -> str:
    """The column that an expression is; empty where it is something else."""
    name, content = variant(expression) if isinstance(expression, dict) else ("", "")
    if name == "Nested":
        return column(content)
    if name == "Identifier":
        return content["value"]
    return last_name(content) if name == "CompoundIdentifier" else ""
