"""What is stored, to tell whether anything was written."""

import time

SCHEMAS = ("kith_contacts", "kith_identity", "kith_interactions")


def tables(suite) -> dict[str, str]:
    """A checksum of each table, when what was written before has settled."""
    # The leases are those of the processes, which renew them on their own.
    names = suite.database.execute(
        "SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables "
        f"WHERE table_schema IN {SCHEMAS} AND table_name <> 'leases'"
    ).split()
    # Changes leave the outbox a moment after the write that made them.
    waiting = "SELECT " + " + ".join(
        f"(SELECT COUNT(*) FROM {schema}.outbox)" for schema in SCHEMAS
    )
    for _ in range(100):
        found = suite.database.execute(
            f"{waiting}; CHECKSUM TABLE {', '.join(names)}"
        ).splitlines()
        if found[0] == "0":
            return dict(row.split("\t") for row in found[1:])
        # Nothing tells when the feed has taken it.
        time.sleep(0.1)
    raise AssertionError("the outbox does not empty")
