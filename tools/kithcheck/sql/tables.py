"""Tables, as migrations make them, and the rules of their columns and keys."""

import re
from dataclasses import dataclass, field
from typing import Iterator, Mapping

from kithcheck.sql.parser import column, last_name, variant
from kithcheck.sql.syntax import Fault

_KIND = re.compile(
    r"kith: (?:(?P<home>home)\((?P<owner>\w+)\)|(?P<kind>lookup|key)\(of (?P<of>\w+)\)"
    r"|(?P<plain>log|operations))(?P<few>, few)?"
)
_DECLARATION = (
    "add COMMENT='kith: home(owner)', 'kith: lookup(of table)', 'kith: key(of table)', "
    "'kith: log' or 'kith: operations'."
)
TEXT = {"Char", "Varchar", "Text", "TinyText", "MediumText", "LongText"}
_WHOLE = {"BigInt", "Int", "Integer", "MediumInt", "SmallInt", "TinyInt"}
_TYPES = (
    {*TEXT, *_WHOLE, *(f"{each}Unsigned" for each in _WHOLE), "Boolean", "Bool"}
    | {"Binary", "Varbinary", "Blob", "TinyBlob", "MediumBlob", "LongBlob"}
)  # fmt: skip
# None, or one that is known to one of MariaDB and MySQL alone.
_COLLATION = re.compile(r"$|.*_0900_|.*uca1400|.*nopad|utf8_|utf8mb3_")
# Words that MySQL 8 and 9 reserve and MariaDB does not; the other way round the
# tests on MariaDB tell.
_RESERVED = {
    "cube", "cume_dist", "dense_rank", "empty", "first_value", "function", "grouping",
    "groups", "intersect", "json_table", "lag", "last_value", "lateral", "lead",
    "library", "manual", "nth_value", "ntile", "of", "parallel", "percent_rank",
    "qualify", "rank", "row_number", "system", "tablesample", "window",
}  # fmt: skip
_TRANSACTION = "check in the transaction that writes the row."
_KEY_TABLE = (
    "let the PRIMARY KEY of a table 'kith: key(of ...)' decide: it is one seek."
)
# Of a column, and of a table.
_FORBIDDEN = {
    "AUTO_INCREMENT": ("AUTO_INCREMENT", "make ids in the service, by Uuid::Make."),
    "ForeignKey": ("a foreign key", _TRANSACTION),
    "Unique": ("a UNIQUE key", _KEY_TABLE),
    "FulltextOrSpatial": ("a FULLTEXT key", "keep a lookup table of the words."),
}


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    type: str
    options: frozenset[str]
    collation: str


@dataclass
class Table:
    """One table: what it is for, its columns and its primary key."""

    name: str
    path: str
    line: int
    # home, lookup, key, log or operations; empty where it does not say.
    kind: str
    # The column that a home table says its rows belong to.
    owner: str
    # The table that a lookup or key table says it leads to.
    of: str
    # Whether an owner has few rows, so that no LIMIT is needed.
    few: bool
    columns: dict[str, Column] = field(default_factory=dict)
    primary: list[str] = field(default_factory=list)

    @property
    def has_tenant(self) -> bool:
        """Whether its rows are a tenant's."""
        return self.kind in ("home", "lookup", "key")


def make(create: dict, path: str, line: int) -> Table:
    """The table that a CREATE TABLE makes."""
    said = _KIND.fullmatch(_comment(create))
    said = said.groupdict("") if said else dict.fromkeys(_KIND.groupindex, "")
    kind = said["home"] or said["kind"] or said["plain"]
    name = last_name(create["name"])
    table = Table(name, path, line, kind, said["owner"], said["of"], bool(said["few"]))
    for definition in create.get("columns", ()):
        add_column(table, definition)
    for constraint in create.get("constraints", ()):
        name, content = variant(constraint)
        if name == "PrimaryKey":
            table.primary = [
                column(each["column"]["expr"]) for each in content["columns"]
            ]
    return table


