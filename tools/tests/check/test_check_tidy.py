"""Clang-tidy runs over what is built, and remembers what it has seen."""

import json
from pathlib import Path

import pytest

from kithcheck import tidy
from kithcheck.tree import Tree
from kithdev.failure import Failure

_CONFIG = (Path(__file__).resolve().parents[3] / ".clang-tidy").read_text()
_LONG = "int F(int n) {\n" + "  ++n;\n" * 41 + "  return n;\n}\n"
_STRING = "#include <string>\n#include <vector>\n"


@pytest.fixture
def built(plant, tmp_path):
    """A tree whose sources are in a compilation database."""

    def _built(files):
        database = [
            {
                "directory": str(tmp_path),
                "command": f"c++ -std=c++20 -I{tmp_path} -c {tmp_path / path}",
                "file": str(tmp_path / path),
            }
            for path in files
            if path.endswith(".cc")
        ]
        return plant(
            {
                **files,
                ".clang-tidy": _CONFIG,
                "build/check/compile_commands.json": json.dumps(database),
            }
        )

    return _built


@pytest.mark.parametrize(
    "text, line, what, mend",
    [
        (
            f"{_STRING}void G(std::string);\nvoid F(std::string s) {{\n"
            "  G(std::move(s));\n  G(s);\n}\n",
            6,
            "use-after-move",
            "before it moves",
        ),
        (
            "struct A {\n  virtual ~A() = default;\n  virtual void F();\n};\n"
            "struct B : A {\n  virtual void F();\n};\n",
            6,
            "use-override",
            "write override",
        ),
        (
            f"{_STRING}int F(const std::vector<std::string>& all) {{\n  int n = 0;\n"
            "  for (const std::string one : all) n += one.empty();\n  return n;\n}\n",
            5,
            "for-range-copy",
            "const auto&",
        ),
        (f"{_STRING}using namespace std;\n", 3, "build-using", "name what is used"),
        ("struct A {\n  A(int n);\n};\n", 2, "explicit", "write explicit"),
        (_LONG, 1, "'F' has 43 lines, at most 40", "name a part of it"),
        ("int F() { return n; }\n", 1, "undeclared", "until clang compiles"),
    ],
)
def test_what_it_finds_is_told_with_the_mending(built, expect, text, line, what, mend):
    tree = built({"gateway/a.cc": text})
    expect(tidy.check(tree), "gateway/a.cc", line, what, mend)


def test_headers_of_the_repo_count_once(built, expect):
    user = '#include "gateway/a.h"\n'
    tree = built(
        {
            "gateway/a.h": "inline " + _LONG,
            "gateway/a.cc": user,
            "gateway/b.cc": user,
        }
    )
    expect(
        tidy.check(tree), "gateway/a.h", 1, "43 lines", "at most 40 lines a function"
    )


def test_a_source_that_is_in_no_target(built, expect, plant):
    built({"gateway/a.cc": "int F() { return 1; }\n"})
    tree = plant({"gateway/b.cc": ""})
    expect(tidy.check(tree), "gateway/b.cc", 1, "in no CMake target", "SOURCES")


def test_what_was_seen_is_remembered_until_an_input_changes(built, plant, monkeypatch):
    files = {
        "gateway/a.h": "inline int F() { return 1; }\n",
        "gateway/a.cc": '#include "gateway/a.h"\n',
        "gateway/b.cc": "",
    }
    seen = []
    run = tidy._run
    monkeypatch.setattr(tidy, "_run", lambda job: seen.append(job.path) or run(job))
    tree = built(files)
    assert tidy.check(tree) == []
    assert sorted(seen) == ["gateway/a.cc", "gateway/b.cc"]
    assert tidy.check(Tree(tree.root)) == []
    assert len(seen) == 2
    plant({"gateway/a.h": "inline int F() { return 2; }\n"})
    assert tidy.check(Tree(tree.root)) == []
    assert seen[2:] == ["gateway/a.cc"]


def test_without_a_build_it_says_what_to_do(plant):
    with pytest.raises(Failure, match="./dev build"):
        tidy.check(plant({"gateway/a.cc": ""}))
