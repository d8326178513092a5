"""Protos: buf's lint, buf's changes that break callers, and a scope a method."""

import json
import re
import subprocess
from pathlib import Path
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.npm import buf
from kithcheck.tree import Tree
from kithdev.failure import Failure

RELEASED = "protos/released.binpb"
_FOLDER = "protos"
_IMPORTED = (
    "/usr/share/gocode/src/github.com/gogo/googleapis",
    "/usr/share/grpc-proto",
)
_PROTOC_ERROR = re.compile(r"^(.+?\.proto)(?::(\d+):\d+)?: (.*)$", re.M)
_SCOPE = "kith.common.v1.scope"
# Of FileDescriptorProto.service and ServiceDescriptorProto.method.
_SERVICE, _METHOD = 6, 2
_LINT_ADVICE = "see buf.build/docs/lint/rules; comments name unit, range and limits."
_BREAKING_ADVICE = (
    "keep what callers have: add beside it, and reserve what goes. If a release meant "
    "it, run ./dev fix release."
)


def check(tree: Tree) -> list[Finding]:
    """Each proto element that is unclear or unsafe, or a broken promise."""
    image = tree.root / "build" / "check" / "protos.binpb"
    image.parent.mkdir(parents=True, exist_ok=True)
    if broken := _compile(tree, image, "--include_source_info"):
        return broken
    if not tree.has(RELEASED):
        mend = "run ./dev fix release and commit the file."
        return [Finding(RELEASED, 1, "no image of the released protos", mend)]
    against = f"--against={tree.root / RELEASED}"
    return [
        *_buf(tree, ["lint", str(image)], _LINT_ADVICE),
        *_buf(tree, ["breaking", str(image), against], _BREAKING_ADVICE),
        *_scopes(image),
    ]


def release(tree: Tree) -> str:
    """Takes the protos as they are for released; answers the file changed."""
    if broken := _compile(tree, tree.root / RELEASED):
        raise Failure(str(broken[0]))
    return RELEASED


def _compile(tree: Tree, image: Path, *options: str) -> list[Finding]:
    # Of our APIs alone; the protos of tests are elsewhere.
    ours = [path for path in tree.of(".proto") if path.startswith(f"{_FOLDER}/")]
    done = subprocess.run(
        ["protoc", "-I.", *(f"-I{path}" for path in _IMPORTED), "--include_imports"]
        + [*options, f"--descriptor_set_out={image}"]
        + [path.removeprefix(f"{_FOLDER}/") for path in ours],
        cwd=tree.root / _FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    return [
        Finding(f"{_FOLDER}/{path}", int(line or 1), what, "mend the syntax.")
        for path, line, what in _PROTOC_ERROR.findall(done.stderr)
    ] or [Finding(_FOLDER, 1, done.stderr.strip(), "see what protoc says.")]


def _buf(tree: Tree, arguments: list[str], mend: str) -> Iterator[Finding]:
    config = f"--config={tree.root / _FOLDER / 'buf.yaml'}"
    done = subprocess.run(
        [buf(), *arguments, config, "--path=kith", "--error-format=json"],
        capture_output=True,
        text=True,
        check=False,
    )
    # 100: it found something.
    if done.returncode not in (0, 100):
        raise Failure(f"buf {arguments[0]} failed: {done.stderr.strip()}")
    for found in map(json.loads, done.stdout.splitlines()):
        path = f"{_FOLDER}/{found['path']}" if "path" in found else RELEASED
        # buf lets options of imported files through; those are no promise of ours.
        if not path.startswith(f"{_FOLDER}/google/"):
            what = f"{found['message'].rstrip('.')} [{found['type']}]"
            yield Finding(path, found.get("start_line", 1), what, mend)


def _scopes(image: Path) -> Iterator[Finding]:
    """Each method without a scope; buf tells options by name in JSON."""
    command = [buf(), "build", str(image), "--path=kith", "-o", "-#format=json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    for file in json.loads(done.stdout)["file"]:
        places = file.get("sourceCodeInfo", {}).get("location", ())
        lines = {tuple(each.get("path", ())): each["span"][0] + 1 for each in places}
        for one, service in enumerate(file.get("service", ())):
            for two, method in enumerate(service.get("method", ())):
                scope = method.get("options", {}).get(f"[{_SCOPE}]", "")
                if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", scope):
                    yield Finding(
                        f"{_FOLDER}/{file['name']}",
                        lines.get((_SERVICE, one, _METHOD, two), 1),
                        f"{service['name']}.{method['name']} needs no scope",
                        f'add option ({_SCOPE}) = "<area>.<verb>"; without one the '
                        "gate lets nobody call it.",
                    )
