"""The rules of columns, keys and tables."""

import re
from typing import Iterator, Mapping

from kithcheck.sql.parser import variant
from kithcheck.sql.syntax import Fault
from kithcheck.sql.tables import DECLARATION, Column, Table

_WHOLE = {"BigInt", "Int", "Integer", "MediumInt", "SmallInt", "TinyInt"}
_BINARY = {"Binary", "Varbinary", "Blob", "TinyBlob", "MediumBlob", "LongBlob"}
_TEXT = {"Char", "Varchar", "Text", "TinyText", "MediumText", "LongText"}
_TYPES = (
    _WHOLE
    | {f"{each}Unsigned" for each in _WHOLE}
    | _BINARY
    | _TEXT
    | {"Boolean", "Bool"}
)
_TIMES = {"Datetime", "Timestamp", "Date", "Time", "Year"}
_FRACTIONS = {"Decimal", "Dec", "Numeric", "Float", "Double", "DoublePrecision", "Real"}
# Known to one of MariaDB and MySQL alone.
_ONE_SIDED = re.compile(r"_0900_|uca1400|nopad|^utf8_|^utf8mb3_")
# Words that MySQL 8 and 9 reserve and MariaDB does not; the other way round the
# tests on MariaDB tell.
_RESERVED = {
    "cube", "cume_dist", "dense_rank", "empty", "first_value", "function", "grouping",
    "groups", "intersect", "json_table", "lag", "last_value", "lateral", "lead",
    "library", "manual", "nth_value", "ntile", "of", "parallel", "percent_rank",
    "qualify", "rank", "row_number", "system", "tablesample", "window",
}  # fmt: skip


def column_faults(column: Column, quoted: bool) -> Iterator[Fault]:
    """What is wrong with a column by itself."""
    name = column.name
    if column.name.lower() in _RESERVED and not quoted:
        yield Fault(
            f"{name} is a reserved word of MySQL", "choose a name that says more."
        )
    yield from _type_faults(column)
    if "AUTO_INCREMENT" in column.options:
        yield Fault(
            f"{name} is AUTO_INCREMENT", "make ids in the service, by ops::Uuid::Make."
        )
    if column.reference:
        yield Fault(
            f"{name} is a foreign key", "check in the transaction that writes the row."
        )
    if "Unique" in column.options:
        yield _unique(f"of {name}")
    if name == "tenant_id" and column.type != "BigIntUnsigned":
        yield Fault("tenant_id is no BIGINT UNSIGNED", "make it BIGINT UNSIGNED.")
    if name.endswith("_micros") and column.type != "BigInt":
        yield Fault(
            f"{name} is no BIGINT", "make it BIGINT: microseconds since the epoch, UTC."
        )


def _type_faults(column: Column) -> Iterator[Fault]:
    name = column.name
    if column.type in _TIMES:
        yield Fault(
            f"{name} is a {column.type.upper()}",
            "make it <what>_micros BIGINT: microseconds since the epoch, UTC.",
        )
    elif column.type in _FRACTIONS:
        yield Fault(
            f"{name} is a {column.type.upper()}",
            "make it BIGINT in a unit small enough; money is micros of the currency.",
        )
    elif column.type not in _TYPES:
        yield Fault(
            f"{name} has the type {column.type}",
            "take a whole number, VARBINARY, a BLOB with a message in it, or VARCHAR; "
            "MariaDB and MySQL differ on others.",
        )
    if column.type in _TEXT and not column.collation:
        yield Fault(
            f"{name} has no collation of its own",
            "add CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, or make it VARBINARY.",
        )
    if _ONE_SIDED.search(column.collation):
        yield Fault(
            f"{name} has a collation that only one of MariaDB and MySQL knows",
            "take utf8mb4_bin or utf8mb4_unicode_ci.",
        )


def constraint_faults(constraint: dict) -> Iterator[Fault]:
    """What is wrong with a key by itself."""
    name, _ = variant(constraint)
    if name == "ForeignKey":
        yield Fault("a foreign key", "check in the transaction that writes the row.")
    elif name == "FulltextOrSpatial":
        yield Fault("a FULLTEXT or SPATIAL key", "keep a lookup table of the words.")
    elif name == "Unique":
        yield _unique("key")


def _unique(what: str) -> Fault:
    return Fault(
        f"a UNIQUE {what}",
        "let the PRIMARY KEY of a table 'kith: key(of ...)' decide: it stays one "
        "seek where tables are spread over servers.",
    )


def table_faults(table: Table, all_tables: Mapping[str, Table]) -> Iterator[Fault]:
    """What is wrong with a table as a whole."""
    if table.name.lower() in _RESERVED:
        yield Fault(
            f"{table.name} is a reserved word of MySQL", "choose a name that says more."
        )
    if not table.kind:
        yield Fault(f"{table.name} does not declare what it is", f"add {DECLARATION}.")
        return
    if not table.primary or not all(table.primary):
        yield Fault(
            f"{table.name} has no PRIMARY KEY of whole columns",
            "give it one; it is the order of the rows.",
        )
        return
    if not table.has_tenant:
        return
    if table.primary[0] != "tenant_id":
        yield Fault(
            f"the PRIMARY KEY of {table.name} begins with {table.primary[0]}",
            "begin it with tenant_id.",
        )
    if table.kind == "home":
        yield from _home_faults(table)
    else:
        yield from _derived_faults(table, all_tables)


def _home_faults(table: Table) -> Iterator[Fault]:
    if table.primary[1:2] != [table.owner]:
        yield Fault(
            f"the PRIMARY KEY of {table.name} does not have its owner second",
            f"begin it with (tenant_id, {table.owner}), so that an owner's rows lie "
            "together.",
        )
    if table.owner not in ("contact_id", "identity_key"):
        yield Fault(
            f"{table.name} is home to {table.owner}",
            "let contact_id or identity_key own the rows, or make it lookup or key.",
        )


def _derived_faults(table: Table, all_tables: Mapping[str, Table]) -> Iterator[Fault]:
    home = all_tables.get(table.of)
    if home is None:
        yield Fault(
            f"{table.name} is {table.kind} of {table.of}, which the service lacks",
            "name the table that it leads to.",
        )
    elif table.kind == "lookup" and home.owner and table.primary[-1] != home.owner:
        yield Fault(
            f"the PRIMARY KEY of {table.name} does not end with {home.owner}",
            f"make it (tenant_id, looked-up columns, {home.owner}): it finds owners "
            f"of {home.name}.",
        )
    elif table.kind == "key" and home.owner:
        if home.owner in table.primary or home.owner not in table.columns:
            yield Fault(
                f"{home.owner} is no plain column of {table.name}",
                "make the PRIMARY KEY (tenant_id, unique columns) and keep the owner "
                "in a column beside it.",
            )
