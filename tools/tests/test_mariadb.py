"""The private MariaDB starts, survives a kill, and shows each user one schema."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kithdev.failure import Failure
from kithdev.mariadb import PrivateMariaDB

_TOOL = Path(__file__).resolve().parents[1] / "test_database.py"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    directory = tmp_path_factory.mktemp("database")
    one = PrivateMariaDB(directory, directory / "log" / "mariadbd.log")
    one.start()
    yield one
    one.dispose()


def as_user(database, user, password, sql):
    return subprocess.run(
        [
            "mariadb",
            "--no-defaults",
            f"--socket={database.socket}",
            "-B",
            "-N",
            f"--user={user}",
            f"--password={password}",
        ],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings(database):
    names = (
        "innodb_flush_log_at_trx_commit",
        "sync_binlog",
        "innodb_lock_wait_timeout",
        "tx_isolation",
        "character_set_server",
        "skip_networking",
        "log_bin",
    )
    select = ", ".join(f"@@global.{name}" for name in names)
    values = database.execute(f"SELECT {select}").split()
    assert values == ["1", "1", "5", "READ-COMMITTED", "utf8mb4", "1", "0"]
    assert "STRICT_ALL_TABLES" in database.execute("SELECT @@global.sql_mode")


def test_only_its_owner_reaches_the_socket(database):
    mode = database.socket.parent.stat().st_mode
    assert stat.S_IMODE(mode) == 0o700
    assert len(str(database.socket)) <= 107


def test_starting_twice_is_starting_once(database):
    pid = database.process.pid
    assert not database.start()
    assert database.process.pid == pid


def test_kill_and_restart_keep_socket_and_data(database):
    database.create_schema("kept")
    database.execute("CREATE TABLE kept.t (a INT); INSERT INTO kept.t VALUES (7)")
    address = database.address
    assert database.kill()
    assert not database.running
    database.restart()
    assert database.address == address
    assert database.execute("SELECT a FROM kept.t").strip() == "7"


def test_a_user_sees_one_schema(database):
    # "_" must not be taken for "any letter".
    for schema in ("one_a", "oneba"):
        database.create_schema(schema)
        database.execute(f"CREATE TABLE IF NOT EXISTS {schema}.t (a INT)")
    database.create_user("one_a", "secret", "one_a", "SELECT, INSERT")
    database.create_user("one_a", "secret2", "one_a", "SELECT, INSERT")
    assert as_user(database, "one_a", "secret", "SELECT 1").returncode != 0
    own = as_user(database, "one_a", "secret2", "INSERT INTO one_a.t VALUES (1)")
    assert own.returncode == 0
    other = as_user(database, "one_a", "secret2", "SELECT * FROM oneba.t")
    assert "denied" in other.stderr
    ddl = as_user(database, "one_a", "secret2", "DROP TABLE one_a.t")
    assert "denied" in ddl.stderr


def test_a_refused_statement_is_a_failure(database):
    with pytest.raises(Failure, match="SQL syntax"):
        database.execute("SELEKT 1")


def test_a_server_that_cannot_start_says_why(tmp_path):
    broken = PrivateMariaDB(tmp_path, tmp_path / "log", ["--no-such-option"])
    with pytest.raises(Failure, match="ended at start") as failed:
        broken.start()
    broken.dispose()
    assert "no-such-option" in str(failed.value)


def test_the_ctest_fixture(tmp_path):
    def tool(action):
        subprocess.run([sys.executable, _TOOL, action, "--dir", tmp_path], check=True)

    tool("start")
    tool("start")
    address = (tmp_path / "address").read_text()
    assert address.startswith("unix:/") and address.count("\n") == 1
    socket = Path(address.strip().removeprefix("unix:"))
    assert socket.is_socket()
    tool("stop")
    tool("stop")
    assert not socket.parent.exists()
    assert not (tmp_path / "data").exists()


def test_the_ctest_fixture_is_for_one_run_at_a_time(tmp_path):
    tool = [sys.executable, _TOOL, "start", "--dir", tmp_path]
    # A shell that starts it, and lives until its input ends.
    other = subprocess.Popen(
        ["sh", "-c", '"$@" && echo started && read -r _', "sh", *tool],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert other.stdout.readline() == "started\n"
    address = (tmp_path / "address").read_text()
    refused = subprocess.run(tool, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert f"Another run of ctest, process {other.pid}," in refused.stderr
    stop = [sys.executable, _TOOL, "stop", "--dir", tmp_path]
    subprocess.run(stop, check=True)
    assert Path(address.strip().removeprefix("unix:")).is_socket()
    other.communicate("end\n")
    # A run that was cut short leaves its server to the next one.
    subprocess.run(tool, check=True)
    assert (tmp_path / "address").read_text() != address
    subprocess.run(stop, check=True)
    assert not (tmp_path / "data").exists()


def test_servers_installed_at_once_leave_each_other_alone(tmp_path):
    servers = [
        PrivateMariaDB(tmp_path / str(n) / "database", tmp_path / str(n) / "log")
        for n in range(4)
    ]
    try:
        with ThreadPoolExecutor(len(servers)) as pool:
            assert all(pool.map(PrivateMariaDB.start, servers))
    finally:
        for server in servers:
            server.dispose()
