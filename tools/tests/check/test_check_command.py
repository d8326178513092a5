"""./dev check and ./dev fix, as people meet them."""

import subprocess
from pathlib import Path

import pytest

from kithcheck.finding import Finding
from kithdev.commands import build, check, fix
from kithdev.failure import Failure

_ROOT = Path(__file__).resolve().parents[3]
_FINDING = Finding("gateway/a.cc", 7, "wrong", "put it right.")


@pytest.fixture
def planted(monkeypatch):
    """Checks that find nothing, one fault, and that need a build."""
    ran = []

    def _check(name, found, needs_build=False):
        def _run(tree, step, everything):
            ran.append(f"{name} --all" if everything else name)
            return found

        return check._Check(name.title(), _run, needs_build)

    monkeypatch.setattr(build, "run", lambda arguments: ran.append("build"))
    monkeypatch.setattr(
        check,
        "_CHECKS",
        {
            "clean": _check("clean", []),
            "dirty": _check("dirty", [_FINDING, _FINDING]),
            "built": _check("built", [], needs_build=True),
        },
    )
    return ran


def test_a_finding_fails_it_and_is_shown_once(planted, capsys):
    assert check.run([]) == 1
    assert planted == ["build", "clean", "dirty", "built"]
    shown = capsys.readouterr().out
    assert shown.count("gateway/a.cc:7: wrong\n    To mend: put it right.\n") == 1
    assert "1 to mend." in shown
    assert " s  Clean" in shown


def test_each_check_can_be_chosen(planted):
    assert check.run(["clean"]) == 0
    assert check.run(["--all", "built"]) == 0
    assert planted == ["clean", "build", "built --all"]


def test_an_unknown_check_is_told_with_those_there_are(planted):
    with pytest.raises(Failure, match='No check "other"; there are clean, dirty'):
        check.run(["other"])


def test_fix_takes_nothing_else():
    with pytest.raises(Failure, match="nothing, or release"):
        fix.run(["everything"])


def _wanted(tmp_path, *groups):
    """What install_packages would install of a list of its own."""
    (tmp_path / "tools").mkdir(exist_ok=True)
    (tmp_path / "tools" / "packages.txt").write_text(
        "# Words about it all.\n\n# build\nkith-one\n\n# check\nkith-two\n"
        "# A second word is a program.\nkith-three kith-program\nkith-four bash\n"
    )
    script = (_ROOT / "tools" / "install_packages").read_text()
    body = script[script.index("groups=") : script.index("missing_packages()")]
    return subprocess.run(
        ["bash", "-c", f"{body}\nwanted_packages", "bash", *groups],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


def test_packages_come_in_groups(tmp_path):
    assert _wanted(tmp_path) == ["kith-one", "kith-two", "kith-three"]
    assert _wanted(tmp_path, "build", "run") == ["kith-one"]
    assert _wanted(tmp_path, "check") == ["kith-two", "kith-three"]


def test_up_needs_nothing_of_the_checks():
    text = (_ROOT / "dev").read_text()
    up = text[text.index("  up)") : text.index(";;", text.index("  up)"))]
    assert "install_packages build run test\n" in up
