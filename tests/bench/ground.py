"""A Parvis as `./parvis demo` runs it (two Granian workers, the worker, a durable PostgreSQL), and nginx beside it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from parvis.site.launch.commands import granian, manage, worker
from parvis.site.launch.postgres import Urls
from tests.bench.measure import family

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


@dataclass(frozen=True, slots=True)
class Ground:
    """`server` is the process id of Granian's leader; its workers are the children."""

    url: str
    port: int
    data: Path
    urls: Urls
    server: int

    def workers(self) -> list[psutil.Process]:
        """The processes that serve requests: the largest ones below the leader."""
        below = [process for process in family(self.server)[1:] if process.memory_info().rss > 40_000_000]
        assert below, "Granian has no worker"
        return below


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, within: float = 60) -> None:
    """Until the address answers anything at all. Fails the test with the log's end otherwise."""
    limit = time.monotonic() + within
    while time.monotonic() < limit and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} does not answer:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def running(
    command: tuple[str, ...] | list[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the length of the block; its output goes to `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **(environment or {})},
            cwd=ROOT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            for one in reversed(family(process.pid)):
                one.kill()
            process.wait()


def environment_of(urls: Urls, data: Path, url: str) -> dict[str, str]:
    """Settings of a demo: unlike the tests' own, they keep a pool of connections."""
    return {
        "PARVIS_ENV": "demo",
        "PARVIS_DATABASE_URL": urls.app,
        "PARVIS_DATABASE_OWNER_URL": urls.owner,
        "PARVIS_DATA": str(data),
        "PARVIS_PUBLIC_URL": url,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }


@contextmanager
def parvis(urls: Urls, data: Path) -> Iterator[Ground]:
    """Migrated and serving."""
    port = free_port()
    url = f"http://localhost:{port}"
    environment = environment_of(urls, data, url)
    subprocess.run(
        manage("migrate", "--verbosity", "0", "--no-input"), env={**os.environ, **environment}, cwd=ROOT, check=True
    )
    address = ("--host", "127.0.0.1", "--port", str(port))
    web = granian(address, 2, None, 5)
    with (
        running(web, data / "web.log", environment) as server,
        running(worker(), data / "worker.log", environment),
    ):
        wait_for(f"{url}/scellement/", server, data / "web.log")
        yield Ground(url, port, data, urls, server.pid)


@contextmanager
def nginx(folder: Path, servers: str, *, workers: int = 1) -> Iterator[int]:
    """nginx with these server blocks (`{folder}` stands for its own); gives the leader's process id."""
    if NGINX is None:
        pytest.skip("no nginx on this machine")
    for name in ("body", "proxy", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    who = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{who} daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; keepalive_requests 1000000; client_body_temp_path {folder}/body;"
        f" proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/proxy; uwsgi_temp_path {folder}/proxy;"
        f" scgi_temp_path {folder}/proxy; types {{ text/html html; }}\n{servers}\n}}\n"
    )
    with running([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], folder / "nginx.log") as process:
        time.sleep(0.3)
        assert process.poll() is None, (folder / "error.log").read_text() + (folder / "nginx.log").read_text()
        yield process.pid
