"""Changes to a bundle, for tests that plant a fault."""

from typing import Callable

from bundle import Bundle, Workload

Plant = Callable[[Bundle], None]


def workload(bundle: Bundle, name: str) -> Workload:
    return next(each for each in bundle.workloads() if each.name == name)


def pod(bundle: Bundle, name: str) -> dict:
    return workload(bundle, name).pod


def container(bundle: Bundle, name: str) -> dict:
    return pod(bundle, name)["containers"][0]


def volume(bundle: Bundle, name: str, wanted: str) -> dict:
    return next(each for each in pod(bundle, name)["volumes"] if each["name"] == wanted)


def spec(bundle: Bundle, kind: str, name: str) -> dict:
    found = bundle.find(kind, name)
    assert found is not None, f"no {kind} {name}"
    return found["spec"]


def sets(kind: str, name: str, *path, value) -> Plant:
    """Sets a value in the spec of an object."""

    def plant(bundle):
        _set(spec(bundle, kind, name), path, value)

    return plant


def in_pod(name: str, *path, value) -> Plant:
    """Sets a value in the pods of a workload."""
    return lambda bundle: _set(pod(bundle, name), path, value)


def in_container(name: str, *path, value) -> Plant:
    """Sets a value in the container of a workload."""
    return lambda bundle: _set(container(bundle, name), path, value)


def removes(name: str, *path) -> Plant:
    """Takes something away from the container of a workload."""

    def plant(bundle):
        found = container(bundle, name)
        for key in path[:-1]:
            found = found[key]
        del found[path[-1]]

    return plant


def rewrites(config_map: str, key: str, old: str, new: str) -> Plant:
    """Replaces text in a flag file; the name is that before the hash."""

    def plant(bundle):
        found = [
            each["data"]
            for each in bundle.of("ConfigMap")
            if each["metadata"]["name"].rpartition("-")[0] == config_map
        ]
        for data in found:
            assert old in data[key]
            data[key] = data[key].replace(old, new)
        assert found

    return plant


def adds_argument(name: str, argument: str) -> Plant:
    return lambda bundle: container(bundle, name)["args"].append(argument)


def without(kind: str, name: str) -> Plant:
    """Takes an object away."""

    def plant(bundle):
        gone = bundle.find(kind, name)
        assert gone is not None
        bundle.objects.remove(gone)

    return plant


def _set(found, path, value) -> None:
    for key in path[:-1]:
        found = found[key]
    found[path[-1]] = value
