"""SQL: the rules of tables and statements, over a real parser's syntax trees."""

from kithcheck.finding import Finding
from kithcheck.sql import dump, released, statements, tables
from kithcheck.sql.dump import Statement
from kithcheck.tree import Tree, is_service


def check(
    tree: Tree, dumped: dict[str, list[Statement]] | None = None
) -> list[Finding]:
    """Each migration and statement that breaks a rule.

    `dumped`: the statements by service; those of its binary where not given.
    """
    found: set[Finding] = set()
    for service in services(tree):
        known = dumped is not None
        mine = dumped.get(service, []) if known else dump.of_binary(tree.root, service)
        made, faults = tables.read(tree, service, mine)
        found.update(faults)
        found.update(released.check(tree, service))
        found.update(statements.check(mine, made))
    return sorted(found)


def services(tree: Tree) -> list[str]:
    """Those that own tables."""
    owners = {path.partition("/")[0] for path in tree.files if "/schema/" in path}
    return sorted(filter(is_service, owners))
