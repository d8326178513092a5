"""Plans: how MariaDB would run each statement on a database full of rows."""

import re
import tempfile
from pathlib import Path
from typing import Callable, Iterable, Iterator

from kithcheck import sql
from kithcheck.finding import Finding
from kithcheck.sql import dump, tables
from kithcheck.sql.dump import Statement
from kithcheck.sql.tables import Column, Table
from kithcheck.tree import Tree
from kithdev.failure import Failure
from kithdev.mariadb import PrivateMariaDB

_EXPLAINED = re.compile(r"\W*(SELECT|UPDATE|DELETE)\b")
_PREPARED = re.compile(r"\W*(SELECT|UPDATE|DELETE|INSERT)\b")
# Each table gets so many rows, in the order of their numbers, of which one owner
# has many.
_ROWS = 5000
_MANY = 1000
# The number of that owner, and those of others, as a column of any type has them.
_VALUES = [f"'{number:016}'" for number in (50, 2000, 3000)]
_SCAN_ADVICE = (
    "fix the columns of a key from its first on, or add a key or a lookup table that "
    "has them."
)
_SORT_ADVICE = (
    "order by the columns of a key behind those that are fixed by =, with FORCE INDEX "
    "if the server takes another; for several owners UNION ALL one seek each."
)


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
                schema = service.replace("-", "_")
                database.create_schema(schema)
                for text in tables.texts(tree, service, dumped):
                    database.execute(text.sql, schema)
                made, _ = tables.read(tree, service, dumped)
                found.update(explain(database, schema, made.values(), dumped))
        finally:
            database.dispose()
    return sorted(found)


def explain(
    database: PrivateMariaDB,
    schema: str,
    made: Iterable[Table],
    statements: Iterable[Statement],
) -> Iterator[Finding]:
    """What is wrong with the plans of statements on a schema that is there."""
    # The others have a few rows each, for ever.
    full = {each.name: each for each in made if each.has_tenant or each.kind == "log"}
    for table in full.values():
        database.execute(_fill(table), schema)
    for statement in filter(lambda each: _PREPARED.match(each.sql), statements):
        place = (statement.path, statement.line)
        text = statement.sql.replace(":list", "?")
        batch = f"PREPARE kith FROM {_literal(text)}; DEALLOCATE PREPARE kith;"
        if _EXPLAINED.match(text):
            batch += f" EXPLAIN {bind(statement.sql)};"
        try:
            lines = database.execute(batch, schema).splitlines()
        except Failure as failure:
            what = failure.what.strip().splitlines()[-1]
            mend = "mend the statement, or the migration that it counts on."
            yield Finding(*place, what, mend)
            continue
        for line in lines:
            _, _, table, access, *_, rows, extra = line.split("\t")
            # Not a table that grows; or a UNION, whose parts have lines of their own.
            if table not in full:
                continue
            # A LIMIT along a key ends an "index" early, and the estimate knows it.
            if access == "ALL" or (access == "index" and int(rows) > _MANY):
                yield Finding(*place, f"reads all of {table}", _SCAN_ADVICE)
            if "filesort" in extra:
                yield Finding(*place, f"sorts what it reads of {table}", _SORT_ADVICE)
            if "temporary" in extra:
                what = f"copies what it reads of {table} to a temporary table"
                yield Finding(*place, what, _SORT_ADVICE)


def bind(text: str) -> str:
    """A statement with values in place of its question marks."""
    text = re.sub(r"\btenant_id = \?", "tenant_id = 1", text)
    text = re.sub(r"\bLIMIT\s+\?", "LIMIT 20", text)
    return text.replace(":list", ", ".join(_VALUES)).replace("?", _VALUES[0])


def _fill(table: Table) -> str:
    """SQL that adds rows."""
    owner = table.primary[1:2] if table.has_tenant else []
    names = ", ".join(f"`{name}`" for name in table.columns)
    made = ", ".join(
        _made(column, f"IF(seq <= {_MANY}, 50, seq)" if column.name in owner else "seq")
        for column in table.columns.values()
    )
    return (
        f"INSERT IGNORE INTO `{table.name}` ({names}) SELECT {made} "
        f"FROM seq_1_to_{_ROWS}; ANALYZE TABLE `{table.name}`"
    )


def _made(column: Column, number: str) -> str:
    """A value that is in the order of the numbers."""
    if column.name == "tenant_id":
        return "1"
    if column.type.startswith(("TinyInt", "Bool")):
        return f"{number} % 100"
    return number if "Int" in column.type else f"LPAD({number}, 16, '0')"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
