"""The rules of migrations."""

import re
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.sql import released, tables
from kithcheck.sql.dump import Statement
from kithcheck.sql.parser import parse, variant
from kithcheck.sql.syntax import Fault
from kithcheck.sql.tables import Table
from kithcheck.tree import Tree

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_CREATES = re.compile(r"\s*CREATE\s+TABLE\b", re.IGNORECASE)
_PLAIN = (
    "keep to CREATE TABLE and ALTER TABLE ... ADD with what both MariaDB and MySQL "
    "accept: no trigger, procedure, view, partition, foreign key or sequence."
)
_ADDITIVE = (
    "only add: code of the release before runs on this schema as well; what goes, "
    "goes in a later release, when nothing names it any more."
)
_HARMLESS = ("Algorithm", "Lock")


def read(
    tree: Tree, service: str, dumped: list[Statement]
) -> tuple[dict[str, Table], list[Finding]]:
    """The tables of a service, with all that is wrong with their making.

    Those that common/mysql makes for itself are among the dumped statements.
    """
    made: dict[str, Table] = {}
    found = list(_names(tree, service))
    scripts = texts(tree, service, dumped)
    for text, parsed in zip(scripts, parse([each.sql for each in scripts])):
        place = (text.path, text.line)
        if parsed.error:
            found.append(Finding(*place, f"cannot be parsed: {parsed.error}", _PLAIN))
        if len(parsed.statements) > 1:
            what = f"{len(parsed.statements)} statements"
            mend = "give each a migration of its own: DDL commits at once."
            found.append(Finding(*place, what, mend))
        for statement in parsed.statements:
            for fault in _faults(statement, *place, made):
                found.append(Finding(*place, *fault))
    for table in made.values():
        for fault in tables.table_faults(table, made):
            found.append(Finding(table.path, table.line, *fault))
    return made, found


def texts(tree: Tree, service: str, dumped: list[Statement]) -> list[Statement]:
    """All that makes tables, in its order."""
    own = [Statement(tree.text(path), "", path, 1) for path in _files(tree, service)]
    return own + [each for each in dumped if _CREATES.match(each.sql)]


def _files(tree: Tree, service: str) -> list[str]:
    folder = f"{service}/schema/"
    return [
        path
        for path in tree.files
        if path.startswith(folder) and path != folder + released.LIST
    ]


def _names(tree: Tree, service: str) -> Iterator[Finding]:
    for expected, path in enumerate(_files(tree, service), 1):
        match = _NAME.fullmatch(path.rpartition("/")[2])
        if not match or int(match[1]) != expected:
            mend = (
                f"call it {expected:04}_<subject>.sql: without gaps, each number once."
            )
            yield Finding(path, 1, f"not number {expected:04}, which comes next", mend)
            return


def _faults(
    statement: dict, path: str, line: int, made: dict[str, Table]
) -> Iterator[Fault]:
    name, body = variant(statement)
    if name == "CreateTable":
        for what in ("temporary", "or_replace", "query", "like"):
            if body.get(what):
                yield Fault(f"CREATE TABLE with {what.upper()}", "name the columns.")
                return
        table = tables.make(body, path, line)
        made[table.name] = table
        for column in table.columns.values():
            yield from tables.column_faults(column)
        for constraint in body.get("constraints", ()):
            yield from tables.constraint_faults(constraint)
    elif name == "AlterTable":
        table = made.get(tables.last_name(body["name"]))
        if table is None:
            yield Fault("ALTER TABLE of one that no migration makes", "mend the name.")
            return
        for operation in body["operations"]:
            yield from _alter(table, *variant(operation))
    elif name != "CreateIndex" or body.get("unique"):
        mend = _PLAIN if name.startswith("Create") else _ADDITIVE
        yield Fault(f"{name} in a migration", mend)


def _alter(table: Table, kind: str, content: dict) -> Iterator[Fault]:
    if kind == "AddColumn":
        added = tables.add_column(table, content["column_def"])
        yield from tables.column_faults(added)
        if "NotNull" in added.options and "Default" not in added.options:
            yield Fault(
                f"{added.name} is NOT NULL and has no DEFAULT",
                "give it a DEFAULT, or let it be NULL: code of the release before "
                "inserts rows without it.",
            )
    elif kind == "AddConstraint" and "PrimaryKey" not in content["constraint"]:
        yield from tables.constraint_faults(content["constraint"])
    elif kind not in _HARMLESS:
        yield Fault(f"ALTER TABLE with {kind}", _ADDITIVE)
