"""Reads a statement's syntax tree: what it does to which table, and how."""

from dataclasses import dataclass, field
from typing import Iterator

from kithcheck.sql.parser import below, column, last_name, variant

_ONE_TABLE = (
    "read the second table by a statement of its own, by key, with what the first "
    "one answered."
)
_NO_AGGREGATE = (
    "keep the number in a row that each write moves on, or count over "
    "(SELECT 1 FROM ... LIMIT n) AS few."
)
_AGGREGATES = {
    "COUNT", "SUM", "AVG", "MIN", "MAX", "GROUP_CONCAT", "STD", "STDDEV",
    "VARIANCE", "BIT_AND", "BIT_OR", "BIT_XOR", "JSON_ARRAYAGG", "JSON_OBJECTAGG",
}  # fmt: skip
_LOCKS = {
    "GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS", "IS_FREE_LOCK", "IS_USED_LOCK",
}  # fmt: skip
_OF_THE_SERVER = {
    "NOW", "SYSDATE", "CURRENT_TIMESTAMP", "CURDATE", "CURTIME", "UNIX_TIMESTAMP",
    "UTC_TIMESTAMP", "UUID", "UUID_SHORT", "RAND", "LAST_INSERT_ID", "NEXTVAL",
    "LASTVAL", "FOUND_ROWS", "ROW_COUNT",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with a statement, and how to mend it."""

    what: str
    mend: str


@dataclass
class Access:
    """One table, as one part of a statement uses it."""

    verb: str
    table: str
    # By column: "=" or "IN".
    fixed: dict[str, str] = field(default_factory=dict)
    # Column, and whether it descends; no column where it is something else.
    order: list[tuple[str, bool]] = field(default_factory=list)
    limited: bool = False
    forced_index: str = ""
    # What an INSERT or UPDATE gives a value.
    written: list[str] = field(default_factory=list)


@dataclass
class Reading:
    """What was read of one statement."""

    accesses: list[Access] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, what: str, mend: str) -> None:
        """Notes a fault."""
        self.faults.append(Fault(what, mend))


def read(statement: dict) -> Reading:
    """Reads a SELECT, INSERT, UPDATE or DELETE."""
    reading = Reading()
    name, body = variant(statement)
    {"Query": _query, "Insert": _insert, "Update": _update, "Delete": _delete}[name](
        reading, body
    )
    _functions(reading, body)
    _sub_selects(reading, name, body)
    if any(below(body, "returning")):
        reading.fault(
            "RETURNING, which MySQL does not know",
            "read the row by key in the same transaction.",
        )
    return reading


def _query(reading: Reading, query: dict) -> None:
    if query.get("with"):
        reading.fault("WITH", _ONE_TABLE)
        return
    limit, offset = _limit(query.get("limit_clause"))
    if offset:
        reading.fault(
            "OFFSET, which reads all that it skips",
            "go on behind the last key of the page before: WHERE key > ? LIMIT ?.",
        )
    for lock in query.get("locks", ()):
        if lock["lock_type"] != "Update" or lock.get("of"):
            reading.fault(
                "a lock that only one of MariaDB and MySQL knows", "use FOR UPDATE."
            )
    name, body = variant(query["body"])
    if name == "Select":
        _select(reading, body, _order(query.get("order_by")), limit)
    elif name == "SetOperation":
        _union(reading, body)
    elif name == "Query":
        _query(reading, body)


def _union(reading: Reading, union: dict) -> None:
    if (union["op"], union["set_quantifier"]) != ("Union", "All"):
        reading.fault(
            "a set operation that compares all rows",
            "use UNION ALL of LIMITed seeks, and leave out doubles in C++.",
        )
    for side in (union["left"], union["right"]):
        name, body = variant(side)
        if name == "SetOperation":
            _union(reading, body)
        else:
            _query(reading, body if name == "Query" else {"body": side})


def _select(
    reading: Reading, select: dict, order: list[tuple[str, bool]], limited: bool
) -> None:
    if any(
        variant(item)[0] in ("Wildcard", "QualifiedWildcard")
        for item in select["projection"]
    ):
        reading.fault(
            "SELECT *, which changes with the table", "name the columns that are read."
        )
    relation = _only_relation(reading, select.get("from") or [])
    if relation is None:
        return
    name, content = variant(relation)
    if name == "Derived":
        inner = content["subquery"]
        if not _limit(inner.get("limit_clause"))[0]:
            reading.fault("a derived table without a LIMIT", _NO_AGGREGATE)
        _query(reading, inner)
        return
    if name != "Table":
        reading.fault("a relation that is no table", _ONE_TABLE)
        return
    if _reads_all(select):
        reading.fault(
            "an aggregate, GROUP BY or DISTINCT without a bound", _NO_AGGREGATE
        )
    reading.accesses.append(
        Access(
            "SELECT",
            last_name(content["name"]),
            fixed=fixed(select.get("selection")),
            order=order,
            limited=limited,
            forced_index=_forced_index(content),
        )
    )


def _reads_all(select: dict) -> bool:
    called = {
        last_name(call["name"]).upper()
        for call in below(select["projection"], "Function")
    }
    _, groups = variant(select["group_by"])
    return bool(
        _AGGREGATES & called or select.get("distinct") or (groups and groups[0])
    )


def _insert(reading: Reading, insert: dict) -> None:
    if insert.get("replace_into"):
        reading.fault(
            "REPLACE, which deletes what was there",
            "UPDATE by key, or INSERT and catch the duplicate key.",
        )
    if insert.get("ignore"):
        reading.fault(
            "INSERT IGNORE, which clips bad data and says nothing",
            "use a plain INSERT, catch the duplicate key (1062) and read back.",
        )
    if insert.get("insert_alias"):
        reading.fault(
            "a row alias, which MariaDB does not know", "write VALUES(column)."
        )
    source = insert.get("source") or {"body": {}}
    if "Values" not in source["body"] or not insert.get("columns"):
        reading.fault(
            "an INSERT without its columns, or not from VALUES",
            "write INSERT INTO table (columns) VALUES (?, ...).",
        )
    _, name = variant(insert["table"])
    reading.accesses.append(
        Access(
            "INSERT",
            last_name(name),
            written=[last_name(each) for each in insert.get("columns", ())],
        )
    )


def _update(reading: Reading, update: dict) -> None:
    relation = _only_relation(reading, [update["table"]])
    if relation is None:
        return
    targets = [variant(each["target"]) for each in update["assignments"]]
    reading.accesses.append(
        Access(
            "UPDATE",
            last_name(relation["Table"]["name"]),
            fixed=fixed(update.get("selection")),
            order=_terms(update.get("order_by") or ()),
            limited=update.get("limit") is not None,
            written=[
                last_name(parts) for kind, parts in targets if kind == "ColumnName"
            ],
        )
    )


def _delete(reading: Reading, delete: dict) -> None:
    _, tables = variant(delete["from"])
    if delete.get("tables") or delete.get("using"):
        reading.fault("a DELETE over several tables", _ONE_TABLE)
        return
    relation = _only_relation(reading, tables)
    if relation is None:
        return
    reading.accesses.append(
        Access(
            "DELETE",
            last_name(relation["Table"]["name"]),
            fixed=fixed(delete.get("selection")),
            order=_terms(delete.get("order_by") or ()),
            limited=delete.get("limit") is not None,
        )
    )


def _only_relation(reading: Reading, tables: list[dict]) -> dict | None:
    """The one table that is used; notes where there are more."""
    if not tables:
        return None
    if len(tables) > 1 or tables[0].get("joins"):
        reading.fault("a join", _ONE_TABLE)
        return None
    return tables[0]["relation"]


def _sub_selects(reading: Reading, name: str, body: dict) -> None:
    names = ("InSubquery", "Exists", "Subquery")
    if any(any(below(body, each)) for each in names):
        reading.fault("a sub-select", _ONE_TABLE)
    elif name in ("Update", "Delete") and any(below(body, "Query")):
        reading.fault("a sub-select", _ONE_TABLE)


def _functions(reading: Reading, body: dict) -> None:
    for call in below(body, "Function"):
        name = last_name(call["name"]).upper()
        if name in _LOCKS:
            reading.fault(
                f"{name}(), a lock that a failover forgets",
                "take a lease row, or lock the owner's row FOR UPDATE.",
            )
        elif name in _OF_THE_SERVER:
            reading.fault(
                f"{name}(), which tests cannot set and a replica may answer otherwise",
                "bind the value: times come from ops::Clock, ids from ops::Uuid.",
            )


def fixed(condition: object) -> dict[str, str]:
    """The columns that a condition holds to one value, or to a list of some."""
    found: dict[str, str] = {}
    for name, content in _conjuncts(condition):
        if name == "BinaryOp" and content["op"] in ("Eq", "Spaceship"):
            sides = (content["left"], content["right"])
            for one, other in (sides, sides[::-1]):
                if _constant(other):
                    found.update(dict.fromkeys(_columns(one), "="))
        elif name == "InList" and not content.get("negated"):
            for each in _columns(content["expr"]):
                found.setdefault(each, "IN")
        elif name == "IsNull":
            found.update(dict.fromkeys(_columns(content), "="))
    return found


def _conjuncts(condition: object) -> Iterator[tuple[str, object]]:
    if not condition:
        return
    name, content = variant(condition)
    if name == "Nested":
        yield from _conjuncts(content)
    elif name == "BinaryOp" and content["op"] == "And":
        yield from _conjuncts(content["left"])
        yield from _conjuncts(content["right"])
    else:
        yield name, content


def _constant(expression: object) -> bool:
    names = ("Identifier", "CompoundIdentifier")
    return not any(any(below(expression, name)) for name in names)


def _columns(expression: object) -> list[str]:
    """The column, or the columns of a row, that an expression is."""
    name, content = variant(expression)
    each = content if name == "Tuple" else [expression]
    names = [column(one) for one in each]
    return names if all(names) else []


def _order(order_by: dict | None) -> list[tuple[str, bool]]:
    if not order_by:
        return []
    _, terms = variant(order_by["kind"])
    return _terms(terms or ())


def _terms(terms) -> list[tuple[str, bool]]:
    return [
        (column(term["expr"]), term["options"].get("asc") is False) for term in terms
    ]


def _limit(clause: dict | None) -> tuple[bool, bool]:
    """Whether there is a LIMIT, and whether there is an OFFSET."""
    if not clause:
        return False, False
    _, content = variant(clause)
    return content.get("limit") is not None, content.get("offset") is not None


def _forced_index(table: dict) -> str:
    for hint in table.get("index_hints", ()):
        if hint["hint_type"] == "Force" and hint["index_names"]:
            return hint["index_names"][0]["value"]
    return ""
