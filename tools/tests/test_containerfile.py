"""k8s/image/Containerfile, and what is read from it."""

import re
import subprocess

import pytest

from kithdev import containerfile, image_layers
from kithdev.paths import ROOT
from kithdev.processes import NAMES

_TEXT = containerfile.CONTAINERFILE.read_text()
_IMAGES = containerfile.targets(_TEXT, {"VERSION": "1.2.3", "REVISION": "abc"})
_SMALL = """# A comment.
ARG BASE=debian:x
FROM ${BASE} AS below
RUN --mount=type=bind,source=tools \\
    /mnt/tools/install_packages one two && \\
    # Another comment.
    rm -rf /var/log
USER 7:7

FROM below AS server
COPY --from=build /out/server /usr/bin/server
COPY ours ours
RUN /mnt/tools/install_packages one three
LABEL title="the server" \\
      version="${VERSION}"
ENTRYPOINT ["/usr/bin/server", "--on"]

FROM below AS unused
"""
# As in Debian's image of that name.
_SOURCES = """Types: deb
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""


def test_a_target_has_what_the_stages_below_say():
    stages = containerfile.targets(_SMALL, {"VERSION": "9"})
    assert stages == {
        "server": containerfile.Stage(
            groups=("one", "two", "three"),
            copies=(("/out/server", "/usr/bin/server"),),
            user="7:7",
            entrypoint=("/usr/bin/server", "--on"),
            labels=(("title", "the server"), ("version", "9")),
        )
    }
    assert containerfile.default_base(_SMALL) == "debian:x"


def test_there_is_an_image_of_each_binary():
    assert set(_IMAGES) == {*NAMES, "kith"}
    for name, stage in _IMAGES.items():
        assert stage.entrypoint == (f"/usr/bin/{name}",)
        assert (f"/out/{name}", f"/usr/bin/{name}") in stage.copies
        prefix = "org.opencontainers.image."
        assert dict(stage.labels) == {
            f"{prefix}title": name,
            f"{prefix}version": "1.2.3",
            f"{prefix}revision": "abc",
        }


def test_none_runs_as_a_user_with_a_name():
    # A number, as Kubernetes' runAsNonRoot can tell nothing from a name.
    assert {stage.user for stage in _IMAGES.values()} == {"65532:65532"}


def test_the_pages_of_docs_are_where_http_is_served():
    docs = ("/docs", "/usr/share/kith/docs")
    having = {name for name, stage in _IMAGES.items() if docs in stage.copies}
    assert having == {"gateway", "kith"}


def test_all_packages_are_listed():
    for stage in _IMAGES.values():
        assert image_layers.packages(stage.groups)


def test_the_build_stage_has_each_folder_that_cmake_reads():
    project = (ROOT / "CMakeLists.txt").read_text()
    folders = re.findall(r"^add_subdirectory\((\S+)\)", project, re.M)
    assert folders
    for folder in [*folders, "tools"]:
        assert f"\nCOPY {folder} {folder}\n" in _TEXT


def test_the_base_is_pinned_in_one_place():
    base = containerfile.default_base(_TEXT)
    assert re.fullmatch(
        r"docker\.io/library/debian(:[\w-]+|@sha256:[0-9a-f]{64})", base
    )
    bases = set(re.findall(r"^FROM (\S+)", _TEXT, re.M))
    names = set(re.findall(r"^FROM \S+ AS (\S+)$", _TEXT, re.M))
    assert bases - names == {"${BASE}"}


@pytest.mark.parametrize(
    "base, mirror",
    [
        ("debian:bookworm-slim", "http://deb.debian.org/debian"),
        (
            "debian@sha256:0",
            "http://snapshot.debian.org/archive/debian/20250520T000000Z",
        ),
    ],
)
def test_a_digest_pins_the_packages_as_well(base, mirror, tmp_path):
    sources, option = tmp_path / "debian.sources", tmp_path / "snapshot"
    sources.write_text(_SOURCES)
    script = re.search(r"^RUN (case .*?esac)$", _TEXT, re.M | re.S)[1]
    script = script.replace("/etc/apt/sources.list.d", str(tmp_path))
    script = script.replace("/etc/apt/apt.conf.d", str(tmp_path))
    subprocess.run(["sh", "-euc", script], env={"BASE": base}, check=True)
    found = re.findall(r"^URIs: (.*)$", sources.read_text(), re.M)
    assert found == [mirror]
    assert option.exists() == ("@" in base)