def add_column(table: Table, definition: dict) -> Column:
    """Adds a column."""
    options = [variant(each["option"]) for each in definition.get("options", ())]
    names = {_option(name, content) for name, content in options}
    collations = [
        last_name(content) for name, content in options if name == "Collation"
    ]
    made = Column(
        definition["name"]["value"],
        variant(definition["data_type"])[0],
        frozenset(names),
        "".join(collations),
    )
    table.columns[made.name] = made
    if "PrimaryKey" in names:
        table.primary = [made.name]
    return made


def _option(name: str, content: object) -> str:
    if name == "DialectSpecific":
        return " ".join(token["Word"]["value"].upper() for token in content)
    return name


def _comment(create: dict) -> str:
    _, options = variant(create["table_options"])
    for name, content in map(variant, options or ()):
        if name == "Comment":
            return variant(content)[1] or ""
    return ""


def column_faults(made: Column) -> Iterator[Fault]:
    """What is wrong with a column by itself."""
    name = made.name
    if name.lower() in _RESERVED:
        yield Fault(f"{name} is a reserved word of MySQL", "say more in the name.")
    if made.type not in _TYPES:
        yield Fault(
            f"{name} has the type {made.type}",
            "take a whole number, VARBINARY, VARCHAR, or a BLOB with a message in it; "
            "times are <what>_micros BIGINT in UTC, money is micros of the currency.",
        )
    if made.type in TEXT and _COLLATION.match(made.collation):
        yield Fault(
            f"{name} has no collation that both MariaDB and MySQL know",
            "add CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, or make it VARBINARY.",
        )
    for option in sorted(made.options & _FORBIDDEN.keys()):
        what, mend = _FORBIDDEN[option]
        yield Fault(f"{name} has {what}", mend)
    if name == "tenant_id" and made.type != "BigIntUnsigned":
        yield Fault("tenant_id is no BIGINT UNSIGNED", "make it BIGINT UNSIGNED.")
    if name.endswith("_micros") and made.type != "BigInt":
        yield Fault(
            f"{name} is no BIGINT", "make it microseconds since the epoch, UTC."
        )


def constraint_faults(constraint: dict) -> Iterator[Fault]:
    """What is wrong with a key by itself."""
    name, _ = variant(constraint)
    if name in _FORBIDDEN:
        yield Fault(*_FORBIDDEN[name])


def table_faults(table: Table, tables: Mapping[str, Table]) -> Iterator[Fault]:
    """What is wrong with a table as a whole."""
    primary = f"the PRIMARY KEY of {table.name}"
    if not table.kind:
        yield Fault(f"{table.name} does not declare what it is", _DECLARATION)
    elif not table.primary or not all(table.primary):
        yield Fault(f"{table.name} has no PRIMARY KEY of whole columns", "give it one.")
    elif table.has_tenant and table.primary[0] != "tenant_id":
        yield Fault(f"{primary} begins otherwise", "begin it with tenant_id.")
    elif table.kind == "home":
        if table.primary[1:2] != [table.owner]:
            mend = f"begin it with (tenant_id, {table.owner}); rows then lie together."
            yield Fault(f"{primary} does not have its owner second", mend)
        if table.owner not in ("contact_id", "identity_key"):
            mend = "let contact_id or identity_key own it, or make it lookup or key."
            yield Fault(f"{table.name} is home to {table.owner}", mend)
    elif table.has_tenant:
        yield from _derived_faults(table, tables.get(table.of), primary)


def _derived_faults(table: Table, home: Table | None, primary: str) -> Iterator[Fault]:
    if home is None:
        what = f"{table.name} is {table.kind} of {table.of}, which is no table here"
        yield Fault(what, "name the table that it leads to.")
    elif table.kind == "lookup" and home.owner and table.primary[-1] != home.owner:
        mend = f"make it (tenant_id, looked-up columns, {home.owner})."
        yield Fault(f"{primary} does not end with {home.owner}", mend)
    elif table.kind == "key" and home.owner:
        if home.owner in table.primary or home.owner not in table.columns:
            mend = (
                "make the PRIMARY KEY (tenant_id, unique columns), the owner beside it."
            )
            yield Fault(f"{home.owner} is no plain column of {table.name}", mend)
