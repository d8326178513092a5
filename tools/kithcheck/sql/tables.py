"""Tables, as migrations make them, and the rules of both."""

import re
from dataclasses import dataclass, field
from typing import Iterable, Iterator, Mapping, NamedTuple

from kithcheck.finding import Finding
from kithcheck.sql import released
from kithcheck.sql.dump import Statement
from kithcheck.sql.parser import column, last_name, parse, variant
from kithcheck.sql.syntax import Fault
from kithcheck.tree import Tree

_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
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
_KIND = re.compile(
    r"kith: (?:(?P<home>home)\((?P<owner>\w+)\)|(?P<kind>lookup|key)\(of (?P<of>\w+)\)"
    r"|(?P<plain>log|operations))(?P<few>, few)?"
)
_DECLARATION = (
    "add COMMENT='kith: home(owner)', 'kith: lookup(of table)', 'kith: key(of table)', "
    "'kith: log' or 'kith: operations'."
)
# What rows of a home table may belong to.
_OWNERS = ("contact_id", "identity_key", "entry_id")
_TEXT = {"Char", "Varchar", "Text", "TinyText", "MediumText", "LongText"}
_WHOLE = {"BigInt", "Int", "Integer", "MediumInt", "SmallInt", "TinyInt"}
_TYPES = (
    {*_TEXT, *_WHOLE, *(f"{each}Unsigned" for each in _WHOLE), "Boolean", "Bool"}
    | {"Binary", "Varbinary", "Blob", "TinyBlob", "MediumBlob", "LongBlob"}
)  # fmt: skip
_TYPE_ADVICE = (
    "take a whole number, VARBINARY, VARCHAR, or a BLOB with a message in it; times "
    "are <what>_micros BIGINT in UTC, money is micros of the currency."
)
# None, or one that is known to one of MariaDB and MySQL alone.
_COLLATION = re.compile(r"$|.*_0900_|.*uca1400|.*nopad|utf8_|utf8mb3_")
# Words that MySQL 8 and 9 reserve and MariaDB does not; the other way round the
# tests on MariaDB tell.
_RESERVED = set(
    "cube cume_dist dense_rank empty first_value function grouping groups intersect "
    "json_table lag last_value lateral lead library manual nth_value ntile of parallel "
    "percent_rank qualify rank row_number system tablesample window".split()
)
# Of a column, and of a table.
_FORBIDDEN = {
    "AUTO_INCREMENT": Fault(
        "AUTO_INCREMENT", "make ids in the service, by Uuid::Make."
    ),
    "ForeignKey": Fault(
        "a foreign key", "check in the transaction that writes the row."
    ),
    "Unique": Fault(
        "a UNIQUE key",
        "let the PRIMARY KEY of a table 'kith: key(of ...)' decide: it is one seek.",
    ),
    "FulltextOrSpatial": Fault("a FULLTEXT key", "keep a lookup table of the words."),
}
_Faults = Iterable[Fault]


class Column(NamedTuple):
    """One column."""

    name: str
    type: str
    options: set[str]
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

    def add(self, definition: dict) -> Column:
        """Adds a column."""
        options = [variant(each["option"]) for each in definition.get("options", ())]
        names = {
            " ".join(token["Word"]["value"].upper() for token in content)
            if name == "DialectSpecific"
            else name
            for name, content in options
        }
        collation = "".join(
            last_name(content) for name, content in options if name == "Collation"
        )
        name = definition["name"]["value"]
        kind = variant(definition["data_type"])[0]
        self.columns[name] = Column(name, kind, names, collation)
        if "PrimaryKey" in names:
            self.primary = [name]
        return self.columns[name]


def texts(tree: Tree, service: str, dumped: list[Statement]) -> list[Statement]:
    """All that makes a service's tables, in its order. Those that common/mysql makes
    for itself are among the dumped statements."""
    own = [Statement(tree.text(path), "", path, 1) for path in _files(tree, service)]
    return own + [each for each in dumped if _CREATES.match(each.sql)]


def read(
    tree: Tree, service: str, dumped: list[Statement]
) -> tuple[dict[str, Table], list[Finding]]:
    """The tables of a service, with all that is wrong with their making."""
    made: dict[str, Table] = {}
    found = list(_names(_files(tree, service)))
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
            found += [Finding(*place, *each) for each in _run(statement, place, made)]
    for table in made.values():
        for fault in _table_faults(table, made):
            found.append(Finding(table.path, table.line, *fault))
    return made, found


def _files(tree: Tree, service: str) -> list[str]:
    folder = f"{service}/schema/"
    found = [path for path in tree.files if path.startswith(folder)]
    return [path for path in found if path != folder + released.LIST]


def _names(files: list[str]) -> Iterator[Finding]:
    for number, path in enumerate(files, 1):
        name = path.rpartition("/")[2]
        if not _NAME.fullmatch(name) or not name.startswith(f"{number:04}"):
            mend = f"call it {number:04}_<subject>.sql: without gaps, each number once."
            yield Finding(path, 1, f"not number {number:04}, which comes next", mend)
            return


