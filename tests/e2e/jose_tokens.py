"""Tokens (JWTs) signed by tests/jose, which shares no code with Kith."""

import json
import shutil
import subprocess

from kithcheck.npm import modules
from kithdev.paths import ROOT

SOURCES = ROOT / "tests" / "jose"
PLACE = ROOT / "build" / "jose"


def make_tokens(claims: dict) -> dict:
    """JWK Sets and tokens by name, as signer.js prints them."""
    modules(SOURCES, PLACE)
    # Under the name it has in the tree, as node looks for packages beside it.
    signer = shutil.copy(SOURCES / "signer.js", PLACE)
    done = subprocess.run(
        ["node", signer, json.dumps(claims)],
        check=True,
        stdout=subprocess.PIPE,
        timeout=60,
    )
    return json.loads(done.stdout)
