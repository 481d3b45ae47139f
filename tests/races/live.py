"""A real server on loopback for the races and the faults: Granian alone, or behind nginx with our own sample."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from parvis.site.launch.commands import granian, worker
from parvis.site.launch.postgres import Urls
from parvis.site.launch.processes import die_with_parent

CONF = Path(__file__).resolve().parents[2] / "ops" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
EDGE_SECRET = "vouched-for-by-the-edge"
HOST = "parvis.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 40.0) -> None:
    limit = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, log.read_text(errors="replace")[-3000:]
            assert time.monotonic() < limit, f"nothing listens on {port} after {seconds} s"
            time.sleep(0.05)


@dataclass
class Live:
    """Processes of one Parvis: `data` is its folder, `urls` its database. Each is started and killed by itself."""

    data: Path
    urls: Urls
    workers: int = 2
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    web: subprocess.Popen[bytes] | None = None
    jobs: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PARVIS_", "PG"))}
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            "PARVIS_ENV": "demo",
            "PARVIS_DATA": str(self.data),
            "PARVIS_DATABASE_URL": self.urls.app,
            "PARVIS_DATABASE_OWNER_URL": self.urls.owner,
            "PARVIS_HOSTS": HOST,
            "PARVIS_EDGE_SECRET": EDGE_SECRET,
            **self.more,
        }

    def start_web(self) -> None:
        address = ("--host", "127.0.0.1", "--port", str(self.port))
        self.web = self._start(granian(address, self.workers, None, 2), "web.log")

    def start_jobs(self) -> None:
        self.jobs = self._start(worker(), "jobs.log")

    def watch(self) -> None:
        """What the supervisor does: Granian gives up when its workers die twice within seconds."""
        if self.web is not None and self.web.poll() is not None:
            self.start_web()

    def wait(self, seconds: float = 40.0) -> None:
        assert self.web
        wait_for(self.port, self.web, self.data / "web.log", seconds)

    def _start(self, command: tuple[str, ...], log: str) -> subprocess.Popen[bytes]:
        with open(self.data / log, "ab") as output:
            return subprocess.Popen(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    @staticmethod
    def kill(process: subprocess.Popen[bytes] | None) -> None:
        """kill -9 of a process and all of its children (the server's workers are in its group)."""
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        self.kill(self.web)
        self.kill(self.jobs)


@contextmanager
def nginx(upstream: int) -> Iterator[int]:
    """ops/nginx.conf, with TLS and the machine's paths taken out, in front of a server; gives its port."""
    assert NGINX
    folder = Path(tempfile.mkdtemp(prefix="parvis-nginx-", dir="/tmp"))
    port = free_port()
    text = CONF.read_text(encoding="utf-8")
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("ssl_", "listen [::]")))
    for old, new in (
        ("server unix:/run/parvis/web.sock fail_timeout=0", f"server 127.0.0.1:{upstream} fail_timeout=0"),
        ("listen 443 ssl", f"listen 0.0.0.0:{port}"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("<parvis.example>", HOST),
        ("<PARVIS_EDGE_SECRET>", EDGE_SECRET),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert old in plain, old
        plain = plain.replace(old, new)
    (folder / "site.conf").write_text(plain, encoding="utf-8")
    places = "".join(f"{n}_temp_path {folder}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error; daemon off; master_process off;"
        f"events {{ worker_connections 2048; }} http {{ {places} include {folder}/site.conf; }}"
    )
    process = subprocess.Popen([NGINX, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process, folder / "error", 10)
        yield port
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)
