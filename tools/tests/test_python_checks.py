"""Python is checked by black and flake8, and formatted by black."""

from pathlib import Path

import pytest

from kithcheck import flake8, layout
from kithcheck.tree import Tree
from kithdev.failure import Failure

_STYLE = (Path(__file__).resolve().parents[2] / ".flake8").read_text()
_BAD = "x = {  1:2}\n"
_GOOD = "x = {1: 2}\n"


@pytest.fixture
def plant(tmp_path):
    def _plant(**files):
        (tmp_path / ".flake8").write_text(_STYLE)
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        return Tree(tmp_path)

    return _plant


def test_what_black_would_change_is_told_and_mended(plant):
    tree = plant(a=_BAD, b=_GOOD)
    assert [found.path for found in layout.check(tree)] == ["a.py"]
    assert layout.fix(tree) == ["a.py"]
    assert (tree.root / "a.py").read_text() == _GOOD
    assert layout.check(tree) == []


def test_what_black_cannot_read_is_told_and_stays(plant):
    tree = plant(a="x = (\n", b=_BAD)
    assert {found.path for found in layout.check(tree)} == {"a.py", "b.py"}
    with pytest.raises(Failure, match="./dev check flake8"):
        layout.fix(tree)
    assert (tree.root / "a.py").read_text() == "x = (\n"


def test_what_flake8_finds_has_its_place(plant):
    tree = plant(a="import os\n\nprint(oss)\n", b=_GOOD)
    told = [(found.path, found.line, found.what) for found in flake8.check(tree)]
    assert told == [
        ("a.py", 1, "F401 'os' imported but unused"),
        ("a.py", 3, "F821 undefined name 'oss'"),
    ]


def test_flake8_agrees_with_black(plant):
    tree = plant(a='x = "' + 82 * "x" + '"\ny = x[len(x) - 2 : len(x) - 1]\n')
    assert layout.check(tree) == flake8.check(tree) == []
    (found,) = flake8.check(plant(a='x = "' + 83 * "x" + '"\n'))
    assert "E501" in found.what


def test_a_tree_without_python_is_fine(plant):
    assert layout.check(plant()) == flake8.check(plant()) == []
