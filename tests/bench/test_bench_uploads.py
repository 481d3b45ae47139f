"""Receiving: our tus server against nginx writing the same bytes, and against dd with the same sync."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from parvis.documents.models import Upload
from parvis.documents.storage import storage
from parvis.kit import scope
from tests.bench.ground import Ground, free_port, nginx
from tests.bench.measure import MIB, SIZE, Line, Report, anonymous_mib, cpu_of, watching
from tests.bench.wire import Line as Connection
from tests.bench.world import CSRF, Sealable, Visitor, a_house, a_visitor, published

PART = 8 * MIB
TUS = {"Tus-Resumable": "1.0.0", "X-CSRFToken": CSRF}


@dataclass(frozen=True, slots=True)
class Sent:
    """One file sent in parts of 8 MiB: wall-clock and server CPU seconds for all of it."""

    wall: float
    cpu: float

    def speed(self, mib: int) -> float:
        return mib / self.wall


def send_to_parvis(
    ground: Ground, where: Sealable, visitor: Visitor, parts: list[bytes], *, checksum: bool
) -> tuple[Sent, UUID]:
    headers = {**TUS, "Cookie": visitor.cookie}
    digests = [base64.b64encode(hashlib.sha256(part).digest()).decode() for part in parts]
    with Connection(ground.port) as line:
        made = line.ask(
            "POST", f"{where.deposit}televersements/", {**headers, "Upload-Length": str(sum(map(len, parts)))}
        )
        assert made.status == 201, made.body
        location = made.headers["location"]
        start, cpu, offset = time.perf_counter(), cpu_of(ground.server), 0
        for part, digest in zip(parts, digests, strict=True):
            more = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            if checksum:
                more["Upload-Checksum"] = f"sha256 {digest}"
            answer = line.ask("PATCH", location, {**headers, **more}, part)
            offset += len(part)
            assert (answer.status, answer.headers.get("upload-offset")) == (204, str(offset)), answer.body
        return Sent(time.perf_counter() - start, cpu_of(ground.server) - cpu), UUID(
            location.rstrip("/").rsplit("/", 1)[1]
        )


def check_kept(where: Sealable, upload_id: UUID, content_hash: str, size: int) -> None:
    """Nothing lost, nothing wrong: the row, its hash, and the bytes on the disk."""
    with scope.authority(where.authority.id):
        row = Upload.objects.get(id=upload_id)
        kept = storage().path(where.authority.id, upload_id)
        assert (row.size, row.offset, row.state, row.sha256) == (size, size, "complete", content_hash)
    with kept.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == content_hash


def send_to_nginx(folder: Path, parts: list[bytes]) -> Sent:
    """nginx writes each body to a file of its own, without sync, and hands nothing on."""
    port, behind = free_port(), free_port()
    servers = (
        f"server {{ listen 127.0.0.1:{behind}; location / {{ return 204; }} }}\n"
        f"server {{ listen 127.0.0.1:{port}; client_max_body_size 0; client_body_buffer_size 64k; location / {{"
        f" client_body_in_file_only on; proxy_pass_request_body off; proxy_set_header Content-Length '';"
        f" proxy_pass http://127.0.0.1:{behind}; }} }}"
    )
    with nginx(folder, servers) as pid, Connection(port) as line:
        start, cpu = time.perf_counter(), cpu_of(pid)
        for part in parts:
            assert line.ask("PUT", "/x", {}, part).status == 204
        sent = Sent(time.perf_counter() - start, cpu_of(pid) - cpu)
    written = [path for path in (folder / "body").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in written) == sum(map(len, parts))
    for path in written:
        path.unlink()
    return sent


def copy_with_dd(folder: Path, source: Path) -> float:
    """Seconds of dd writing the file by 8 MiB, each synced before the next."""
    target = folder / "dd"
    start = time.perf_counter()
    subprocess.run(["dd", f"if={source}", f"of={target}", "bs=8M", "oflag=dsync", "status=none"], check=True)
    took = time.perf_counter() - start
    assert target.stat().st_size == source.stat().st_size
    target.unlink()
    return took


@pytest.fixture
def content(folder: Path) -> tuple[Path, list[bytes], str]:
    """A file of random bytes, its parts and its SHA-256."""
    parts = [os.urandom(PART) for _ in range(SIZE.uploaded_file * MIB // PART)]
    path = folder / "content"
    path.write_bytes(b"".join(parts))
    return path, parts, hashlib.sha256(path.read_bytes()).hexdigest()


def test_uploads(ground: Ground, report: Report, folder: Path, content: tuple[Path, list[bytes], str]) -> None:
    source, parts, content_hash = content
    mib, where, visitor = SIZE.uploaded_file, published(a_house()), a_visitor()
    plain: list[Sent] = []
    checked: list[Sent] = []
    other: list[Sent] = []
    copied: list[float] = []
    send_to_parvis(ground, where, visitor, parts[:1], checksum=True)
    workers = [process.pid for process in ground.workers()]
    with watching(lambda: max(anonymous_mib(pid) for pid in workers)) as memory:
        for _ in range(2):
            copied.append(copy_with_dd(folder, source))
            for kept, checksum in ((plain, False), (checked, True)):
                sent, upload_id = send_to_parvis(ground, where, visitor, parts, checksum=checksum)
                check_kept(where, upload_id, content_hash, mib * MIB)
                storage().remove(where.authority.id, upload_id)
                kept.append(sent)
            other.append(send_to_nginx(folder / "nginx", parts))
    say(report, mib, plain, checked, other, copied)
    growth = memory.growth
    report(
        Line(
            "upload, memory of a worker",
            f"+{growth:.0f} MiB ({memory.highest:.0f} at most)",
            f"{PART // MIB} MiB (one part)",
            growth / (PART / MIB),
            "≤ 64 MiB more",
        )
    )


def say(
    report: Report, mib: int, plain: list[Sent], checked: list[Sent], other: list[Sent], copied: list[float]
) -> None:
    ours, whole = (min(sent.wall for sent in some) for some in (plain, checked))
    free, synced = min(sent.wall for sent in other), min(copied)
    name = f"upload of {mib} MiB"
    report(
        Line(
            f"{name}, durable",
            f"{mib / ours:.0f} MiB/s",
            f"{mib / synced:.0f} MiB/s (dd, same sync)",
            synced / ours,
            "≥ 0.8",
        )
    )
    report(
        Line(
            f"{name}, checked too",
            f"{mib / whole:.0f} MiB/s",
            f"{mib / synced:.0f} MiB/s (dd, same sync)",
            synced / whole,
            "≥ 0.6",
        )
    )
    report(
        Line(
            f"{name}, durable",
            f"{mib / ours:.0f} MiB/s",
            f"{mib / free:.0f} MiB/s (nginx, never synced)",
            free / ours,
            "printed",
        )
    )
    theirs = min(sent.cpu for sent in other) * 1024 / mib
    for label, some, aim in (("plain", plain, "≤ 1.0 CPU-s/GiB"), ("SHA-256 of each part", checked, "≤ 1.8 CPU-s/GiB")):
        cost = min(sent.cpu for sent in some) * 1024 / mib
        report(Line(f"upload, {label}", f"{cost:.2f} CPU-s/GiB", f"{theirs:.2f} CPU-s/GiB (nginx)", theirs / cost, aim))
