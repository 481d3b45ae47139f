"""The embedded PostgreSQL: roles, sharing, and what is left after a kill -9."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from parvis.site.launch.postgres import EmbeddedPostgres, PostgresError
from parvis.site.launch.processes import is_alive
from parvis.site.launch.programs import ROOT_HOME, SystemUser, reachable_folder


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that PostgreSQL's account may pass through, unlike pytest's when root runs it."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-test-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[EmbeddedPostgres]:
    running = EmbeddedPostgres(place / "shared", durable=False)
    running.start()
    yield running
    running.stop()


def _one(url: str, query: str) -> tuple[object, ...]:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row


def test_both_roles_are_bound_by_row_security_and_only_one_owns(server: EmbeddedPostgres) -> None:
    urls = server.urls()
    query = "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert _one(urls.owner, query) == ("parvis_owner", False, False, True)
    assert _one(urls.app, query) == ("parvis_app", False, False, False)
    with psycopg.connect(urls.owner) as connection:
        for name in ("btree_gist", "unaccent", "pg_trgm"):
            connection.execute(f"CREATE EXTENSION {name}")
    with psycopg.connect(urls.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE public.mine (id int)")
    assert _one(urls.app, "SELECT lower('ÉCOLE')") == ("école",)


def test_nobody_else_reaches_the_socket(server: EmbeddedPostgres) -> None:
    folder = Path(unquote(server.urls().app.split("host=")[1]))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert _one(server.urls().admin, "SHOW listen_addresses") == ("",)


def test_a_second_database_replaces_the_one_of_its_name(server: EmbeddedPostgres) -> None:
    urls = server.create_database("parvis_gw7")
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE seen (id int)")
    again = server.create_database("parvis_gw7")
    assert _one(again.owner, "SELECT to_regclass('seen')") == (None,)


def test_another_process_joins_and_leaves_without_stopping_it(server: EmbeddedPostgres) -> None:
    guest = EmbeddedPostgres(server._asked_dir, durable=False)
    try:
        assert guest.start() == server.urls()
        assert not guest.owns_server
    finally:
        guest.stop()
    assert _one(server.urls().app, "SELECT 1") == (1,)
    with pytest.raises(PostgresError, match="en service"):
        EmbeddedPostgres(server._asked_dir).destroy()


def test_a_long_path_gets_a_private_socket_folder(place: Path) -> None:
    server = EmbeddedPostgres(place / ("long" * 30) / "data", durable=False)
    with server as urls:
        folder = Path(unquote(urls.app.split("host=")[1]))
        assert len(str(folder)) < 60
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert _one(urls.app, "SELECT 1") == (1,)
    assert folder != server._data_dir
    assert not folder.exists()


@pytest.mark.fault
def test_data_survive_a_kill_of_everything(place: Path) -> None:
    server = EmbeddedPostgres(place / "killed", settings={"fsync": "off"})
    urls = server.start()
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (42)")
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    pid_file = server._data_dir / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    # The worst case: the number now belongs to a process that lives, and is not PostgreSQL.
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert server._lock is not None
    server._lock.close()

    after = EmbeddedPostgres(place / "killed", settings={"fsync": "off"})
    try:
        assert _one(after.start().owner, "SELECT id FROM kept") == (42,)
        assert not after.created
    finally:
        after.destroy()
    assert not after._data_dir.exists()


_OWNER = """
import sys, time
from pathlib import Path
from parvis.site.launch.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.process.pid, server._data_dir, flush=True)
time.sleep(60)
"""


@pytest.mark.fault
def test_the_server_dies_with_a_killed_owner_and_the_next_one_starts_at_once(place: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(place / "orphan")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")},
    )
    assert owner.stdout is not None
    pid, folder = owner.stdout.readline().split()
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    following = EmbeddedPostgres(place / "orphan", durable=False)
    with following as urls:
        assert _one(urls.app, "SELECT 1") == (1,)
        assert not following.created
        assert not _runs(int(pid), Path(folder))


def _runs(pid: int, folder: Path) -> bool:
    limit = time.monotonic() + 5
    while is_alive(pid, "postgres", folder) and time.monotonic() < limit:
        time.sleep(0.05)
    return is_alive(pid, "postgres", folder)


def test_a_folder_with_other_things_is_left_alone(place: Path) -> None:
    letter = place / "other" / "letter.txt"
    letter.parent.mkdir()
    letter.write_text("mine")
    server = EmbeddedPostgres(letter.parent, durable=False)
    with pytest.raises(PostgresError, match="autre chose"):
        server.start()
    server.destroy()
    assert letter.read_text() == "mine"


def test_root_keeps_its_data_where_the_unprivileged_account_can_go(tmp_path: Path, place: Path) -> None:
    account = SystemUser("nobody", 65534, 65534)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert reachable_folder(closed / "pg", account).parent == ROOT_HOME / "data"
    assert reachable_folder(closed / "pg", None) == closed / "pg"
    assert reachable_folder(place / "pg", account) == place / "pg"
