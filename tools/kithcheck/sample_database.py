"""A private MariaDB with all migrations applied and the sample loaded."""

from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator

from kithdev import sample
from kithdev.client import Client
from kithdev.credentials import ApiKey
from kithdev.load import load
from kithdev.mariadb import PrivateMariaDB
from kithdev.suite import Layout, Suite

_SHOP = sample.DEMO
_KEY = ApiKey("loader", _SHOP.tenant.slug)
# Of one tenant, and no more than the plans need.
_CUSTOMERS = 500


@contextmanager
def sample_database(
    directory: Path, root: Path, progress: Callable[[str], None]
) -> Iterator[PrivateMariaDB]:
    """Its schemas are kith_<area>; the services that filled it are stopped."""
    layout = Layout(directory, root / "build" / "dev" / "bin")
    suite = Suite(layout, [_SHOP.tenant], [_KEY])
    try:
        progress("starting the services")
        suite.start()
        data = sample.generate(_SHOP, _CUSTOMERS)
        total = data.touches()
        with Client(suite.targets(), suite.token(_KEY.id)) as client:
            load(client, data, lambda done: progress(f"sample {done}/{total}"))
        for service in suite.services.values():
            service.stop()
        yield suite.database
    finally:
        suite.stop()
