"""What tests of images take from other folders."""

import sys
from pathlib import Path

# For certificates.py and builders.py, and for manifests.py.
for _folder in ("e2e", "k8s"):
    sys.path.append(str(Path(__file__).parents[1] / _folder))
