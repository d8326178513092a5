"""What tests of manifests take from other folders."""

import sys
from pathlib import Path

# For certificates.py.
sys.path.append(str(Path(__file__).parents[1] / "e2e"))
