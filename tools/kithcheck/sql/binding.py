"""Statements with values in place of their question marks, for EXPLAIN."""

from typing import Iterator, Mapping, Sequence

from kithcheck.sql.parser import LIST, below, column, last_name, variant

_LIMIT = "20"
_COMPARED = {"Eq", "Spaceship", "Lt", "LtEq", "Gt", "GtEq", "NotEq"}
Place = tuple[int, int]


def bind(sql: str, statement: dict, values: Mapping[str, Sequence[str]]) -> str:
    """The text with SQL literals: by column, the values to take in turn.

    `statement` is the syntax tree of `sql`. What is compared with no column of
    the table is a number, such as a LIMIT.
    """
    places = dict(_compared(statement))
    lines = sql.replace(":list", LIST).split("\n")
    taken: dict[str, int] = {}
    for line, at in sorted(_placeholders(statement), reverse=True):
        name = places.get((line, at), "")
        known = values.get(name) or [_LIMIT]
        turn = taken.get(name, 0)
        taken[name] = turn + 1
        text = lines[line - 1]
        lines[line - 1] = text[: at - 1] + known[turn % len(known)] + text[at:]
    return "\n".join(lines)


def _placeholders(tree: object) -> Iterator[Place]:
    for value in below(tree, "Value"):
        if "Placeholder" in value["value"]:
            start = value["span"]["start"]
            yield start["line"], start["column"]


def _compared(tree: object) -> Iterator[tuple[Place, str]]:
    """The column that each placeholder is compared with, or written to."""
    for operation in below(tree, "BinaryOp"):
        if operation["op"] in _COMPARED:
            for one, other in (("left", "right"), ("right", "left")):
                yield from _pairs(operation[one], operation[other])
    for listed in below(tree, "InList"):
        for value in listed["list"]:
            yield from _pairs(listed["expr"], value)
    for between in below(tree, "Between"):
        yield from _pairs(between["expr"], between["low"])
        yield from _pairs(between["expr"], between["high"])
    for assignments in below(tree, "assignments"):
        for each in assignments:
            _, parts = variant(each["target"])
            for place in _placeholders(each["value"]):
                yield place, last_name(parts)


def _pairs(one: dict, other: dict) -> Iterator[tuple[Place, str]]:
    name, content = variant(one)
    _, values = variant(other)
    if name == "Tuple":
        for each, value in zip(content, values):
            yield from _pairs(each, value)
    elif column(one):
        for place in _placeholders(other):
            yield place, column(one)
