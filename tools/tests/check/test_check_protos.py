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

  // Makes one.
  rpc CreateThing(CreateThingRequest) returns (Thing) {
    option (kith.common.v1.scope) = "things.write";
  }
}

// Request of GetThing.
message GetThingRequest {
  // Which.
  string name = 1;
}

// Request of CreateThing.
message CreateThingRequest {
  // It.
  Thing thing = 1;
}

// A thing.
message Thing {
  // Its name.
  string name = 1;

  // What it is of.
  Kind kind = 2;
}

// A kind of thing.
enum Kind {
  // Not said.
  KIND_UNSPECIFIED = 0;

  // Good.
  KIND_GOOD = 1;
}
"""
_THINGS = "protos/kith/things/v1/things.proto"


@pytest.fixture
def released(plant):
    """A tree whose protos are released and good."""
    tree = plant(
        {
            "protos/kith/common/v1/common.proto": _COMMON,
            _THINGS: _GOOD,
            "protos/buf.yaml": _CONFIG,
        }
    )
    assert protos.release(tree) == protos.RELEASED
    return tree


@pytest.fixture
def changed(released, plant):
    """The faults after a change: changed(old, new)."""

    def _changed(old, new):
        assert _GOOD.count(old) == 1
        return protos.check(plant({_THINGS: _GOOD.replace(old, new)}))

    return _changed


def _line(text):
    return _GOOD[: _GOOD.index(text)].count("\n") + 1


def test_the_good_ones_pass(released):
    assert protos.check(Tree(released.root)) == []


def test_what_is_added_breaks_nothing(changed):
    more = "  string name = 1;\n\n  // More.\n  int32 n = 9;\n\n"
    assert changed("  string name = 1;\n\n", more) == []


@pytest.mark.parametrize(
    "comment, element",
    [
        ("// Has things.\n", "service ThingService"),
        ("  // Gets one.\n", "  rpc GetThing"),
        ("// A thing.\n", "message Thing {"),
        ("  // Its name.\n", "  string name = 1;\n\n"),
        ("// A kind of thing.\n", "enum Kind"),
        ("  // Good.\n", "  KIND_GOOD"),
    ],
)
def test_each_element_has_a_comment(changed, expect, comment, element):
    found = changed(comment, "")
    expect(
        found, _THINGS, _line(element) - 1, "non-empty comment", "comments name unit"
    )


@pytest.mark.parametrize("scope", ["", 'option (kith.common.v1.scope) = "read";'])
def test_each_method_needs_a_scope(changed, expect, scope):
    found = changed('option (kith.common.v1.scope) = "things.read";', scope)
    expect(
        found, _THINGS, _line("  rpc GetThing"), "ThingService.GetThing", "add option"
    )


def test_lint_says_which_rule(changed, expect):
    found = changed("  Thing thing = 1;", "  Thing TheThing = 2;")
    lint = [each for each in found if "[FIELD_LOWER_SNAKE_CASE]" in each.what]
    expect(lint, _THINGS, _line("  Thing thing = 1;"), "snake", "buf.build")


@pytest.mark.parametrize(
    "old, new, what",
    [
        ("  // What it is of.\n  Kind kind = 2;\n", "", "deleted"),
        ("  Thing thing = 1;", "  Thing thing = 2;", "field .1. "),
        ("  Kind kind = 2;", "  string kind = 2;", "type"),
        ("  // Good.\n  KIND_GOOD = 1;\n", "", "deleted"),
    ],
)
def test_what_breaks_callers_is_told(changed, old, new, what):
    found = changed(old, new)
    faults = [each for each in found if what.replace(".", '"') in each.what.lower()]
    assert any("reserve what goes" in each.mend for each in faults), found


def test_a_release_makes_it_the_new_past(changed, released):
    found = changed("  Kind kind = 2;", "  string kind = 2;")
    assert "./dev fix release" in found[0].mend
    protos.release(Tree(released.root))
    assert protos.check(Tree(released.root)) == []


def test_without_a_release_it_asks_for_one(released, expect):
    (released.root / protos.RELEASED).unlink()
    found = protos.check(Tree(released.root))
    expect(found, protos.RELEASED, 1, "no image", "./dev fix release")


def test_what_does_not_parse_is_told_where(changed, expect):
    found = changed("message Thing {", "message Thing [")
    expect(found[:1], _THINGS, _line("message Thing {"), "Expected", "mend the syntax")
