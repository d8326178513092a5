"""./dev check and ./dev fix, as people meet them."""

from pathlib import Path

import pytest

from kithcheck.finding import Finding
from kithdev.commands import build, check, fix
from kithdev.failure import Failure

_ROOT = Path(__file__).resolve().parents[3]
_FINDING = Finding("gateway/a.cc", 7, "wrong", "put it right.")


@pytest.fixture
def ran(monkeypatch):
    """What ran, of checks that find nothing, one fault, and that need a build."""
    names = []

    def _check(name, found, preset=""):
        def _run(tree, step):
            names.append(name)
            return found

        return check._Check(name.title(), _run, preset)

    checks = {
        "clean": _check("clean", []),
        "dirty": _check("dirty", [_FINDING, _FINDING]),
        "built": _check("built", [], preset="dev"),
    }
    monkeypatch.setattr(build, "run", lambda arguments: names.append("build"))
    monkeypatch.setattr(check, "_CHECKS", checks)
    return names


def test_a_finding_fails_it_and_is_shown_once(ran, capsys):
    assert check.run([]) == 1
    assert ran == ["build", "clean", "dirty", "built"]
    shown = capsys.readouterr().out
    assert shown.count("gateway/a.cc:7: wrong\n    To mend: put it right.\n") == 1
    assert "1 to mend." in shown and " s  Clean" in shown


def test_each_check_can_be_chosen(ran):
    assert check.run(["clean"]) == check.run(["built"]) == 0
    assert ran == ["clean", "build", "built"]


def test_other_words_are_refused(ran):
    with pytest.raises(Failure, match='No check "other"; there are clean, dirty'):
        check.run(["other"])
    with pytest.raises(Failure, match="nothing, or release"):
        fix.run(["everything"])


def test_up_needs_nothing_of_the_checks():
    up = (_ROOT / "dev").read_text().partition("  up)")[2].partition(";;")[0]
    assert "install_packages build run test\n" in up
