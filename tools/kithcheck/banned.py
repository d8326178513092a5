"""Banned: calls, words, names and sizes that have cost somebody a day before."""

import ast
import re
from contextlib import suppress
from typing import Callable, Iterator, NamedTuple

from kithcheck.finding import Finding
from kithcheck.tree import Tree, area, is_service, is_test


class _Rule(NamedTuple):
    """Lines of code that are faults; fine under a comment where that excuses."""

    pattern: str
    applies: Callable[[str], bool]
    what: str
    mend: str
    excusable: bool = True


def _is_cpp(path: str) -> bool:
    return path.endswith((".h", ".cc"))


def _serves(path: str) -> bool:
    """C++ that runs in a service or the gateway."""
    owned = is_service(area(path)) or path.startswith(("common/", "gateway/"))
    return _is_cpp(path) and owned and not is_test(path)


_RULES = (
    _Rule(
        r"(?:->|\.)(?:commit|rollback|setAutoCommit|reconnect)\s*\(",
        # The gateway links no driver (boundaries), and buffers are committed there.
        lambda path: _is_cpp(path) and area(path) != "gateway",
        "a call of the driver that hides errors, or forgets the session's settings",
        "use mysql::Transact, or Session::Drop() to connect anew.",
        excusable=False,
    ),
    _Rule(
        r"\bABSL_(?:RETIRED_)?FLAG\(",
        # Flags of all processes, and of all that have a database.
        lambda path: _is_cpp(path)
        and area(path) not in ("common/rpc", "common/server")
        and not path.endswith(("main.cc", "_options.cc")),
        "a flag outside of a main.cc",
        "define it in the main.cc of its process, or in an *_options.cc if two share "
        "it, and hand its value over.",
        excusable=False,
    ),
    _Rule(
        r"\bGTEST_SKIP\(|\bDISABLED_\w|\bpytest\.mark\.(?:skip|xfail)\b",
        is_test,
        "a test that does not run",
        "mend or delete the test, or say in a comment above why it must wait.",
    ),
    _Rule(
        r"\b(?:absl::SleepFor|sleep_for|sleep_until|usleep|nanosleep|time\.sleep"
        r"|asyncio\.sleep)\(",
        is_test,
        "a test that sleeps",
        "wait for the event or move a fake clock, or say above why nothing else does.",
    ),
    _Rule(
        r"\bstd::(?:cout|cerr|clog)\b|(?<![\w:])(?:std::)?f?(?:printf|puts)\(",
        _serves,
        "output past the log",
        "call ops::Log, or say in a comment above who asked for this output.",
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
    return [
        Finding(path, *fault)
        for path in tree.files
        for faults in (_of_lines, _of_file, _of_functions)
        for fault in faults(path, tree.text(path))
    ]


def _of_lines(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    if not path.endswith(_TEXTS) and "." in path.rpartition("/")[2]:
        return
    mark = "#" if path.endswith(".py") else "//"
    rules = [rule for rule in _RULES if rule.applies(path)]
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if word := _UNFINISHED.search(line):
            mend = "do it now or file an issue, and say here why the code is as it is."
            yield number, f"{word[1]} in a comment", mend
        explained = any(mark in each for each in lines[max(number - 3, 0) : number])
        for rule in rules:
            if re.search(rule.pattern, line.partition(mark)[0]):
                if not (rule.excusable and explained):
                    yield number, rule.what, rule.mend


def _of_file(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    if not path.endswith((".h", ".cc", ".py", ".js")):
        return
    if vague := _VAGUE.search(path.rpartition("/")[2]):
        what = f'"{vague[1]}" in a file\'s name says nothing'
        yield 1, what, "name it by its one class."
    lines, limit = text.count("\n"), _TEST_LINES if is_test(path) else _SOURCE_LINES
    if lines > limit and "_vectors." not in path:
        mend = "split it: one class or subject a file."
        yield limit + 1, f"{lines} lines, at most {limit}", mend


def _of_functions(path: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Of tests in C++, and of all functions in Python."""
    sizes = []
    if path.endswith(".py"):
        with suppress(SyntaxError):  # For flake8 to tell.
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    documented = ast.get_docstring(node) and len(node.body) > 1
                    first = node.body[1 if documented else 0].lineno
                    sizes.append((node.lineno, node.end_lineno - first + 1))
    for test in _TEST.finditer(text) if _is_cpp(path) else ():
        sizes.append((text.count("\n", 0, test.start()) + 1, test[1].count("\n")))
    for line, lines in sizes:
        if lines > _FUNCTION_LINES:
            what = f"a function of {lines} lines, at most {_FUNCTION_LINES}"
            yield line, what, "give a part of it a name."
