"""./dev check and ./dev fix, as people meet them."""

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

    def _check(name, found, preset=""):
        def _run(tree, step):
            ran.append(name)
            return found

        return check._Check(name.title(), _run, preset)

    monkeypatch.setattr(build, "run", lambda arguments: ran.append("build"))
    monkeypatch.setattr(
        check,
        "_CHECKS",
        {
            "clean": _check("clean", []),
            "dirty": _check("dirty", [_FINDING, _FINDING]),
            "built": _check("built", [], preset="dev"),
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
    assert check.run(["built"]) == 0
    assert planted == ["clean", "build", "built"]


def test_an_unknown_check_is_told_with_those_there_are(planted):
    with pytest.raises(Failure, match='No check "other"; there are clean, dirty'):
        check.run(["other"])


def test_fix_takes_nothing_else():
    with pytest.raises(Failure, match="nothing, or release"):
        fix.run(["everything"])


def test_up_needs_nothing_of_the_checks():
    text = (_ROOT / "dev").read_text()
    up = text[text.index("  up)") : text.index(";;", text.index("  up)"))]
    assert "install_packages build run test\n" in up
