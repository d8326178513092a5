"""Format is checked, and mended."""

from pathlib import Path

from kithcheck import layout
from kithcheck.tree import Tree

_STYLE = (Path(__file__).resolve().parents[3] / ".clang-format").read_text()
_BAD = "// One.\n\nint  F( ) { return 1 ; }\n"
_GOOD = "// One.\n\nint F() { return 1; }\n"


def test_each_badly_formatted_file_is_told_once(plant):
    files = {f"gateway/{name}.cc": _BAD for name in "abc"}
    tree = plant({**files, "gateway/d.cc": _GOOD, ".clang-format": _STYLE})
    found = layout.check(tree)
    assert [each.path for each in found] == sorted(files)
    assert {each.line for each in found} == {3}
    assert all("./dev fix" in each.mend for each in found)


def test_fix_mends_it(plant):
    tree = plant({"gateway/a.cc": _BAD, "gateway/b.cc": _GOOD, ".clang-format": _STYLE})
    assert layout.fix(tree) == ["gateway/a.cc"]
    assert tree.text("gateway/b.cc") == _GOOD
    again = Tree(tree.root)
    assert again.text("gateway/a.cc") == _GOOD
    assert layout.check(again) == []
