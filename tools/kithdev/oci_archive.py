"""Images as files: an archive of the OCI image layout, which engines load.

`podman load -i`, `docker load -i`, `ctr images import` and `skopeo copy oci-archive:`
read it. A Docker whose images are not in containerd reads no layout, but the
manifest.json of `docker save`, which is there as well, of the same files. The same
layers and settings make the same archive, byte by byte.
"""

import gzip
import hashlib
import io
import json
import tarfile
import time
from pathlib import Path
from typing import Sequence

from kithdev.containerfile import Stage

_TYPE = "application/vnd.oci.image"
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def write_archive(
    archive: Path,
    stage: Stage,
    layers: Sequence[Path],
    tag: str,
    architecture: str,
    epoch: int,
) -> str:
    """Writes an image of tar files as layers, the lowest first; answers its digest.

    `tag` is a name and tag such as kith/gateway:0.1.0, without a registry.
    """
    blobs: dict[str, bytes] = {}

    def add(kind: str, content: bytes) -> dict:
        digest = hashlib.sha256(content).hexdigest()
        blobs[digest] = content
        return {
            "mediaType": f"{_TYPE}.{kind}",
            "digest": f"sha256:{digest}",
            "size": len(content),
        }

    plain = [layer.read_bytes() for layer in layers]
    packed = [gzip.compress(content, 6, mtime=0) for content in plain]
    added = [add("layer.v1.tar+gzip", content) for content in packed]
    config = add("config.v1+json", _json(_config(stage, plain, architecture, epoch)))
    manifest = add("manifest.v1+json", _json(_manifest(config, added)))
    files = {f"blobs/sha256/{digest}": blobs[digest] for digest in sorted(blobs)}
    files["index.json"] = _json(_index(manifest, tag))
    files["oci-layout"] = _json({"imageLayoutVersion": "1.0.0"})
    files["manifest.json"] = _json(
        [{"Config": _path(config), "RepoTags": [tag], "Layers": [*map(_path, added)]}]
    )
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), epoch
            tar.addfile(entry, io.BytesIO(content))
    return manifest["digest"]


def _index(manifest: dict, tag: str) -> dict:
    """What the archive has: one image, and its names."""
    names = {
        "org.opencontainers.image.ref.name": tag,
        # What containerd, and so a kubelet, calls it.
        "io.containerd.image.name": f"docker.io/{tag}",
    }
    return {
        "schemaVersion": 2,
        "mediaType": f"{_TYPE}.index.v1+json",
        "manifests": [manifest | {"annotations": names}],
    }


def _manifest(config: dict, layers: list[dict]) -> dict:
    """What the image is made of."""
    return {
        "schemaVersion": 2,
        "mediaType": f"{_TYPE}.manifest.v1+json",
        "config": config,
        "layers": layers,
    }


def _config(
    stage: Stage, layers: Sequence[bytes], architecture: str, epoch: int
) -> dict:
    """What the image says of itself, and how it is run."""
    digests = [f"sha256:{hashlib.sha256(layer).hexdigest()}" for layer in layers]
    return {
        "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
        "architecture": architecture,
        "os": "linux",
        "config": {
            "User": stage.user,
            "Entrypoint": stage.entrypoint,
            "Env": [_PATH],
            "Labels": dict(stage.labels),
        },
        "rootfs": {"type": "layers", "diff_ids": digests},
    }


def _path(part: dict) -> str:
    """Where a part is in the archive."""
    return "blobs/" + part["digest"].replace(":", "/")


def _json(value: dict | list) -> bytes:
    return json.dumps(value, sort_keys=True).encode()
