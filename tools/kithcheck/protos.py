"""Protos: buf's lint, buf's breaking changes, and a scope on every method."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Iterator

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from kithcheck.finding import Finding
from kithcheck.npm import buf
from kithcheck.tree import Tree
from kithdev.failure import Failure

RELEASED = "protos/released.binpb"
_FOLDER = "protos"
_CONFIG = "protos/buf.yaml"
_IMPORTED = (
    "/usr/share/gocode/src/github.com/gogo/googleapis",
    "/usr/share/grpc-proto",
)
_SCOPE = "kith.common.v1.scope"
_SCOPE_FORM = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")
# Of FileDescriptorProto.service and ServiceDescriptorProto.method.
_SERVICE, _METHOD = 6, 2
_PROTOC_ERROR = re.compile(r"^(.+?\.proto)(?::(\d+):\d+)?: (.*)$")

_COMMENT_ADVICE = (
    "say above it what it means: unit, range, limits; for a method, whether it is "
    "idempotent. What fails with which code is the option kith.common.v1.errors."
)
_BREAKING_ADVICE = (
    "keep what callers have: add a field or a method beside it, reserve the number "
    "and the name of what goes; where a release meant it, ./dev fix release takes "
    "the protos as they are for released."
)
_LINT_ADVICE = {
    "ENUM_VALUE_PREFIX": "begin each value with the name of its enum.",
    "ENUM_ZERO_VALUE_SUFFIX": "let the value 0 be <ENUM>_UNSPECIFIED.",
    "FIELD_LOWER_SNAKE_CASE": "write the field in lower_snake_case.",
    "IMPORT_USED": "delete the import.",
    "PACKAGE_DIRECTORY_MATCH": "put the file into the folder of its package.",
    "PACKAGE_VERSION_SUFFIX": "end the package with its major version, such as v1.",
    "RPC_REQUEST_STANDARD_NAME": "give each method its request: <Method>Request.",
    "SERVICE_SUFFIX": "end the service's name with Service.",
}


def check(tree: Tree) -> list[Finding]:
    """Each proto element that is unclear, unsafe, or a broken promise."""
    if not tree.of(".proto"):
        return []
    scratch = tree.root / "build" / "check"
    scratch.mkdir(parents=True, exist_ok=True)
    image = scratch / "protos.binpb"
    broken = _compile(tree, image)
    if broken:
        return broken
    return [
        *_buf(tree, ["lint", str(image), "--path", "kith"], _lint_advice),
        *_breaking(tree, image),
        *_scopes(image),
    ]


def release(tree: Tree) -> str:
    """Takes the protos as they are for released; answers the file changed."""
    broken = _compile(tree, tree.root / RELEASED, source_info=False)
    if broken:
        raise Failure(str(broken[0]))
    return RELEASED


def _compile(tree: Tree, image: Path, source_info: bool = True) -> list[Finding]:
    folder = tree.root / _FOLDER
    files = [path.relative_to(folder) for path in sorted(folder.rglob("*.proto"))]
    done = subprocess.run(
        [
            _program("protoc"),
            "-I.",
            *(f"-I{path}" for path in _IMPORTED if Path(path).is_dir()),
            "--include_imports",
            *(["--include_source_info"] if source_info else []),
            f"--descriptor_set_out={image}",
            *map(str, files),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    errors = [
        match for match in map(_PROTOC_ERROR.match, done.stderr.splitlines()) if match
    ]
    return [
        Finding(
            f"{_FOLDER}/{error[1]}", int(error[2] or 1), error[3], "mend the syntax."
        )
        for error in errors
    ] or [Finding(_FOLDER, 1, done.stderr.strip(), "see what protoc says.")]


def _breaking(tree: Tree, image: Path) -> list[Finding]:
    if not tree.has(RELEASED):
        return [
            Finding(
                RELEASED,
                1,
                "there is no image of the released protos",
                "run ./dev fix release and commit the file.",
            )
        ]
    released = str(tree.root / RELEASED)
    found = _buf(
        tree,
        ["breaking", str(image), "--against", released, "--path", "kith"],
        lambda _: _BREAKING_ADVICE,
    )
    # buf lets options of imported files through; google/rpc is no promise of ours.
    return [each for each in found if not each.path.startswith(f"{_FOLDER}/google/")]


def _lint_advice(rule: str) -> str:
    if rule.startswith("COMMENT_"):
        return _COMMENT_ADVICE
    return _LINT_ADVICE.get(rule, f"do as buf's rule {rule} says, see {_CONFIG}.")


def _buf(tree: Tree, arguments: list[str], advice) -> list[Finding]:
    done = subprocess.run(
        [
            buf(),
            *arguments,
            f"--config={tree.root / _CONFIG}",
            "--error-format=json",
        ],
        cwd=tree.root,
        capture_output=True,
        text=True,
        check=False,
    )
    # 100: it found something.
    if done.returncode not in (0, 100):
        raise Failure(f"buf {arguments[0]} failed: {done.stderr.strip()}")
    return [
        Finding(
            f"{_FOLDER}/{found['path']}" if "path" in found else RELEASED,
            found.get("start_line", 1),
            found["message"].rstrip("."),
            advice(found["type"]),
        )
        for found in map(json.loads, done.stdout.splitlines())
    ]


def _scopes(image: Path) -> Iterator[Finding]:
    files = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    try:
        extension = pool.FindExtensionByName(_SCOPE)
    except KeyError:
        extension = None
    for file in files.file:
        if not file.name.startswith("kith/"):
            continue
        lines = {
            tuple(place.path): place.span[0] + 1
            for place in file.source_code_info.location
        }
        for one, service in enumerate(file.service):
            for two, method in enumerate(service.method):
                if not _SCOPE_FORM.fullmatch(_scope(pool, extension, method)):
                    yield Finding(
                        f"{_FOLDER}/{file.name}",
                        lines.get((_SERVICE, one, _METHOD, two), 1),
                        f"{service.name}.{method.name} needs no scope, or none of "
                        'the form "area.verb"',
                        f'add option ({_SCOPE}) = "<area>.<verb>"; the gate lets '
                        "nobody call a method without one.",
                    )


def _scope(pool, extension, method) -> str:
    if extension is None:
        return ""
    # In the pool's own class, which knows the extension.
    options = message_factory.MessageFactory(pool).GetPrototype(
        pool.FindMessageTypeByName("google.protobuf.MethodOptions")
    )
    return options.FromString(method.options.SerializeToString()).Extensions[extension]


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Failure(f"{name} is not installed.", advice="./dev build installs it.")
    return found
