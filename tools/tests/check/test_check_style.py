"""clang-format, black and flake8 are run, and what they find has its place."""

from pathlib import Path

import pytest

from kithcheck import style
from kithcheck.tree import Tree
from kithdev.failure import Failure

_ROOT = Path(__file__).resolve().parents[3]
_STYLE = {name: (_ROOT / name).read_text() for name in (".clang-format", ".flake8")}
_BAD = {"a.cc": "// One.\n\nint  F( ) { return 1 ; }\n", "a.py": "x = {  1:2}\n"}
_GOOD = {"b.cc": "// One.\n\nint F() { return 1; }\n", "b.py": "x = {1: 2}\n"}


def test_each_badly_formatted_file_is_told_once_and_mended(plant):
    tree = plant({**_STYLE, **_BAD, **_GOOD})
    found = style.check_format(tree)
    assert sorted((each.path, each.line) for each in found) == [
        ("a.cc", 3),
        ("a.py", 1),
    ]
    assert style.fix(tree) == ["a.cc", "a.py"]
    again = Tree(tree.root)
    assert style.check_format(again) == style.fix(again) == []
    assert [again.text(f"a.{kind}") for kind in ("cc", "py")] == [*_GOOD.values()]


def test_what_cannot_be_formatted_is_told_and_stays(plant):
    tree = plant({"a.py": "x = (\n", "b.py": _BAD["a.py"]})
    assert {found.path for found in style.check_format(tree)} == {"a.py", "b.py"}
    with pytest.raises(Failure, match="Not all can be formatted"):
        style.fix(tree)
    assert (tree.root / "a.py").read_text() == "x = (\n"


def test_what_flake8_finds_has_its_place(plant):
    long = 'x = "' + 83 * "x" + '"\ny = x[len(x) - 2 : len(x) - 1]\n'
    tree = plant({**_STYLE, "a.py": "import os\n\nprint(oss)\n", "b.py": long})
    told = [(each.path, each.line, each.what[:4]) for each in style.check_python(tree)]
    assert told == [("a.py", 1, "F401"), ("a.py", 3, "F821"), ("b.py", 1, "E501")]
    assert style.check_python(plant({"b.py": long.replace("xx", "x", 1)}))[2:] == []


def test_a_tree_without_sources_is_fine(plant):
    assert style.check_format(plant({})) == style.check_python(plant({})) == []
