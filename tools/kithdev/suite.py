"""The whole suite on one machine: database, three services and the gateway."""

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

from kithdev.credentials import (
    GATEWAY_SCOPES,
    ApiKey,
    Tenant,
    kept_key,
    password,
    write_keys,
    write_tenants,
)
from kithdev.failure import Failure
from kithdev.mariadb import PrivateMariaDB
from kithdev.service import Service

# Each owns the database kith_<area>.
CONTACTS, IDENTITY = "contacts-svc", "identity-svc"
OWNERS = (CONTACTS, IDENTITY, "interactions-svc")
GATEWAY = "gateway"
NAMES = (*OWNERS, GATEWAY)

# A gRPC port each, counted from the suite's base; the ops port is the next, and then
# comes the gateway's for HTTP.
_PORT_OFFSETS = {
    GATEWAY: 0,
    "contacts-svc": 10,
    "identity-svc": 20,
    "interactions-svc": 30,
}

_DATA_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE"
_MIGRATE_PRIVILEGES = f"{_DATA_PRIVILEGES}, CREATE, ALTER, DROP, INDEX"
_READY_SECONDS = 30


@dataclass(frozen=True)
class Layout:
    """Where a suite keeps its things."""

    directory: Path
    binaries: Path

    @property
    def secrets(self) -> Path:
        return self.directory / "secrets"

    @property
    def logs(self) -> Path:
        return self.directory / "log"

    @property
    def keys_file(self) -> Path:
        return self.directory / "keys.textproto"

    @property
    def gateway_key_file(self) -> Path:
        return self.secrets / "gateway-service.key"

    @property
    def docs(self) -> Path:
        """The viewer of the gateway's documentation, as the build makes it."""
        return self.binaries.parent / "docs"

    @property
    def has_viewer(self) -> bool:
        """Whether it is complete; the build goes on without npm."""
        return (self.docs / "complete").exists()

    @property
    def tenants_file(self) -> Path:
        return self.directory / "tenants.textproto"


