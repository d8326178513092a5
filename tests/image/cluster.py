"""What manifests expect around them: names, Secrets and a database."""

import base64
import http.client
import re
import secrets
from pathlib import Path
from typing import Mapping, Sequence

import manifests
from certificates import Authority
from containers import Container, Files
from kithdev.containerfile import Stage
from kithdev.credentials import (
    GATEWAY_SCOPES,
    ApiKey,
    Tenant,
    write_keys,
    write_tenants,
)
from kithdev.mariadb import PrivateMariaDB
from kithdev.processes import GATEWAY, OWNERS

_TENANT = Tenant(1, "demo")
_DATABASE_PORT = 3306


class Cluster:
    """Runs the Jobs and Deployments of manifests, one replica of each.

    All ports are those of the manifests, so each pod has a loopback address of its
    own, by the name of its Service.
    """

    def __init__(
        self,
        directory: Path,
        folders: Sequence[str],
        stages: Mapping[str, Stage],
        layers: Mapping[str, Sequence[Path]],
    ):
        """`folders` of k8s/; `layers` are those of each image, the lowest first."""
        self._directory = directory
        self._stages = stages
        self._layers = layers
        objects = [found for folder in folders for found in manifests.render(folder)]
        self._pods = {
            (found["kind"], found["metadata"]["name"]): found["spec"]["template"][
                "spec"
            ]
            for found in objects
            if found["kind"] in ("Deployment", "Job")
        }
        self.deployments = self._named("Deployment")
        self.jobs = self._named("Job")
        network = f"127.{64 + secrets.randbelow(128)}.{secrets.randbelow(256)}"
        self._addresses = {
            name: f"{network}.{number}"
            for number, name in enumerate(("mariadb", *self.deployments), 10)
        }
        self._authority = Authority(directory / "authority", "kith-test-ca")
        hosts = [f"{address} {name}\n" for name, address in self._addresses.items()]
        self._files = Files(
            _data(objects, "ConfigMap"),
            self._secrets() | _data(objects, "Secret"),
            "127.0.0.1 localhost\n" + "".join(hosts),
        )
        self._containers: dict[tuple[str, str], Container] = {}
        self._database = self._make_database()

    def start_database(self) -> None:
        """Starts a MariaDB with a schema and two users for each service."""
        self._database.start()
        for owner in OWNERS:
            schema = f"kith_{owner.removesuffix('-svc')}"
            self._database.create_schema(schema)
            for user, secret in (
                (schema, f"{owner}-database"),
                (f"{schema}_migrate", f"{owner}-migration"),
            ):
                password = self._secret(secret)["password"]
                self._database.execute(
                    f"CREATE USER '{user}'@'%' IDENTIFIED BY '{password}';"
                    f"GRANT ALL ON `{schema}`.* TO '{user}'@'%'"
                )

    def job(self, name: str) -> Container:
        """A Job's container; started once."""
        return self._started(("Job", name), [])

    def deployment(self, name: str) -> Container:
        """The container of a Deployment's replica; started once."""
        address, ports = self._addresses[name], self._ports(name)
        flags = {"grpc": "listen_address", "ops": "ops_address", "http": "http_address"}
        listen = [
            f"--{flags[port]}={address}:{number}" for port, number in ports.items()
        ]
        return self._started(("Deployment", name), listen)

    def grace(self, name: str) -> float:
        """In seconds, how long the pod of a Deployment may take to end."""
        return self._pods["Deployment", name]["terminationGracePeriodSeconds"]

    def probe(self, name: str, kind: str) -> int:
        """What a probe, such as readinessProbe, is answered; 0 for nothing."""
        (container,) = self._pods["Deployment", name]["containers"]
        wanted = container[kind]["httpGet"]
        port = self._ports(name)[wanted["port"]]
        connection = http.client.HTTPConnection(self._addresses[name], port, timeout=5)
        try:
            connection.request("GET", wanted["path"])
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def stop(self) -> None:
        """Ends what still runs."""
        for container in self._containers.values():
            container.kill()
        self._database.dispose()

    def _named(self, kind: str) -> list[str]:
        return [name for found, name in self._pods if found == kind]

    def _ports(self, name: str) -> dict[str, int]:
        (container,) = self._pods["Deployment", name]["containers"]
        return {port["name"]: port["containerPort"] for port in container["ports"]}

    def _started(self, key: tuple[str, str], arguments: Sequence[str]) -> Container:
        if key not in self._containers:
            pod = self._pods[key]
            # kith/gateway or kith/gateway:0.1.0.
            image = pod["containers"][0]["image"].rpartition("/")[2].partition(":")[0]
            stage = self._stages[image]
            who = pod["securityContext"]
            # The manifest repeats what the image says.
            assert stage.user == f"{who['runAsUser']}:{who['runAsGroup']}", key
            folder = self._directory / key[1]
            folder.mkdir()
            container = Container(pod, self._layers[image], stage.entrypoint, folder)
            self._containers[key] = container
            container.start(self._files, arguments)
        return self._containers[key]

    def _secret(self, name: str) -> Mapping[str, str]:
        """One by name, or by that and the hash that kustomize puts behind it."""
        made = re.compile(f"{name}-[a-z0-9]{{10}}")
        found = filter(made.fullmatch, self._files.secrets)
        return self._files.secrets[next(found, name)]

    def _secrets(self) -> dict[str, dict[str, str]]:
        """Those that the manifests only name."""
        keys, tenants = self._directory / "keys", self._directory / "tenants"
        gateway = ApiKey(GATEWAY, _TENANT.slug, GATEWAY_SCOPES)
        write_keys(keys, [gateway])
        write_tenants(tenants, [_TENANT])
        found = {
            "kith-access": {
                "keys.textproto": keys.read_text(),
                "tenants.textproto": tenants.read_text(),
            },
            "gateway-keys": {
                "service.key": gateway.token,
                "session.keys": secrets.token_hex(32) + "\n",
                "link.keys": secrets.token_hex(32) + "\n",
            },
            "database-ca": {"ca.crt": self._authority.file.read_text()},
        }
        for name in self.deployments:
            found[f"{name}-tls"] = self._tls(name)
        for owner in OWNERS:
            for use in ("database", "migration"):
                found[f"{owner}-{use}"] = {"password": secrets.token_hex(16)}
        found["identity-svc-database"]["suppression.key"] = secrets.token_hex(32)
        return found

    def _tls(self, name: str) -> dict[str, str]:
        identity = self._authority.identity(name, name)
        return {
            "tls.crt": identity.certificate.read_text(),
            "tls.key": identity.key.read_text(),
            "ca.crt": self._authority.file.read_text(),
        }

    def _make_database(self) -> PrivateMariaDB:
        server = self._authority.identity("mariadb", "mariadb")
        return PrivateMariaDB(
            self._directory / "database",
            self._directory / "mariadbd.log",
            [
                "--skip-networking=0",
                f"--bind-address={self._addresses['mariadb']}",
                f"--port={_DATABASE_PORT}",
                f"--ssl-cert={server.certificate}",
                f"--ssl-key={server.key}",
                "--innodb_flush_log_at_trx_commit=0",
            ],
        )


def _data(objects: Sequence[dict], kind: str) -> dict[str, dict[str, str]]:
    """What the objects of a kind hold, by name and key."""
    found = {}
    for each in objects:
        if each["kind"] == kind:
            data = each.get("data", {})
            if kind == "Secret":
                data = {key: base64.b64decode(data[key]).decode() for key in data}
            found[each["metadata"]["name"]] = data | each.get("stringData", {})
    return found
