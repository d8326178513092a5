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
    path = f"{service}/schema/{LIST}"
    if not tree.has(path):
        mend = "run ./dev fix release and commit the file."
        yield Finding(path, 1, "there is no list of the released migrations", mend)
        return
    for line in tree.text(path).splitlines():
        migration = f"{service}/schema/{line.split()[1]}"
        if not tree.has(migration):
            yield Finding(migration, 1, "released, and gone", _ADVICE)
        elif _line(tree, migration) != line:
            yield Finding(migration, 1, "changed after its release", _ADVICE)


def release(tree: Tree) -> list[str]:
    """Takes the migrations there are for released; answers the files changed."""
    texts: dict[str, str] = {}
    for path in tree.of(".sql"):
        service, _, folder = path.rpartition("/")[0].rpartition("/")
        if folder == "schema" and is_service(service):
            texts[service] = texts.get(service, "") + f"{_line(tree, path)}\n"
    changed = []
    for service, text in texts.items():
        path = f"{service}/schema/{LIST}"
        if tree.has(path):
            for fault in check(tree, service):
                raise Failure(str(fault))
        if not tree.has(path) or tree.text(path) != text:
            (tree.root / path).write_text(text)
            changed.append(path)
    return changed


def _line(tree: Tree, path: str) -> str:
    digest = hashlib.sha256((tree.root / path).read_bytes()).hexdigest()
    return f"{digest}  {path.rpartition('/')[2]}"
