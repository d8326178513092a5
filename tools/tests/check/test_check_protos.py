"""Protos are linted, documented, scoped and never broken."""

from pathlib import Path

import pytest

from kithcheck import protos
from kithcheck.tree import Tree

_CONFIG = (Path(__file__).resolve().parents[3] / "protos" / "buf.yaml").read_text()
_COMMON = """syntax = "proto3";

// Shared.
package kith.common.v1;

import "google/protobuf/descriptor.proto";

extend google.protobuf.MethodOptions {
  // The scope.
  string scope = 51001;
}
"""
_GOOD = """syntax = "proto3";

// Things.
package kith.things.v1;

import "kith/common/v1/common.proto";

// Has things.
service ThingService {
  // Gets one.
  rpc GetThing(GetThingRequest) returns (Thing) {
    option (kith.common.v1.scope) = "things.read";
  }
}

// Request of GetThing.
message GetThingRequest {
  // Which.
  string name = 1;
}

// A thing.
message Thing {
  // What it is called.
  string name = 1;

  // What it is of.
  int32 kind = 2;
}
"""
_THINGS = "protos/kith/things/v1/things.proto"
_FILES = {
    "protos/kith/common/v1/common.proto": _COMMON,
    _THINGS: _GOOD,
    "protos/buf.yaml": _CONFIG,
}
_SCOPE = 'option (kith.common.v1.scope) = "things.read";'


@pytest.fixture
def released(plant):
    """A tree whose protos are released and good."""
    tree = plant(_FILES)
    assert protos.release(tree) == protos.RELEASED
    return tree


@pytest.fixture
def changed(released, plant):
    """The faults after a change: changed(old, new)."""

    def _changed(old, new):
        assert _GOOD.count(old) == 1
        return protos.check(plant({_THINGS: _GOOD.replace(old, new)}))

    return _changed


def test_what_is_good_passes(released, changed):
    assert protos.check(Tree(released.root)) == []
    assert (
        changed("  // What it is of.", "  // More.\n  int32 n = 9;\n\n  // Kind.") == []
    )


@pytest.mark.parametrize(
    "old, new, element, what, mend",
    [
        ("  // Gets one.\n", "", "  // Gets one", "non-empty comment", "name unit"),
        ("  // Which.\n", "", "  // Which", "non-empty comment", "name unit"),
        (_SCOPE, "", "  rpc GetThing", "ThingService.GetThing", "add option"),
        (
            "things.read",
            "read",
            "  rpc GetThing",
            "ThingService.GetThing",
            "add option",
        ),
        ("message Thing {", "message Thing [", "message Thing {", "Expected", "syntax"),
    ],
)
def test_what_is_wrong_is_told_where(changed, expect, old, new, element, what, mend):
    line = _GOOD[: _GOOD.index(element)].count("\n") + 1
    expect(changed(old, new)[:1], _THINGS, line, what, mend)


def test_lint_says_which_rule(changed):
    found = changed("int32 kind = 2;", "int32 kind = 2;\n  // X.\n  int32 TheKind = 3;")
    (lint,) = found
    assert "[FIELD_LOWER_SNAKE_CASE]" in lint.what and "buf.build" in lint.mend


@pytest.mark.parametrize(
    "old, new, what",
    [
        ("  // What it is of.\n  int32 kind = 2;\n", "", "deleted"),
        ("  int32 kind = 2;", "  int32 kind = 3;", 'field "2"'),
        ("  int32 kind = 2;", "  string kind = 2;", "type"),
    ],
)
def test_what_breaks_callers_is_told_until_a_release(changed, released, old, new, what):
    found = [each for each in changed(old, new) if what in each.what.lower()]
    assert found and "reserve what goes" in found[0].mend
    assert "./dev fix release" in found[0].mend
    protos.release(Tree(released.root))
    assert protos.check(Tree(released.root)) == []


def test_without_a_release_it_asks_for_one(plant, expect):
    found = protos.check(plant(_FILES))
    expect(found, protos.RELEASED, 1, "no image", "./dev fix release")
