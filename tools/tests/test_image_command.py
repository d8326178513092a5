"""./dev image takes the first engine that works, or none."""

import re
import subprocess

import pytest

from kithdev.commands import image
from kithdev.containerfile import CONTAINERFILE
from kithdev.failure import Failure

_DIGEST = "sha256:" + "5" * 64
_ORIGIN = image.Origin("1.2.3", "abc", 1_700_000_000)


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Makes engines that note their calls, and fail at those named."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    # What this machine has does not count.
    monkeypatch.setattr(image, "_ANSWER_SECONDS", 5)
    monkeypatch.setattr(image, "_PULL_SECONDS", 5)
    monkeypatch.setattr(image, "LOGS", tmp_path)
    monkeypatch.setattr(image, "_origin", lambda: _ORIGIN)
    for engine in image.ENGINES:
        _put(programs / engine, "exit 1")

    def put(engine, *failing):
        cases = "".join(f"{name}) echo no {name}; exit 1;;\n" for name in failing)
        _put(
            programs / engine,
            f'echo "{engine} $*" >>{tmp_path}/calls\n'
            f"case $1 in\n{cases}images) echo 51 MB;;\nesac",
        )

    return put


def _put(program, script):
    program.write_text(f"#!/bin/bash\n{script}\n")
    program.chmod(0o755)


def _calls(tmp_path):
    return (tmp_path / "calls").read_text().splitlines()


def test_builds_by_an_engine_that_has_the_base(machine, tmp_path, capsys):
    machine("podman")
    assert image.run(["gateway"]) == 0
    info, inspect, build, size = _calls(tmp_path)
    assert info == "podman info"
    base = "docker.io/library/debian:bookworm-slim"
    assert inspect == f"podman inspect --type=image {base}"
    assert build == (
        f"podman build -f {CONTAINERFILE} --build-arg=BASE={base} "
        "--build-arg=VERSION=1.2.3 --build-arg=REVISION=abc --timestamp=1700000000 "
        "--target=gateway --tag=kith/gateway:1.2.3 ."
    )
    assert size == "podman images --format={{.Size}} kith/gateway:1.2.3"
    assert re.search("kith/gateway:1.2.3: 51 MB$", capsys.readouterr().out, re.M)


def test_pulls_the_base_by_its_digest(machine, tmp_path):
    machine("docker", "inspect")
    assert image.run([f"--digest={_DIGEST}", "gateway", "kith"]) == 0
    calls = _calls(tmp_path)
    base = f"docker.io/library/debian@{_DIGEST}"
    assert f"docker pull {base}" in calls
    builds = [call for call in calls if call.startswith("docker build ")]
    assert len(builds) == 2
    for build in builds:
        assert f" --build-arg=BASE={base} " in build
        assert " --build-arg=SOURCE_DATE_EPOCH=1700000000 " in build
        assert "--timestamp" not in build


def test_tells_what_an_engine_fails_with(machine, tmp_path):
    machine("buildah", "build")
    with pytest.raises(Failure) as failure:
        image.run(["gateway"])
    assert "buildah cannot build kith/gateway:1.2.3." in str(failure.value)
    assert "| no build" in str(failure.value)


def test_makes_images_of_packages_where_no_base_can_be_had(
    machine, monkeypatch, capsys
):
    built = []
    monkeypatch.setattr(
        image, "_build_from_packages", lambda stages, origin: built.append(list(stages))
    )
    machine("docker", "info")
    machine("podman", "inspect", "pull")
    assert image.run(["gateway", "identity-svc"]) == 0
    assert built == [["gateway", "identity-svc"]]
    told = capsys.readouterr().out
    assert "podman cannot pull docker.io/library/debian:bookworm-slim." in told
    assert "docker cannot" not in told
    with pytest.raises(Failure, match="--digest wants an engine"):
        image.run(["gateway", f"--digest={_DIGEST}"])


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        (["gatway"], "no image gatway; there are contacts-svc, "),
        (["--digest=sha256:12"], "--digest wants sha256: and 64 hexadecimal digits"),
        (["--engine=kaniko"], "invalid choice: 'kaniko'"),
    ],
)
def test_refuses(arguments, wanted, machine, capsys):
    with pytest.raises(SystemExit):
        image.run(arguments)
    assert wanted in capsys.readouterr().err


def test_says_which_source_it_is_of(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234")
    origin = image._origin()
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=image.ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert origin.revision.removesuffix("-dirty") == head
    assert re.fullmatch(r"\d+\.\d+\.\d+", origin.version)
    assert origin.epoch == 1234
