"""What every bench needs: its size, a clock on processes, and one printed line."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Size:
    """How much each bench does. Files in MiB; `window` and `patience` in seconds."""

    sealed_file: int
    uploaded_file: int
    deposits: int
    window: float
    slow_clients: int
    big_uploads: int
    big_upload: int
    pages: int
    decrypted: int
    leaves: int
    patience: int


SMALL = Size(
    sealed_file=256, uploaded_file=256, deposits=500, window=25, slow_clients=50, big_uploads=2, big_upload=64,
    pages=1500, decrypted=128, leaves=100_000, patience=240,
)  # fmt: skip
FULL = Size(
    sealed_file=1024, uploaded_file=1024, deposits=2000, window=60, slow_clients=200, big_uploads=20, big_upload=500,
    pages=10_000, decrypted=1024, leaves=1_000_000, patience=1500,
)  # fmt: skip
SIZE = FULL if os.environ.get("PARVIS_BENCH_SIZE", "small") == "full" else SMALL


@dataclass(frozen=True, slots=True)
class Line:
    """`measured` and `limit` are figures with their units; the ratio is what is judged, by people, against `aim`."""

    name: str
    measured: str
    limit: str
    ratio: float
    aim: str

    def __str__(self) -> str:
        load = os.getloadavg()[0]
        figures = f"{self.name:<34} {self.measured:<30} limit {self.limit:<46}"
        return f"{figures} ratio {self.ratio:<7.3g} aim {self.aim:<22} load {load:.1f}"


Report = Callable[[Line], None]


def seconds(act: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def cpu_seconds(act: Callable[[], object]) -> float:
    """CPU seconds of this process during one call."""
    start = time.process_time()
    act()
    return time.process_time() - start


def quantile(values: Iterable[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def family(pid: int) -> list[psutil.Process]:
    """A process and all it started that is still alive."""
    try:
        leader = psutil.Process(pid)
        return [leader, *leader.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_of(pid: int) -> float:
    """CPU seconds so far of a process and of its living descendants."""
    total = 0.0
    for process in family(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def anonymous_mib(pid: int) -> float:
    """Memory in MiB that a process holds for itself: neither its programs nor the files it reads."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            kept = dict(line.split(":", 1) for line in status)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(kept.get("RssAnon", "0 kB").split()[0]) + int(kept.get("RssShmem", "0 kB").split()[0])) / 1024


@dataclass
class Peak:
    """`highest` MiB seen, `before` those at the start."""

    before: float = 0.0
    highest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def growth(self) -> float:
        return self.highest - self.before


@contextmanager
def watching(read: Callable[[], float], every: float = 0.1) -> Iterator[Peak]:
    """Samples a memory figure while the block runs."""
    peak = Peak(before=read())
    peak.highest = peak.before

    def look() -> None:
        while not peak._stop.wait(every):
            peak.highest = max(peak.highest, read())

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        peak._stop.set()
        watcher.join()
        peak.highest = max(peak.highest, read())
