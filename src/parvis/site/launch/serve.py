"""`./parvis serve` and `./parvis worker`: production, with every setting from the environment."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from parvis.site.environment import TABLE
from parvis.site.launch.commands import granian, manage, worker
from parvis.site.launch.folders import ROOT, LaunchError
from parvis.site.launch.options import Options
from parvis.site.launch.processes import die_with_parent
from parvis.site.launch.supervisor import Child, StopSignal, Supervisor

# sysexits.h: systemd does not restart on it (RestartPreventExitStatus).
EX_CONFIG = 78
SHORTEST_SECRET = 50
SHORTEST_EDGE_SECRET = 32
OLDEST_SERVER = 160000
# A request that is being answered has this long to end; below systemd's TimeoutStopSec in ops/systemd.
PATIENCE = 25
_MUST_BE_SET = ("PARVIS_PUBLIC_URL", "PARVIS_DATA", "PARVIS_LOG_ORIGIN")


class ConfigurationError(LaunchError):
    """A setting is missing or wrong: starting again changes nothing."""


def arguments(words: list[str]) -> argparse.Namespace:
    """The command line of `serve`. Exits on a mistake."""
    parser = Options("serve")
    parser.listen()
    parser.add_argument("--threads", type=int, default=os.environ.get("PARVIS_THREADS") or "8")
    parser.add_argument("--uds", type=Path)
    parser.add_argument("--no-worker", action="store_true")
    return parser.parse_args(words)


def run(words: list[str]) -> int:
    """Until SIGTERM. Raises ConfigurationError, LaunchError."""
    options = arguments(words)
    environment = {**os.environ, "PARVIS_ENV": "production", "PARVIS_THREADS": str(options.threads)}
    _check(environment, collected=True)
    if options.uds and not environment.get("PARVIS_CLIENT_IP_HEADER"):
        print(
            "Attention : sans PARVIS_CLIENT_IP_HEADER, un visiteur n’a pas d’adresse : nul ne peut se connecter.",
            file=sys.stderr,
            flush=True,
        )
    stop = StopSignal()
    listening = (
        ("--uds", str(options.uds), "--uds-permissions", "660")
        if options.uds
        else ("--host", options.host, "--port", str(options.port))
    )
    children = [Child("Le serveur web", granian(listening, options.workers, options.blocking_threads, PATIENCE))]
    if not options.no_worker:
        children.append(Child("L’exécutant des tâches", worker()))
    _supervise(children, environment, stop)
    return 0


def run_worker(_words: list[str]) -> int:
    """The background jobs alone, until SIGTERM. Raises ConfigurationError, LaunchError."""
    environment = {**os.environ, "PARVIS_ENV": "production"}
    _check(environment, collected=False)
    _supervise([Child("L’exécutant des tâches", worker())], environment, StopSignal())
    return 0


def _supervise(children: list[Child], environment: Mapping[str, str], stop: StopSignal) -> None:
    supervisor = Supervisor(children, environment)
    try:
        supervisor.start()
        supervisor.watch_until(stop)
    finally:
        supervisor.stop(PATIENCE)


def _check(environment: Mapping[str, str], *, collected: bool) -> None:
    problems = problems_of(environment)
    if collected and not (ROOT / ".collected" / "staticfiles.json").exists():
        problems.append("Les pages de style et les scripts ne sont pas rassemblés. Lancez ./parvis build")
    if not problems:
        problems += database_problems(environment["PARVIS_DATABASE_URL"])
    if not problems:
        problems += _migration_problems(environment)
    if not problems:
        problems += key_problems(environment["PARVIS_DATABASE_URL"], Path(environment["PARVIS_DATA"]))
    if problems:
        raise ConfigurationError(
            "Parvis ne peut pas démarrer :\n"
            + "\n".join(f"  - {problem}" for problem in problems)
            + "\nChaque réglage est expliqué dans docs/operations.md."
        )
    for warning in warnings_of(environment):
        print(f"Attention : {warning}", file=sys.stderr, flush=True)


def problems_of(environment: Mapping[str, str]) -> list[str]:
    """What is missing or unsafe among the settings, in French; empty when production may start."""
    problems = []
    required = {variable.name: variable.meaning for variable in TABLE if variable.default is None}
    for variable in TABLE:
        if variable.name in _MUST_BE_SET:
            required[variable.name] = variable.meaning
    for name, meaning in required.items():
        if not environment.get(name):
            problems.append(f"{name} manque. {meaning}")
    secret = environment.get("PARVIS_SECRET_KEY", "")
    if secret and len(secret) < SHORTEST_SECRET:
        problems.append(f"PARVIS_SECRET_KEY est trop court : {len(secret)} caractères au lieu de {SHORTEST_SECRET}.")
    edge = environment.get("PARVIS_EDGE_SECRET", "")
    if edge and len(edge) < SHORTEST_EDGE_SECRET:
        problems.append(
            f"PARVIS_EDGE_SECRET est trop court : qui le devine date son propre dépôt. "
            f"Prenez {SHORTEST_EDGE_SECRET} caractères au hasard."
        )
    url = environment.get("PARVIS_PUBLIC_URL", "")
    if url and (urlsplit(url).scheme != "https" or not urlsplit(url).hostname):
        problems.append(f"PARVIS_PUBLIC_URL doit commencer par https:// (reçu : {url}).")
    data = environment.get("PARVIS_DATA", "")
    if data and not (os.path.isdir(data) and os.access(data, os.W_OK | os.X_OK)):
        problems.append(f"PARVIS_DATA : le dossier {data} n’existe pas, ou le compte de Parvis ne peut pas y écrire.")
    return problems


def warnings_of(environment: Mapping[str, str]) -> list[str]:
    """What Parvis can start without, and what it costs, in French."""
    costs = {
        "PARVIS_EDGE_SECRET": "l’heure des dépôts est celle de Parvis, pas du serveur frontal.",
        "PARVIS_MAIL_URL": "aucun courriel ne part : ni inscription, ni récépissé par courriel.",
        "PARVIS_TSA_URL": "aucun récépissé n’est horodaté par un tiers.",
        "PARVIS_CLAMD": "les documents ouverts ne sont pas analysés contre les virus.",
        "PARVIS_CLIENT_IP_HEADER": "tous les visiteurs ont l’adresse du serveur frontal : les essais de mot de passe "
        "de l’un ralentissent les autres.",
        "PARVIS_ANTS_HUBS": "la recherche nationale de rendez-vous ne montre pas nos créneaux.",
        "PARVIS_ANTS_COORDINATION_URL": "les numéros de pré-demande ne sont pas vérifiés, et un même numéro peut avoir "
        "un rendez-vous dans deux mairies.",
        "PARVIS_SMS_URL": "aucun SMS ne part : sans adresse électronique, une personne ne reçoit ni confirmation ni "
        "rappel.",
        "PARVIS_GEOCODING_URL": "l’usager est situé par sa commune ou son code postal, pas par sa rue.",
    }
    # A key is missed only where its service is called.
    if environment.get("PARVIS_SMS_URL"):
        costs |= {"PARVIS_SMS_TOKEN": "le fournisseur refuse chaque SMS."}
    if environment.get("PARVIS_ANTS_COORDINATION_URL"):
        costs |= {"PARVIS_ANTS_COORDINATION_TOKEN": "le service national refuse de vérifier et de déclarer."}
    return [f"sans {name}, {cost}" for name, cost in costs.items() if not environment.get(name)]


def database_problems(url: str) -> list[str]:
    """Whether the serving role answers, and cannot step over row-level security."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            found = connection.execute(
                "SELECT rolsuper OR rolbypassrls, current_setting('server_version_num')::int"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as error:
        return [f"La base de PARVIS_DATABASE_URL ne répond pas : {str(error).strip().splitlines()[0]}"]
    problems = []
    if found and found[0]:
        problems.append(
            "Le rôle de PARVIS_DATABASE_URL contourne le cloisonnement entre collectivités. "
            "Prenez un rôle NOSUPERUSER NOBYPASSRLS, distinct du propriétaire des tables."
        )
    if found and found[1] < OLDEST_SERVER:
        problems.append("Parvis demande PostgreSQL 16 ou plus récent.")
    return problems


