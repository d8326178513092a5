"""docs/pitfalls.md and docs/consent.md name a test for each row, and it is there."""

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_OF_C = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)")
_OF_PYTHON = re.compile(r"^def (test_\w+)\(", re.M)
# The cases of the tables that tests with parameters go through.
_CASE = re.compile(r'\b\w+Case\{"(\w+)"')


# The pages, and how many rows each has.
_PAGES = {"docs/pitfalls.md": 38, "docs/consent.md": 44}
# Of rows that have no test, but a reason.
_UNTESTED = ("does not apply", "missing")


def _rows(page: str) -> list[list[str]]:
    rows = []
    for line in (_ROOT / page).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0].isdigit():
            rows.append(cells)
    return rows


def _texts(pattern: str) -> str:
    folders = (
        "identity-svc",
        "interactions-svc",
        "gateway",
        "tests/e2e",
        "tools/tests",
    )
    paths = (path for folder in folders for path in (_ROOT / folder).rglob(pattern))
    return "\n".join(path.read_text() for path in paths)


@pytest.fixture(scope="module", name="names")
def _names() -> set[str]:
    of_c = _texts("*_test.cc")
    return {
        *(f"{suite}.{name}" for suite, name in _OF_C.findall(of_c)),
        *_OF_PYTHON.findall(_texts("test_*.py")),
        *_CASE.findall(of_c),
    }


@pytest.mark.parametrize("page", _PAGES)
def test_all_are_there(page):
    numbers = [str(number) for number in range(1, _PAGES[page] + 1)]
    assert [row[0] for row in _rows(page)] == numbers
    assert all(len(row) == 4 and row[1] for row in _rows(page))


@pytest.mark.parametrize("page", _PAGES)
def test_each_that_applies_has_its_tests(page, names):
    for number, _, here, tests in _rows(page):
        if tests in _UNTESTED:
            assert here, f"{number}: no reason"
            continue
        wanted = [name.rpartition(" ")[2] for name in re.findall(r"`([^`]+)`", tests)]
        wanted += re.findall(r"\((\w+)\)", tests)
        assert wanted, f"{number}: no test"
        assert not set(wanted) - names, f"{number}: {set(wanted) - names}"
