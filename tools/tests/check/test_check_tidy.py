"""Clang-tidy runs over all sources, and again over what changed."""

import json
from pathlib import Path

import pytest

from kithcheck import tidy
from kithcheck.tree import Tree
from kithdev.failure import Failure

_CONFIG = (Path(__file__).resolve().parents[3] / ".clang-tidy").read_text()
_LONG = "int F(int n) {\n" + "  ++n;\n" * 41 + "  return n;\n}\n"


@pytest.fixture
def built(plant, tmp_path):
    """A tree with a compilation database."""
    entry = {"command": f"c++ -O1 -I{tmp_path} -DONE=1 -c a.cc"}
    database = {"build/check/compile_commands.json": json.dumps([entry])}
    return lambda files: plant({**files, **database, ".clang-tidy": _CONFIG})


@pytest.mark.parametrize(
    "text, line, what",
    [
        ("int F() {\n  int* p = nullptr;\n  return *p;\n}\n", 3, "NullDereference"),
        (_LONG, 1, "function-size"),
        ("int F() { return n; }\n", 1, "undeclared"),
    ],
)
def test_what_it_finds_is_told(built, expect, text, line, what):
    tree = built({"gateway/a.cc": text})
    expect(tidy.check(tree), "gateway/a.cc", line, what, "clang-tidy/checks")


def test_headers_of_the_repo_count_once(built, expect):
    include = '#include "gateway/a.h"\n'
    sources = {"gateway/a.cc": include, "identity-svc/b.cc": include}
    tree = built({"gateway/a.h": "#pragma once\ninline " + _LONG, **sources})
    expect(tidy.check(tree), "gateway/a.h", 2, "function-size", "")


def test_only_what_changed_runs_again(built, plant):
    tree = built(
        {
            "gateway/a.h": "#pragma once\ninline int F() { return ONE; }\n",
            "gateway/a.cc": '#include "gateway/a.h"\n',
            "gateway/a_test.cc": "",
            "identity-svc/b.cc": "",
        }
    )

    def _ran():
        ran = []
        assert tidy.check(Tree(tree.root), lambda done, total: ran.append(total)) == []
        return len(ran)

    assert [_ran(), _ran()] == [3, 0]
    plant({"gateway/a.h": "#pragma once\ninline int F() { return 2; }\n"})
    assert _ran() == 1
    plant({".clang-tidy": _CONFIG + "\n"})
    assert _ran() == 3


def test_a_finding_stays_until_it_is_mended(built, plant, expect):
    tree = built({"gateway/a.cc": "struct A {\n  A(int n);\n};\n"})
    for _ in range(2):
        expect(tidy.check(tree), "gateway/a.cc", 2, "explicit", "")
    plant({"gateway/a.cc": ""})
    assert tidy.check(Tree(tree.root)) == []


def test_without_a_build_it_says_what_to_do(plant):
    with pytest.raises(Failure, match="./dev build --preset=check"):
        tidy.check(plant({"gateway/a.cc": ""}))
