"""Objects against the types of Kubernetes, as TypeScript's compiler sees them."""

import json
import re
import subprocess
from pathlib import Path

import manifests

# Whose types a group has; kubernetes-models has those of Kubernetes itself.
_PACKAGES = {
    "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
    "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
    "pingcap.com": "@kubernetes-models/tidb-operator",
}

_OPTIONS = {
    "strict": True,
    "noEmit": True,
    "skipLibCheck": True,
    "module": "node16",
    "moduleResolution": "node16",
    "target": "es2022",
    "types": [],
}

_ERROR = re.compile(r"^objects\.mts\((\d+),\d+\): error TS\d+: (.*)", re.M)


def faults(objects: list[dict], directory: Path) -> list[str]:
    """What the compiler finds, after kind and name of the object.

    Each object becomes a literal of its type, and a literal may have no key that its
    type lacks. `directory` is empty, and node_modules is made in it.
    """
    modules = directory / "node_modules"
    if not modules.exists():
        modules.symlink_to(manifests.modules())
    lines = ["export {};"]
    begins = []
    for each in objects:
        begins.append((sum(line.count("\n") + 1 for line in lines) + 1, each))
        lines.append(_literal(each))
    (directory / "objects.mts").write_text("\n".join(lines))
    settings = {"compilerOptions": _OPTIONS, "files": ["objects.mts"]}
    (directory / "tsconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        ["node", str(modules / "typescript/bin/tsc"), "-p", "."],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    found = _ERROR.findall(done.stdout)
    assert bool(found) == (done.returncode != 0), done.stdout + done.stderr
    return [f"{_at(begins, int(line))}: {what}" for line, what in found]


def _literal(an_object: dict) -> str:
    version, kind = an_object["apiVersion"], an_object["kind"]
    package = _PACKAGES.get(version.partition("/")[0], "kubernetes-models")
    text = json.dumps(an_object, indent=1)
    return f'({text}) satisfies import("{package}/{version}/{kind}").I{kind};'


def _at(begins: list[tuple[int, dict]], line: int) -> str:
    found = [each for begin, each in begins if begin <= line][-1]
    return f"{found['kind']} {found['metadata']['name']}"
