"""Clang-tidy over all sources, by ninja, which runs it on what changed.

ccache keeps what was clean, also for another clone. Several sources are one unit, as
most of the time goes into the headers of others, once for each unit
(docs/performance.md).
"""

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Callable, Iterator

from kithcheck.finding import Finding
from kithcheck.tree import Tree, is_test
from kithdev.failure import Failure

_DATABASE = "build/check/compile_commands.json"
_PLACE = "build/check/tidy"
_MOST_SOURCES = 18
_COMPILER = Path(__file__).with_name("tidy_compiler.py")
# 14, Debian's own, does not know std::source_location.
_RULE = """
rule tidy
  command = {compiler} {flags} $analyze -ferror-limit=5 $
    -MD -MF $out.d -MT $out -c $in -o $out
  depfile = $out.d
  deps = gcc
"""
# The analyzer follows paths in the unit's own text alone, unless it is told to. Of
# tests it need not: they run. "shallow" is half of what it costs, 8 s a unit.
_ANALYZE = (
    "-Xclang -analyzer-opt-analyze-headers "
    "-Xclang -analyzer-config -Xclang mode=shallow,max-nodes=4000"
)
_STARTED = re.compile(r"^\[(\d+)/(\d+)\]", re.M)
_FOUND = re.compile(
    r"^([^:\n]+):(\d+):\d+: error: (.* \[[\w.-]+)(?:,-warnings-as-errors)?\]$", re.M
)
_ADVICE = (
    "see clang.llvm.org/extra/clang-tidy/checks. The sources of a service are looked "
    "at together: tell names in anonymous namespaces apart."
)


def check(
    tree: Tree, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Finding]:
    """What clang-tidy finds in all sources, and in the headers of the repo."""
    place = tree.root / _PLACE
    place.mkdir(parents=True, exist_ok=True)
    rules = _RULE.format(
        compiler=shlex.join(_compiler(tree)), flags=shlex.join(_flags(tree))
    )
    for name, sources in _units(tree):
        _write(place / name, "".join(f'#include "{each}"\n' for each in sources))
        rules += f"build {name}.ok: tidy {name} | {tree.root}/.clang-tidy\n"
        rules += "" if is_test(sources[0]) else f"  analyze = {_ANALYZE}\n"
    _write(place / "build.ninja", rules)
    output = ""
    command = ["ninja", "-k0", "-C", str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ninja:
        for line in ninja.stdout:
            output += line
            if started := _STARTED.match(line):
                progress(int(started[1]), int(started[2]))
    found = set()
    for path, line, what in _FOUND.findall(output):
        # ccache makes paths relative.
        path = (place / path).resolve()
        if path.is_relative_to(tree.root):
            path = path.relative_to(tree.root).as_posix()
            found.add(Finding(path, int(line), f"{what}]", _ADVICE))
    if ninja.returncode != 0 and not found:
        raise Failure(f"Clang-tidy failed:\n{output[-2000:]}")
    return sorted(found)


def _units(tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """By name, what is looked at together: neighbours in a folder at the top.

    Tests on a fixture go apart, as it has names that others have as well. In
    another order than they are built in, so that a missing #include shows.
    """
    kinds: dict[str, list[str]] = {}
    for path in tree.of(".cc"):
        kind = path.partition("/")[0] + ("_test" if is_test(path) else "")
        kind += "_fixture" if '_fixture.h"' in tree.text(path) else ""
        kinds.setdefault(kind, []).append(path)
    for kind, sources in kinds.items():
        size = -(-len(sources) // -(-len(sources) // _MOST_SOURCES))
        for first in range(0, len(sources), size):
            yield f"{kind}_{first // size}.cc", sources[first : first + size][::-1]


def _compiler(tree: Tree) -> list[str]:
    """What runs clang-tidy, through ccache."""
    settings = {
        "BASEDIR": tree.root,
        "COMPILERTYPE": "clang",
        "COMPILERCHECK": "clang-tidy-16 --version",
        "EXTRAFILES": f"{_COMPILER}:{tree.root}/.clang-tidy",
    }
    given = [f"CCACHE_{name}={value}" for name, value in settings.items()]
    return ["env", *given, "ccache", str(_COMPILER)]


def _flags(tree: Tree) -> list[str]:
    """The macros and the headers' folders of all targets; no flags of g++'s own."""
    if not tree.has(_DATABASE):
        raise Failure(f"{_DATABASE} is missing.", advice="./dev build --preset=check")
    flags = {"-std=c++20": None, "-pthread": None}
    for entry in json.loads(tree.text(_DATABASE)):
        words = shlex.split(entry["command"].replace("-isystem ", "-isystem"))
        flags.update((word, None) for word in words if re.match("-D|-I|-isystem", word))
    return list(flags)


def _write(path: Path, text: str) -> None:
    """Writes what is new, so that ninja sees no change where there is none."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
