"""Debian's layer comes out the same twice, which takes half a minute: --long."""

import hashlib

from kithdev import image_layers


def test_the_same_packages_make_the_same_layer(tmp_path):
    def digest(name):
        layer = image_layers.base_layer(
            image_layers.packages(["images", "services", "identity"]),
            1_700_000_000,
            tmp_path / name,
            tmp_path / f"{name}.log",
        )
        return hashlib.sha256(layer.read_bytes()).hexdigest()

    assert digest("first") == digest("second")
