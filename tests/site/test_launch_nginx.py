"""ops/nginx.conf: the edge dates a seal when its last byte is in, and a visitor cannot forge that date."""

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

CONF = Path(__file__).resolve().parents[2] / "ops" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
FORGED = "X-Parvis-Received: 1.000\r\nX-Parvis-Edge: guess\r\n"


class _Upstream(BaseHTTPRequestHandler):
    """Notes what reaches Parvis: (path, headers, time at which the request came)."""

    seen: list[tuple[str, dict[str, str], float]]

    def do_POST(self) -> None:
        came = time.time()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, came))
        self.send_response(204)
        self.end_headers()

    def do_GET(self) -> None:
        """Hang up without a word, as a server that is killed."""

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def edge() -> Iterator[tuple[int, list[tuple[str, dict[str, str], float]]]]:
    """The sample, with TLS and the machine's paths taken out, in front of a server that takes notes."""
    if NGINX is None:
        pytest.skip("nginx is not on this machine")
    folder = Path(tempfile.mkdtemp(prefix="parvis-nginx-", dir="/tmp"))
    _Upstream.seen = []
    upstream = HTTPServer(("127.0.0.1", 0), _Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    port = _free_port()
    text = CONF.read_text(encoding="utf-8")
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("ssl_", "listen [::]")))
    for old, new in (
        ("server unix:/run/parvis/web.sock fail_timeout=0", f"server 127.0.0.1:{upstream.server_port}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port}"),
        ("listen 80;", f"listen 127.0.0.1:{_free_port()};"),
        ("<parvis.example>", "parvis.example"),
        ("<PARVIS_EDGE_SECRET>", "vouched"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/opt/parvis/ops", str(CONF.parent)),
    ):
        assert old in plain, old
        plain = plain.replace(old, new)
    (folder / "site.conf").write_text(plain, encoding="utf-8")
    places = "".join(f"{n}_temp_path {folder}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error; daemon off; master_process off;"
        f"events {{}} http {{ {places} include {folder}/site.conf; }}"
    )
    process = subprocess.Popen([NGINX, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    limit = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert process.poll() is None, (folder / "error").read_text()
            assert time.monotonic() < limit
            time.sleep(0.02)
    yield port, _Upstream.seen
    process.terminate()
    process.wait()
    upstream.shutdown()
    upstream.server_close()
    shutil.rmtree(folder)


def _post_slowly(port: int, path: str) -> tuple[str, float]:
    """Status line, and the time at which the last byte left; half of the body waits for 0.4 s."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: parvis.example\r\nContent-Length: 10\r\nConnection: close\r\n{FORGED}\r\n"
        )
        line.sendall(head.encode() + b"12345")
        time.sleep(0.4)
        last = time.time()
        line.sendall(b"67890")
        return line.makefile().readline().strip(), last


def test_a_seal_is_dated_once_whole(edge: tuple[int, list[tuple[str, dict[str, str], float]]]) -> None:
    port, seen = edge
    for path in ("/c/2026-F-012/deposer/sceller/", "/c/x/deposer/%73celler/?a=1"):
        status, last = _post_slowly(port, path)
        assert "204" in status
        _, headers, came = seen[-1]
        assert headers["x-parvis-edge"] == "vouched"
        assert abs(float(headers["x-parvis-received"]) - last) < 0.15
        assert came >= last


def test_elsewhere_no_date_passes_and_chunks_are_not_held_back(
    edge: tuple[int, list[tuple[str, dict[str, str], float]]],
) -> None:
    port, seen = edge
    for path, held in (("/c/consultations/x/deposer/televersements/1", False), ("/c/x/televersements/1", True)):
        _, last = _post_slowly(port, path)
        _, headers, came = seen[-1]
        assert not {"x-parvis-received", "x-parvis-edge"} & set(headers)
        assert (came >= last) is held


def test_a_seal_too_large_is_refused_at_the_edge(edge: tuple[int, list[tuple[str, dict[str, str], float]]]) -> None:
    port, _ = edge
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(b"POST /c/deposer/sceller/ HTTP/1.1\r\nHost: parvis.example\r\nContent-Length: 20000\r\n\r\n")
        assert " 413 " in line.makefile().readline()


def test_while_parvis_is_down_a_page_says_so(edge: tuple[int, list[tuple[str, dict[str, str], float]]]) -> None:
    port, _ = edge
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(b"GET /c/x/ HTTP/1.1\r\nHost: parvis.example\r\nConnection: close\r\n\r\n")
        said = line.makefile(encoding="utf-8").read()
    assert said.startswith("HTTP/1.1 502 ")
    assert "Le site ne répond pas" in said
    assert "Cache-Control: no-store" in said
