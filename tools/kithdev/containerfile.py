"""What the targets of k8s/image/Containerfile say, for builds without an engine.

Of its instructions these are read, the others passed over: FROM ... AS, ARG, USER,
LABEL, ENTRYPOINT as JSON, COPY --from, and in RUN what tools/install_packages is
called with. A target is a stage with an ENTRYPOINT.
"""

import json
import re
import shlex
from dataclasses import dataclass, replace
from typing import Iterator, Mapping

from kithdev.paths import ROOT

CONTAINERFILE = ROOT / "k8s" / "image" / "Containerfile"

_FROM = re.compile(r"(\S+) AS (\S+)")
_COPY = re.compile(r"--from=\S+ (\S+) (\S+)")
_INSTALL = re.compile(r"install_packages((?: [a-z]+)+)")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True)
class Stage:
    """What a stage ends with, that of the stages below it included."""

    # Groups of tools/packages.txt.
    groups: tuple[str, ...] = ()
    # Where a file or folder comes from in another stage, and where it goes to.
    copies: tuple[tuple[str, str], ...] = ()
    user: str = ""
    entrypoint: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()


def targets(text: str, arguments: Mapping[str, str]) -> dict[str, Stage]:
    """The targets of a Containerfile by name; `arguments` as of --build-arg."""
    stages: dict[str, Stage] = {}
    name, stage = "", Stage()
    for keyword, value in _instructions(text):
        if keyword == "FROM":
            below, name = _FROM.fullmatch(value).groups()
            stage = stages.get(below, Stage())
        else:
            stage = _after(stage, keyword, value, arguments)
        stages[name] = stage
    return {name: stage for name, stage in stages.items() if stage.entrypoint}


def default_base(text: str) -> str:
    """The base image of a build without --build-arg BASE."""
    return next(
        value.removeprefix("BASE=")
        for keyword, value in _instructions(text)
        if keyword == "ARG" and value.startswith("BASE=")
    )


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        keyword, _, value = line.partition(" ")
        if keyword:
            yield keyword, " ".join(value.split())


def _after(
    stage: Stage, keyword: str, value: str, arguments: Mapping[str, str]
) -> Stage:
    """The stage after an instruction."""
    if keyword == "USER":
        return replace(stage, user=value)
    if keyword == "ENTRYPOINT":
        return replace(stage, entrypoint=tuple(json.loads(value)))
    if keyword == "LABEL":
        value = _VARIABLE.sub(lambda found: arguments[found[1]], value)
        pairs = (pair.partition("=") for pair in shlex.split(value))
        added = tuple((label, said) for label, _, said in pairs)
        return replace(stage, labels=stage.labels + added)
    if keyword == "COPY" and (copy := _COPY.fullmatch(value)):
        return replace(stage, copies=(*stage.copies, copy.groups()))
    if keyword == "RUN" and (install := _INSTALL.search(value)):
        groups = dict.fromkeys([*stage.groups, *install[1].split()])
        return replace(stage, groups=tuple(groups))
    return stage
