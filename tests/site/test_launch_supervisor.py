"""The supervisor: children come back, stop in time, and never outlive it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from parvis.site.launch.supervisor import Child, Supervisor

# A child that itself has a child, as a web server has workers; the folder receives one file per process.
_FAMILY = """
import os, sys, time
child = os.fork()
open(os.path.join(sys.argv[1], str(os.getpid())), "w").close()
if len(sys.argv) > 2 and child:
    import signal
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    time.sleep(0.02)
    if child == 0 and os.getppid() == 1:
        sys.exit()
"""


def _until(true: Callable[[], bool], seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while not true():
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


def _alive(pid: int) -> bool:
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


def _pids(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir()]


def _family(folder: Path, *more: str) -> Child:
    return Child("La famille", (sys.executable, "-c", _FAMILY, str(folder), *more), folder.parent / "log")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pids").mkdir()
    return tmp_path / "pids"


@pytest.mark.fault
def test_a_dead_child_comes_back_and_its_own_children_go(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    supervisor = Supervisor([_family(folder)], {})
    supervisor.start()
    try:
        assert _until(lambda: len(_pids(folder)) == 2)
        first = _pids(folder)
        os.kill(supervisor.pids()["La famille"], signal.SIGKILL)
        assert _until(lambda: supervisor.watch() or len(_pids(folder)) == 4)  # type: ignore[func-returns-value]
        assert _until(lambda: not any(_alive(pid) for pid in first))
        assert supervisor.failures() == 1
        assert "code -9" in capfd.readouterr().err
    finally:
        supervisor.stop(2)
    assert _until(lambda: not any(_alive(pid) for pid in _pids(folder)))


@pytest.mark.fault
def test_a_child_deaf_to_sigterm_is_stopped_in_time(folder: Path) -> None:
    supervisor = Supervisor([_family(folder, "deaf")], {})
    supervisor.start()
    assert _until(lambda: len(_pids(folder)) == 2)
    time.sleep(0.1)
    start = time.monotonic()
    supervisor.stop(0.3)
    assert 0.25 < time.monotonic() - start < 2
    assert _until(lambda: not any(_alive(pid) for pid in _pids(folder)))


_OWNER = """
import sys, time
from pathlib import Path
from parvis.site.launch.supervisor import Child, Supervisor
Supervisor([Child("x", (sys.executable, "-c", sys.argv[2], sys.argv[1]))], {}).start()
time.sleep(60)
"""


@pytest.mark.fault
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal")
def test_a_killed_supervisor_leaves_no_orphan(folder: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(folder), _FAMILY],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")},
    )
    assert _until(lambda: len(_pids(folder)) == 2)
    owner.kill()
    owner.wait()
    assert _until(lambda: not any(_alive(pid) for pid in _pids(folder)))
