"""Banned: calls, words and names that have cost somebody a day before."""

import re
from dataclasses import dataclass
from typing import Callable, Iterator

from kithcheck.finding import Finding
from kithcheck.text import Source
from kithcheck.tree import Tree, area, is_service, is_test


@dataclass(frozen=True)
class _Rule:
    """A pattern in the code, and where it counts."""

    pattern: re.Pattern[str]
    applies: Callable[[str], bool]
    what: str
    mend: str
    # Fine where a comment beside it says why.
    unless_explained: bool = False


def _is_cpp(path: str) -> bool:
    return path.endswith((".h", ".cc"))


def _serves(path: str) -> bool:
    """C++ that runs in a service or the gateway."""
    here = area(path)
    owned = is_service(here) or here == "gateway" or here.startswith("common/")
    return _is_cpp(path) and owned and not is_test(path)


def _tests(path: str) -> bool:
    return path.endswith((".h", ".cc", ".py")) and is_test(path)


_RULES = (
    _Rule(
        re.compile(r"(?:->|\.)\s*(?:commit|rollback|setAutoCommit)\s*\("),
        _is_cpp,
        "the driver's {0}() ignores errors",
        "use mysql::Transact, which sends BEGIN, COMMIT and ROLLBACK as statements.",
    ),
    _Rule(
        re.compile(r"(?:->|\.)\s*reconnect\s*\("),
        _is_cpp,
        "after {0}() the session's settings and statements are gone",
        "call Session::Drop(); the next use opens another connection.",
    ),
    _Rule(
        re.compile(
            r"\bGTEST_SKIP\s*\(|\bDISABLED_\w+|\bpytest\.mark\.(?:skip|xfail)\b"
        ),
        _tests,
        "a test that does not run ({0})",
        "mend or delete the test, or say in a comment beside it why it must wait.",
        unless_explained=True,
    ),
    _Rule(
        re.compile(
            r"\b(?:absl::SleepFor|sleep_for|sleep_until|usleep|nanosleep"
            r"|(?:time|asyncio)\.sleep|(?<!\w)::sleep)\s*\("
        ),
        _tests,
        "a test that sleeps ({0})",
        "wait for the event itself or move a fake clock, or say in a comment beside "
        "it why nothing else does.",
        unless_explained=True,
    ),
    _Rule(
        re.compile(
            r"\bstd::(?:cout|cerr|clog)\b|(?<![\w:])(?:std::)?f?(?:printf|puts)\s*\("
        ),
        _serves,
        "output past the log ({0})",
        "call ops::Log, which writes one line of JSON and knows what is secret, or say "
        "in a comment beside it who asked for this output.",
        unless_explained=True,
    ),
    _Rule(
        re.compile(r"\bstd::(?:w|u8|u16|u32)?string_view\b"),
        _is_cpp,
        "{0}, which does not convert to Abseil's here",
        "use absl::string_view.",
    ),
)

# Put together, so that this file does not hold them itself.
_UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
_VAGUE = {
    "util", "utils", "utility", "utilities", "helper", "helpers", "manager",
    "managers", "impl", "base",
}  # fmt: skip
_COMMENTED = (".h", ".cc", ".py", ".proto", ".sql", ".cmake", ".js", "CMakeLists.txt")


def check(tree: Tree) -> list[Finding]:
    """Each banned call, word and name."""
    found = []
    for path in tree.files:
        found += _of_name(path)
        script = "." not in path.rpartition("/")[2] and _is_script(tree, path)
        if script or path.endswith((*_COMMENTED, ".sh")):
            source = Source(path, tree.text(path))
            found += _of_comments(path, source)
            found += _of_code(path, source)
    return found


def _of_name(path: str) -> Iterator[Finding]:
    name = path.rpartition("/")[2]
    vague = _VAGUE.intersection(re.split(r"[._-]", name.lower()))
    if vague and path.endswith((".h", ".cc", ".py", ".js", ".sh", ".proto")):
        yield Finding(
            path,
            1,
            f'"{min(vague)}" in a file\'s name says nothing',
            "name the file by its one class, or by what its functions are about.",
        )


def _of_comments(path: str, source: Source) -> Iterator[Finding]:
    for match in _UNFINISHED.finditer(source.comments):
        yield Finding(
            path,
            source.line(match.start()),
            f"{match[1]} in a comment",
            "do it now or file an issue, and say here only why the code is as it is.",
        )


def _of_code(path: str, source: Source) -> Iterator[Finding]:
    for rule in _RULES:
        if not rule.applies(path):
            continue
        for match in rule.pattern.finditer(source.code):
            line = source.line(match.start())
            if rule.unless_explained and source.explained(line):
                continue
            call = match[0].strip("->. (\t\n")
            yield Finding(path, line, rule.what.format(call), rule.mend)


def _is_script(tree: Tree, path: str) -> bool:
    try:
        return tree.text(path).startswith("#!")
    except (OSError, UnicodeDecodeError):
        return False
