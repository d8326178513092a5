"""Boundaries: who may know whom, as docs/architecture.md draws it.

What CMake links is the rule. The linker alone does not keep it, as all headers
are found from the root of the tree and a header may hold all of its code.
"""

import re
from posixpath import dirname, join, normpath
from typing import Iterator, NamedTuple

from kithcheck.finding import Finding
from kithcheck.tree import Tree, area, is_service, is_test

_TARGET = re.compile(
    r"^kith_(\w+)\(([\w-]+)([\w\s]*?)\sSOURCES\s([^)]*?)(?:\sDEPS\s([^)]*))?\)", re.M
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"\n]+)[>"]', re.M)
# What speaks gRPC: its transport, and stubs.
_GRPC = re.compile(r"^grpc(pp)?/|\.grpc\.pb\.h$")
_DRIVER = re.compile(r"^cppconn/|^mysql_(driver|connection|error)\.h$")
# In a service, all but these are free of gRPC.
_GRPC_ROLES = re.compile(r"_(service|definition)\.(h|cc)$|/main\.cc$")
# Neither of the two knows the other.
_ROLES = re.compile(r"_validation\.\w+ .*_store\.h$|_store\.\w+ .*_validation\.h$")
# The most sources, each with its header, that a folder shows.
_MOST_SOURCES = 25


class _Target(NamedTuple):
    """One library, binary or test of ours, and where it is defined."""

    name: str
    path: str
    line: int
    grpc: bool
    for_tests: bool
    library: bool
    sources: set[str]
    deps: list[str]


def check(tree: Tree) -> list[Finding]:
    """Each include and link on the wrong side of a boundary."""
    targets = {target.name: target for target in _targets(tree)}
    found = [*_of_folders(tree)]
    for target in targets.values():
        found += _of_links(target, targets)
    for path in tree.cpp:
        owner = _owner(path, targets)
        if owner is None and path.endswith(".cc") and not path.startswith("tools/"):
            mend = "name it among the SOURCES in its folder's CMakeLists.txt."
            found.append(Finding(path, 1, "in no CMake target", mend))
        text = tree.text(path)
        for match in _INCLUDE.finditer(text):
            if mend := _mend(tree, path, match[1], owner, targets):
                line = text.count("\n", 0, match.start(1)) + 1
                found.append(Finding(path, line, f"includes {match[1]}", mend))
    return found


def _targets(tree: Tree) -> Iterator[_Target]:
    for path in tree.of("CMakeLists.txt"):
        folder, text = dirname(path), tree.text(path)
        for match in _TARGET.finditer(text):
            kind, name, options, sources, deps = match.groups("")
            yield _Target(
                name,
                path,
                line=text.count("\n", 0, match.start()) + 1,
                grpc=kind != "library" or "GRPC" in options or "TESTS" in options,
                for_tests=kind == "test" or "TESTS" in options,
                library=kind == "library",
                sources={normpath(join(folder, each)) for each in sources.split()},
                deps=deps.split(),
            )


def _below(name: str, targets: dict[str, _Target]) -> set[str]:
    """The names of all our targets that one links, at any remove."""
    found: set[str] = set()
    waiting = list(targets[name].deps)
    while waiting:
        dep = waiting.pop()
        if dep in targets and dep not in found:
            found.add(dep)
            waiting += targets[dep].deps
    return found


def _owner(path: str, targets: dict[str, _Target]) -> _Target | None:
    """The target that compiles a source; of a header, that of its .cc file, or
    the folder's library."""
    for target in targets.values():
        if path.removesuffix(".h").removesuffix(".cc") + ".cc" in target.sources:
            return target
    if path.endswith(".cc") or (is_test(path) and area(path) != "common/testing"):
        return None
    folder = dirname(path)
    libraries = [
        target
        for target in targets.values()
        if target.library and folder in map(dirname, target.sources)
    ]
    return min(libraries, key=lambda target: target.for_tests, default=None)


def _mend(
    tree: Tree,
    path: str,
    include: str,
    owner: _Target | None,
    targets: dict[str, _Target],
) -> str:
    """How to mend an include that is wrong; empty if it is right."""
    here, folder = area(path), dirname(include)
    if "../" in include:
        return "name the header from the root of the tree."
    if _DRIVER.search(include) and here != "common/mysql":
        return "use mysql::Session: the driver's errors must not get past common/mysql."
    if _ROLES.search(f"{path} {include}"):
        return "let the service call one and then the other."
    if _GRPC.search(include) and not is_test(path):
        if is_service(here) and not _GRPC_ROLES.search(path):
            return "leave gRPC to the *_service, and hand over messages."
        other = include.startswith("kith/") and include.split("/")[1] + "-svc" != here
        if is_service(here) and other:
            return "let a flow of the gateway call both; services meet only there."
        if owner and not owner.grpc:
            return f"hand over messages; {owner.name} is not declared GRPC."
    if owner and tree.has(include) and folder != dirname(path):
        linked = {owner.name, *_below(owner.name, targets)}
        sources = set().union(*(targets[name].sources for name in linked))
        if folder not in map(dirname, sources):
            return f"move it to a layer below; {owner.name} does not link this one."
    return ""


def _of_links(target: _Target, targets: dict[str, _Target]) -> Iterator[Finding]:
    """Layers have an order, services meet only at generated stubs, and nothing
    that serves links what is for tests."""
    here = area(target.path)
    for name in sorted(_below(target.name, targets)):
        there = area(targets[name].path)
        mend = ""
        if name == target.name:
            mend = "let one of those that link each other do without."
        elif here in ("tests", "kith"):
            pass  # All of them, in one process.
        elif targets[name].for_tests and not target.for_tests:
            mend = f"move what production needs out of {name}; it is for tests only."
        elif there != here and (is_service(there) or there == "gateway"):
            mend = "move what both need to common/; services meet only at stubs."
        elif here == "gateway" and name == "kith_mysql" and not target.for_tests:
            mend = "ask a service; the gateway has no database."
        if mend:
            what = f"{target.name} links {name}"
            yield Finding(target.path, target.line, what, mend)


def _of_folders(tree: Tree) -> Iterator[Finding]:
    """A folder shows few sources, and says what belongs into it."""
    stems: dict[str, set[str]] = {}
    for path in tree.cpp:
        if not is_test(path):
            stems.setdefault(dirname(path), set()).add(path.partition(".")[0])
    for folder, sources in sorted(stems.items()):
        if len(sources) > _MOST_SOURCES:
            what = f"{len(sources)} sources, at most {_MOST_SOURCES}"
            mend = "give a subject of its own a folder, as a CMake target."
            yield Finding(folder, 1, what, mend)
        if "/" in folder and not tree.has(f"{folder}/README.md"):
            if not folder.startswith("tools/"):
                mend = "say in a few lines what belongs there and what does not."
                yield Finding(folder, 1, "no README.md", mend)
