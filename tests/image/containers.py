"""Containers as Kubernetes runs them: a pod of a manifest, on layers of an image.

A runtime's work is done by unshare and mount: the layers are an overlay that cannot be
written, volumes are bound into it read-only, an emptyDir is a tmpfs, and the process
is number 1 among its own, with the user of the manifest and without capabilities.
The network is the machine's.
"""

import os
import shlex
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

_DEVICES = ("null", "zero", "full", "random", "urandom")
_CONFIG_MODE = 0o644
# What a runtime gives each container.
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


@dataclass(frozen=True)
class Files:
    """What the ConfigMaps and Secrets of a cluster hold, and who is who in it."""

    config_maps: Mapping[str, Mapping[str, str]]
    secrets: Mapping[str, Mapping[str, str]]
    # The text of /etc/hosts.
    hosts: str


class Container:
    """The one container of a pod, with a folder of its own for what it mounts."""

    def __init__(
        self, pod: dict, layers: Sequence[Path], entrypoint: Sequence[str], folder: Path
    ):
        """`layers`: folders, the lowest first."""
        (self._spec,) = pod["containers"]
        self._pod = pod
        self._layers = layers
        self._entrypoint = entrypoint
        self._folder = folder
        self._process: subprocess.Popen | None = None

    @property
    def log(self) -> Path:
        """What it has said."""
        return self._folder / "log"

    def start(self, files: Files, arguments: Sequence[str] = ()) -> None:
        """Starts it; `arguments` come after those of the manifest."""
        root, points = self._folder / "root", self._folder / "points"
        for folder in (root, points / "proc", points / "dev", points / "etc"):
            folder.mkdir(parents=True)
        (points / "etc" / "hosts").write_text(files.hosts)
        (points / "etc" / "resolv.conf").touch()
        lower = ":".join(map(str, [points, *reversed(self._layers)]))
        # A read-only root is one without a layer to write into.
        if not self._spec["securityContext"]["readOnlyRootFilesystem"]:
            raise AssertionError("the root can be written")
        mounts = self._mounts(files, points)
        script = [
            "set -e",
            _line("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower}", root),
            _line("mount", "-t", "proc", "proc", root / "proc"),
            *_device_mounts(root),
            *(
                line
                for path, source in mounts.items()
                for line in _volume_mount(root / path.lstrip("/"), source)
            ),
            "exec " + _line("chroot", root, *self._command(), *arguments),
        ]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*_line_words(), "sh", "-c", "\n".join(script)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_ENVIRONMENT,
            )

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def terminate(self) -> None:
        """Sends SIGTERM to its process number 1, as a runtime does."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> int:
        """Waits for its end; answers the exit code."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        """Ends it without warning, if it runs."""
        if self._process is not None and self.running:
            # It takes its child, and that all of its namespace, along.
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        """Its process number 1, as the machine numbers it."""
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return int(children)

    def status(self) -> dict[str, str]:
        """What /proc says of that process."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return {name: value.strip() for name, _, value in map(_parted, lines)}

    def _command(self) -> list[str]:
        """The command line, by the user of the manifest and with no capability."""
        of_pod, own = self._pod["securityContext"], self._spec["securityContext"]
        privileges = [] if own["allowPrivilegeEscalation"] else ["--no-new-privs"]
        if own["capabilities"] == {"drop": ["ALL"]}:
            privileges += ["--bounding-set=-all", "--inh-caps=-all"]
        return [
            "/usr/bin/setpriv",
            f"--reuid={of_pod['runAsUser']}",
            f"--regid={of_pod['runAsGroup']}",
            f"--groups={of_pod['fsGroup']}",
            *privileges,
            *self._spec.get("command", self._entrypoint),
            *self._spec["args"],
        ]

    def _mounts(self, files: Files, points: Path) -> dict[str, Path | None]:
        """Where each volume is mounted: a folder, or None for an emptyDir."""
        volumes = {volume["name"]: volume for volume in self._pod["volumes"]}
        mounts: dict[str, Path | None] = {}
        for mount in self._spec["volumeMounts"]:
            volume = volumes[mount["name"]]
            path = mount["mountPath"]
            (points / path.lstrip("/")).mkdir(parents=True, exist_ok=True)
            if "emptyDir" in volume:
                mounts[path] = None
                continue
            assert mount["readOnly"], path
            mounts[path] = self._folder / "volumes" / mount["name"]
            self._write_volume(volume, files, mounts[path])
        return mounts

    def _write_volume(self, volume: dict, files: Files, folder: Path) -> None:
        """Writes what a volume shows, with the owner and modes it has in a pod."""
        folder.mkdir(parents=True)
        for source in volume.get("projected", {}).get("sources", [volume]):
            if "secret" in source:
                # A volume calls it secretName, a projection name.
                secret = source["secret"]
                name = secret.get("secretName") or secret["name"]
                content, mode = files.secrets[name], secret.get("defaultMode")
            else:
                content = files.config_maps[source["configMap"]["name"]]
                mode = source["configMap"].get("defaultMode")
            for name, text in content.items():
                file = folder / name
                file.write_text(text)
                os.chown(file, 0, self._pod["securityContext"]["fsGroup"])
                file.chmod(mode or _CONFIG_MODE)


def _line_words() -> list[str]:
    namespaces = ["--mount", "--pid", "--ipc", "--uts", "--propagation=private"]
    return ["unshare", *namespaces, "--fork", "--kill-child=SIGKILL", "--"]


def _device_mounts(root: Path) -> list[str]:
    lines = [_line("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", root / "dev")]
    for name in _DEVICES:
        device = root / "dev" / name
        lines += [
            _line("touch", device),
            _line("mount", "--bind", f"/dev/{name}", device),
        ]
    return lines


def _volume_mount(path: Path, source: Path | None) -> list[str]:
    if source is None:
        return [_line("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", path)]
    return [
        _line("mount", "--bind", source, path),
        _line("mount", "-o", "remount,bind,ro", path),
    ]


def _line(*words) -> str:
    return shlex.join(map(str, words))


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")
