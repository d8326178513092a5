"""pytest plugin: a run that passes leaves no files behind, one that fails all of them.

The data directory of each suite takes 150 MB, that of all tests 11 GB.
"""

import shutil

import pytest


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Removes --basetemp once the last fixture has been torn down."""
    if exitstatus == pytest.ExitCode.OK:
        shutil.rmtree(session.config.option.basetemp, ignore_errors=True)
