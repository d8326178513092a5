"""./dev bench --peer says what to install."""

import pytest

from kithdev import peer
from kithdev.failure import Failure

_DRIVER = "golang-github-go-sql-driver-mysql-dev"


@pytest.fixture
def driver(tmp_path):
    (tmp_path / "src/github.com/go-sql-driver/mysql").mkdir(parents=True)
    return tmp_path


def test_nothing_is_missing_where_both_are_there(driver):
    assert peer.missing("/usr/bin/go", driver) == []


def test_each_package_is_named_that_is_missing(driver, tmp_path):
    assert peer.missing(None, driver) == ["golang-go"]
    assert peer.missing("/usr/bin/go", tmp_path / "none") == [_DRIVER]
    assert peer.missing(None, tmp_path / "none") == ["golang-go", _DRIVER]


def test_without_go_nothing_is_built_and_the_command_is_told(monkeypatch, driver):
    monkeypatch.setattr(peer, "find_go", lambda: None)
    monkeypatch.setattr(peer, "_LIBRARIES", driver)
    with pytest.raises(Failure) as failed:
        peer.build()
    assert failed.value.advice == "apt-get install golang-go"
