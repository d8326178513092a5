"""k8s/apply.sh, beside a kubectl that notes what it is asked."""

import os
import subprocess
from pathlib import Path

import pytest

import manifests

# Answers for Jobs from the files 1, 2, ... in turn, the last of them for ever.
_KUBECTL = """#!/bin/bash
echo "$*" >> asked
case "$*" in
  *"get job"*)
    file=$(ls jobs | head -1)
    cat jobs/$file
    if [ "$(ls jobs | wc -l)" -gt 1 ]; then rm jobs/$file; fi ;;
  *"logs "*) echo "access denied" ;;
  *"rollout status"*) test ! -e no_rollout ;;
esac
"""
_OVERLAY = manifests.K8S / "overlays" / "prod"
_APPLIED = [
    "-n kith delete job -l kith/role=migration --ignore-not-found",
    f"apply -k {_OVERLAY}/migrate",
    f"apply -k {_OVERLAY} -l kith/role!=gateway",
    "-n kith rollout status deployment"
    " -l app.kubernetes.io/part-of=kith,kith/role!=gateway",
    f"apply -k {_OVERLAY}",
    "-n kith rollout status deployment -l app.kubernetes.io/part-of=kith",
]


class Cluster:
    """A folder with a kubectl and a sleep that does not."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._program("kubectl", _KUBECTL)
        self._program("sleep", "#!/bin/bash\n")
        (folder / "jobs").mkdir()

    def says_of_jobs(self, *answers: str) -> None:
        """What it has to say of the migrations, look after look."""
        for number, answer in enumerate(answers):
            (self._folder / "jobs" / str(number)).write_text(answer)

    def rolls_nothing_out(self) -> None:
        """A replica does not become ready."""
        (self._folder / "no_rollout").touch()

    def apply(self) -> subprocess.CompletedProcess:
        """Runs the script."""
        return subprocess.run(
            [manifests.K8S / "apply.sh", _OVERLAY],
            cwd=self._folder,
            env=os.environ | {"PATH": f"{self._folder}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def changes(self) -> list[str]:
        """What it was asked, but for looks at Jobs, pods and logs."""
        asked = (self._folder / "asked").read_text().splitlines()
        return [each for each in asked if " get " not in each and "logs" not in each]

    def _program(self, name: str, text: str) -> None:
        path = self._folder / name
        path.write_text(text)
        path.chmod(0o755)


@pytest.fixture(name="cluster")
def fixture_cluster(tmp_path):
    return Cluster(tmp_path)


def test_services_come_after_migrations_and_the_gateway_last(cluster):
    running = (
        "contacts-svc-migrate:\nidentity-svc-migrate:SuccessCriteriaMet Complete\n"
    )
    done = running.replace("migrate:\n", "migrate:Complete\n")
    cluster.says_of_jobs(running, running, done)
    assert cluster.apply().returncode == 0
    assert cluster.changes() == _APPLIED


@pytest.mark.parametrize(
    "jobs", ["contacts-svc-migrate:Complete\nidentity-svc-migrate:Failed\n", ""]
)
def test_a_migration_that_fails_ends_it_and_is_shown(cluster, jobs):
    cluster.says_of_jobs(jobs)
    done = cluster.apply()
    assert done.returncode == 1
    assert "access denied" in done.stdout
    assert "nothing is rolled out" in done.stderr
    assert cluster.changes() == _APPLIED[:2]


def test_services_that_do_not_become_ready_keep_the_gateway_as_it_is(cluster):
    cluster.says_of_jobs("contacts-svc-migrate:Complete\n")
    cluster.rolls_nothing_out()
    assert cluster.apply().returncode == 1
    assert cluster.changes() == _APPLIED[:4]
