"""./dev image: the container images, by an engine or from Debian packages."""

import argparse
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from kithdev import containerfile, image_layers
from kithdev.commands import build
from kithdev.console import Console
from kithdev.containerfile import CONTAINERFILE, Stage
from kithdev.failure import Failure
from kithdev.logged import run_logged
from kithdev.oci_archive import write_archive
from kithdev.paths import LOGS, ROOT, shown

IMAGES = ROOT / "build" / "image"
# What is neither of the three engines: mmdebstrap makes the layers.
PACKAGES = "packages"
ENGINES = ("docker", "podman", "buildah")

_REPOSITORY = "docker.io/library/debian"
_PRESET = "release"
_PULL_SECONDS = 300
_ANSWER_SECONDS = 20


@dataclass(frozen=True)
class Origin:
    """Which source the images are of."""

    version: str
    revision: str
    # Of the newest file; SOURCE_DATE_EPOCH if that is set.
    epoch: int

    @property
    def arguments(self) -> dict[str, str]:
        """What --build-arg says of it."""
        return {"VERSION": self.version, "REVISION": self.revision}


def run(arguments: list[str]) -> int:
    """Builds the images named, or all, and says how large they are."""
    origin = _origin()
    text = CONTAINERFILE.read_text()
    stages = containerfile.targets(text, origin.arguments)
    options = _options(arguments, list(stages))
    base = f"{_REPOSITORY}@{options.digest}" if options.digest else ""
    base = base or containerfile.default_base(text)
    engine = options.engine or _engine(base)
    chosen = {name: stages[name] for name in options.images or stages}
    LOGS.mkdir(parents=True, exist_ok=True)
    if engine == PACKAGES:
        if options.digest:
            raise Failure("--digest wants an engine that can pull the base.")
        _build_from_packages(chosen, origin)
    else:
        _build_by(engine, base, chosen, origin)
    return 0


def write_image(
    name: str, stage: Stage, base: Path, outputs: Mapping[str, Path], origin: Origin
) -> Path:
    """Puts what a stage copies on top of a base layer; answers the archive."""
    top = IMAGES / f"{name}.tar"
    image_layers.top_layer(stage, outputs, origin.epoch, top)
    archive = IMAGES / f"{name}.oci.tar"
    tag = f"kith/{name}:{origin.version}"
    architecture = _said("dpkg", "--print-architecture")
    write_archive(archive, stage, [base, top], tag, architecture, origin.epoch)
    return archive


def _options(arguments: list[str], images: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev image", description=__doc__)
    parser.add_argument(
        "images", nargs="*", help=f"all if not given: {', '.join(images)}"
    )
    parser.add_argument(
        "--digest",
        metavar="sha256:...",
        help="the Debian image to build on; else what the Containerfile names",
    )
    parser.add_argument(
        "--engine",
        choices=(*ENGINES, PACKAGES),
        help="the first that works, if not given; packages: none, but mmdebstrap",
    )
    options = parser.parse_args(arguments)
    for name in options.images:
        if name not in images:
            parser.error(f"no image {name}; there are {', '.join(images)}")
    if options.digest and not re.fullmatch(r"sha256:[0-9a-f]{64}", options.digest):
        parser.error("--digest wants sha256: and 64 hexadecimal digits")
    return options


def _origin() -> Origin:
    project = (ROOT / "CMakeLists.txt").read_text()
    version = re.search(r"^project\(kith VERSION (\S+)", project, re.M)[1]
    revision = _said(
        "git", "describe", "--match=", "--always", "--abbrev=40", "--dirty"
    )
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _said(
        "git", "log", "-1", "--format=%ct"
    )
    return Origin(version, revision, int(epoch))


def _engine(base: str) -> str:
    """The first engine that works and has the base image or can pull it."""
    for engine in ENGINES:
        if _answers(_ANSWER_SECONDS, engine, "info"):
            if _answers(_ANSWER_SECONDS, engine, "inspect", "--type=image", base):
                return engine
            if _answers(_PULL_SECONDS, engine, "pull", base):
                return engine
            print(f"{engine} cannot pull {base}.", flush=True)
    print("No engine can build images: they are made of Debian packages.", flush=True)
    return PACKAGES


def _answers(seconds: float, *argv: str) -> bool:
    """Whether a command is there and succeeds in time."""
    if shutil.which(argv[0]) is None:
        return False
    try:
        done = subprocess.run(
            argv, capture_output=True, timeout=seconds, check=False, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def _build_by(
    engine: str, base: str, stages: Mapping[str, Stage], origin: Origin
) -> None:
    settings = {"BASE": base, **origin.arguments}
    if engine == "docker":
        # It knows this one by itself.
        settings["SOURCE_DATE_EPOCH"] = str(origin.epoch)
    argv = [engine, "build", "-f", str(CONTAINERFILE)]
    argv += [f"--build-arg={name}={value}" for name, value in settings.items()]
    if engine != "docker":
        argv.append(f"--timestamp={origin.epoch}")
    log = LOGS / "image.log"
    console = Console()
    with log.open("w", encoding="utf-8") as out:
        for name in stages:
            tag = f"kith/{name}:{origin.version}"
            with console.step(tag) as step:
                one = [*argv, f"--target={name}", f"--tag={tag}", "."]
                if run_logged(one, out, lambda line: step.progress(line.strip())):
                    raise Failure(f"{engine} cannot build {tag}.", log=log)
                step.result(_said(engine, "images", "--format={{.Size}}", tag))


def _build_from_packages(stages: Mapping[str, Stage], origin: Origin) -> None:
    build.run([f"--preset={_PRESET}", "suite", *(set(stages) & {"kith"})])
    built = ROOT / "build" / _PRESET
    if not (built / "docs" / "complete").exists():
        raise Failure(
            "The viewer of /docs is not complete.", advice="install npm, then again."
        )
    outputs = {"/out": IMAGES / "out", "/docs": built / "docs"}
    for name in stages:
        image_layers.strip(built / "bin" / name, outputs["/out"] / name)
    console = Console()
    with console.step("Debian and libraries"):
        bases = _bases(stages, origin)
    for name, stage in stages.items():
        with console.step(name) as step:
            archive = write_image(name, stage, bases[stage.groups], outputs, origin)
            step.result(f"{shown(archive)}, {archive.stat().st_size / 1e6:.0f} MB")


def _bases(stages: Mapping[str, Stage], origin: Origin) -> dict[tuple[str, ...], Path]:
    """A new base layer for each set of groups, made at the same time."""

    def make(groups: tuple[str, ...]) -> Path:
        log = LOGS / f"image-{groups[-1]}.log"
        wanted = image_layers.packages(groups)
        return image_layers.base_layer(wanted, origin.epoch, IMAGES, log, again=True)

    groups = sorted({stage.groups for stage in stages.values()})
    with ThreadPoolExecutor() as pool:
        return dict(zip(groups, pool.map(make, groups)))


def _said(*argv: str) -> str:
    """What a command prints, which must succeed."""
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(f"{' '.join(argv)} failed: {done.stderr.strip()}")
    return done.stdout.strip()