def key_problems(url: str, data: Path) -> list[str]:
    """Whether the key that signed the register is there: a folder not mounted, or not restored, has none."""
    key = data / "keys" / "platform.pem"
    with psycopg.connect(url, connect_timeout=10) as connection:
        signed = connection.execute("SELECT 1 FROM audit_checkpoint LIMIT 1").fetchone()
    if signed is None or key.exists():
        return []
    return [f"{key} manque, alors que le registre est signé. Remettez cette clé depuis la sauvegarde."]


def _migration_problems(environment: Mapping[str, str]) -> list[str]:
    done = subprocess.run(
        manage("migrate", "--check", "--verbosity", "0"),
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        preexec_fn=die_with_parent(),
        check=False,
    )
    if done.returncode == 0:
        return []
    lines = done.stderr.strip().splitlines()
    if any("Error" in line or "Exception" in line for line in lines):
        return [f"Django ne démarre pas : {lines[-1]}"]
    return ["La base n’est pas à jour. Lancez ./parvis manage migrate (avec PARVIS_DATABASE_OWNER_URL)."]


def collect_static() -> int:
    """Gather and compress the static files for production; needs no database."""
    environment = {
        **os.environ,
        "PARVIS_ENV": "production",
        "PARVIS_SECRET_KEY": "x" * SHORTEST_SECRET,
        "PARVIS_DATABASE_URL": "postgresql:///unused",
    }
    done = subprocess.run(
        manage("collectstatic", "--no-input", "--clear", "--verbosity", "0"), env=environment, check=False
    )
    if done.returncode:
        raise LaunchError("Le rassemblement des fichiers statiques a échoué ; la cause est écrite ci-dessus.")
    count = len(json.loads((ROOT / ".collected" / "staticfiles.json").read_text())["paths"])
    print(f"{count} fichiers statiques rassemblés dans {ROOT / '.collected'}")
    return 0
