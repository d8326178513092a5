"""docs/pitfalls.md names a test for each pitfall, and the tests are there."""

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_OF_C = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)")
_OF_PYTHON = re.compile(r"^def (test_\w+)\(", re.M)
# The cases of the tables that tests with parameters go through.
_CASE = re.compile(r'\b\w+Case\{"(\w+)"')


def _rows() -> list[list[str]]:
    rows = []
    for line in (_ROOT / "docs/pitfalls.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0].isdigit():
            rows.append(cells)
    return rows


def _texts(pattern: str) -> str:
    folders = ("interactions-svc", "gateway", "tests/e2e", "tools/tests")
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


def test_all_are_there():
    assert [row[0] for row in _rows()] == [str(number) for number in range(1, 27)]
    assert all(len(row) == 4 and row[1] for row in _rows())


def test_each_that_applies_has_its_tests(names):
    for number, _, here, tests in _rows():
        if tests == "does not apply":
            assert here, f"{number}: no reason"
            continue
        wanted = [name.rpartition(" ")[2] for name in re.findall(r"`([^`]+)`", tests)]
        wanted += re.findall(r"\((\w+)\)", tests)
        assert wanted, f"{number}: no test"
        assert not set(wanted) - names, f"{number}: {set(wanted) - names}"
