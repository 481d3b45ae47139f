"""RFC 3161: the local authority of the demo, and one by HTTP with its ways of failing."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from parvis.audit import facade
from parvis.kit import clock
from parvis.kit.errors import Permanent, RetryLater
from parvis.sealing.local_tsa import LocalTsa
from parvis.sealing.timestamp import load_roots, verify_response

DIGEST = hashlib.sha256(b"receipt").digest()


def test_the_local_authority_keeps_its_keys_and_is_said_unqualified(settings: Any) -> None:
    first, second = facade.timestamp(DIGEST), facade.timestamp(DIGEST)
    assert first.qualified is second.qualified is False
    assert "démonstration" in first.authority
    path = settings.DATA / "keys" / "tsa" / "local.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    root = LocalTsa.from_pem(path.read_bytes()).root
    assert verify_response(second.token, DIGEST, roots=[root]).imprint == DIGEST


class _Tsa(BaseHTTPRequestHandler):
    answer: Any = 200
    tsa = LocalTsa.create("Autorité d’essai", clock.now())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/timestamp-query"
        status = self.answer if isinstance(self.answer, int) else 200
        payload = self.answer if isinstance(self.answer, bytes) else self.tsa.respond(body, clock.now())
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def tsa(settings: Any, tmp_path: Any) -> Iterator[type[_Tsa]]:
    server = HTTPServer(("127.0.0.1", 0), _Tsa)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings.TSA_URL = f"http://127.0.0.1:{server.server_port}/"
    roots = tmp_path / "roots.pem"
    roots.write_bytes(_Tsa.tsa.root_pem)
    settings.TSA_ROOTS = str(roots)
    _Tsa.answer = 200
    yield _Tsa
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_authority_by_http_is_verified_to_its_root(tsa: type[_Tsa]) -> None:
    token = facade.timestamp(DIGEST)
    assert "Autorité d’essai" in token.authority
    assert verify_response(token.token, DIGEST, roots=load_roots(tsa.tsa.root_pem)).time == token.at


@pytest.mark.parametrize(
    ("answer", "error"), [(503, RetryLater), (429, RetryLater), (400, Permanent), (b"not DER", RetryLater)]
)
def test_failures_say_whether_to_try_again(answer: Any, error: type[Exception], tsa: type[_Tsa]) -> None:
    tsa.answer = answer
    with pytest.raises(error):
        facade.timestamp(DIGEST)


def test_a_root_that_is_not_ours_is_refused(tsa: type[_Tsa], settings: Any, tmp_path: Any) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(LocalTsa.create("Autre", clock.now()).root_pem)
    settings.TSA_ROOTS = str(other)
    with pytest.raises(RetryLater, match="not accepted"):
        facade.timestamp(DIGEST)


def test_an_authority_that_is_away_is_tried_again(settings: Any) -> None:
    settings.TSA_URL = "http://127.0.0.1:1/"
    with pytest.raises(RetryLater, match="does not answer"):
        facade.timestamp(DIGEST)
    settings.TSA_URL, settings.LOCAL = "", False
    with pytest.raises(RetryLater, match="PARVIS_TSA_URL"):
        facade.timestamp(DIGEST)
