"""Boundaries: who may know whom, as docs/architecture.md draws it."""

import re
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.includes import Include, Includes
from kithcheck.targets import Target, Targets
from kithcheck.text import Source
from kithcheck.tree import Tree, area, is_service, is_test

# A header without a library, which every layer may have.
_MACROS = "common/status/status_macros.h"
# What speaks gRPC: its transport, and stubs.
_GRPC = re.compile(r"^grpc(pp)?/|\.grpc\.pb\.h$")
_GRPC_AREAS = ("common/rpc", "common/testing", "gateway", "tests")
_DRIVER = re.compile(r"^cppconn/|^mysql_(driver|connection|error)\.h$")
_FLAG = re.compile(r"\bABSL_(?:RETIRED_)?FLAG\s*\(")
# Flags of all processes, and of all that have a database.
_SHARED_FLAGS = ("common/rpc/process.cc", "common/rpc/database_service.cc")
_STUB = re.compile(r"^kith/(\w+)/v\d+/\w+\.grpc\.pb\.h$")


def check(tree: Tree) -> list[Finding]:
    """Each include, link and flag on the wrong side of a boundary."""
    includes = Includes(tree)
    targets = Targets(tree)
    found = [fault for each in targets.all.values() for fault in _of_links(each, targets)]
    for path in tree.cpp:
        for include in includes.of(path):
            found += _of_areas(include)
            found += _of_layers(include, targets)
            found += _of_libraries(include)
        found += _of_roles(path, includes)
        found += _of_flags(path, tree)
        found += _of_place(path, targets)
    return found


def _of_areas(include: Include) -> Iterator[Finding]:
    here, there = area(include.path), area(include.target)
    if "../" in include.target:
        yield _finding(include, "name the header from the root of the tree.")
    elif is_service(there) and there != here and here != "tests":
        yield _finding(include, _services_advice(here, there))
    elif there == "gateway" and here not in ("gateway", "tests"):
        yield _finding(
            include, "move what both need to common/; nothing knows the gateway."
        )
    elif there == "common/testing" and not is_test(include.path):
        yield _finding(
            include,
            "move what production needs out of common/testing; that is linked "
            "into tests only.",
        )
    elif there == "common/mysql" and here == "gateway" and not is_test(include.path):
        yield _finding(
            include,
            "ask a service by RPC; the gateway keeps no state and has no database.",
        )


def _of_layers(include: Include, targets: Targets) -> Iterator[Finding]:
    """What a part of common/ may include of the others is what it links."""
    here, there = area(include.path), area(include.target)
    library = targets.library_of(here)
    if library is None or not (here.startswith("common/") and there.startswith("common/")):
        return
    if there == here or include.target == _MACROS or is_test(include.path):
        return
    linked = sorted(
        each for name in targets.below(library.name) for each in targets.all[name].areas
    )
    if there not in (*linked, "common/testing"):  # _of_areas tells of that one.
        yield _finding(
            include,
            f"move what is needed to a layer below; {library.name} links "
            f"{', '.join(linked) or 'no other part of common/'}.",
        )


def _of_links(target: Target, targets: Targets) -> Iterator[Finding]:
    """Layers have an order, and services meet only at generated stubs."""
    below = targets.below(target.name)
    what = f"{target.name} links {', '.join(target.deps)}"
    if target.name in below:
        mend = "let one of those that link each other do without; layers have an order."
        yield Finding(target.path, target.line, what, mend)
    here = area(target.path)
    for name in sorted(below):
        there = area(targets.all[name].path)
        if there == here or here == "tests":
            continue
        if is_service(there) or there == "gateway":
            advice = _services_advice(here, there)
            yield Finding(target.path, target.line, f"{target.name} links {name}", advice)


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


def _of_libraries(include: Include) -> Iterator[Finding]:
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
    elif here not in _GRPC_AREAS and not re.search(r"_service\.(h|cc)$", path):
        yield _finding(
            include,
            "keep gRPC in *_service.*, common/rpc, the gateway and tests; include "
            "the .pb.h of the messages alone, and hand over values.",
        )


def _of_roles(path: str, includes: Includes) -> Iterator[Finding]:
    """Validation and store know neither each other nor gRPC, at any remove."""
    role = re.search(r"_(validation|store|row)\.(h|cc)$", path)
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
        if len(way) > 1:  # Else _of_libraries has said so.
            yield _finding(
                include,
                "move what is needed to a header without gRPC, which costs 1.5 s "
                "in each file and belongs to the *_service.*.",
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


def _of_place(path: str, targets: Targets) -> Iterator[Finding]:
    here = area(path)
    if here.startswith("common/") and targets.library_of(here) is None:
        yield Finding(
            path,
            1,
            f"{here} is no layer",
            "put it under one that common/CMakeLists.txt has, or give it a library "
            "there and say in an ADR where it stands.",
        )


def _finding(include: Include, mend: str, way: list[str] | None = None) -> Finding:
    via = " -> ".join(way or [include.target])
    return Finding(include.path, include.line, f"includes {via}", mend)
