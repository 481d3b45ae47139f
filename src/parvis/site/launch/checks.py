"""`./parvis test` and `./parvis check`: what continuous integration runs, and a developer before a commit."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from parvis.site.launch.commands import manage, module
from parvis.site.launch.folders import ROOT
from parvis.site.launch.postgres import EmbeddedPostgres
from parvis.site.launch.processes import die_with_parent

# What some tests use if the machine has it: program names, then what is skipped without.
OPTIONAL = (
    (("chromium", "chromium-browser", "google-chrome"), "chromium : les parcours dans un vrai navigateur"),
    (("age",), "age : la compatibilité des plis avec l’outil de référence"),
    (("nginx", "/usr/sbin/nginx"), "nginx : l’horodatage par le serveur frontal"),
    (("clamd", "/usr/sbin/clamd"), "clamd : l’analyse des virus"),
)
_MOST_PROCESSES = 4
_NPM = str(ROOT / ".venv" / "bin" / "npm")


def test_command(words: list[str], processors: int) -> tuple[str, ...]:
    """pytest's command line: everything in parallel but the benches; a chosen part in one process, with less ado."""
    chosen = any(not word.startswith("-") for word in words)
    has = {word.split("=")[0] for word in words}
    defaults: list[str] = []
    if not chosen and not has & {"-n", "--numprocesses", "-s", "--pdb", "-k"} and processors > 1:
        defaults += ["-n", str(min(processors, _MOST_PROCESSES)), "--dist", "loadfile"]
    if not chosen and "-m" not in has:
        defaults += ["-m", "not bench"]
    return module("pytest", *defaults, *words)


def run_tests(words: list[str]) -> int:
    """pytest's own exit code, then that of the scripts' tests (only when everything is asked for)."""
    missing = [text for programs, text in OPTIONAL if not any(shutil.which(program) for program in programs)]
    if missing:
        print("Absent de cette machine, donc essais sautés :", *missing, sep="\n  - ", flush=True)
    environment = _with_our_node({**os.environ, "PARVIS_ENV": "test"})
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    code = _run(test_command(words, processors), environment)
    if code == 0 and not words and _has_script_tests():
        code = _run((_NPM, "test", "--silent"), environment, ROOT / "frontend")
    return code


def _with_our_node(environment: dict[str, str]) -> dict[str, str]:
    """npm's scripts call `node` by its name: ours, whatever the machine has or lacks."""
    return {**environment, "PATH": os.pathsep.join((str(ROOT / ".venv" / "bin"), environment.get("PATH", os.defpath)))}


def _has_script_tests() -> bool:
    folder = ROOT / "frontend"
    return any("node_modules" not in path.parts for path in folder.rglob("*.test.*s"))


def _run(command: tuple[str, ...], environment: Mapping[str, str], folder: Path = ROOT) -> int:
    return subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent(), check=False
    ).returncode


def _checks() -> list[tuple[str, tuple[str, ...], Path]]:
    """(French name, command, folder to run it in), the quick ones first."""
    ruff = ("--quiet", "--output-format", "concise", "src", "tests", "parvis")
    found: list[tuple[str, tuple[str, ...], Path]] = [
        ("règles de style (ruff)", module("ruff", "check", *ruff), ROOT),
        ("mise en forme (ruff)", module("ruff", "format", "--check", *ruff), ROOT),
        ("types (mypy)", module("mypy", "--no-error-summary"), ROOT),
    ]
    contracts = ROOT / "importlinter.toml"
    if contracts.exists():
        linter = (str(ROOT / ".venv" / "bin" / "lint-imports"), "--config", str(contracts), "--no-cache")
        found.append(("murs entre les pièces (import-linter)", linter, ROOT))
    found.append(("architecture et gabarits (pytest)", module("pytest", "tests/architecture"), ROOT))
    if (ROOT / "frontend" / "tsconfig.json").exists():
        found.append(("types des scripts (tsc)", (_NPM, "run", "check", "--silent"), ROOT / "frontend"))
    return [
        *found,
        ("réglages (Django)", manage("check", "--fail-level", "WARNING"), ROOT),
        ("migrations à jour (Django)", manage("makemigrations", "--check", "--dry-run"), ROOT),
    ]


def run_checks(_words: list[str]) -> int:
    """Every check, even after a failure: 1 if any failed."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="parvis-check-") as folder:
        os.chmod(folder, 0o711)  # noqa: S103  PostgreSQL's account must pass
        with EmbeddedPostgres(Path(folder, "pg"), durable=False) as urls:
            environment = {
                **_with_our_node(dict(os.environ)),
                "PARVIS_ENV": "test",
                "PARVIS_DATA": folder,
                "PARVIS_DATABASE_URL": urls.app,
                "PARVIS_DATABASE_OWNER_URL": urls.owner,
            }
            for label, command, where in _checks():
                failed += not _check(label, command, where, environment)
    if failed:
        print(f"{failed} contrôle(s) en échec : corrigez, puis relancez ./parvis check", file=sys.stderr, flush=True)
    return 1 if failed else 0


def _check(label: str, command: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> bool:
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent(),
        check=False,
    )
    fine = done.returncode == 0
    print(f"{'ok   ' if fine else 'ÉCHEC'} {label} ({time.monotonic() - start:.1f} s)", flush=True)
    if not fine:
        print(done.stdout.decode(errors="replace").rstrip(), flush=True)
    return fine
