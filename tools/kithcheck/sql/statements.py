"""The rules of statements."""

from typing import Iterator, Mapping

from kithcheck.finding import Finding
from kithcheck.sql.dump import Statement
from kithcheck.sql.parser import Parsed, below, parse, variant
from kithcheck.sql.syntax import Access, Fault, read
from kithcheck.sql.tables import Table

_MARKS = ("", "list", "maintenance")
_DATA = ("Query", "Insert", "Update", "Delete")
# How a transaction begins and ends, and what a new connection says.
_SESSION = (
    "StartTransaction",
    "Commit",
    "Rollback",
    "Set",
    "ShowStatus",
    "ShowVariable",
)
_COMMON = "common/mysql/"
# What all services share.
_SHARED = "common/"
_PLAIN = (
    "keep to one SELECT, INSERT, UPDATE or DELETE on one table, as both MariaDB and "
    "MySQL accept it."
)


def check(
    service: str, dumped: list[Statement], tables: Mapping[str, Table]
) -> list[Finding]:
    """What is wrong with the statements of a service."""
    found = list(_places(service, dumped))
    for statement, parsed in zip(dumped, parse([each.sql for each in dumped])):
        found += [
            Finding(statement.path, statement.line, fault.what, fault.mend)
            for fault in _faults(statement, parsed, tables)
        ]
    return found


def _places(service: str, dumped: list[Statement]) -> Iterator[Finding]:
    """All maintenance of a service stands in one file."""
    own = [
        each
        for each in dumped
        if each.mark == "maintenance" and not each.path.startswith(_SHARED)
    ]
    for each in own:
        if each.path != own[0].path:
            yield Finding(
                each.path,
                each.line,
                f"maintenance of {service} here and in {own[0].path}",
                "keep all that works across owners in one file of the service.",
            )


def _faults(
    statement: Statement, parsed: Parsed, tables: Mapping[str, Table]
) -> Iterator[Fault]:
    if statement.mark not in _MARKS:
        yield Fault(
            f'"{statement.mark}" is no mark',
            "mark it list or maintenance, or leave it.",
        )
    if parsed.error:
        yield Fault(f"cannot be parsed: {parsed.error}", _PLAIN)
        return
    if len(parsed.statements) != 1:
        yield Fault(f"{len(parsed.statements)} statements in one text", _PLAIN)
        return
    name, body = variant(parsed.statements[0])
    if name in _DATA:
        reading = read(parsed.statements[0])
        yield from reading.faults
        for access in reading.accesses:
            yield from _access_faults(access, statement.mark, tables)
    elif name == "Savepoint" or any(below(body, "savepoint")):
        yield Fault("SAVEPOINT", "run the whole transaction again; Transact does.")
    elif not statement.path.startswith(_COMMON):
        yield Fault(
            f"{name} outside of {_COMMON}",
            "put what changes the schema into a migration, and leave transactions to "
            "mysql::Transact.",
        )
    elif name not in (*_SESSION, "CreateTable"):
        yield Fault(f"{name}", _PLAIN)


def _access_faults(
    access: Access, mark: str, tables: Mapping[str, Table]
) -> Iterator[Fault]:
    table = tables.get(access.table)
    if table is None:
        yield Fault(
            f"no migration of the service makes {access.table}",
            "add the migration, or mend the name; a service reads its tables alone.",
        )
        return
    if not table.kind or not table.primary:
        return  # The table's own finding comes first.
    if access.verb == "INSERT":
        yield from _insert_faults(access, table)
        return
    if table.has_tenant:
        yield from _key_faults(access, mark, table)
    elif table.kind == "log" and mark != "maintenance":
        yield Fault(
            f"{table.name} is a log, and this is no maintenance",
            'mark it "kith: maintenance" in the file of the sequencer and the feed.',
        )
    yield from _order_faults(access, table)
    yield from _bound_faults(access, table)
    if access.verb == "UPDATE":
        yield from _move_faults(access, table)


