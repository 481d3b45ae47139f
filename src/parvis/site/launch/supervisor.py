"""Keeps children alive: restarts the one that dies, later each time, and stops them all in time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from parvis.site.launch.folders import LaunchError
from parvis.site.launch.processes import die_with_parent

_LONGEST_WAIT = 30.0
_HEALTHY_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep alive. `label` is French, with its article; `log` None writes to our own output."""

    label: str
    command: tuple[str, ...]
    log: Path | None = None


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    restart_at: float = 0.0


class StopSignal:
    """True once SIGINT or SIGTERM arrived; install it before starting anything that must be stopped."""

    def __init__(self) -> None:
        self.received = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._receive)

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        self.received = True

    def __bool__(self) -> bool:
        return self.received


class Supervisor:
    """Each child leads its own process group, so that what it forked ends with it, and dies with this process."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str]) -> None:
        self._running = [_Running(child) for child in children]
        self._environment = {**os.environ, **environment}

    def start(self) -> None:
        for running in self._running:
            self._launch(running)

    def restart(self, environment: Mapping[str, str]) -> None:
        """Start again, after `stop`, with some variables changed."""
        self._environment |= environment
        self.start()

    def pids(self) -> dict[str, int]:
        """Label to process id of the children alive now."""
        return {r.child.label: r.process.pid for r in self._running if r.process and r.process.poll() is None}

    def failures(self) -> int:
        """Deaths of children since each last ran for a minute."""
        return sum(running.failures for running in self._running)

    def watch(self) -> None:
        """One look: notice deaths, restart what is due."""
        now = time.monotonic()
        for running in self._running:
            if running.process is None:
                if now >= running.restart_at:
                    self._launch(running)
            elif running.process.poll() is not None:
                self._note_death(running, now)

    def watch_until(self, stop: StopSignal, also: Callable[[], None] = lambda: None) -> None:
        """Until the signal; `also` is called five times a second too."""
        while not stop:
            self.watch()
            also()
            time.sleep(0.2)

    def stop(self, patience: float) -> None:
        """SIGTERM to all at once, SIGKILL to whole groups after `patience` seconds."""
        alive = [running.process for running in self._running if running.process is not None]
        for process in alive:
            if process.poll() is None:
                process.terminate()
        limit = time.monotonic() + patience
        for process in alive:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, limit - time.monotonic()))
        for process in alive:
            _kill_group(process.pid)
            process.wait()
        for running in self._running:
            running.process = None

    def _launch(self, running: _Running) -> None:
        child = running.child
        try:
            log = open(child.log, "ab") if child.log else None  # noqa: SIM115
        except OSError as error:
            raise LaunchError(f"Je ne peux pas écrire le journal {child.log} : {error.strerror}.") from error
        try:
            running.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT if log else None,
                env=self._environment,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        finally:
            if log:
                log.close()
        running.started = time.monotonic()

    def _note_death(self, running: _Running, now: float) -> None:
        assert running.process is not None
        _kill_group(running.process.pid)
        code = running.process.returncode
        running.process = None
        running.failures = 1 if now - running.started > _HEALTHY_AFTER else running.failures + 1
        wait = min(_LONGEST_WAIT, 0.5 * 2 ** (running.failures - 1))
        running.restart_at = now + wait
        where = f" Journal : {running.child.log}" if running.child.log else ""
        text = f"{running.child.label} s’est arrêté (code {code}) ; nouvel essai dans {wait:g} s.{where}"
        print(text, file=sys.stderr, flush=True)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
