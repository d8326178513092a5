"""The whole suite on one machine: database, three services and the gateway.

The services and the gateway are four processes, or together one.
"""

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Mapping, Sequence

from kithdev.credentials import (
    ApiKey,
    Tenant,
    gateway_key,
    password,
    sealing_keys,
    write_keys,
    write_tenants,
)
from kithdev.failure import Failure
from kithdev.layout import Layout
from kithdev.mariadb import PrivateMariaDB
from kithdev.processes import (
    CONTACTS,
    GATEWAY,
    IDENTITY,
    LISTEN_FLAGS,
    LISTENERS,
    NAMES,
    ONE,
    OWNERS,
    area_of,
    kind_of,
    schema_of,
)
from kithdev.service import Service

_DATA_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE"
_MIGRATE_PRIVILEGES = f"{_DATA_PRIVILEGES}, CREATE, ALTER, DROP, INDEX"
_READY_SECONDS = 30


class Suite:
    """Starts, stops, kills and restarts the suite, as a whole or in part.

    Everything lies in one directory, so a later Suite of the same directory
    finds what an earlier one started. With port_base 0 every port is a free
    one, and a restarted service keeps the port it had. As one process, all
    services start and end together.
    """

    def __init__(
        self,
        layout: Layout,
        tenants: Sequence[Tenant],
        keys: Sequence[ApiKey],
        port_base: int = 0,
        flags: Mapping[str, Sequence[str]] | None = None,
        database_options: Sequence[str] = (),
        one: bool = False,
        under: Sequence[str] = (),
    ):
        """`flags` are added to those of the service named; `under` is put before the
        command of each, such as that of valgrind."""
        self.one = one
        self._under = list(under)
        self.layout = layout
        self._tenants = list(tenants)
        self._keys = {key.id: key for key in keys}
        self._port_base = port_base
        self._flags = dict(flags or {})
        self._ports: dict[str, dict[str, int]] = {}
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
        gateway = gateway_key(self.layout.gateway_key_file, self._tenants[0].slug)
        write_keys(self.layout.keys_file, [*self._keys.values(), gateway])

    def create_schemas(self) -> None:
        """Makes a database for each owner, and two users who see it alone."""
        for name in OWNERS:
            schema = schema_of(name)
            self.database.create_schema(schema)
            for user, privileges in (
                (schema, _DATA_PRIVILEGES),
                (f"{schema}_migrate", _MIGRATE_PRIVILEGES),
            ):
                self.database.create_user(
                    user, password(self._password_file(user)), schema, privileges
                )

    @property
    def processes(self) -> tuple[str, ...]:
        """The names of the processes, in the order in which they start."""
        return (ONE,) if self.one else NAMES

    def pids(self) -> dict[str, int | None]:
        """The pid of each process."""
        return {
            name: self._process_service(name).process.pid for name in self.processes
        }

    def log(self, name: str) -> Path:
        """Where the process of a service logs."""
        return self.services[name].process.log

    def migrate(self) -> None:
        """Brings each database to the version of its binary."""
        for name in self.processes:
            if name == GATEWAY:
                continue
            log = self.layout.logs / f"{name}.migrate.log"
            binary = self.layout.binaries / name
            flags = self.login_flags(name, "_migrate")
            with log.open("ab") as out:
                done = subprocess.run(
                    [str(binary), "--migrate", *flags],
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                )
            if done.returncode != 0:
                raise Failure(f"{name} --migrate failed.", log=log)

    def lookups(self, name: str, work: str, **streams) -> subprocess.CompletedProcess:
        """Has an owner "check" or "rebuild" its lookups, while it may run."""
        return self._run_once(name, f"--{work}_lookups", schema_of(name), **streams)

    def reread(self, work: str, **streams) -> subprocess.CompletedProcess:
        """Reads values of older rules again: "list", "alias" or "move"; all may run."""
        flag = f"--reread_values={work}"
        return self._run_once(IDENTITY, flag, schema_of(IDENTITY), **streams)

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
            name, flag, schema_of(name), input=lines, capture_output=True, text=True
        )
        # 1 also says that there are any.
        found = flag == "--contacts=missing" and done.stdout
        if done.returncode != 0 and not found:
            raise Failure(f"{name} {flag} failed: {done.stderr.strip()}")
        return done.stdout

    def command(self, name: str, flag: str, user: str = "") -> list[str]:
        """What runs a service's own binary with such a flag, as its own user if
        none is given."""
        return [
            str(self.layout.binaries / kind_of(name)),
            flag,
            f"--tenants_file={self.layout.tenants_file}",
            *([self._suppression_key_flag()] if kind_of(name) == IDENTITY else []),
            *self._database_flags(name, user or schema_of(name)),
        ]

    def start_services(self) -> list[str]:
        """Starts what does not run, or runs from another build or otherwise.

        Answers the names of the processes it started. Ends those of the other form.
        """
        for name in NAMES if self.one else (ONE,):
            self._process_service(name).stop()
        return [name for name in self.processes if self._start(name)]

    def start_service(self, name: str) -> bool:
        """Starts one service, unless it runs just so and stays; waits until it listens.

        Says whether it was started.
        """
        return self._start(self._process(name))

    def _start(self, process: str) -> bool:
        service = self._process_service(process)
        configured = self._configured_ports(process)
        wanted = self._process_flags(process, configured)
        stale = not (service.runs_as(wanted) and service.stays(_READY_SECONDS))
        if stale:
            service.stop()
            ports = self._ports.get(process, configured)
            for port in ports.values():
                _check_free(port, process)
            service.start(self._process_flags(process, ports), wanted)
        service.wait_listening(_READY_SECONDS)
        self._ports[process] = {
            listener: int(address.rpartition(":")[2])
            for listener, address in service.listeners.items()
        }
        return stale

    def start_replica(self, name: str, flags: Sequence[str] = ()) -> str:
        """Starts one more of a service, on ports of its own; waits for it.

        Answers the name it has among the services.
        """
        replica = f"{kind_of(name)}.2"
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
        processes = list(dict.fromkeys(map(self._process, self.services)))
        gateways = [name for name in processes if kind_of(name) == GATEWAY]
        others = [name for name in processes if kind_of(name) != GATEWAY]
        stopped = []
        with ThreadPoolExecutor() as pool:
            for names in (gateways, others):
                ended = pool.map(lambda name: self._process_service(name).stop(), names)
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

    def _process(self, name: str) -> str:
        """The process of a service, which has the number of a replica as well."""
        kind, dot, number = name.partition(".")
        return f"{ONE if self.one else kind}{dot}{number}"

    def _make_service(self, name: str) -> Service:
        inner = self.one and kind_of(name) in OWNERS
        return self._process_service(
            self._process(name), area_of(name) if inner else "grpc"
        )

    def _process_service(self, process: str, api: str = "grpc") -> Service:
        return Service(
            process,
            self.layout.binaries / kind_of(process),
            self.layout.directory / "services",
            self.layout.logs / f"{process}.log",
            api,
            self._under,
        )

    def _process_flags(self, process: str, ports: Mapping[str, int]) -> list[str]:
        kind = kind_of(process)
        flags = [
            f"--{LISTEN_FLAGS[listener]}=127.0.0.1:{port}"
            for listener, port in ports.items()
        ]
        flags.append(f"--keys_file={self.layout.keys_file}")
        flags.append(f"--tenants_file={self.layout.tenants_file}")
        if kind == GATEWAY:
            flags += self._target_flags()
        else:
            flags += self.login_flags(kind)
        if kind in (IDENTITY, ONE):
            flags.append(self._suppression_key_flag())
        if kind in (GATEWAY, ONE):
            flags.append(f"--service_key_file={self.layout.gateway_key_file}")
            flags += [
                f"--public_url=http://127.0.0.1:{ports['http'] or 80}",
                f"--link_keys_file={sealing_keys(self.layout.link_keys_file)}",
            ]
            if self.layout.has_viewer:
                flags.append(f"--docs_directory={self.layout.docs}")
        own = [
            flag
            for name, some in self._flags.items()
            if self._process(name) == process
            for flag in some
        ]
        # What several services are told, the one process is told once.
        return [*flags, *dict.fromkeys(own)]

    def _target_flags(self) -> list[str]:
        return [
            f"--{area_of(owner)}_target=ipv4:127.0.0.1:{self._ports[owner]['grpc']}"
            for owner in OWNERS
        ]

    def login_flags(self, process: str, suffix: str = "") -> list[str]:
        """How a process logs in to the databases of what it serves."""
        if process != ONE:
            return self._database_flags(process, schema_of(process) + suffix)
        flags = [f"--db_address={self.database.address}"]
        for name in OWNERS:
            user = schema_of(name) + suffix
            flags += [
                f"--{area_of(name)}_db_user={user}",
                f"--{area_of(name)}_db_password_file={self._password_file(user)}",
                f"--{area_of(name)}_db_name={schema_of(name)}",
            ]
        return flags

    def _database_flags(self, name: str, user: str) -> list[str]:
        return [
            f"--db_address={self.database.address}",
            f"--db_user={user}",
            f"--db_password_file={self._password_file(user)}",
            f"--db_name={schema_of(name)}",
        ]

    def _configured_ports(self, process: str) -> dict[str, int]:
        base = self._port_base if "." not in process else 0
        return {
            listener: base + offset if base else 0
            for listener, offset in LISTENERS[kind_of(process)].items()
        }

    def _suppression_key_flag(self) -> str:
        password(self.layout.suppression_key_file)
        return f"--suppression_key_file={self.layout.suppression_key_file}"

    def _password_file(self, user: str) -> Path:
        return self.layout.secrets / f"{user}.password"


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
