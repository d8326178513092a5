"""Banned calls, words, names and sizes are found; in comments they are not."""

import pytest

from kithcheck import banned

# Not written out, as this very file is checked as well.
_LATER = "TO" + "DO"
_SKIP = "GTEST_" + "SKIP();"
_SLEEP = "absl::Sleep" + "For(d);"


@pytest.mark.parametrize(
    "path, line, what, mend",
    [
        ("common/mysql/a.cc", "connection_->commit();", "hides errors", "Transact"),
        ("common/mysql/a.cc", "connection.rollback ();", "hides errors", "Transact"),
        ("common/mysql/a.cc", "c->setAutoCommit(false);", "hides errors", "Transact"),
        ("common/mysql/a.cc", "c->reconnect();", "session's settings", "Session::Drop"),
        ("contacts-svc/a.cc", 'ABSL_FLAG(int, a, 1, "b");', "a flag", "main.cc"),
        ("gateway/a_test.cc", _SKIP, "does not run", "in a comment"),
        ("gateway/a_test.cc", "TEST(A, DISABLED_" + "B) {}", "not run", "in a comment"),
        ("tests/e2e/test_a.py", "x = pytest.mark." + "skip", "not run", "a comment"),
        ("gateway/a_test.cc", _SLEEP, "sleeps", "fake clock"),
        (
            "gateway/a_test.cc",
            "std::this_thread::sleep_" + "for(d);",
            "sleeps",
            "clock",
        ),
        ("tests/e2e/test_a.py", "time." + "sleep(1)", "sleeps", "fake clock"),
        ("contacts-svc/a.cc", 'std::cout << "x";', "past the log", "ops::Log"),
        ("gateway/a.cc", 'printf("x");', "past the log", "ops::Log"),
        ("common/rpc/a.cc", 'std::fprintf(stderr, "x");', "past the log", "ops::Log"),
        ("common/ops/a.cc", f"// {_LATER}: later", _LATER, "file an issue"),
        ("tools/a.py", f"x = 1  # {_LATER}", _LATER, "file an issue"),
        ("protos/a.proto", f"// {_LATER}(me): name", _LATER, "file an issue"),
        ("contacts-svc/schema/0001_a.sql", f"-- {_LATER}", _LATER, "file an issue"),
        ("common/CMakeLists.txt", f"# {_LATER}", _LATER, "file an issue"),
        ("tools/run", f"# {_LATER}", _LATER, "file an issue"),
    ],
)
def test_what_is_banned_is_told(plant, expect, path, line, what, mend):
    tree = plant({path: f"\n{line}\n"})
    expect(banned.check(tree), path, 2, what, mend)


@pytest.mark.parametrize(
    "path, text",
    [
        ("gateway/a_test.cc", f"{_SLEEP}  // The driver has no fake clock.\n"),
        ("gateway/a_test.cc", f"// Needs a server of its own.\n{_SKIP};\n"),
        ("tests/e2e/test_a.py", "# Polls; no event tells.\ntime." + "sleep(1)\n"),
        ("common/mysql/a.cc", "// Never connection_->commit();\n"),
        ("common/ops/a.cc", f'Log("{_LATER}");\n'),
        ("common/ops/a.cc", "snprintf(b, 9, x); mg_printf(c, x);\n"),
        ("common/testing/a.cc", 'std::fprintf(stderr, "x");\n'),
        ("common/mysql/transaction.cc", f"{_SLEEP}\n"),
        ("gateway/main.cc", 'ABSL_FLAG(int, a, 1, "b");\n'),
        ("common/rpc/process_options.cc", 'ABSL_FLAG(int, a, 1, "b");\n'),
        ("common/testing/database_proxy.cc", ""),
    ],
)
def test_what_is_fine_passes(plant, path, text):
    assert banned.check(plant({path: text})) == []


@pytest.mark.parametrize(
    "name", ["string_util.h", "time_helpers.cc", "pool_manager.cc", "impl.cc", "base.h"]
)
def test_a_name_says_something(plant, expect, name):
    path = f"common/ops/{name}"
    expect(banned.check(plant({path: ""})), path, 1, "says nothing", "one class")


_LINES = "  x();\n"


@pytest.mark.parametrize(
    "path, text, line, what",
    [
        ("gateway/a.cc", "\n" * 401, 401, "401 lines, at most 400"),
        ("gateway/a_test.cc", "\n" * 601, 601, "601 lines, at most 600"),
        ("gateway/a_test.cc", f"\nTEST(A, B) {{\n{_LINES * 41}}}\n", 2, "of 41 lines"),
        ("a.py", 'def f():\n    """It."""\n' + "    x = 1\n" * 41, 1, "of 41 lines"),
    ],
)
def test_a_size_is_told(plant, expect, path, text, line, what):
    expect(banned.check(plant({path: text})), path, line, what, "split|a part of it")


def test_what_is_short_enough_passes(plant):
    tests = f"TEST_F(A, B) {{\n{_LINES * 40}}}\n\n" * 3
    tree = plant({"gateway/a_test.cc": tests, "common/a_vectors.cc": "\n" * 9999})
    assert banned.check(tree) == []
