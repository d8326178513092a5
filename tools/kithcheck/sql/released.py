"""Migrations that are released: databases have run them, so they never change."""

import hashlib
from typing import Iterator

from kithcheck.finding import Finding
from kithcheck.tree import Tree, is_service
from kithdev.failure import Failure

# In each service's schema/, as sha256sum writes it.
LIST = "released.sha256"
_ADVICE = (
    "put it back as it was, and make the change in a migration of the next number: "
    "databases have run this one, and never will again."
)


def check(tree: Tree, service: str) -> Iterator[Finding]:
    """Each released migration of a service that is not what it was."""
    path = _list_path(service)
    if not tree.has(path):
        yield Finding(
            path,
            1,
            "there is no list of the released migrations",
            "run ./dev fix release and commit the file.",
        )
        return
    for name, digest in _released(tree, service).items():
        migration = f"{service}/schema/{name}"
        if not tree.has(migration):
            yield Finding(migration, 1, "released, and gone", _ADVICE)
        elif _digest(tree, migration) != digest:
            yield Finding(migration, 1, "changed after its release", _ADVICE)


def release(tree: Tree) -> list[str]:
    """Takes the migrations there are for released; answers the files changed."""
    changed = []
    for service, migrations in sorted(_migrations(tree).items()):
        path = _list_path(service)
        if tree.has(path):
            for fault in check(tree, service):
                raise Failure(str(fault))
        text = "".join(
            f"{_digest(tree, each)}  {each.rpartition('/')[2]}\n" for each in migrations
        )
        if not tree.has(path) or tree.text(path) != text:
            (tree.root / path).write_text(text)
            changed.append(path)
    return changed


def _migrations(tree: Tree) -> dict[str, list[str]]:
    """By service."""
    found: dict[str, list[str]] = {}
    for path in tree.of(".sql"):
        service, _, rest = path.partition("/")
        if is_service(service) and rest.startswith("schema/"):
            found.setdefault(service, []).append(path)
    return found


def _released(tree: Tree, service: str) -> dict[str, str]:
    """The digest of each, by name."""
    lines = tree.text(_list_path(service)).splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def _list_path(service: str) -> str:
    return f"{service}/schema/{LIST}"


def _digest(tree: Tree, path: str) -> str:
    return hashlib.sha256((tree.root / path).read_bytes()).hexdigest()
