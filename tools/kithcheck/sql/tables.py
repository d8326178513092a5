"""Tables, as migrations make them."""

import re
from dataclasses import dataclass, field

from kithcheck.sql.parser import column, last_name, variant

_KIND = re.compile(
    r"kith: (?:(?P<home>home)\((?P<owner>\w+)\)|(?P<kind>lookup|key)\(of (?P<of>\w+)\)"
    r"|(?P<plain>log|operations))(?P<few>, few)?"
)
DECLARATION = (
    "COMMENT='kith: home(owner)', 'kith: lookup(of table)', 'kith: key(of table)', "
    "'kith: log' or 'kith: operations'"
)


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    type: str
    options: frozenset[str]
    collation: str
    reference: bool

    @property
    def must_be_given(self) -> bool:
        """Whether an INSERT without it fails."""
        return "NotNull" in self.options and "Default" not in self.options


@dataclass
class Table:
    """One table: what it is for, its columns and its keys."""

    name: str
    path: str
    line: int
    comment: str
    columns: dict[str, Column] = field(default_factory=dict)
    primary: list[str] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """home, lookup, key, log or operations; empty where it does not say."""
        match = _KIND.fullmatch(self.comment)
        return (match["home"] or match["kind"] or match["plain"]) if match else ""

    @property
    def owner(self) -> str:
        """The column that a home table says its rows belong to."""
        match = _KIND.fullmatch(self.comment)
        return (match["owner"] or "") if match else ""

    @property
    def of(self) -> str:
        """The table that a lookup or key table says it leads to."""
        match = _KIND.fullmatch(self.comment)
        return (match["of"] or "") if match else ""

    @property
    def few(self) -> bool:
        """Whether it says that an owner has few rows, so that no LIMIT is needed."""
        match = _KIND.fullmatch(self.comment)
        return bool(match and match["few"])

    @property
    def has_tenant(self) -> bool:
        """Whether its rows are a tenant's."""
        return self.kind in ("home", "lookup", "key")

    def index(self, name: str) -> list[str] | None:
        """The columns of a key; those of the primary key are part of each."""
        if name.upper() == "PRIMARY":
            return self.primary
        if name not in self.keys:
            return None
        own = self.keys[name]
        return own + [each for each in self.primary if each not in own]


def make(create: dict, path: str, line: int) -> Table:
    """The table that a CREATE TABLE makes."""
    table = Table(last_name(create["name"]), path, line, _comment(create))
    for definition in create.get("columns", ()):
        add_column(table, definition)
    for constraint in create.get("constraints", ()):
        add_constraint(table, constraint)
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
        collations[0] if collations else "",
        "ForeignKey" in names,
    )
    table.columns[made.name] = made
    if "PrimaryKey" in names:
        table.primary = [made.name]
    return made


def add_constraint(table: Table, constraint: dict) -> None:
    """Adds a key; what is no key is left to the rules."""
    name, content = variant(constraint)
    if name == "PrimaryKey":
        table.primary = key_columns(content)
    elif name == "Index":
        label = (content.get("name") or {}).get("value", "")
        table.keys[label or f"key {len(table.keys) + 1}"] = key_columns(content)


def key_columns(key: dict) -> list[str]:
    """The columns of a key, in order; a prefix of one or an expression is empty."""
    return [column(each["column"]["expr"]) for each in key.get("columns", ())]


def _option(name: str, content: object) -> str:
    if name == "DialectSpecific":
        return " ".join(token["Word"]["value"].upper() for token in content)
    return name


def _comment(create: dict) -> str:
    _, options = variant(create["table_options"])
    for option in options or ():
        name, content = variant(option)
        if name == "Comment":
            return variant(content)[1] or ""
    return ""
