"""Reads a statement's syntax tree: what it does to which table, and how."""

from typing import Iterator, NamedTuple

from kithcheck.sql.parser import below, column, last_name, variant

_ONE_TABLE = "read the other table by a statement of its own, by key."
_NO_AGGREGATE = (
    "keep the number in a row that each write moves on, or count over "
    "(SELECT 1 FROM ... LIMIT n) AS few."
)
_LEASE = "take a lease row, or lock the owner's row FOR UPDATE; a failover forgets it."
_BIND = "bind the value: times come from a clock, ids from Uuid."
_AGGREGATES = {"COUNT", "SUM", "AVG", "MIN", "MAX", "GROUP_CONCAT"}
_FUNCTIONS = {
    **dict.fromkeys("GET_LOCK RELEASE_LOCK RELEASE_ALL_LOCKS".split(), _LEASE),
    **dict.fromkeys(
        "NOW SYSDATE CURRENT_TIMESTAMP CURDATE CURTIME UNIX_TIMESTAMP UTC_TIMESTAMP "
        "UUID RAND LAST_INSERT_ID NEXTVAL FOUND_ROWS ROW_COUNT".split(),
        _BIND,
    ),
}
# Parts of a syntax tree that no statement has.
_FORBIDDEN = {
    "with": ("WITH", _ONE_TABLE),
    "InSubquery": ("a sub-select", _ONE_TABLE),
    "Exists": ("a sub-select", _ONE_TABLE),
    "Subquery": ("a sub-select", _ONE_TABLE),
    "joins": ("a join", _ONE_TABLE),
    "offset": (
        "OFFSET, which reads all that it skips",
        "go on behind the last key of the page before: WHERE key > ? LIMIT ?.",
    ),
    "returning": ("RETURNING, which MySQL does not know", "read the row by key."),
    "replace_into": (
        "REPLACE, which deletes what was there",
        "UPDATE by key, or INSERT and catch the duplicate key.",
    ),
    "ignore": (
        "INSERT IGNORE, which clips bad data and says nothing",
        "use a plain INSERT, catch the duplicate key (1062) and read back.",
    ),
}


class Fault(NamedTuple):
    """What is wrong with a statement, and how to mend it."""

    what: str
    mend: str


class Access(NamedTuple):
    """One table, as one part of a statement uses it."""

    verb: str
    table: str
    # By column: "=" or "IN".
    fixed: dict[str, str]
    limited: bool
    # The column by which rows are ordered first.
    order: str = ""
    # What an UPDATE gives a value.
    written: frozenset[str] = frozenset()


_Found = Iterator[Access | Fault]


def read(statement: dict) -> list[Access | Fault]:
    """The tables that a SELECT, INSERT, UPDATE or DELETE uses, and what is wrong
    with it whatever they are."""
    name, body = variant(statement)
    reader = {"Query": _query, "Insert": _insert, "Update": _update, "Delete": _delete}
    return [*reader[name](body), *_forbidden(body)]


def _forbidden(body: dict) -> _Found:
    for part, fault in _FORBIDDEN.items():
        if any(below(body, part)):
            yield Fault(*fault)
    for call in below(body, "Function"):
        name = last_name(call["name"]).upper()
        if name in _FUNCTIONS:
            yield Fault(f"{name}()", _FUNCTIONS[name])
    if any(isinstance(each, list) and each[1:] for each in below(body, "from")):
        yield Fault("a join", _ONE_TABLE)


def _query(query: dict) -> _Found:
    name, body = variant(query["body"])
    if name == "Select":
        yield from _select(body, query)
    elif name == "Query":
        yield from _query(body)
    elif name == "SetOperation":
        if (body["op"], body["set_quantifier"]) != ("Union", "All"):
            yield Fault("a set operation that compares all rows", "use UNION ALL.")
        for side in (body["left"], body["right"]):
            yield from _query({"body": side})


def _select(select: dict, query: dict) -> _Found:
    items = [variant(item)[0] for item in select["projection"]]
    if "Wildcard" in items or "QualifiedWildcard" in items:
        yield Fault("SELECT *, which changes with the table", "name the columns.")
    limited = any(below(query.get("limit_clause"), "limit"))
    for table in select.get("from") or []:
        name, content = variant(table["relation"])
        if name == "Derived":
            inner = content["subquery"]
            if not any(below(inner.get("limit_clause"), "limit")):
                yield Fault("a derived table without a LIMIT", _NO_AGGREGATE)
            yield from _query(inner)
        elif name == "Table":
            if _reads_all(select):
                yield Fault(
                    "an aggregate, GROUP BY or DISTINCT without a bound", _NO_AGGREGATE
                )
            where = _fixed(select.get("selection"))
            order = _order(query.get("order_by"))
            yield Access("SELECT", last_name(content["name"]), where, limited, order)


def _order(order_by: dict | None) -> str:
    terms = variant(order_by["kind"])[1] if order_by else ()
    return column(terms[0]["expr"]) if terms else ""


def _reads_all(select: dict) -> bool:
    called = {
        last_name(call["name"]).upper()
        for call in below(select["projection"], "Function")
    }
    _, groups = variant(select["group_by"])
    return bool(
        _AGGREGATES & called or select.get("distinct") or (groups and groups[0])
    )


def _insert(insert: dict) -> _Found:
    source = insert.get("source") or {"body": {}}
    if "Values" not in source["body"] or not insert.get("columns"):
        yield Fault(
            "an INSERT without its columns, or not from VALUES",
            "write INSERT INTO table (columns) VALUES (?, ...).",
        )
    yield Access("INSERT", last_name(variant(insert["table"])[1]), {}, False)


def _update(update: dict) -> _Found:
    targets = [variant(each["target"])[1] for each in update["assignments"]]
    written = frozenset(map(last_name, targets))
    yield from _changes("UPDATE", [update["table"]], update, written)


def _delete(delete: dict) -> _Found:
    if delete.get("tables") or delete.get("using"):
        yield Fault("a DELETE over several tables", _ONE_TABLE)
    else:
        yield from _changes("DELETE", variant(delete["from"])[1], delete, frozenset())


def _changes(verb: str, tables: list[dict], body: dict, written: frozenset) -> _Found:
    if any(below(body, "Query")):
        yield Fault("a sub-select", _ONE_TABLE)
    limited = body.get("limit") is not None
    table = last_name(tables[0]["relation"]["Table"]["name"])
    where = _fixed(body.get("selection"))
    yield Access(verb, table, where, limited, written=written)


def _fixed(condition: object) -> dict[str, str]:
    """The columns that a condition holds to one value, or to a list of some."""
    found: dict[str, str] = {}
    for name, content in _conjuncts(condition):
        if name == "BinaryOp" and content["op"] in ("Eq", "Spaceship"):
            sides = (content["left"], content["right"])
            for one, other in (sides, sides[::-1]):
                if _is_constant(other):
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


def _is_constant(expression: object) -> bool:
    names = ("Identifier", "CompoundIdentifier")
    return not any(any(below(expression, name)) for name in names)


def _columns(expression: object) -> list[str]:
    """The column, or the columns of a row, that an expression is."""
    name, content = variant(expression)
    each = content if name == "Tuple" else [expression]
    names = [column(one) for one in each]
    return names if all(names) else []
