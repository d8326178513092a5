"""The layers of images made from Debian packages, where no engine can build them.

All are tar files that come out the same, byte by byte, for the same packages,
files and `epoch`, the time that no file in them is younger than.
"""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Iterator, Mapping, Sequence

from kithdev.containerfile import Stage
from kithdev.failure import Failure
from kithdev.logged import run_logged
from kithdev.paths import ROOT

_PACKAGES = ROOT / "tools" / "packages.txt"
_SUITE = "bookworm"
# What Debian's slim images leave out; they keep the licences.
_SLIM = (
    *(
        f"path-exclude=/usr/share/{name}/*"
        for name in ("doc", "groff", "info", "lintian", "locale", "man")
    ),
    "path-include=/usr/share/doc/*/copyright",
)
_OPTIONS = (
    "--quiet",
    "--variant=minbase",
    # A /lib and the like that are links to /usr, as in Debian's own images.
    "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
    # mmdebstrap copies the machine's own.
    '--customize-hook=rm -f "$1/etc/resolv.conf" "$1/etc/hostname"',
    *(f"--dpkgopt={option}" for option in _SLIM),
)


def packages(groups: Sequence[str], listed: Path = _PACKAGES) -> list[str]:
    """The packages of groups of packages.txt; a Failure for one without any."""
    found = {group: _of_group(group, listed) for group in groups}
    empty = [group for group, names in found.items() if not names]
    if empty:
        raise Failure(f"{listed.name} has no group {', '.join(empty)}.")
    return sorted({name for names in found.values() for name in names})


def base_layer(
    wanted: Sequence[str], epoch: int, directory: Path, log: Path, again: bool = False
) -> Path:
    """Debian with these packages, as a tar file that is kept in the directory.

    One of the same packages that is there is taken, of whatever epoch, unless `again`.
    Raises a Failure if mmdebstrap cannot make it.
    """
    argv = ["mmdebstrap", *_OPTIONS, f"--include={','.join(wanted)}", _SUITE]
    key = hashlib.sha256("\0".join(argv).encode()).hexdigest()[:16]
    layer = directory / f"debian-{key}.tar"
    if layer.exists() and not again:
        return layer
    if shutil.which(argv[0]) is None:
        raise Failure("mmdebstrap is not installed.", advice="./dev build installs it.")
    directory.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        made = Path(scratch) / "layer.tar"
        with log.open("w", encoding="utf-8") as out:
            argv = ["env", f"SOURCE_DATE_EPOCH={epoch}", *argv, str(made)]
            if run_logged(argv, out, lambda _: None) != 0:
                lines = log.read_text(errors="replace").splitlines()
                faults = [line for line in lines if line.startswith("E: ")]
                raise Failure("mmdebstrap failed.", log=log, excerpt=faults)
        made.replace(layer)
    return layer


def top_layer(
    stage: Stage, outputs: Mapping[str, Path], epoch: int, layer: Path
) -> None:
    """Writes what a stage copies from others, as a tar file.

    `outputs` says where a path of those stages, such as /out, is on this machine.
    """
    layer.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(layer, "w", format=tarfile.GNU_FORMAT) as tar:
        folders: set[str] = set()
        for source, path in stage.copies:
            start = next(start for start in outputs if source.startswith(start))
            here = Path(f"{outputs[start]}{source.removeprefix(start)}")
            for file, name in _files(here, path.lstrip("/")):
                _add_folders(tar, name, folders, epoch)
                _add(tar, name, file, epoch)


def strip(binary: Path, output: Path) -> None:
    """Writes a binary without its debug information."""
    output.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "-o", str(output), str(binary)], check=True)


def unpack(layer: Path) -> Path:
    """The layer as a folder beside it, owners included; made if it is not there."""
    folder = layer.with_suffix("")
    stamp = folder.with_suffix(".unpacked")
    stat = layer.stat()
    wanted = f"{stat.st_mtime_ns} {stat.st_size}\n"
    if stamp.exists() and stamp.read_text() == wanted:
        return folder
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    argv = ["tar", "--numeric-owner", "-xpf", str(layer), "-C", str(folder)]
    subprocess.run(argv, check=True)
    stamp.write_text(wanted)
    return folder


def _of_group(group: str, listed: Path) -> list[str]:
    _, _, rest = listed.read_text().partition(f"\n# {group}\n")
    block = rest.partition("\n\n")[0]
    return [line for line in block.splitlines() if not line.startswith("#")]


def _files(here: Path, name: str) -> Iterator[tuple[Path, str]]:
    """A file, or those of a folder, with their names in the image, sorted."""
    if not here.is_dir():
        yield here, name
        return
    for file in sorted(path for path in here.rglob("*") if path.is_file()):
        yield file, f"{name}/{file.relative_to(here)}"


def _add_folders(tar: tarfile.TarFile, name: str, there: set[str], epoch: int) -> None:
    for folder in reversed(Path(name).parents[:-1]):
        if str(folder) not in there:
            there.add(str(folder))
            entry = tarfile.TarInfo(str(folder))
            entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, epoch
            tar.addfile(entry)


def _add(tar: tarfile.TarFile, name: str, file: Path, epoch: int) -> None:
    content = file.read_bytes()
    entry = tarfile.TarInfo(name)
    entry.mode = 0o755 if os.access(file, os.X_OK) else 0o644
    entry.mtime, entry.size = epoch, len(content)
    tar.addfile(entry, io.BytesIO(content))
