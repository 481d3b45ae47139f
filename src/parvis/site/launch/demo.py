"""`./parvis demo`: a whole Parvis on one computer, from nothing to an address that answers."""

import argparse
import fcntl
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from parvis.site.launch.commands import granian, manage, worker
from parvis.site.launch.database import Database, is_external, open_database
from parvis.site.launch.folders import ROOT, DataFolder, LaunchError, data_folder
from parvis.site.launch.options import Options
from parvis.site.launch.postgres import PostgresError
from parvis.site.launch.processes import die_with_parent
from parvis.site.launch.supervisor import Child, StopSignal, Supervisor

DEFAULT_AGGLOMERATION = "m2a"
_READY_WITHIN = 90.0
# Web and worker together have this long to stop, so that the whole stays under 5 s with PostgreSQL.
_PATIENCE = 2.5
_DEATHS_BEFORE_READY = 3
# How a command begins the lines of its errors that tell how far it has come.
PROGRESS = "  · "


def arguments(words: list[str]) -> argparse.Namespace:
    """The command line of `demo`; `data` is None where not given. Exits on a mistake."""
    parser = Options("demo")
    parser.listen()
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--data")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--agglomeration", default=DEFAULT_AGGLOMERATION, type=_slug)
    return parser.parse_args(words)


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,40}", text):
        raise argparse.ArgumentTypeError("un nom court, par exemple m2a ou dijon")
    return text


def folder_for(options: argparse.Namespace) -> DataFolder:
    """Each agglomeration has its own folder, unless one is asked for: two sets of demo data never mix."""
    chosen = data_folder(options.data)
    if options.data or os.environ.get("PARVIS_DATA") or options.agglomeration == DEFAULT_AGGLOMERATION:
        return chosen
    return DataFolder(ROOT / ".data" / f"demo-{options.agglomeration}")


def run(words: list[str]) -> int:
    """Until Ctrl-C. Raises LaunchError."""
    options = arguments(words)
    data = folder_for(options)
    stop = StopSignal()
    _refuse_taken_port(options.host, options.port)
    if options.fresh and is_external():
        raise LaunchError("--fresh n’efface que la base embarquée. Videz vous-même la base de PARVIS_DATABASE_URL.")
    data.prepare_root()
    with _only_one(data):
        if options.fresh:
            data.erase()
        data.prepare()
        _say("4/5 Base de données…")
        with open_database(data) as database:
            url = os.environ.get("PARVIS_PUBLIC_URL", "").rstrip("/") or f"http://localhost:{options.port}"
            environment = _environment(data, database, url, options.threads)
            said = _fill(data, options.agglomeration, environment, stop)
            if not stop:
                _serve(options, data, database, environment, said, stop)
    return 0


def _serve(
    options: argparse.Namespace,
    data: DataFolder,
    database: Database,
    environment: dict[str, str],
    said: str,
    stop: StopSignal,
) -> None:
    """Web and worker, until the signal; PostgreSQL too is started again if it dies."""
    _say("5/5 Démarrage du site…")
    address = ("--host", options.host, "--port", str(options.port))
    children = (
        Child("Le serveur web", granian(address, options.workers, options.blocking_threads, 2), data.logs / "web.log"),
        Child("L’exécutant des tâches", worker(), data.logs / "worker.log"),
    )
    supervisor = Supervisor(children, environment)

    def keep_database() -> None:
        server = database.server
        if server is None or server.process is None or server.process.poll() is None:
            return
        print("PostgreSQL s’est arrêté ; je le relance.", file=sys.stderr, flush=True)
        supervisor.stop(_PATIENCE)
        server.stop()
        try:
            urls = server.start()
        except PostgresError as error:
            raise LaunchError(str(error)) from error
        supervisor.restart({"PARVIS_DATABASE_URL": urls.app, "PARVIS_DATABASE_OWNER_URL": urls.owner})

    try:
        supervisor.start()
        _wait_until_ready(options.port, environment["PARVIS_PUBLIC_URL"], data, supervisor, stop)
        if not stop:
            _announce(data, environment["PARVIS_PUBLIC_URL"], said)
            supervisor.watch_until(stop, keep_database)
    finally:
        supervisor.stop(_PATIENCE)
    _say("Arrêté. Les données restent dans " + str(data.root))


