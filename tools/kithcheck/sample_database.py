"""A private MariaDB with all migrations applied and the sample loaded."""

from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from kithdev import sample
from kithdev.client import Client
from kithdev.credentials import ApiKey, Tenant
from kithdev.load import load
from kithdev.mariadb import PrivateMariaDB
from kithdev.suite import Layout, Suite

_TENANT = Tenant(1, "demo")
_KEY = ApiKey("loader", _TENANT.slug)


@contextmanager
def sample_database(
    directory: Path, root: Path, progress: Callable[[str], None]
) -> Iterator[PrivateMariaDB]:
    """Its schemas are kith_<area>; the services that filled it are stopped."""
    suite = Suite(Layout(directory, root / "build" / "dev" / "bin"), [_TENANT], [_KEY])
    try:
        progress("starting the services")
        suite.start()
        data = sample.generate()
        total = data.touches()
        with Client(suite.targets(), suite.token(_KEY.id)) as client:
            load(client, data, lambda done: progress(f"sample {done}/{total}"))
        for service in suite.services.values():
            service.stop()
        yield suite.database
    finally:
        suite.stop()