class Suite:
    """Starts, stops, kills and restarts the suite, as a whole or in part.

    Everything lies in one directory, so a later Suite of the same directory
    finds what an earlier one started. With port_base 0 every port is a free
    one, and a restarted service keeps the port it had.
    """

    def __init__(
        self,
        layout: Layout,
        tenants: Sequence[Tenant],
        keys: Sequence[ApiKey],
        port_base: int = 0,
        flags: Mapping[str, Sequence[str]] | None = None,
        database_options: Sequence[str] = (),
    ):
        """`flags` are added to those of the service named."""
        self.layout = layout
        self._tenants = list(tenants)
        self._keys = {key.id: key for key in keys}
        self._port_base = port_base
        self._flags = dict(flags or {})
        self._ports: dict[str, tuple[int, ...]] = {}
        self.database = PrivateMariaDB(
            layout.directory / "database",
            layout.logs / "mariadbd.log",
            database_options,
        )
        self.services = {name: self._make_service(name) for name in NAMES}

    def start(self) -> None:
        """Brings everything up from nothing, and waits until it is ready."""
        self.configure()
        self.database.start()
        self.create_schemas()
        self.migrate()
        self.start_services()
        self.wait_ready()

    def configure(self) -> None:
        """Writes the keys file and the tenants file."""
        self.layout.directory.mkdir(parents=True, exist_ok=True)
        write_tenants(self.layout.tenants_file, self._tenants)
        gateway = kept_key(
            self.layout.gateway_key_file,
            ApiKey(GATEWAY, self._tenants[0].slug, GATEWAY_SCOPES),
        )
        write_keys(self.layout.keys_file, [*self._keys.values(), gateway])

    def create_schemas(self) -> None:
        """Makes a database for each owner, and two users who see it alone."""
        for name in OWNERS:
            schema = _schema(name)
            self.database.create_schema(schema)
            for user, privileges in (
                (schema, _DATA_PRIVILEGES),
                (f"{schema}_migrate", _MIGRATE_PRIVILEGES),
            ):
                self.database.create_user(
                    user, password(self._password_file(user)), schema, privileges
                )

    def migrate(self) -> None:
        """Brings each database to the version of its binary."""
        for name in OWNERS:
            service = self.services[name]
            log = service.process.log.with_name(f"{name}.migrate.log")
            user = f"{_schema(name)}_migrate"
            with log.open("ab") as out:
                done = self._run_once(name, "--migrate", user, stdout=out, stderr=out)
            if done.returncode != 0:
                raise Failure(f"{name} --migrate failed.", log=log)

    def lookups(self, name: str, work: str, **streams) -> subprocess.CompletedProcess:
        """Has an owner "check" or "rebuild" its lookups, while it may run."""
        return self._run_once(name, f"--{work}_lookups", _schema(name), **streams)

    def reread(self, work: str, **streams) -> subprocess.CompletedProcess:
        """Reads values of older rules again: "list", "alias" or "move"; all may run."""
        flag = f"--reread_values={work}"
        return self._run_once(IDENTITY, flag, _schema(IDENTITY), **streams)

    def missing_holders(self) -> str:
        """Lines about values that contacts hold which do not exist, while all run."""
        held = self.run_task(IDENTITY, "--holdings=list", "")
        return self.run_task(CONTACTS, "--contacts=missing", held)

    def free_values(self, lines: str) -> str:
        """Frees the values of missing_holders; answers the lines of what is free."""
        return self.run_task(IDENTITY, "--holdings=free", lines)

    def return_values(self, freed: str) -> str:
        """Gives back what contacts held which were made meanwhile; answers it."""
        known = self.run_task(CONTACTS, "--contacts=known", freed)
        return self.run_task(IDENTITY, "--holdings=return", known)

    def run_task(self, name: str, flag: str, lines: str) -> str:
        """What an owner prints that runs a task on lines, while it may run."""
        done = self._run_once(
            name, flag, _schema(name), input=lines, capture_output=True, text=True
        )
        # 1 also says that there are any.
        found = flag == "--contacts=missing" and done.stdout
        if done.returncode != 0 and not found:
            raise Failure(f"{name} {flag} failed: {done.stderr.strip()}")
        return done.stdout

    def command(self, name: str, flag: str, user: str = "") -> list[str]:
        """What runs a binary with such a flag, as its own user if none is given."""
        return [
            str(self.services[name].binary),
            flag,
            f"--tenants_file={self.layout.tenants_file}",
            *self._database_flags(name, user or _schema(name)),
        ]

    def start_services(self) -> list[str]:
        """Starts what does not run, or runs from another build or otherwise.

        Answers the names of those it started.
        """
        started = [name for name in OWNERS if self.start_service(name)]
        if self.start_service(GATEWAY):
            started.append(GATEWAY)
        return started

    def start_service(self, name: str) -> bool:
        """Starts one service, unless it runs just so and stays; waits until it listens.

        Says whether it was started.
        """
        service = self.services[name]
        configured = self._configured_ports(name)
        wanted = self._service_flags(name, configured)
        stale = not (service.runs_as(wanted) and service.stays(_READY_SECONDS))
        if stale:
            service.stop()
            ports = self._ports.get(name, configured)
            for port in ports:
                _check_free(port, name)
            service.start(self._service_flags(name, ports), wanted)
        address = service.wait_listening(_READY_SECONDS)
        addresses = filter(None, (address.grpc, address.ops, address.http))
        self._ports[name] = tuple(map(_port, addresses))
        return stale

    def start_replica(self, name: str, flags: Sequence[str] = ()) -> str:
        """Starts one more of a service, on ports of its own; waits for it.

        Answers the name it has among the services.
        """
        replica = f"{name}.2"
        self.services[replica] = self._make_service(replica)
        self._flags[replica] = flags
        self.start_service(replica)
        self.services[replica].wait_ready(_READY_SECONDS)
        return replica

    def add_flags(self, name: str, flags: Sequence[str]) -> None:
        """More flags for a service, from its next start on."""
        self._flags[name] = [*self._flags.get(name, ()), *flags]

    def wait_ready(self) -> None:
        """Waits until all are ready."""
        for service in self.services.values():
            service.wait_ready(_READY_SECONDS)

    def restart(self, name: str) -> None:
        """Stops one service, starts it at its old ports, waits until ready."""
        self.services[name].stop()
        self.start_service(name)
        self.services[name].wait_ready(_READY_SECONDS)

    def kill(self, name: str) -> None:
        """Ends one service without warning."""
        self.services[name].kill()

    def stop(self) -> list[str]:
        """Stops everything, the database last; answers what was running."""
        gateways = [name for name in self.services if _kind(name) == GATEWAY]
        owners = [name for name in self.services if _kind(name) != GATEWAY]
        stopped = []
        with ThreadPoolExecutor() as pool:
            for names in (gateways, owners):
                ended = pool.map(lambda name: self.services[name].stop(), names)
                stopped += [name for name, was in zip(names, ended) if was]
        if self.database.dispose():
            stopped.append("mariadbd")
        return stopped

    def targets(self) -> dict[str, str]:
        """The gRPC target of each service that listens."""
        return {
            name: f"ipv4:{service.address.grpc}"
            for name, service in self.services.items()
            if service.address is not None
        }

    def token(self, key_id: str) -> str:
        """The token of one of its keys."""
        return self._keys[key_id].token

    def _run_once(
        self, name: str, flag: str, user: str, **streams
    ) -> subprocess.CompletedProcess:
        """Runs a binary with a flag that has it do one thing to its database."""
        if "input" not in streams:
            streams["stdin"] = subprocess.DEVNULL
        return subprocess.run(self.command(name, flag, user), check=False, **streams)

    def _make_service(self, name: str) -> Service:
        return Service(
            name,
            self.layout.binaries / _kind(name),
            self.layout.directory / "services",
            self.layout.logs / f"{name}.log",
        )

    def _service_flags(self, name: str, ports: tuple[int, ...]) -> list[str]:
        grpc_port, ops_port = ports[:2]
        flags = [
            f"--listen_address=127.0.0.1:{grpc_port}",
            f"--ops_address=127.0.0.1:{ops_port}",
            f"--keys_file={self.layout.keys_file}",
            f"--tenants_file={self.layout.tenants_file}",
        ]
        if _kind(name) == GATEWAY:
            flags += self._target_flags()
            flags.append(f"--http_address=127.0.0.1:{ports[2]}")
            flags.append(f"--service_key_file={self.layout.gateway_key_file}")
            if self.layout.has_viewer:
                flags.append(f"--docs_directory={self.layout.docs}")
        else:
            flags += self._database_flags(name, _schema(name))
        return [*flags, *self._flags.get(name, ())]

    def _target_flags(self) -> list[str]:
        return [
            f"--{_area(owner)}_target=ipv4:127.0.0.1:{self._ports[owner][0]}"
            for owner in OWNERS
        ]

    def _database_flags(self, name: str, user: str) -> list[str]:
        return [
            f"--db_address={self.database.address}",
            f"--db_user={user}",
            f"--db_password_file={self._password_file(user)}",
            f"--db_name={_schema(name)}",
        ]

    def _configured_ports(self, name: str) -> tuple[int, ...]:
        count = 3 if _kind(name) == GATEWAY else 2
        if not self._port_base or name not in _PORT_OFFSETS:
            return (0,) * count
        port = self._port_base + _PORT_OFFSETS[name]
        return tuple(range(port, port + count))

    def _password_file(self, user: str) -> Path:
        return self.layout.secrets / f"{user}.password"


def _kind(name: str) -> str:
    """The binary's name; a replica's has a number behind it."""
    return name.partition(".")[0]


def _area(name: str) -> str:
    return _kind(name).removesuffix("-svc")


def _schema(name: str) -> str:
    return f"kith_{_area(name)}"


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def _check_free(port: int, name: str) -> None:
    with socket.socket() as probe:
        # As the servers do: a closed connection's port counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Failure(
                f"{name} cannot listen on port {port}: {error.strerror}.",
                advice="KITH_PORT_BASE=<port> ./dev up uses other ports, "
                "or stop what listens there.",
            ) from error
