"""`./parvis demo`, the second time: from the command to an address that answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from tests.bench.ground import ROOT, free_port
from tests.bench.measure import Line, Report, family

READY = "Parvis is ready: "
WITHIN = 240


def start(data: Path) -> tuple[float, subprocess.Popen[str]]:
    """Seconds to the ready line, and the demo that runs."""
    command = [sys.executable, str(ROOT / "parvis"), "demo", "--data", str(data), "--port", str(free_port())]
    begin = time.perf_counter()
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PARVIS_", "DJANGO_"))}
    demo = subprocess.Popen(
        command,
        cwd=ROOT,
        env=own,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    guard = threading.Timer(WITHIN, demo.kill)
    guard.start()
    said: list[str] = []
    assert demo.stdout is not None
    for line in demo.stdout:
        said.append(line)
        if line.startswith(READY):
            took = time.perf_counter() - begin
            guard.cancel()
            url = line.removeprefix(READY).strip()
            with urllib.request.urlopen(url, timeout=10) as answer:
                assert answer.status == 200
            return took, demo
    guard.cancel()
    pytest.fail("the demo did not start:\n" + "".join(said)[-3000:])


def stop(demo: subprocess.Popen[str]) -> float:
    """Seconds from Ctrl-C to the end; nothing it started is left."""
    children = family(demo.pid)[1:]
    begin = time.perf_counter()
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=30)
    took = time.perf_counter() - begin
    assert demo.returncode == 0
    assert not [child for child in children if child.is_running() and child.status() != "zombie"]
    return took


def test_second_start(report: Report, folder: Path) -> None:
    first, demo = start(folder / "data")
    stopping = stop(demo)
    again = []
    for _ in range(3):
        took, demo = start(folder / "data")
        again.append(took)
        stop(demo)
    second = sorted(again)[1]
    report(
        Line(
            "second start of ./parvis demo",
            f"{second:.1f} s (stops in {stopping:.1f} s)",
            f"5 s; the first took {first:.0f} s",
            second / 5,
            "≤ 1",
        )
    )
