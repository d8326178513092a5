"""What is too long is found; what is exempt is not."""

import pytest

from kithcheck import sizes


@pytest.mark.parametrize(
    "path, limit",
    [
        ("gateway/flows/touch.cc", 400),
        ("tools/kithdev/suite.py", 400),
        ("gateway/touch_test.cc", 600),
        ("tests/e2e/test_faults.py", 600),
    ],
)
def test_a_long_file(plant, expect, path, limit):
    assert sizes.check(plant({path: "\n" * limit})) == []
    tree = plant({path: "\n" * (limit + 1)})
    what = f"{limit + 1} lines, at most {limit}"
    expect(sizes.check(tree), path, limit + 1, what, "split it at a seam")


def test_vectors_and_protos_are_as_long_as_they_are(plant):
    files = {
        "protos/kith/a/v1/a.proto": "\n" * 900,
        "gateway/phone_vectors.h": "\n" * 900,
    }
    assert sizes.check(plant(files)) == []


def test_a_long_line(plant, expect):
    long = "// " + "x" * 78 + "\n"
    expect(
        sizes.check(plant({"gateway/a.h": long})),
        "gateway/a.h",
        1,
        "81 columns",
        "dev fix",
    )


def test_what_cannot_be_broken(plant):
    text = f'#include "{"x" * 90}.h"\n// https://{"x" * 90}\n'
    assert sizes.check(plant({"gateway/a.h": text})) == []


def _function(lines, docstring=""):
    body = "".join(f"    x{number} = 1\n" for number in range(lines))
    return f"def f():\n{docstring}{body}"


def test_a_long_python_function(plant, expect):
    docstring = '    """What it does.\n' + "\n" * 9 + '    """\n'
    assert sizes.check(plant({"tools/a.py": _function(40, docstring)})) == []
    found = sizes.check(plant({"tools/b.py": "\n" + _function(41)}))
    expect(found, "tools/b.py", 2, r"f\(\) has 41 lines", "give a part of it a name")


def test_a_long_test(plant, expect):
    body = '  if (x) {\n    y("}");  // }\n  }\n' * 13
    assert sizes.check(plant({"gateway/a_test.cc": f"TEST(A, B) {{\n{body}}}\n"})) == []
    text = f"// One.\nTEST_F(A, B) {{\n{body}  z();\n  z();\n}}\n"
    found = sizes.check(plant({"gateway/b_test.cc": text}))
    expect(found, "gateway/b_test.cc", 2, r"\(A, B\) has 42 lines", "one thing in each")


def test_what_is_no_python(plant, expect):
    found = sizes.check(plant({"tools/a.py": "x = 1\ndef f(:\n"}))
    expect(found, "tools/a.py", 2, "no Python", "mend the syntax")
