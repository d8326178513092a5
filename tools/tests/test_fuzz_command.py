"""./dev fuzz tells how far it is, what broke, and how to see it again."""

import pytest

from kithdev.commands import fuzz

_PROGRESS = "#2048\tpulse  cov: 297 ft: 690 corp: 12/318b lim: 4 exec/s: 1024 rss: 40Mb"


@pytest.fixture
def program(monkeypatch, tmp_path):
    """Makes a kith-fuzz that notes its arguments, says this and ends so."""

    def put(status, *lines):
        path = tmp_path / "kith-fuzz"
        said = "\n".join(lines)
        path.write_text(
            f'#!/bin/sh\necho "$@" >{tmp_path}/arguments\n'
            f"cat <<'EOF'\n{said}\nEOF\nexit {status}\n"
        )
        path.chmod(0o755)
        monkeypatch.setattr(fuzz, "_PROGRAM", path)
        monkeypatch.setattr(fuzz, "_FOUND", tmp_path / "found")
        monkeypatch.setattr(fuzz, "LOGS", tmp_path / "log")
        monkeypatch.setattr(fuzz.build, "run", lambda arguments: 0)

    return put


def test_says_how_much_was_tried(program, tmp_path, capsys):
    program(0, _PROGRESS)
    assert fuzz.run(["json", "--seconds=7"]) == 0
    out = capsys.readouterr().out
    assert "json, 7 s: 2,048 inputs, " in out
    assert "297 edges, 690 features" in out
    arguments = (tmp_path / "arguments").read_text()
    assert arguments.startswith("--target=json -max_total_time=7 ")


def test_names_the_input_and_how_to_run_it_again(program, capsys):
    found = fuzz.RUN / "fuzz" / "json-crash-1"
    program(
        77,
        _PROGRESS,
        "Broken: it is JSON",
        'Input (3 bytes): "{}x"',
        "    #0 0x1 in a frame",
        f"artifact_prefix='./'; Test unit written to {found}",
    )
    assert fuzz.run(["json", "jwt"]) == 1
    told = capsys.readouterr().out
    assert "json is broken." in told
    assert "jwt is broken." in told
    assert '  | Broken: it is JSON\n  | Input (3 bytes): "{}x"\nLog: ' in told
    assert "./dev fuzz json --again=.run/fuzz/json-crash-1" in told
    assert "a frame" not in told


def test_runs_one_input_again(program, tmp_path):
    program(1)
    assert fuzz.run(["json", "--again=input"]) == 1
    assert (tmp_path / "arguments").read_text() == "--target=json input\n"


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        (["jsn"], "no target jsn; there are envelope, "),
        (["--again=input"], "--again wants the one target"),
        (["json", "jwt", "--again=input"], "--again wants the one target"),
    ],
)
def test_refuses(arguments, wanted, capsys):
    with pytest.raises(SystemExit):
        fuzz.run(arguments)
    assert wanted in capsys.readouterr().err
