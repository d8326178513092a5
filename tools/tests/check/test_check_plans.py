"""Plans that scan or sort are told, on a real MariaDB with rows in it."""

import pytest

from cases import MIGRATIONS, TABLES, cases
from kithcheck import plans, sql
from kithcheck.sql import tables
from kithdev.mariadb import PrivateMariaDB

_OWNER = "tenant_id = ? AND contact_id = ?"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A server with the tables, which the check fills."""
    directory = tmp_path_factory.mktemp("plans")
    server = PrivateMariaDB(directory, directory / "mariadbd.log")
    server.start()
    server.create_schema("kith_contacts")
    server.execute(";".join(TABLES), "kith_contacts")
    yield server
    server.dispose()


@pytest.mark.parametrize(
    "text, what", [line.split(" -- ") for line in cases("plans.sql")]
)
def test_what_scans_or_sorts_is_told(database, plant, expect, text, what):
    made, _ = tables.read(plant(MIGRATIONS), "contacts-svc", [])
    statement = sql.Statement(text.replace("OWNER", _OWNER), "", "contacts-svc/a.cc", 5)
    found = list(plans.explain(database, "kith_contacts", made.values(), [statement]))
    if what == "fine":
        assert found == []
    else:
        expect(found[-1:], "contacts-svc/a.cc", 5, what, "")
