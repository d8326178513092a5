"""Sizes: of files, lines, Python functions and tests; C++ functions: see tidy."""

import ast
import re
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.text import Source
from kithcheck.tree import Tree, is_test

_SOURCE_LINES = 400
_TEST_LINES = 600
_FUNCTION_LINES = 40
_COLUMNS = 80
_COUNTED = (".h", ".cc", ".py", ".js", ".cmake", ".sh")
# Tables of test vectors are as long as they are.
_VECTORS = re.compile(r"_vectors\.\w+$")
# Clang-tidy overlooks what a macro defines.
_TEST = re.compile(r"^(?:TYPED_)?TEST(?:_[FP])?\s*\(([^)]*)\)\s*\{", re.MULTILINE)
# What cannot be broken: an include, a link.
_UNBREAKABLE = re.compile(r"^\s*#\s*(?:include|ifndef|define|endif)\b|https?://")


def check(tree: Tree) -> list[Finding]:
    """Each file, line and function that is too long."""
    found = []
    for path in tree.of(*_COUNTED):
        if _VECTORS.search(path):
            continue
        found += _of_file(path, tree.text(path))
        if path.endswith((".h", ".cc")):
            found += _of_lines(path, tree.text(path))
            found += _of_tests(path, tree.text(path))
        if path.endswith(".py"):
            found += _of_functions(path, tree.text(path))
    return found


def _of_file(path: str, text: str) -> Iterator[Finding]:
    lines = text.count("\n")
    limit = _TEST_LINES if is_test(path) else _SOURCE_LINES
    if lines > limit:
        yield Finding(
            path,
            limit + 1,
            f"{lines} lines, at most {limit}",
            "split it at a seam: one class, or one subject, a file.",
        )


def _of_lines(path: str, text: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > _COLUMNS and not _UNBREAKABLE.search(line):
            yield Finding(
                path,
                number,
                f"{len(line)} columns, at most {_COLUMNS}",
                "run ./dev fix; break what it leaves, such as a long string, by hand.",
            )


def _of_tests(path: str, text: str) -> Iterator[Finding]:
    source = Source(path, text)
    for match in _TEST.finditer(source.code):
        first = source.line(match.end())
        lines = source.line(_closing(source.code, match.end())) - first
        if lines > _FUNCTION_LINES:
            yield Finding(
                path,
                source.line(match.start()),
                f"the test ({match[1]}) has {lines} lines, at most {_FUNCTION_LINES}",
                "test one thing in each, and give what they share a name.",
            )


def _closing(code: str, at: int) -> int:
    """The place of the brace that closes the one before `at`."""
    depth = 1
    for brace in re.compile("[{}]").finditer(code, at):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.start()
    return len(code)


def _of_functions(path: str, text: str) -> Iterator[Finding]:
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        yield Finding(
            path, error.lineno or 1, f"no Python: {error.msg}", "mend the syntax."
        )
        return
    for node in ast.walk(module):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        lines = _body_lines(node)
        if lines > _FUNCTION_LINES:
            yield Finding(
                path,
                node.lineno,
                f"{node.name}() has {lines} lines, at most {_FUNCTION_LINES}",
                "give a part of it a name: a function for each thing that it does.",
            )


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without what the docstring takes."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0
