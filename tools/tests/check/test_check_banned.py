"""Banned calls, words and names are found; in strings and comments they are not."""

import pytest

from kithcheck import banned

# Not written out, as this very file is checked as well.
_LATER = "TO" + "DO"
_SKIP = "GTEST_" + "SKIP()"


@pytest.mark.parametrize(
    "path, line, what, mend",
    [
        ("common/mysql/a.cc", "connection_->commit();", "ignores errors", "Transact"),
        ("common/mysql/a.cc", "connection.rollback ();", "rollback", "Transact"),
        ("common/mysql/a.cc", "c->setAutoCommit(false);", "setAutoCommit", "Transact"),
        ("common/mysql/a.cc", "connection_->reconnect();", "settings", "Session::Drop"),
        ("gateway/a_test.cc", f"{_SKIP};", "does not run", "in a comment"),
        ("gateway/a_test.cc", "TEST(A, DISABLED_B) {}", "DISABLED_B", "in a comment"),
        ("tests/e2e/test_a.py", "@pytest.mark.skip", "does not run", "in a comment"),
        ("gateway/a_test.cc", "absl::SleepFor(d);", "sleeps", "fake clock"),
        (
            "gateway/a_test.cc",
            "std::this_thread::sleep_for(d);",
            "sleeps",
            "fake clock",
        ),
        ("tests/e2e/test_a.py", "time.sleep(1)", "sleeps", "fake clock"),
        ("contacts-svc/a.cc", 'std::cout << "x";', "past the log", "ops::Log"),
        ("gateway/a.cc", 'printf("x");', "past the log", "ops::Log"),
        ("common/rpc/a.cc", 'std::fprintf(stderr, "x");', "past the log", "ops::Log"),
        ("common/ops/a.h", "void F(std::string_view s);", "does not convert", "absl::"),
        ("common/ops/a.cc", f"// {_LATER}: later", _LATER, "file an issue"),
        ("tools/a.py", f"x = 1  # {_LATER}", _LATER, "file an issue"),
        ("protos/a.proto", f"// {_LATER}(me): name", _LATER, "file an issue"),
        ("contacts-svc/schema/0001_a.sql", f"-- {_LATER}", _LATER, "file an issue"),
        ("common/CMakeLists.txt", f"# {_LATER}", _LATER, "file an issue"),
    ],
)
def test_what_is_banned_is_told(plant, expect, path, line, what, mend):
    tree = plant({path: f"\n{line}\n"})
    expect(banned.check(tree), path, 2, what, mend)


def test_a_script_is_known_by_its_first_line(plant, expect):
    tree = plant({"tools/run": f"#!/usr/bin/env bash\n# {_LATER}\n"})
    expect(banned.check(tree), "tools/run", 2, _LATER, "file an issue")


@pytest.mark.parametrize(
    "path, text",
    [
        ("gateway/a_test.cc", "absl::SleepFor(d);  // The driver has no fake clock.\n"),
        ("gateway/a_test.cc", f"// Needs a server of its own.\n{_SKIP};\n"),
        ("tests/e2e/test_a.py", "# Polls; no event tells.\ntime.sleep(1)\n"),
        ("common/mysql/a.cc", "// Never connection_->commit();\n"),
        ("common/mysql/a.cc", 'Log("x.commit()");\n'),
        ("common/mysql/a.cc", 'auto s = R"sql(x.commit())sql";\n'),
        ("common/mysql/a.cc", 'const int n = 1\'000; x("a.commit()");\n'),
        ("common/ops/a.cc", f'Log("{_LATER}");\n'),
        ("common/ops/a.cc", "snprintf(b, 9, x); mg_printf(c, x);\n"),
        ("common/testing/a.cc", 'std::fprintf(stderr, "x");\n'),
        ("common/mysql/transaction.cc", "absl::SleepFor(d);\n"),
    ],
)
def test_what_is_fine_passes(plant, path, text):
    assert banned.check(plant({path: text})) == []


@pytest.mark.parametrize(
    "name", ["string_util.h", "time_helpers.cc", "pool_manager.cc", "store_impl.cc", "base.h"]
)  # fmt: skip
def test_a_name_says_something(plant, expect, name):
    path = f"common/ops/{name}"
    expect(banned.check(plant({path: ""})), path, 1, "says nothing", "one class")


def test_words_within_names_are_fine(plant):
    files = ("common/testing/database_proxy.cc", "common/mysql/test_database.cc")
    assert banned.check(plant(dict.fromkeys(files, ""))) == []
