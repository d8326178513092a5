"""Tokens (JWTs) signed by tests/jose, which shares no code with Kith."""

import json
import shutil
from pathlib import Path

import node
from kithcheck.npm import modules
from kithdev.paths import ROOT

SOURCES = ROOT / "tests" / "jose"
PLACE = ROOT / "build" / "jose"


def make_tokens(claims: dict) -> dict:
    """JWK Sets and tokens by name, as signer.js prints them."""
    modules(SOURCES, PLACE)
    # Under the name it has in the tree, as node looks for packages beside it.
    signer = shutil.copy(SOURCES / "signer.js", PLACE)
    return node.run(Path(signer), json.dumps(claims))