def _insert_faults(access: Access, table: Table) -> Iterator[Fault]:
    if not access.written:
        return  # Reported as an INSERT without its columns.
    missing = [
        column.name
        for column in table.columns.values()
        if column.name not in access.written
        and (column.name in table.primary or column.must_be_given)
    ]
    if missing:
        yield Fault(
            f"INSERT INTO {table.name} leaves out {', '.join(missing)}",
            "name every column that is NOT NULL, the whole key first.",
        )


def _key_faults(access: Access, mark: str, table: Table) -> Iterator[Fault]:
    if mark == "maintenance":
        return
    if "tenant_id" not in access.fixed:
        yield Fault(
            f"{access.verb} on {table.name} without tenant_id = ?",
            'begin with WHERE tenant_id = ?; across tenants: "kith: maintenance".',
        )
        return
    first = table.primary[1] if len(table.primary) > 1 else ""
    if mark == "list":
        yield from _list_faults(access, table, first)
    elif first and first not in access.fixed:
        yield Fault(
            f"{access.verb} on {table.name} without {first} = ? or IN",
            f"fix {first}, by which rows lie together; where another column is what "
            'is known, read a lookup table first. Paging over all owners is "kith: '
            'list".',
        )


def _list_faults(access: Access, table: Table, owner: str) -> Iterator[Fault]:
    pages = (
        access.verb == "SELECT"
        and access.fixed["tenant_id"] == "="
        and access.limited
        and access.order[:1] in ([(owner, False)], [(owner, True)])
    )
    if not pages:
        yield Fault(
            f"marked list, but no LIMITed range over {owner} in one tenant",
            f"write WHERE tenant_id = ? AND {owner} > ? ORDER BY {owner} LIMIT ?.",
        )


def _order_faults(access: Access, table: Table) -> Iterator[Fault]:
    forced = access.forced_index
    if forced and table.index(forced) is None:
        yield Fault(
            f"{table.name} has no key {forced}",
            f"name one of {', '.join(_keys(table))}.",
        )
        return
    names = [forced] if forced else _keys(table)
    if access.order and not any(
        _sorted_by(table.index(name), access) for name in names
    ):
        wanted = ", ".join(column or "an expression" for column, _ in access.order)
        yield Fault(
            f"ORDER BY {wanted} sorts: no key of {table.name} has that order",
            "order by the columns of one key, all in one direction, with every column "
            "before them fixed by = (IN sorts); for several owners UNION ALL one "
            "LIMITed seek each.",
        )


def _keys(table: Table) -> list[str]:
    return ["PRIMARY", *table.keys]


def _sorted_by(key: list[str], access: Access) -> bool:
    """Whether the rows of a key come in the order asked for."""
    single = {column for column, how in access.fixed.items() if how == "="}
    wanted = [(column, down) for column, down in access.order if column not in single]
    rest = [column for column in key if column not in single]
    directions = {down for _, down in wanted}
    return (
        len(directions) <= 1 and [column for column, _ in wanted] == rest[: len(wanted)]
    )


def _bound_faults(access: Access, table: Table) -> Iterator[Fault]:
    whole = all(column in access.fixed for column in table.primary)
    if access.limited or whole or table.few or table.kind == "operations":
        return
    yield Fault(
        f"{access.verb} on {table.name} without LIMIT, of as many rows as there are",
        "add LIMIT ?, or fix the whole PRIMARY KEY; where the domain keeps an owner's "
        f"rows few, declare the table 'kith: {table.kind}(...), few'.",
    )


def _move_faults(access: Access, table: Table) -> Iterator[Fault]:
    if not table.has_tenant:
        return
    moved = [column for column in table.primary[:2] if column in access.written]
    if moved:
        yield Fault(
            f"UPDATE of {', '.join(moved)}, by which rows are spread",
            "delete the row and insert it anew, in one transaction.",
        )
