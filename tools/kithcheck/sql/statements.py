"""The rules of statements."""

from typing import Iterator, Mapping

from kithcheck.finding import Finding
from kithcheck.sql.dump import Statement
from kithcheck.sql.parser import Parsed, parse, variant
from kithcheck.sql.syntax import Access, Fault, read
from kithcheck.sql.tables import Table

_DATA = ("Query", "Insert", "Update", "Delete")
# How a transaction begins and ends, and what a new connection says.
_SESSION = "StartTransaction Commit Rollback Set ShowStatus ShowVariable".split()
_COMMON = "common/mysql/"
_PLAIN = (
    "keep to one SELECT, INSERT, UPDATE or DELETE on one table, as both MariaDB and "
    "MySQL accept it; leave transactions to mysql::Transact."
)


def check(dumped: list[Statement], tables: Mapping[str, Table]) -> list[Finding]:
    """What is wrong with the statements of a service."""
    return [
        Finding(statement.path, statement.line, fault.what, fault.mend)
        for statement, parsed in zip(dumped, parse([each.sql for each in dumped]))
        for fault in _faults(statement, parsed, tables)
    ]


def _faults(
    statement: Statement, parsed: Parsed, tables: Mapping[str, Table]
) -> Iterator[Fault]:
    if parsed.error:
        yield Fault(f"cannot be parsed: {parsed.error}", _PLAIN)
        return
    if len(parsed.statements) != 1:
        yield Fault(f"{len(parsed.statements)} statements in one text", _PLAIN)
        return
    name, body = variant(parsed.statements[0])
    if name in _DATA:
        for found in read(parsed.statements[0]):
            if isinstance(found, Fault):
                yield found
            else:
                yield from _access_faults(found, statement.mark, tables)
    elif not statement.path.startswith(_COMMON):
        yield Fault(f"{name} outside of {_COMMON}", _PLAIN)
    elif name not in (*_SESSION, "CreateTable") or (body or {}).get("savepoint"):
        yield Fault(f"{name} with more than a session needs", _PLAIN)


def _access_faults(
    access: Access, mark: str, tables: Mapping[str, Table]
) -> Iterator[Fault]:
    table = tables.get(access.table)
    if table is None:
        yield Fault(
            f"no migration of the service makes {access.table}",
            "add the migration, or mend the name; a service reads its own tables.",
        )
        return
    if access.verb == "INSERT" or not table.kind or not table.primary:
        return  # The table's own finding comes first.
    if mark != "maintenance":
        yield from _key_faults(access, mark, table)
    whole = all(column in access.fixed for column in table.primary)
    if not (access.limited or whole or table.few or table.kind == "operations"):
        yield Fault(
            f"{access.verb} on {table.name} without LIMIT, of any number of rows",
            "add LIMIT ?, or fix the whole PRIMARY KEY; if the domain keeps an owner's "
            f"rows few, declare the table 'kith: {table.kind}(...), few'.",
        )
    if table.has_tenant and access.written & set(table.primary[:2]):
        yield Fault(
            f"UPDATE of {', '.join(table.primary[:2])}, by which rows are spread",
            "delete the row and insert it anew, in one transaction.",
        )


def _key_faults(access: Access, mark: str, table: Table) -> Iterator[Fault]:
    if table.kind == "log":
        yield Fault(
            f"{table.name} is a log, and this is no maintenance",
            'mark it "kith: maintenance" in the file of the sequencer and the feed.',
        )
    if not table.has_tenant:
        return
    if "tenant_id" not in access.fixed:
        yield Fault(
            f"{access.verb} on {table.name} without tenant_id = ?",
            'write WHERE tenant_id = ?; what spans tenants is "kith: maintenance".',
        )
        return
    owner = table.primary[1] if len(table.primary) > 1 else ""
    if mark == "list":
        one_tenant = access.fixed["tenant_id"] == "=" and access.verb == "SELECT"
        if not (one_tenant and access.limited and access.order == owner):
            yield Fault(
                f"marked list, but no LIMITed range over {owner} in one tenant",
                f"write WHERE tenant_id = ? AND {owner} > ? ORDER BY {owner} LIMIT ?.",
            )
    elif owner and owner not in access.fixed:
        yield Fault(
            f"{access.verb} on {table.name} without {owner} = ? or IN",
            f"fix {owner}, by which rows lie together; if another column is what is "
            'known, read a lookup table first. Paging over all owners is "kith: list".',
        )
