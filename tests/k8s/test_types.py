"""Every object is of its type: no key is misspelt, no value of another kind."""

import copy

import pytest

import manifests
import typed


def _objects():
    folders = [
        f"{folder}{part}"
        for folder in manifests.OVERLAYS.values()
        for part in ("", "/migrate")
    ]
    for folder in (*folders, *manifests.APART):
        yield from manifests.render(folder)


def _find(kind, name):
    found = (
        each
        for each in _objects()
        if each["kind"] == kind and each["metadata"]["name"] == name
    )
    return copy.deepcopy(next(found))


def test_all_objects_are_of_their_types(tmp_path):
    assert typed.faults(list(_objects()), tmp_path) == []


def _rename(found, *path):
    *path, old, new = path
    for key in path:
        found = found[key]
    found[new] = found.pop(old)


def _pod(an_object):
    return an_object["spec"]["template"]["spec"]


# Kind and name of an object, a fault to plant in it, and what must be told of it.
_PLANTED = [
    (
        ("Deployment", "gateway"),
        lambda d: _rename(
            _pod(d)["containers"][0]["securityContext"],
            "readOnlyRootFilesystem",
            "readOnlyRootFileSystem",
        ),
        "'\"readOnlyRootFileSystem\"' does not exist",
    ),
    (
        ("Deployment", "gateway"),
        lambda d: d["spec"].update(minReadySeconds="15"),
        "'string' is not assignable to type 'number'",
    ),
    (
        ("Deployment", "gateway"),
        lambda d: _pod(d)["securityContext"].update(seccompProfile={"type": "Default"}),
        "'\"Default\"' is not assignable",
    ),
    (
        ("Job", "contacts-svc-migrate"),
        lambda d: _rename(d["spec"], "backoffLimit", "backOffLimit"),
        "'\"backOffLimit\"' does not exist",
    ),
    (
        ("PodDisruptionBudget", "gateway"),
        lambda d: _rename(d["spec"], "maxUnavailable", "maxUnavailible"),
        "'\"maxUnavailible\"' does not exist",
    ),
    (
        ("NetworkPolicy", "dns"),
        lambda d: _rename(d["spec"]["egress"][0], "to", "too"),
        "'\"too\"' does not exist",
    ),
    (
        ("Service", "gateway-edge"),
        lambda d: d["spec"].update(sessionAffinityy="None"),
        "'\"sessionAffinityy\"' does not exist",
    ),
    (
        ("HorizontalPodAutoscaler", "gateway"),
        lambda d: d["spec"].pop("maxReplicas"),
        "'\"maxReplicas\"' is missing",
    ),
    (
        ("PodMonitor", "kith"),
        lambda d: _rename(d["spec"]["podMetricsEndpoints"][0], "interval", "intervall"),
        "'\"intervall\"' does not exist",
    ),
    (
        ("HTTPRoute", "kith"),
        lambda d: _rename(d["spec"]["rules"][0], "backendRefs", "backendRef"),
        "'\"backendRef\"' does not exist",
    ),
    (
        ("TidbCluster", "kith"),
        lambda d: _rename(d["spec"]["tidb"], "tlsClient", "tlsclient"),
        "'\"tlsclient\"' does not exist",
    ),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What is told of all objects with a fault planted, in one run."""
    objects = []
    for number, (which, plant, _) in enumerate(_PLANTED):
        planted = _find(*which)
        plant(planted)
        planted["metadata"]["name"] = f"planted-{number}"
        objects.append(planted)
    return typed.faults(objects, tmp_path_factory.mktemp("planted"))


@pytest.mark.parametrize("number", range(len(_PLANTED)))
def test_a_planted_fault_is_told(number, told):
    (kind, _), _, wanted = _PLANTED[number]
    mine = [each for each in told if each.startswith(f"{kind} planted-{number}:")]
    print("\n".join(mine))
    assert [each for each in mine if wanted in each]


def test_nothing_is_told_of_objects_without_fault(told):
    assert len(told) == len(_PLANTED)