def _run(
    statement: dict, place: tuple[str, int], made: dict[str, Table]
) -> Iterator[Fault]:
    """Does what a migration says to the tables."""
    name, body = variant(statement)
    if name == "CreateTable":
        for what in ("temporary", "or_replace", "query", "like"):
            if body.get(what):
                yield Fault(f"CREATE TABLE with {what.upper()}", "name the columns.")
                return
        table = _create(body, place)
        made[table.name] = table
        for each in table.columns.values():
            yield from _column_faults(each)
        for constraint in body.get("constraints", ()):
            yield from _constraint_faults(constraint)
    elif name == "AlterTable":
        table = made.get(last_name(body["name"]))
        if table is None:
            yield Fault("ALTER TABLE of one that no migration makes", "mend the name.")
            return
        for operation in body["operations"]:
            yield from _alter(table, *variant(operation))
    elif name != "CreateIndex" or body.get("unique"):
        mend = _PLAIN if name.startswith("Create") else _ADDITIVE
        yield Fault(f"{name} in a migration", mend)


def _create(body: dict, place: tuple[str, int]) -> Table:
    _, options = variant(body["table_options"])
    comments = [
        content for name, content in map(variant, options or ()) if name == "Comment"
    ]
    said = _KIND.fullmatch(variant(comments[0])[1] or "") if comments else None
    said = said.groupdict("") if said else dict.fromkeys(_KIND.groupindex, "")
    table = Table(
        last_name(body["name"]),
        *place,
        kind=said["home"] or said["kind"] or said["plain"],
        owner=said["owner"],
        of=said["of"],
        few=bool(said["few"]),
    )
    for definition in body.get("columns", ()):
        table.add(definition)
    for name, content in map(variant, body.get("constraints", ())):
        if name == "PrimaryKey":
            table.primary = [
                column(each["column"]["expr"]) for each in content["columns"]
            ]
    return table


def _alter(table: Table, kind: str, content: dict) -> _Faults:
    if kind == "AddColumn":
        added = table.add(content["column_def"])
        yield from _column_faults(added)
        if "NotNull" in added.options and "Default" not in added.options:
            yield Fault(
                f"{added.name} is NOT NULL and has no DEFAULT",
                "give it a DEFAULT, or let it be NULL: code of the release before "
                "inserts rows without it.",
            )
    elif kind == "AddConstraint" and "PrimaryKey" not in content["constraint"]:
        yield from _constraint_faults(content["constraint"])
    elif kind not in _HARMLESS:
        yield Fault(f"ALTER TABLE with {kind}", _ADDITIVE)


def _constraint_faults(constraint: dict) -> _Faults:
    name, _ = variant(constraint)
    return [_FORBIDDEN[name]] if name in _FORBIDDEN else []


def _column_faults(made: Column) -> _Faults:
    name, kind = made.name, made.type
    for wrong, what, mend in (
        (name.lower() in _RESERVED, "is a reserved word of MySQL", "say more."),
        (kind not in _TYPES, f"has the type {kind}", _TYPE_ADVICE),
        (
            kind in _TEXT and _COLLATION.match(made.collation),
            "has no collation that both MariaDB and MySQL know",
            "add CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, or make it VARBINARY.",
        ),
        (
            name == "tenant_id" and kind != "BigIntUnsigned",
            "is no BIGINT UNSIGNED",
            "make it BIGINT UNSIGNED.",
        ),
        (
            name.endswith("_micros") and kind != "BigInt",
            "is no BIGINT",
            "make it microseconds since the epoch, UTC.",
        ),
    ):
        if wrong:
            yield Fault(f"{name} {what}", mend)
    for option in sorted(made.options & _FORBIDDEN.keys()):
        yield Fault(f"{name} has {_FORBIDDEN[option].what}", _FORBIDDEN[option].mend)


def _table_faults(table: Table, tables: Mapping[str, Table]) -> _Faults:
    """The first that is wrong with a table as a whole."""
    key, kind = table.primary, table.kind
    home = tables.get(table.of)
    owner = home.owner if home else ""
    for wrong, what, mend in (
        (not kind, "does not declare what it is", _DECLARATION),
        (not all(key or [""]), "has no PRIMARY KEY of whole columns", "give it one."),
        (
            table.has_tenant and key[:1] != ["tenant_id"],
            "has a PRIMARY KEY that begins otherwise",
            "begin it with tenant_id.",
        ),
        (
            kind == "home" and table.owner not in _OWNERS,
            f"is home to {table.owner}",
            f"let {' or '.join(_OWNERS)} own it, or make it lookup or key.",
        ),
        (
            kind == "home" and key[1:2] != [table.owner],
            "has a PRIMARY KEY that does not have its owner second",
            f"begin it with (tenant_id, {table.owner}); rows then lie together.",
        ),
        (
            kind in ("lookup", "key") and home is None,
            f"is {kind} of {table.of}, which is no table here",
            "name the table that it leads to.",
        ),
        (
            kind == "lookup" and owner and key[-1:] != [owner],
            f"has a PRIMARY KEY that does not end with {owner}",
            f"make it (tenant_id, looked-up columns, {owner}).",
        ),
        (
            kind == "key" and owner and owner not in set(table.columns) - set(key),
            f"has {owner} as no plain column",
            "make the PRIMARY KEY (tenant_id, unique columns), the owner beside it.",
        ),
    ):
        if wrong:
            return [Fault(f"{table.name} {what}", mend)]
    return []
