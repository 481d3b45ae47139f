"""tus behind the real web server: chunked transfers, cuts, kill -9, and constant memory."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parvis.documents import facade
from parvis.kit import scope
from tests.documents.tus_sender import OWNER, PART, SUBJECT, sum_of
from tests.world import an_authority

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
MIB = 1024 * 1024


class Server:
    def __init__(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.environment = environment
        self.authority_id = an_authority().id
        self.base = f"/{self.authority_id}/{OWNER}/{SUBJECT}/"
        self.start()

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--no-ws",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        command += [
            "--workers",
            "1",
            "--blocking-threads",
            "8",
            "--log-level",
            "warning",
            "tests.documents.tus_app:application",
        ]
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        for _ in range(200):
            try:
                if self.ask("OPTIONS", self.base)[0] == 204:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str]]:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Tus-Resumable": "1.0.0", **({"Content-Type": PART} if body is not None else {})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        wire.request(method, path, body, sent, encode_chunked="Transfer-Encoding" in sent)
        response = wire.getresponse()
        response.read()
        wire.close()
        return response.status, dict(response.getheaders())

    def create(self, size: int) -> str:
        status, headers = self.ask("POST", self.base, Upload_Length=str(size))
        assert status == 201
        return {key.lower(): value for key, value in headers.items()}["location"]

    def offset(self, url: str) -> int:
        return int({key.lower(): value for key, value in self.ask("HEAD", url)[1].items()}["upload-offset"])

    def bytes_of(self, url: str) -> bytes:
        with scope.authority(self.authority_id):
            return facade.upload_path(uuid.UUID(url.strip("/").split("/")[-1])).read_bytes()

    def worker_peak(self) -> int:
        """Most bytes of memory that any process of the server ever had."""
        peak = 0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                if os.getpgid(int(status.parent.name)) == self.process.pid:
                    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
                    peak = max(peak, int(lines["VmHWM"].split()[0]) * 1024)
            except (OSError, KeyError):
                continue
        return peak


@pytest.fixture
def server(postgres: Any, settings: Any) -> Iterator[Server]:
    root = Path(__file__).parent.parent.parent
    environment = {
        **os.environ,
        "PARVIS_ENV": "test",
        "PARVIS_DATABASE_URL": postgres.app,
        "PARVIS_DATA": str(settings.DATA),
        "PYTHONPATH": f"{root}/src:{root}",
    }
    found = Server(environment)
    yield found
    found.kill()


def test_a_chunked_transfer_arrives_whole(server: Server) -> None:
    body = os.urandom(3 * MIB)
    url = server.create(len(body))
    pieces = iter([body[:MIB], body[MIB:]])
    assert (
        server.ask("PATCH", url, pieces, Upload_Offset="0", Transfer_Encoding="chunked", Upload_Checksum=sum_of(body))[
            0
        ]
        == 204
    )
    assert server.bytes_of(url) == body


@pytest.mark.parametrize("with_sum", [False, True])
def test_a_connection_cut_in_a_part_loses_nothing(with_sum: bool, server: Server) -> None:
    body = os.urandom(2 * MIB)
    url = server.create(len(body))
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: "
        f"{PART}\r\nContent-Length: {len(body)}\r\n"
    )
    head += f"Upload-Checksum: {sum_of(body)}\r\n" if with_sum else ""
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        wire.sendall(head.encode() + b"\r\n" + body[:MIB])
        time.sleep(0.3)
    limit = time.monotonic() + 10
    status = 423
    while status in {409, 423} and time.monotonic() < limit:
        offset = server.offset(url)
        status = server.ask("PATCH", url, body[offset:], Upload_Offset=str(offset))[0]
        time.sleep(0.05)
    assert status == 204
    assert offset == 0 if with_sum else offset <= MIB
    assert server.bytes_of(url) == body


def test_a_server_killed_in_a_part_resumes_from_what_it_acknowledged(server: Server) -> None:
    body = os.urandom(4 * MIB)
    url = server.create(len(body))
    assert server.ask("PATCH", url, body[:MIB], Upload_Offset="0")[0] == 204
    with socket.create_connection(("127.0.0.1", server.port)) as wire:
        head = (
            f"PATCH {url} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: "
            f"{MIB}\r\nContent-Type: {PART}\r\nContent-Length: {3 * MIB}\r\n\r\n"
        )
        wire.sendall(head.encode() + b"wrong" * 100_000)
        time.sleep(0.3)
        server.kill()
    server.start()
    assert server.offset(url) == MIB
    assert server.ask("PATCH", url, body[MIB:], Upload_Offset=str(MIB))[0] == 204
    assert server.bytes_of(url) == body
    with scope.authority(server.authority_id):
        events = [(a.event, a.offset) for a in facade.attempts(SUBJECT)]
    assert events.count(("started", MIB)) == 2


def test_memory_stays_small_whatever_the_size(server: Server) -> None:
    before = server.worker_peak()
    size, part = 256 * MIB, os.urandom(8 * MIB)
    url = server.create(size)
    digest, given = hashlib.sha256(), sum_of(part)
    # One part of 128 MiB, then parts of 8 MiB.
    assert server.ask("PATCH", url, iter([part] * 16), Upload_Offset="0", Content_Length=str(128 * MIB))[0] == 204
    for offset in range(128 * MIB, size, 8 * MIB):
        assert server.ask("PATCH", url, part, Upload_Offset=str(offset), Upload_Checksum=given)[0] == 204
    for _ in range(32):
        digest.update(part)
    with scope.authority(server.authority_id):
        view = facade.upload_views(SUBJECT)[0]
    assert (view.complete, view.sha256) == (True, digest.hexdigest())
    assert server.worker_peak() - before < 64 * MIB
