"""Plans: how MariaDB would run each statement on a database full of rows."""

import tempfile
from pathlib import Path
from typing import Callable, Iterator, Mapping, NamedTuple, Sequence

from kithcheck import sql
from kithcheck.finding import Finding
from kithcheck.sql import dump, migrations
from kithcheck.sql.binding import bind
from kithcheck.sql.dump import Statement
from kithcheck.sql.parser import LIST, Parsed, parse, variant
from kithcheck.sql.syntax import read
from kithcheck.sql.tables import TEXT, Column, Table
from kithcheck.tree import Tree
from kithdev.failure import Failure
from kithdev.mariadb import PrivateMariaDB

_EXPLAINED = ("Query", "Update", "Delete")
# Each table gets so many rows, of which one owner has many.
_ROWS = 5000
_MANY = 1000
# Where in a table values are taken from: of the one owner, and of others.
_PLACES = (500, 2000, 3000)
_SCAN_ADVICE = (
    "fix the columns of a key from its first on, or add a key or a lookup table that "
    "has them."
)
_SORT_ADVICE = (
    "order by the columns of a key behind those that are fixed by =, with FORCE INDEX "
    "if the server takes another; for several owners UNION ALL one seek each."
)
_Values = Mapping[str, Mapping[str, Sequence[str]]]


class _Step(NamedTuple):
    """One line of what EXPLAIN says."""

    table: str
    access: str
    rows: int
    extra: str


def check(
    tree: Tree, progress: Callable[[str], None] = lambda text: None
) -> list[Finding]:
    """Each statement that scans or sorts tables that are full of rows."""
    found: set[Finding] = set()
    with tempfile.TemporaryDirectory(prefix="kith-plans-") as scratch:
        database = PrivateMariaDB(Path(scratch), Path(scratch) / "mariadbd.log")
        database.start()
        try:
            for service in sql.services(tree):
                progress(service)
                dumped = dump.of_binary(tree.root, service)
                tables, _ = migrations.read(tree, service, dumped)
                schema = service.replace("-", "_")
                database.create_schema(schema)
                for text in migrations.texts(tree, service, dumped):
                    database.execute(text.sql, schema)
                found.update(explain(database, schema, list(tables.values()), dumped))
        finally:
            database.dispose()
    return sorted(found)


def explain(
    database: PrivateMariaDB,
    schema: str,
    tables: Sequence[Table],
    statements: Sequence[Statement],
) -> Iterator[Finding]:
    """What is wrong with the plans of statements on a schema that is there."""
    values = {
        table.name: _fill(database, schema, table)
        for table in tables
        # The others have a few rows each, for ever.
        if table.has_tenant or table.kind == "log"
    }
    for statement, parsed in zip(statements, parse([each.sql for each in statements])):
        yield from _explain(database, schema, statement, parsed, values)


def _explain(
    database: PrivateMariaDB,
    schema: str,
    statement: Statement,
    parsed: Parsed,
    values: _Values,
) -> Iterator[Finding]:
    if len(parsed.statements) != 1:
        return  # For the check sql to tell.
    name, _ = variant(parsed.statements[0])
    if name not in (*_EXPLAINED, "Insert"):
        return
    text = statement.sql.replace(":list", LIST)
    batch = f"PREPARE kith FROM {_literal(text)}; DEALLOCATE PREPARE kith;"
    if name in _EXPLAINED:
        used: dict[str, Sequence[str]] = {}
        for access in read(parsed.statements[0])[0]:
            used.update(values.get(access.table, {}))
        batch += f" EXPLAIN {bind(statement.sql, parsed.statements[0], used)};"
    try:
        lines = database.execute(batch, schema).splitlines()
    except Failure as failure:
        what = failure.what.strip().splitlines()[-1]
        mend = "mend the statement, or the migration that it counts on."
        yield Finding(statement.path, statement.line, what, mend)
        return
    for step in map(_step, lines):
        for what, mend in _judge(step, values):
            yield Finding(statement.path, statement.line, what, mend)


def _step(line: str) -> _Step:
    fields = line.split("\t")
    rows = int(fields[8]) if fields[8].isdecimal() else 0
    return _Step(fields[2], fields[3], rows, fields[9])


def _judge(step: _Step, values: _Values) -> Iterator[tuple[str, str]]:
    table = step.table
    # Not of a table that grows; or of a UNION, whose parts have steps of their own.
    if table not in values:
        return
    # A LIMIT along a key ends an "index" early, and the estimate knows it.
    if step.access == "ALL" or (step.access == "index" and step.rows > _MANY):
        yield f"reads all of {table}", _SCAN_ADVICE
    if "filesort" in step.extra:
        yield f"sorts what it reads of {table}", _SORT_ADVICE
    if "temporary" in step.extra:
        yield f"copies what it reads of {table} to a temporary table", _SORT_ADVICE


def _fill(database: PrivateMariaDB, schema: str, table: Table) -> dict[str, list[str]]:
    """Adds rows; answers by column what some of them have, as literals."""
    names = ", ".join(f"`{name}`" for name in table.columns)
    owner = table.primary[1:2] if table.has_tenant else []
    made = ", ".join(
        _made(column, f"IF(seq <= {_MANY}, 0, seq)" if column.name in owner else "seq")
        for column in table.columns.values()
    )
    shown = ", ".join(map(_shown, table.columns.values()))
    rows = "; ".join(
        f"SELECT {shown} FROM `{table.name}` LIMIT {place}, 1" for place in _PLACES
    )
    lines = database.execute(
        f"INSERT IGNORE INTO `{table.name}` ({names}) SELECT {made} "
        f"FROM seq_1_to_{_ROWS}; ANALYZE TABLE `{table.name}`; {rows}",
        schema,
    ).splitlines()[-len(_PLACES) :]
    return dict(zip(table.columns, zip(*(line.split("\t") for line in lines))))


def _made(column: Column, number: str) -> str:
    """A value that is in the order of the numbers."""
    if column.name == "tenant_id":
        return "1"
    if column.type.startswith(("TinyInt", "Bool")):
        return f"{number} % 100"
    if "Int" in column.type:
        return number
    digits = f"LPAD(HEX({number}), 32, '0')"
    return digits if column.type in TEXT else f"UNHEX({digits})"


def _shown(column: Column) -> str:
    """An expression for the literal of a column's value."""
    if "Int" in column.type or column.type.startswith("Bool"):
        return f"IFNULL(`{column.name}`, 'NULL')"
    charset = f"_{column.collation.partition('_')[0]} " if column.type in TEXT else ""
    shown = f"CONCAT('{charset}', 'X', CHAR(39), HEX(`{column.name}`), CHAR(39))"
    return f"IFNULL({shown}, 'NULL')"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
