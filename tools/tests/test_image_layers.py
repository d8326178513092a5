"""Layers and archives of images come out the same, with what they should hold."""

import gzip
import hashlib
import json
import tarfile

import pytest

from kithdev import image_layers
from kithdev.containerfile import Stage
from kithdev.failure import Failure
from kithdev.oci_archive import write_archive

_EPOCH = 1_700_000_000
_STAGE = Stage(
    copies=(("/out/server", "/usr/bin/server"), ("/docs", "/usr/share/kith/docs")),
    user="65532:65532",
    entrypoint=("/usr/bin/server",),
    labels=(("title", "server"),),
)


@pytest.fixture
def outputs(tmp_path):
    """What other stages have made."""
    made = {"/out": tmp_path / "made", "/docs": tmp_path / "pages"}
    for folder in made.values():
        folder.mkdir()
    (made["/out"] / "server").write_text("binary")
    (made["/out"] / "server").chmod(0o750)
    (made["/docs"] / "b.css").write_text("b")
    (made["/docs"] / "a.html").write_text("a")
    return made


def _entries(layer):
    with tarfile.open(layer) as tar:
        return {entry.name: entry for entry in tar}


def test_a_layer_has_what_the_stage_copies(outputs, tmp_path):
    layer = tmp_path / "layer.tar"
    image_layers.top_layer(_STAGE, outputs, _EPOCH, layer)
    entries = _entries(layer)
    files = [name for name, entry in entries.items() if entry.isfile()]
    assert files == [
        "usr/bin/server",
        "usr/share/kith/docs/a.html",
        "usr/share/kith/docs/b.css",
    ]
    assert list(entries)[:2] == ["usr", "usr/bin"]
    # Everybody may read all of it, and only the binary runs.
    assert entries["usr/bin/server"].mode == entries["usr/bin"].mode == 0o755
    assert entries["usr/share/kith/docs/b.css"].mode == 0o644
    for entry in entries.values():
        assert (entry.uid, entry.gid, entry.mtime) == (0, 0, _EPOCH)


def test_the_same_files_make_the_same_archive(outputs, tmp_path):
    digests, contents = [], []
    for folder in (tmp_path / "first", tmp_path / "second"):
        layer, archive = folder / "layer.tar", folder / "image.tar"
        image_layers.top_layer(_STAGE, outputs, _EPOCH, layer)
        digests.append(
            write_archive(archive, _STAGE, [layer, layer], "kith/a:1", "amd64", _EPOCH)
        )
        contents.append(archive.read_bytes())
        # The times of the files that were read do not count.
        (outputs["/docs"] / "a.html").write_text("a")
    assert digests[0] == digests[1]
    assert contents[0] == contents[1]


def test_an_archive_names_each_part_by_its_digest(outputs, tmp_path):
    layer, archive = tmp_path / "layer.tar", tmp_path / "image.tar"
    image_layers.top_layer(_STAGE, outputs, _EPOCH, layer)
    digest = write_archive(archive, _STAGE, [layer], "kith/a:1", "amd64", _EPOCH)
    with tarfile.open(archive) as tar:
        parts = {entry.name: tar.extractfile(entry).read() for entry in tar}

    def part(described):
        content = parts["blobs/sha256/" + described["digest"].removeprefix("sha256:")]
        assert len(content) == described["size"]
        assert f"sha256:{hashlib.sha256(content).hexdigest()}" == described["digest"]
        return content

    (described,) = json.loads(parts["index.json"])["manifests"]
    assert described["digest"] == digest
    assert described["annotations"] == {
        "org.opencontainers.image.ref.name": "kith/a:1",
        "io.containerd.image.name": "docker.io/kith/a:1",
    }
    manifest = json.loads(part(described))
    assert all(part(described) for described in manifest["layers"])
    config = json.loads(part(manifest["config"]))
    assert config["config"]["User"] == "65532:65532"
    assert config["config"]["Entrypoint"] == ["/usr/bin/server"]
    assert config["config"]["Labels"] == {"title": "server"}
    plain = hashlib.sha256(layer.read_bytes()).hexdigest()
    assert config["rootfs"]["diff_ids"] == [f"sha256:{plain}"]
    # What docker save writes, for a Docker that reads no layout.
    (saved,) = json.loads(parts["manifest.json"])
    assert saved["RepoTags"] == ["kith/a:1"]
    assert json.loads(parts[saved["Config"]]) == config
    (packed,) = saved["Layers"]
    assert gzip.decompress(parts[packed]) == layer.read_bytes()


def test_packages_are_those_of_the_groups(tmp_path):
    listed = tmp_path / "packages.txt"
    listed.write_text("# About.\n\n# one\nb\na\n\n# two\n# Why.\na\nc\n\n# none\n")
    assert image_layers.packages(["one", "two"], listed) == ["a", "b", "c"]
    with pytest.raises(Failure, match="has no group none, three"):
        image_layers.packages(["one", "none", "three"], listed)


@pytest.fixture
def mmdebstrap(tmp_path, monkeypatch):
    """Makes an mmdebstrap that notes its calls, writes this and ends so."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def put(text, status=0):
        program = tmp_path / "mmdebstrap"
        program.write_text(
            "#!/bin/bash\n"
            f'echo "$SOURCE_DATE_EPOCH $*" >>{tmp_path}/calls\n'
            f"echo {text} | tee ${{@: -1}}\nexit {status}\n"
        )
        program.chmod(0o755)

    return put


def test_debian_is_kept_for_the_same_packages(mmdebstrap, tmp_path):
    kept, log = tmp_path / "kept", tmp_path / "log"

    def layer(*packages, **options):
        made = image_layers.base_layer(packages, _EPOCH, kept, log, **options)
        return made, made.read_text()

    mmdebstrap("old")
    first = layer("a", "b")
    assert first[1] == "old\n"
    mmdebstrap("new")
    assert layer("a", "b") == first
    other = layer("a")
    assert other[0] != first[0] and other[1] == "new\n"
    assert layer("a", "b", again=True) == (first[0], "new\n")
    calls = (tmp_path / "calls").read_text().splitlines()
    assert len(calls) == 3
    assert calls[0].startswith(f"{_EPOCH} --quiet --variant=minbase ")
    assert " --include=a,b bookworm " in calls[0]


def test_debian_that_cannot_be_made_leaves_nothing(mmdebstrap, tmp_path):
    mmdebstrap("why", status=1)
    with pytest.raises(Failure, match="mmdebstrap failed") as failure:
        image_layers.base_layer(["a"], _EPOCH, tmp_path / "kept", tmp_path / "log")
    assert "| why" in str(failure.value)
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_layer_is_unpacked_again_if_it_has_changed(outputs, tmp_path):
    layer = tmp_path / "layer.tar"
    image_layers.top_layer(_STAGE, outputs, _EPOCH, layer)
    server = image_layers.unpack(layer) / "usr/bin/server"
    assert server.read_text() == "binary"
    server.write_text("kept")
    assert (image_layers.unpack(layer) / "usr/bin/server").read_text() == "kept"
    (outputs["/out"] / "server").write_text("another")
    image_layers.top_layer(_STAGE, outputs, _EPOCH, layer)
    assert (image_layers.unpack(layer) / "usr/bin/server").read_text() == "another"
