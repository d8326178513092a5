"""Banned calls, words, names and sizes are found; in comments they are not."""

import pytest

from kithcheck import banned

# Not written out, as this very file is checked as well.
_LATER = "TO" + "DO"
_SKIP, _OFF = "GTEST_" + "SKIP();", "TEST(A, DISABLED_" + "B) {}"
_SLEEP, _NAP = "absl::Sleep" + "For(d);", "time." + "sleep(1)"
_FLAG = 'ABSL_FLAG(int, a, 1, "b");'
_LINES = "  x();\n"


@pytest.mark.parametrize(
    "path, line, what, mend",
    [
        ("common/mysql/a.cc", "connection_->commit();", "hides errors", "Transact"),
        ("common/mysql/a.cc", "connection.rollback ();", "hides errors", "Transact"),
        ("common/mysql/a.cc", "c->setAutoCommit(false);", "hides errors", "Transact"),
        ("common/mysql/a.cc", "c->reconnect();", "session's settings", "Session::Drop"),
        ("contacts-svc/a.cc", _FLAG, "a flag", "main.cc"),
        ("gateway/a_test.cc", _SKIP, "does not run", "in a comment"),
        ("gateway/a_test.cc", _OFF, "does not run", "in a comment"),
        ("tests/e2e/test_a.py", "x = pytest.mark." + "skip", "not run", "a comment"),
        ("gateway/a_test.cc", _SLEEP, "sleeps", "fake clock"),
        (
            "gateway/a_test.cc",
            "std::this_thread::sleep_" + "for(d);",
            "sleeps",
            "clock",
        ),
        ("tests/e2e/test_a.py", _NAP, "sleeps", "fake clock"),
        ("contacts-svc/a.cc", 'std::cout << "x";', "past the log", "ops::Log"),
        ("gateway/a.cc", 'printf("x");', "past the log", "ops::Log"),
        ("common/rpc/a.cc", 'std::fprintf(stderr, "x");', "past the log", "ops::Log"),
        ("common/ops/a.cc", f"// {_LATER}: later", _LATER, "file an issue"),
        ("tools/a.py", f"x = 1  # {_LATER}", _LATER, "file an issue"),
        ("contacts-svc/schema/0001_a.sql", f"-- {_LATER}", _LATER, "file an issue"),
        ("tools/run", f"# {_LATER}", _LATER, "file an issue"),
    ],
)
def test_what_is_banned_is_told(plant, expect, path, line, what, mend):
    tree = plant({path: f"\n{line}\n"})
    expect(banned.check(tree), path, 2, what, mend)


@pytest.mark.parametrize(
    "path, text, line, what",
    [
        ("common/ops/string_util.h", "", 1, "says nothing"),
        ("common/ops/impl.cc", "", 1, "says nothing"),
        ("gateway/a.cc", "\n" * 401, 401, "401 lines, at most 400"),
        ("gateway/a_test.cc", "\n" * 601, 601, "601 lines, at most 600"),
        ("gateway/a_test.cc", f"\nTEST(A, B) {{\n{_LINES * 41}}}\n", 2, "of 41 lines"),
        ("a.py", 'def f():\n    """It."""\n' + "    x = 1\n" * 41, 1, "of 41 lines"),
    ],
)
def test_names_and_sizes_are_told(plant, expect, path, text, line, what):
    found = banned.check(plant({path: text}))
    expect(found, path, line, what, "split it|a part of it|one class")


@pytest.mark.parametrize(
    "path, text",
    [
        ("gateway/a_test.cc", f"{_SLEEP}  // The driver has no fake clock.\n"),
        ("gateway/a_test.cc", f"// Needs a server of its own.\n{_SKIP};\n"),
        ("tests/e2e/test_a.py", f"# Polls; no event tells.\n{_NAP}\n"),
        ("common/mysql/a.cc", "// Never connection_->commit();\n"),
        ("common/ops/a.cc", f'Log("{_LATER}");\n'),
        ("common/ops/a.cc", "snprintf(b, 9, x); mg_printf(c, x);\n"),
        ("common/testing/a.cc", 'std::fprintf(stderr, "x");\n'),
        ("common/mysql/transaction.cc", f"{_SLEEP}\n"),
        ("gateway/main.cc", f"{_FLAG}\n"),
        ("gateway/a_options.cc", f"{_FLAG}\n"),
        ("common/rpc/process_options.cc", f"{_FLAG}\n"),
        ("common/testing/database_proxy.cc", ""),
        ("gateway/a_test.cc", f"TEST_F(A, B) {{\n{_LINES * 40}}}\n\n" * 3),
        ("common/a_vectors.cc", "\n" * 9999),
    ],
)
def test_what_is_fine_passes(plant, path, text):
    assert banned.check(plant({path: text})) == []
