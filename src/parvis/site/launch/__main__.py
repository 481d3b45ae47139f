"""`python -m parvis.site.launch COMMAND`: run by the file `parvis` at the root, once everything is installed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

from parvis.site.launch import backup, checks, demo, serve
from parvis.site.launch.commands import manage, module
from parvis.site.launch.database import open_database
from parvis.site.launch.folders import LaunchError, data_folder
from parvis.site.launch.postgres import PostgresError
from parvis.site.launch.processes import die_with_parent


def run_manage(words: list[str]) -> int:
    """Django's exit code; the embedded database runs meanwhile, unless another is named."""
    with open_database(data_folder()) as database:
        return _foreground(manage(*words), {**os.environ, **database.environment})


def run_audit(words: list[str]) -> int:
    """`audit verify`: recompute the server's registers."""
    if words[:1] != ["verify"]:
        raise LaunchError("Il n’y a qu’un contrôle : ./parvis audit verify")
    return run_manage(["audit_verify", *words[1:]])


def run_verify(words: list[str]) -> int:
    """Verify a receipt or a register's copy, with no server and no database."""
    return _foreground(module("parvis.sealing.verify", *words), os.environ)


def run_build(_words: list[str]) -> int:
    """The scripts were built on the way here; what is left is to gather them."""
    return serve.collect_static()


def _foreground(command: tuple[str, ...], environment: Mapping[str, str]) -> int:
    """Ctrl-C reaches the child by the terminal, SIGTERM is passed on; we stay to close the database after it."""
    child = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent())
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    signal.signal(signal.SIGTERM, lambda number, _frame: child.send_signal(number))
    code = child.wait()
    return 128 - code if code < 0 else code


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo.run,
    "test": checks.run_tests,
    "check": checks.run_checks,
    "build": run_build,
    "serve": serve.run,
    "worker": serve.run_worker,
    "manage": run_manage,
    "verify": run_verify,
    "audit": run_audit,
    "backup": backup.run_backup,
    "restore": backup.run_restore,
}


def main(words: list[str]) -> int:
    """The exit code: 0, 1 after a failure, 78 when a setting must change first."""
    try:
        return COMMANDS[words[0]](words[1:])
    except serve.ConfigurationError as error:
        print(error, file=sys.stderr, flush=True)
        return serve.EX_CONFIG
    except PermissionError as error:
        text = f"Je n’ai pas le droit d’écrire ou de lire {error.filename}. Choisissez un autre dossier avec --data"
        print(f"{text} ou PARVIS_DATA, ou corrigez ses droits.", file=sys.stderr, flush=True)
        return 1
    except (LaunchError, PostgresError, OSError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
