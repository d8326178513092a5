"""docs/limits.md names every limit of the code, with its value."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

_ROOT = Path(__file__).parents[2]
_UNITS = {"Hours": 1, "Minutes": 1 / 60}
# Constants of the code that are limits of requests or answers.
_LIMIT = re.compile(r"constexpr [\w:]+ (kMax\w+) =")
# Checks of a validation that name a number.
_COUNTED = re.compile(r"(?:AtMost|Text|ActorName|Count|CheckSet)\((.*)", re.S)
_LIMITED = ("contacts-svc", "identity-svc", "interactions-svc", "gateway")


class Row(NamedTuple):
    """One limit: the page says that it is so much, and where."""

    what: str
    value: int
    path: str
    # Of a constant or a flag; empty: the value stands beside the field's name.
    name: str


def _rows() -> list[Row]:
    rows = []
    for line in (_ROOT / "docs/limits.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or cells[0] == "what" or set(line) <= set("|-"):
            continue
        what, value, _, where, why = cells
        assert why, f"{what}: no reason"
        path, _, name = where.partition(": ")
        rows.append(Row(what, int(value.replace(",", "")), path, name))
    return rows


def _text(path: str) -> str:
    return (_ROOT / path).read_text()


def _value(expression: str) -> int:
    """Of a constant as C++ writes it: 4 << 20, 10'000, absl::Hours(24)."""
    plain = expression.replace("'", "")
    unit = re.fullmatch(r"absl::(\w+)\((.*)\)", plain)
    factor = _UNITS[unit[1]] if unit else 1
    plain = unit[2] if unit else plain
    assert re.fullmatch(r"[\d\s<*]+", plain), f"cannot read {expression}"
    return int(eval(plain) * factor)  # pylint: disable=eval-used


def _of_name(row: Row) -> int:
    """The value of the row's constant or flag in the code."""
    text = _text(row.path)
    if row.name.startswith("--"):
        found = re.search(rf"ABSL_FLAG\(\w+, {row.name[2:]}, ([^,]+),", text)
    else:
        found = re.search(rf"\b{row.name} =\s*([^;]+);", text)
    assert found, f"{row.path} has no {row.name}"
    return _value(found[1])


def _statements(path: str) -> list[str]:
    return _text(path).replace("'", "").split(";")


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row.what} {row.path}")
def test_the_code_has_the_value_of_the_page(row):
    if row.name:
        assert _of_name(row) == row.value
        return
    number = re.compile(rf"\b{row.value}\b")
    field = re.match(r"`([\w.]+)`$", row.what)
    statements = _statements(row.path)
    if field and field[1] in " ".join(re.findall(r'"([^"]*)"', _text(row.path))):
        statements = [one for one in statements if f'{field[1]}"' in one]
    assert any(number.search(one) for one in statements), f"not {row.value}"


@pytest.mark.parametrize("service", _LIMITED)
def test_the_page_has_each_constant_of_the_code(service):
    named = {(row.path, row.name) for row in _rows()}
    for source in sorted((_ROOT / service).rglob("*")):
        if source.suffix not in (".h", ".cc") or source.stem.endswith("_test"):
            continue
        path = str(source.relative_to(_ROOT))
        for name in _LIMIT.findall(source.read_text()):
            if f"{name} = kMax" in _text(path) or name == "kMaxItems":
                continue
            assert (path, name) in named, f"{path}: {name} has no row"


@pytest.mark.parametrize("service", _LIMITED)
def test_the_page_has_each_number_that_a_validation_names(service):
    for source in sorted((_ROOT / service).rglob("*_validation.cc")):
        path = str(source.relative_to(_ROOT))
        values = {row.value for row in _rows() if row.path == path}
        for statement in _statements(path):
            for call in _COUNTED.findall(statement):
                for number in re.findall(r"[\s,](\d+)\b", call):
                    known = int(number) in values or int(number) <= 1
                    assert known, f"{path}: {number} in {call.split()} has no row"
