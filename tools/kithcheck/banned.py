"""Banned: calls, words, names and sizes that have cost somebody a day before."""

import ast
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Callable, Iterator

from kithcheck.finding import Finding
from kithcheck.tree import Tree, area, is_service, is_test


@dataclass(frozen=True)
class _Rule:
    """Lines of code that are faults; fine under a comment where that excuses."""

    pattern: re.Pattern[str]
    applies: Callable[[str], bool]
    what: str
    mend: str
    excusable: bool = False


def _is_cpp(path: str) -> bool:
    return path.endswith((".h", ".cc"))


def _has_no_flags(path: str) -> bool:
    # Flags of all processes, and of all that have a database.
    shared = area(path) in ("common/rpc", "common/server")
    return _is_cpp(path) and not shared and not path.endswith("main.cc")


def _may_know_the_driver(path: str) -> bool:
    # The gateway links none (boundaries), and buffers are committed there.
    return _is_cpp(path) and area(path) != "gateway"


def _serves(path: str) -> bool:
    """C++ that runs in a service or the gateway."""
    owned = is_service(area(path)) or path.startswith(("common/", "gateway/"))
    return _is_cpp(path) and owned and not is_test(path)


_RULES = (
    _Rule(
        re.compile(r"(?:->|\.)(?:commit|rollback|setAutoCommit|reconnect)\s*\("),
        _may_know_the_driver,
        "a call of the driver that hides errors, or forgets the session's settings",
        "use mysql::Transact, or Session::Drop() to connect anew.",
    ),
    _Rule(
        re.compile(r"\bABSL_(?:RETIRED_)?FLAG\("),
        _has_no_flags,
        "a flag outside of a main.cc",
        "define it in the main.cc of its process and hand its value over.",
    ),
    _Rule(
        re.compile(r"\bGTEST_SKIP\(|\bDISABLED_\w|\bpytest\.mark\.(?:skip|xfail)\b"),
        is_test,
        "a test that does not run",
        "mend or delete the test, or say in a comment above why it must wait.",
        excusable=True,
    ),
    _Rule(
        re.compile(
            r"\b(?:absl::SleepFor|sleep_for|sleep_until|usleep|nanosleep|time\.sleep"
            r"|asyncio\.sleep)\("
        ),
        is_test,
        "a test that sleeps",
        "wait for the event or move a fake clock, or say above why nothing else does.",
        excusable=True,
    ),
    _Rule(
        re.compile(
            r"\bstd::(?:cout|cerr|clog)\b|(?<![\w:])(?:std::)?f?(?:printf|puts)\("
        ),
        _serves,
        "output past the log",
        "call ops::Log, or say in a comment above who asked for this output.",
        excusable=True,
    ),
)
# Put together, so that this file does not hold them itself.
_UNFINISHED = re.compile(
    r"(?:#|//|--|^ *\*).*\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"
)
_TEXTS = (".h", ".cc", ".py", ".proto", ".sql", ".cmake", ".js", ".sh", ".txt")
_VAGUE = re.compile(
    r"(?:^|[._-])(utils?|utility|utilities|helpers?|managers?|impl|base)(?:[._-]|$)"
)
_SOURCE_LINES, _TEST_LINES, _FUNCTION_LINES = 400, 600, 40
# Clang-tidy overlooks what a macro defines.
_TEST = re.compile(r"^(?:TYPED_)?TEST(?:_[FP])?\([^)]*\) \{\n(.*?)^\}", re.M | re.S)


def check(tree: Tree) -> list[Finding]:
    """Each banned call, word, name and size."""
    found = []
    for path in tree.files:
        name = path.rpartition("/")[2]
        if path.endswith(_TEXTS) or "." not in name:
            found += _of_lines(path, tree.text(path).splitlines())
        if path.endswith((".h", ".cc", ".py", ".js")):
            found += _of_sizes(path, tree.text(path))
            if vague := _VAGUE.search(name):
                what = f'"{vague[1]}" in a file\'s name says nothing'
                found.append(Finding(path, 1, what, "name it by its one class."))
    return found


def _of_lines(path: str, lines: list[str]) -> Iterator[Finding]:
    mark = "#" if path.endswith(".py") else "//"
    rules = [rule for rule in _RULES if rule.applies(path)]
    for number, line in enumerate(lines, 1):
        if word := _UNFINISHED.search(line):
            mend = "do it now or file an issue, and say here why the code is as it is."
            yield Finding(path, number, f"{word[1]} in a comment", mend)
        explained = any(mark in each for each in lines[max(number - 3, 0) : number])
        for rule in rules:
            if rule.pattern.search(line.partition(mark)[0]):
                if not (rule.excusable and explained):
                    yield Finding(path, number, rule.what, rule.mend)


def _of_sizes(path: str, text: str) -> Iterator[Finding]:
    limit = _TEST_LINES if is_test(path) else _SOURCE_LINES
    if text.count("\n") > limit and "_vectors." not in path:
        what = f"{text.count(chr(10))} lines, at most {limit}"
        yield Finding(path, limit + 1, what, "split it: one class or subject a file.")
    for line, lines in _functions(path, text):
        if lines > _FUNCTION_LINES:
            what = f"a function of {lines} lines, at most {_FUNCTION_LINES}"
            yield Finding(path, line, what, "give a part of it a name.")


def _functions(path: str, text: str) -> Iterator[tuple[int, int]]:
    """Line and length of each test in C++, and of each function in Python."""
    if path.endswith(".py"):
        with suppress(SyntaxError):  # For flake8 to tell.
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    documented = ast.get_docstring(node) and len(node.body) > 1
                    first = node.body[1 if documented else 0].lineno
                    yield node.lineno, node.end_lineno - first + 1
    for test in _TEST.finditer(text) if _is_cpp(path) else ():
        yield text.count("\n", 0, test.start()) + 1, test[1].count("\n")
