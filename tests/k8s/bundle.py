"""The objects of an overlay, and what they are to each other."""

import base64
from dataclasses import dataclass
from typing import Iterator, Mapping, NamedTuple

_POD_KINDS = ("Deployment", "StatefulSet", "Job")


class Source(NamedTuple):
    """Where a file in a container comes from."""

    kind: str  # "Secret" or "ConfigMap"
    name: str
    key: str


@dataclass(frozen=True)
class Workload:
    """An object that makes pods."""

    kind: str
    name: str
    spec: dict

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def labels(self) -> dict[str, str]:
        """Those of its pods."""
        return self.spec["template"]["metadata"].get("labels", {})

    @property
    def role(self) -> str:
        """gateway, service, one, migration or database."""
        return self.labels.get("kith/role", "")

    @property
    def serves(self) -> bool:
        """Whether it is a process of Kith that serves."""
        return self.role in ("gateway", "service", "one")

    @property
    def pod(self) -> dict:
        return self.spec["template"]["spec"]

    @property
    def containers(self) -> list[dict]:
        return self.pod.get("initContainers", []) + self.pod["containers"]

    @property
    def ports(self) -> dict[str, int]:
        """The ports of its containers by name."""
        return {
            port["name"]: port["containerPort"]
            for container in self.containers
            for port in container.get("ports", [])
        }


class Bundle:
    """Objects, and the Secrets and ConfigMaps that somebody else makes."""

    def __init__(self, objects: list[dict], given: Mapping[tuple[str, str], set[str]]):
        """`given` has the keys of each by kind and name."""
        self.objects = objects
        self.given = given

    def of(self, kind: str) -> list[dict]:
        """The objects of a kind."""
        return [each for each in self.objects if each["kind"] == kind]

    def find(self, kind: str, name: str) -> dict | None:
        """An object by name."""
        found = (each for each in self.of(kind) if name_of(each) == name)
        return next(found, None)

    def workloads(self) -> Iterator[Workload]:
        for kind in _POD_KINDS:
            for each in self.of(kind):
                yield Workload(kind, name_of(each), each["spec"])

    def servers(self) -> Iterator[Workload]:
        """The processes of Kith that serve."""
        return (each for each in self.workloads() if each.serves)

    def selected(self, labels: dict[str, str]) -> list[Workload]:
        """Those whose pods a selector of a Service finds."""
        return [
            each
            for each in self.workloads()
            if labels and labels.items() <= each.labels.items()
        ]

    def keys(self, kind: str, name: str) -> set[str] | None:
        """The keys of a Secret or ConfigMap; None if nobody makes it."""
        made = self.find(kind, name)
        if made is None:
            return self.given.get((kind, name))
        return {*made.get("data", {}), *made.get("stringData", {})}

    def content(self, source: Source) -> str:
        """What a file holds; empty if somebody else makes it."""
        made = self.find(source.kind, source.name) or {}
        text = made.get("data", {}).get(source.key, "")
        return base64.b64decode(text).decode() if source.kind == "Secret" else text

    def files(self, workload: Workload) -> dict[str, Source]:
        """Each file that the volumes of a pod bring, by its path."""
        volumes = {each["name"]: each for each in workload.pod.get("volumes", [])}
        found = {}
        for mount in mounts_of(workload):
            for path, source in self._volume(volumes.get(mount["name"], {})).items():
                found[f"{mount['mountPath']}/{path}"] = source
        return found

    def flags(self, workload: Workload) -> list[tuple[str, str]]:
        """Names and values of flags, in the order in which they are read."""
        files = self.files(workload)
        found = []
        for argument in workload.pod["containers"][0].get("args", []):
            name, value = parse_flag(argument)
            if name == "flagfile" and value in files:
                found += read_flags(self.content(files[value]))
            else:
                found.append((name, value))
        return found

    def flag(self, workload: Workload, name: str) -> str:
        """The value in force; empty if it is not given."""
        return dict(self.flags(workload)).get(name, "")

    def _volume(self, volume: dict) -> dict[str, Source]:
        return {
            item["path"]: Source(kind, name, item["key"])
            for kind, name, items in references(volume)
            for item in items
            or [{"key": key, "path": key} for key in self.keys(kind, name) or ()]
        }


def references(volume: dict) -> Iterator[tuple[str, str, list[dict]]]:
    """Kind, name and chosen items of what a volume is made from."""
    for source in (volume, *volume.get("projected", {}).get("sources", [])):
        if "secret" in source:
            secret = source["secret"]
            name = secret.get("secretName") or secret.get("name")
            yield "Secret", name, secret.get("items", [])
        if "configMap" in source:
            made = source["configMap"]
            yield "ConfigMap", made["name"], made.get("items", [])


def mounts_of(workload: Workload) -> list[dict]:
    """The mounts of all of its containers."""
    return [
        mount
        for container in workload.containers
        for mount in container.get("volumeMounts", [])
    ]


def name_of(an_object: dict) -> str:
    return an_object["metadata"]["name"]


def parse_flag(argument: str) -> tuple[str, str]:
    """--name=value, or --name for a bool."""
    name, has_value, value = argument.lstrip("-").partition("=")
    return name, value if has_value else "true"


def read_flags(text: str) -> list[tuple[str, str]]:
    """The flags of a flag file, as Abseil reads it."""
    lines = (line.strip() for line in text.splitlines())
    return [parse_flag(line) for line in lines if line and not line.startswith("#")]


def parse_bytes(quantity: str) -> int:
    """A quantity of memory as manifests here write it: 512Mi or 3Gi."""
    for unit, factor in (("Mi", 1 << 20), ("Gi", 1 << 30)):
        if quantity.endswith(unit):
            return int(quantity.removesuffix(unit)) * factor
    raise ValueError(f"{quantity} is no quantity such as 512Mi or 3Gi")


def milliseconds(duration: str) -> int:
    """A duration as Abseil writes it: 500ms, 5s or 2m."""
    for unit, factor in (("ms", 1), ("s", 1000), ("m", 60_000)):
        if duration.endswith(unit) and duration.removesuffix(unit).isdigit():
            return int(duration.removesuffix(unit)) * factor
    raise ValueError(f"{duration} is no duration such as 500ms, 5s or 2m")
