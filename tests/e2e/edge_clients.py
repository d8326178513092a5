"""The clients of tests/edge-clients, in a folder of the build where they can run."""

import fcntl
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

from google.protobuf import descriptor_pb2

import node
from kithcheck.npm import modules
from kithdev.paths import BUILD, ROOT

SOURCES = ROOT / "tests" / "edge-clients"
PLACE = ROOT / "build" / "edge-clients"
PROTOSET = BUILD / "kith.protoset"
PAGE = PLACE / "page"


def prepare() -> None:
    """Installs what they need, generates the code of the protos, bundles the page."""
    installed = modules(SOURCES, PLACE)
    sources = sorted(SOURCES.glob("*.js"))
    inputs = [*sources, SOURCES / "package-lock.json", PROTOSET]
    made_of = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).digest()
    stamp = PLACE / "stamp"
    with (PLACE / "lock").open("w") as lock:
        # Tests run beside each other.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == made_of:
            return
        for source in sources:
            shutil.copy(source, PLACE)
        _generate(installed)
        _bundle(installed)
        stamp.write_bytes(made_of)


def _generate(installed: Path) -> None:
    generated = PLACE / "gen"
    shutil.rmtree(generated, ignore_errors=True)
    generated.mkdir()
    protos = descriptor_pb2.FileDescriptorSet.FromString(PROTOSET.read_bytes())
    names = [one.name for one in protos.file]
    subprocess.run(
        ["protoc", f"--descriptor_set_in={PROTOSET}", f"--es_out={generated}"]
        + ["--es_opt=target=js,import_extension=js"]
        + [f"--plugin=protoc-gen-es={installed / '.bin' / 'protoc-gen-es'}"]
        # Those come with the runtime.
        + [name for name in names if not name.startswith("google/protobuf/")],
        check=True,
    )


def _bundle(installed: Path) -> None:
    PAGE.mkdir(exist_ok=True)
    # As it installs no other kind of machine's, its script is not needed.
    (esbuild,) = installed.glob("@esbuild/*/bin/esbuild")
    subprocess.run(
        [esbuild, PLACE / "page.js", "--bundle", "--log-level=warning"]
        + [f"--outfile={PAGE / 'page.js'}"],
        check=True,
    )
    (PAGE / "index.html").write_text('<!doctype html><script src="page.js"></script>')


def run(script: str, plan: dict) -> dict:
    """What a script prints for a plan."""
    return node.run(PLACE / script, input=json.dumps(plan))