def _environment(data: DataFolder, database: Database, url: str, threads: int) -> dict[str, str]:
    return {
        **database.environment,
        "PARVIS_ENV": "demo",
        "PARVIS_DATA": str(data.root),
        "PARVIS_PUBLIC_URL": url,
        "PARVIS_SECRET_KEY": os.environ.get("PARVIS_SECRET_KEY") or data.secret_key(),
        "PARVIS_THREADS": str(threads),
    }


def _fill(data: DataFolder, agglomeration: str, environment: Mapping[str, str], stop: StopSignal) -> str:
    """Migrate, then load the demo data once; what the loader said (who may sign in), now or the first time."""
    _manage(("migrate", "--verbosity", "0", "--no-input"), environment, data.logs / "migrate.log")
    known = data.loaded()
    if known is not None:
        if known.get("agglomeration") != agglomeration:
            raise LaunchError(
                f"{data.root} contient la démonstration « {known.get('agglomeration')} ». "
                f"Ajoutez --fresh pour la remplacer, ou --data AUTRE_DOSSIER pour garder les deux."
            )
        return known.get("said", "")
    if stop:
        return ""
    _say(f"4/5 Données de démonstration ({agglomeration})…")
    said = _manage(("load_demo", "--agglomeration", agglomeration), environment, data.logs / "load_demo.log")
    data.remember_loaded(agglomeration, said)
    return said


def _manage(words: tuple[str, ...], environment: Mapping[str, str], log: Path) -> str:
    """What the command printed; its progress shows as it comes. Raises LaunchError with the end of its log."""
    with open(log, "ab") as errors, tempfile.TemporaryFile() as output:
        start = errors.tell()
        with subprocess.Popen(
            manage(*words),
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            preexec_fn=die_with_parent(),
        ) as done:
            for line in done.stderr or ():
                errors.write(line)
                if line.startswith(PROGRESS.encode()):
                    _say(line.decode(errors="replace").rstrip())
        output.seek(0)
        said = output.read().decode(errors="replace")
    if done.returncode:
        with open(log, "rb") as errors:
            errors.seek(start)
            tail = "\n".join((said + errors.read().decode(errors="replace")).strip().splitlines()[-15:])
        raise LaunchError(
            f"« manage {' '.join(words)} » a échoué. Si les données sont abîmées, relancez avec --fresh.\n"
            f"Journal : {log}. Il finit par :\n{tail}"
        )
    return said


def _wait_until_ready(port: int, url: str, data: DataFolder, supervisor: Supervisor, stop: StopSignal) -> None:
    limit = time.monotonic() + _READY_WITHIN
    status = 0
    while not stop:
        supervisor.watch()
        status = _status(port, urlsplit(url).netloc)
        if status == http.HTTPStatus.OK:
            return
        if time.monotonic() > limit or supervisor.failures() >= _DEATHS_BEFORE_READY:
            tail = "\n".join((data.logs / "web.log").read_text(errors="replace").strip().splitlines()[-15:])
            seen = f"La page d’accueil répond {status}." if status else "Le site ne répond pas."
            raise LaunchError(f"{seen} Journaux : {data.logs}. Celui du serveur web finit par :\n{tail}")
        time.sleep(0.1)


def _status(port: int, host: str) -> int:
    """HTTP status of `/`, 0 while nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/", headers={"Host": host})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _refuse_taken_port(host: str, port: int) -> None:
    if _is_free(host, port):
        return
    free = next((p for p in range(port + 1, port + 50) if _is_free(host, p)), None)
    advice = f"Essayez : ./parvis demo --port {free}" if free else "Choisissez-en un autre avec --port."
    raise LaunchError(f"Le port {port} est déjà pris sur {host}. {advice}")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
        return True


def _only_one(data: DataFolder) -> IO[str]:
    """Held while the demo runs: two on one folder would fight over its database. Raises LaunchError."""
    handle = open(data.root / "demo.lock", "a", encoding="ascii")  # noqa: SIM115
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise LaunchError(
            f"Une démonstration tourne déjà sur {data.root}. Arrêtez-la, ou donnez un autre dossier avec --data."
        ) from error
    return handle


def _announce(data: DataFolder, url: str, said: str) -> None:
    if said.strip():
        _say("\n" + said.strip())
    _say(f"\nAdresse : {url}   Journaux : {data.logs}   Arrêter : Ctrl-C")
    _say(f"Parvis is ready: {url}")


def _say(text: str) -> None:
    with suppress(BrokenPipeError):
        print(text, flush=True)
