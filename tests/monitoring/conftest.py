"""Where the tests find the dashboards' generator, and what makes requests."""

import sys

from kithdev.paths import ROOT

sys.path += [str(ROOT / "k8s" / "monitoring"), str(ROOT / "tests" / "e2e")]
