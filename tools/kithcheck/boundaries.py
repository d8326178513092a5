"""Boundaries: who may know whom, as docs/architecture.md draws it.

What CMake links is the rule. The linker alone does not keep it, as all headers
are found from the root of the tree and a header may hold all of its code.
"""

import posixpath
import re
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.includes import Include, Includes
from kithcheck.targets import Target, Targets
from kithcheck.text import Source
from kithcheck.tree import Tree, area, is_service, is_test

# What speaks gRPC: its transport, and stubs.
_GRPC = re.compile(r"^grpc(pp)?/|\.grpc\.pb\.h$")
_DRIVER = re.compile(r"^cppconn/|^mysql_(driver|connection|error)\.h$")
_FLAG = re.compile(r"\bABSL_(?:RETIRED_)?FLAG\s*\(")
# Flags of all processes, and of all that have a database.
_SHARED_FLAGS = (
    "common/rpc/process.cc",
    "common/rpc/process_options.cc",
    "common/server/database_options.cc",
    "common/server/database_service.cc",
)
_STUB = re.compile(r"^kith/(\w+)/v\d+/\w+\.grpc\.pb\.h$")
# The most sources, each with its header, that a folder shows.
_MOST_SOURCES = 25


def check(tree: Tree) -> list[Finding]:
    """Each include, link and flag on the wrong side of a boundary."""
    includes = Includes(tree)
    targets = Targets(tree)
    found = [
        fault for each in targets.all.values() for fault in _of_links(each, targets)
    ]
    for path in tree.cpp:
        for include in includes.of(path):
            found += _of_layers(include, tree, targets)
            found += _of_libraries(include, targets)
        found += _of_roles(path, includes)
        found += _of_flags(path, tree)
    return found + list(_of_folders(tree))


def _of_layers(include: Include, tree: Tree, targets: Targets) -> Iterator[Finding]:
    """A file may include what each target that compiles it links."""
    path, there = include.path, posixpath.dirname(include.target)
    if "../" in include.target:
        yield _finding(include, "name the header from the root of the tree.")
        return
    if not tree.has(include.target) or there == posixpath.dirname(path):
        return
    for owner in targets.owners(path):
        linked = {owner.name, *targets.below(owner.name)}
        folders = set().union(*(targets.all[name].folders for name in linked))
        if there not in folders:
            yield _finding(
                include,
                f"move what is needed to a layer below; {owner.name} links "
                f"{', '.join(sorted(folders - owner.folders)) or 'no other folder'}.",
            )
            return


def _of_links(target: Target, targets: Targets) -> Iterator[Finding]:
    """Layers have an order, services meet only at generated stubs, and nothing
    that serves links what is for tests."""
    below = targets.below(target.name)
    what = f"{target.name} links {', '.join(target.deps)}"
    if target.name in below:
        mend = "let one of those that link each other do without; layers have an order."
        yield Finding(target.path, target.line, what, mend)
    here = area(target.path)
    for name in sorted(below):
        there = area(targets.all[name].path)
        if targets.all[name].for_tests and not target.for_tests and here != "tests":
            mend = f"move what production needs out of {name}; it is for tests only."
            yield Finding(target.path, target.line, f"{target.name} links {name}", mend)
        elif there != here and here != "tests":
            if is_service(there) or there == "gateway":
                advice = _services_advice(here, there)
                yield Finding(
                    target.path, target.line, f"{target.name} links {name}", advice
                )


def _services_advice(here: str, there: str) -> str:
    if there == "gateway":
        return "move what both need to common/; nothing knows the gateway."
    if is_service(here):
        return (
            f"move what both need to common/, or let a flow of the gateway ask "
            f"{here} and {there}; services meet only at generated stubs."
        )
    if here == "gateway":
        return f"call {there} by its stub in kith/*/v1; the gateway links no service."
    return f"move what {here} needs out of {there}; common/ knows no service."


def _of_libraries(include: Include, targets: Targets) -> Iterator[Finding]:
    path, here = include.path, area(include.path)
    if _DRIVER.search(include.target) and here != "common/mysql":
        yield _finding(
            include,
            "use mysql::Session of common/mysql; its driver's errors must not "
            "get past it.",
        )
    if not _GRPC.search(include.target) or is_test(path):
        return
    stub = _STUB.match(include.target)
    if is_service(here) and stub and stub[1] != here.removesuffix("-svc"):
        yield _finding(
            include,
            "let a flow of the gateway call both; services never call each other.",
        )
        return
    for owner in targets.owners(path):
        if owner.kind == "library" and not {"GRPC", "TESTS"} & set(owner.options):
            yield _finding(
                include,
                f"include the .pb.h of the messages alone, and hand over values; "
                f"{owner.name} is not declared GRPC.",
            )
            return


def _of_roles(path: str, includes: Includes) -> Iterator[Finding]:
    """Validation and store know neither each other nor gRPC, at any remove."""
    role = re.search(r"_(validation|store|row|table|reader)\.(h|cc)$", path)
    if not role or not is_service(area(path)):
        return
    other = "_store.h" if role[1] == "validation" else "_validation.h"
    for include, way in includes.reached(path, lambda target: target.endswith(other)):
        yield _finding(
            include,
            "let the service call one and then the other; validation and store "
            "know nothing of each other.",
            way,
        )
    for include, way in includes.reached(
        path, lambda target: bool(_GRPC.search(target))
    ):
        yield _finding(
            include,
            "move what is needed to a header without gRPC, which costs seconds in "
            "each file and belongs to the *_service.*.",
            way,
        )


def _of_flags(path: str, tree: Tree) -> Iterator[Finding]:
    if path.rpartition("/")[2] == "main.cc" or path in _SHARED_FLAGS:
        return
    source = Source(path, tree.text(path))
    for match in _FLAG.finditer(source.code):
        yield Finding(
            path,
            source.line(match.start()),
            "a flag outside of a main.cc",
            "define it in the main.cc of its process and hand its value over in an "
            "options struct; flags of all processes are in "
            + " and ".join(_SHARED_FLAGS)
            + ".",
        )


def _of_folders(tree: Tree) -> Iterator[Finding]:
    """A folder shows few sources, and says what belongs into it."""
    stems: dict[str, set[str]] = {}
    for path in tree.cpp:
        if not is_test(path):
            stems.setdefault(posixpath.dirname(path), set()).add(path.partition(".")[0])
    for folder, sources in sorted(stems.items()):
        if len(sources) > _MOST_SOURCES:
            yield Finding(
                folder,
                1,
                f"{len(sources)} sources, at most {_MOST_SOURCES}",
                "give a subject of its own a folder of its own, as a CMake target.",
            )
        if not folder.startswith("tools/") and "/" in folder:
            if not tree.has(f"{folder}/README.md"):
                yield Finding(
                    folder,
                    1,
                    "no README.md",
                    "say in a few lines what belongs there and what does not.",
                )


def _finding(include: Include, mend: str, way: list[str] | None = None) -> Finding:
    via = " -> ".join(way or [include.target])
    return Finding(include.path, include.line, f"includes {via}", mend)
