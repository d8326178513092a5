"""The rules of migrations, and of the tables that they make."""

import re
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.sql import released, tables
from kithcheck.sql.dump import Statement
from kithcheck.sql.parser import Parsed, below, parse, variant
from kithcheck.sql.table_rules import column_faults, constraint_faults, table_faults
from kithcheck.sql.tables import Table
from kithcheck.tree import Tree

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
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
    folder = f"{service}/schema/"
    files = [path for path in tree.files if path.startswith(folder)]
    files = [path for path in files if path != folder + released.LIST]
    found = list(_names(files))
    made: dict[str, Table] = {}
    for path, parsed in zip(files, parse([tree.text(path) for path in files])):
        found += _migration(path, parsed, made)
    creates = [one for one in dumped if re.match(r"\s*CREATE\s+TABLE\b", one.sql, re.I)]
    for one, parsed in zip(creates, parse([one.sql for one in creates])):
        found += _statements(one.path, one.line, parsed, made)
    for table in made.values():
        found += [
            Finding(table.path, table.line, fault.what, fault.mend)
            for fault in table_faults(table, made)
        ]
    return made, found


def _names(files: list[str]) -> Iterator[Finding]:
    expected = 1
    for path in files:
        match = _NAME.fullmatch(path.rpartition("/")[2])
        if not match:
            yield Finding(
                path, 1, "not the name of a migration", "call it NNNN_<subject>.sql."
            )
            continue
        if int(match[1]) != expected:
            yield Finding(
                path,
                1,
                f"number {match[1]} where {expected:04} comes next",
                f"call it {expected:04}_<subject>.sql: without gaps, each number once.",
            )
        expected = int(match[1]) + 1


def _migration(path: str, parsed: Parsed, made: dict[str, Table]) -> Iterator[Finding]:
    yield from _statements(path, 1, parsed, made)
    if len(parsed.statements) > 1:
        yield Finding(
            path,
            1,
            f"{len(parsed.statements)} statements",
            "give each a migration of its own: DDL commits at once, and a migration "
            "that broke off half-way cannot be run again.",
        )


def _statements(
    path: str, line: int, parsed: Parsed, made: dict[str, Table]
) -> Iterator[Finding]:
    if parsed.error:
        yield Finding(path, line, f"cannot be parsed: {parsed.error}", _PLAIN)
    for statement in parsed.statements:
        name, body = variant(statement)
        if name == "CreateTable":
            yield from _create(path, line, body, made)
        elif name == "AlterTable":
            yield from _alter(path, line, body, made)
        elif name == "CreateIndex" and not body.get("unique"):
            table = made.get(tables.last_name(body["table_name"]))
            if table:
                label = tables.last_name(body["name"])
                table.keys[label] = tables.key_columns(body)
        else:
            advice = _PLAIN if name.startswith("Create") else _ADDITIVE
            yield Finding(path, line, f"{name} in a migration", advice)


def _create(
    path: str, line: int, create: dict, made: dict[str, Table]
) -> Iterator[Finding]:
    for fault, mend in (
        ("temporary", "make a table that stays, or keep the rows in memory."),
        ("or_replace", "make it under a new name; this one drops what was there."),
        ("query", "name the columns; fill them by a rebuild, in batches."),
        ("like", "name the columns, so that this file says what the table is."),
    ):
        if create.get(fault):
            yield Finding(path, line, f"CREATE TABLE with {fault.upper()}", mend)
            return
    table = tables.make(create, path, line)
    made[table.name] = table
    for definition in create.get("columns", ()):
        yield from _column(path, line, table, definition)
    for constraint in create.get("constraints", ()):
        yield from _constraint(path, line, constraint)


def _alter(
    path: str, line: int, alter: dict, made: dict[str, Table]
) -> Iterator[Finding]:
    name = tables.last_name(alter["name"])
    table = made.get(name)
    if table is None:
        yield Finding(
            path, line, f"no migration before makes {name}", "mend the table's name."
        )
        return
    for operation in alter["operations"]:
        kind, content = variant(operation)
        if kind == "AddColumn":
            yield from _column(path, line, table, content["column_def"])
            added = tables.add_column(table, content["column_def"])
            if added.must_be_given:
                yield Finding(
                    path,
                    line,
                    f"{added.name} is NOT NULL and has no DEFAULT",
                    "give it a DEFAULT, or let it be NULL: code of the release "
                    "before inserts rows without it.",
                )
        elif kind == "AddConstraint" and "Index" in content["constraint"]:
            tables.add_constraint(table, content["constraint"])
        elif kind == "AddConstraint":
            yield from _constraint(path, line, content["constraint"])
            if "PrimaryKey" in content["constraint"]:
                yield Finding(path, line, "another PRIMARY KEY", _ADDITIVE)
        elif kind not in _HARMLESS:
            yield Finding(path, line, f"ALTER TABLE with {kind}", _ADDITIVE)


def _column(path: str, line: int, table: Table, definition: dict) -> Iterator[Finding]:
    # Of a copy: the caller adds it.
    scratch = Table(table.name, path, line, table.comment)
    made = tables.add_column(scratch, definition)
    quoted = any(below(definition["name"], "quote_style"))
    for fault in column_faults(made, quoted):
        yield Finding(path, line, fault.what, fault.mend)


def _constraint(path: str, line: int, constraint: dict) -> Iterator[Finding]:
    for fault in constraint_faults(constraint):
        yield Finding(path, line, fault.what, fault.mend)
