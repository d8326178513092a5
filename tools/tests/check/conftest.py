"""Trees with planted faults, and what the checks must say of them."""

import re

import pytest

from kithcheck.tree import Tree


@pytest.fixture
def plant(tmp_path):
    """Makes a tree of the files given: plant({"path": "text", ...})."""

    def _plant(files):
        for path, text in files.items():
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, bytes):
                place.write_bytes(text)
            else:
                place.write_text(text)
        return Tree(tmp_path)

    return _plant


@pytest.fixture
def expect():
    """Checks for one fault: where, what, and that the mending is named."""

    def _expect(findings, path, line, what, mend):
        found = list(findings)
        assert found, "nothing was found"
        assert len(found) == 1, "\n".join(map(str, found))
        assert (found[0].path, found[0].line) == (path, line)
        assert re.search(what, found[0].what), found[0].what
        assert re.search(mend, found[0].mend), found[0].mend
        assert f"{path}:{line}: " in str(found[0])
        assert "To mend: " in str(found[0])

    return _expect
