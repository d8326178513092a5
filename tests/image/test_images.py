"""The images, made from Debian packages, run as the manifests of k8s/ run them."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from builders import wait_until
from cluster import Cluster
from kithdev import containerfile, image_layers
from kithdev.commands.image import IMAGES
from kithdev.failure import Failure

BINARIES = Path(os.environ["KITH_BINARIES"])
STAGES = containerfile.targets(
    containerfile.CONTAINERFILE.read_text(), {"VERSION": "0", "REVISION": "0"}
)
SECONDS = 30
# Always the same, so that a layer of an earlier run will do.
EPOCH = 1_700_000_000
UNREACHABLE = re.compile(r"Could not (resolve|connect)|Temporary failure resolving")


@pytest.fixture(scope="module")
def layers(tmp_path_factory):
    """The layers of each image, as folders."""
    if os.geteuid() != 0:
        pytest.skip("only root can make and mount the root of an image")
    groups = sorted({stage.groups for stage in STAGES.values()})
    with ThreadPoolExecutor() as pool:
        bases = dict(zip(groups, pool.map(debian, groups)))
    directory = tmp_path_factory.mktemp("image")
    outputs = {"/out": directory / "out", "/docs": BINARIES.parent / "docs"}
    found = {}
    for name, stage in STAGES.items():
        image_layers.strip(BINARIES / name, outputs["/out"] / name)
        top = directory / f"{name}.tar"
        image_layers.top_layer(stage, outputs, EPOCH, top)
        found[name] = [bases[stage.groups], image_layers.unpack(top)]
    return found


def debian(groups):
    """Debian with these groups of packages, as a folder."""
    log = IMAGES / f"test-{groups[-1]}.log"
    wanted = image_layers.packages(groups)
    try:
        return image_layers.unpack(image_layers.base_layer(wanted, EPOCH, IMAGES, log))
    except Failure as failure:
        if failure.log is not None and UNREACHABLE.search(log.read_text()):
            pytest.skip(f"no Debian mirror can be reached: {failure}")
        raise


@pytest.fixture(
    scope="module",
    params=[("base", "base/migrate"), ("overlays/one", "overlays/one/migrate")],
    ids=["base", "one"],
)
def cluster(request, layers, tmp_path_factory):
    """The manifests' surroundings, with the schemas of this build."""
    directory = tmp_path_factory.mktemp("cluster")
    one = Cluster(directory, request.param, STAGES, layers)
    try:
        one.start_database()
        jobs = [one.job(name) for name in one.jobs]
        assert jobs
        for job in jobs:
            assert job.wait(SECONDS) == 0, job.log.read_text()
        yield one
    finally:
        one.stop()


@pytest.fixture
def containers(cluster):
    """Those of all Deployments, by name, running and ready."""
    found = {name: cluster.deployment(name) for name in cluster.deployments}
    assert found
    for name, container in found.items():
        wait_until(
            lambda: cluster.probe(name, "readinessProbe") == 200
            or not container.running,
            SECONDS,
        )
        assert container.running, container.log.read_text()
    return found


def owners(layers, name: str) -> set[str]:
    """The packages of an image whose libraries its binary links itself."""
    base, top = layers[name]
    binary = f"{top}{STAGES[name].entrypoint[0]}"
    dynamic = subprocess.run(
        ["readelf", "--dynamic", "--wide", binary],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    libraries = re.findall(r"\(NEEDED\).*\[(.+)\]", dynamic)
    found = subprocess.run(
        ["dpkg-query", f"--admindir={base}/var/lib/dpkg", "-S"]
        + [f"*/{library}" for library in libraries],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return {line.partition(":")[0] for line in found.stdout.splitlines()}


def test_each_holds_the_libraries_that_its_binary_links(layers):
    linked = {name: owners(layers, name) for name in layers}
    of_all, of_services, of_identity = (
        set(image_layers.packages([group]))
        for group in ("images", "services", "identity")
    )
    # Time zones are files, of which no linker knows.
    assert of_all == linked["gateway"] | {"tzdata"}
    services = linked["contacts-svc"] | linked["interactions-svc"]
    assert of_services == services - of_all
    assert of_identity == linked["identity-svc"] - of_all - of_services
    assert linked["kith"] <= of_all | of_services | of_identity


def test_each_becomes_ready(cluster, containers):
    for name in containers:
        assert cluster.probe(name, "livenessProbe") == 200


def test_each_runs_without_privileges(containers):
    for name, container in containers.items():
        status = container.status()
        assert set(status["Uid"].split()) == {"65532"}, name
        assert set(status["Gid"].split()) == {"65532"}, name
        assert status["NSpid"].split()[-1] == "1", name
        assert int(status["CapPrm"], 16) == int(status["CapBnd"], 16) == 0, name
        assert status["NoNewPrivs"] == "1", name


def test_none_can_write_a_file(containers):
    for name, container in containers.items():
        root = Path(f"/proc/{container.pid}/root")
        # Root itself cannot.
        for folder in ("usr/bin", "tmp", "etc/kith/flags", "var/lib"):
            with pytest.raises(OSError, match="Read-only file system"):
                (root / folder / "new").touch()
        assert (root / "usr/bin" / name).exists()


def test_each_ends_with_0_when_it_is_told_to(cluster, containers):
    for container in containers.values():
        container.terminate()
    for name, container in containers.items():
        assert container.wait(cluster.grace(name)) == 0, container.log.read_text()
        assert '"stopped"' in container.log.read_text(), name
