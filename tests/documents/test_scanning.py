"""clamd by its INSTREAM command, over a socket of either kind."""

import io
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from parvis.documents.scanning import Clamd, Verdict
from parvis.kit.errors import RetryLater


class FakeClamd(threading.Thread):
    def __init__(self, listener: socket.socket) -> None:
        super().__init__(daemon=True)
        self.listener, self.limit, self.answer, self.bodies = listener, 10**7, b"stream: OK\0", []

    def run(self) -> None:
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            with wire:
                self.talk(wire.makefile("rb"), wire)

    def talk(self, lines: io.BufferedReader, wire: socket.socket) -> None:
        assert lines.read(10) == b"zINSTREAM\0"
        body = b""
        while size := struct.unpack("!I", lines.read(4))[0]:
            body += lines.read(size)
            if len(body) > self.limit:
                wire.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.bodies.append(body)
        wire.sendall(self.answer)


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[FakeClamd, Clamd]]:
    if request.param == "unix":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(tmp_path / "c"))
        listener.listen()
        address = f"unix:{tmp_path / 'c'}"
    else:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
    server = FakeClamd(listener)
    server.start()
    yield server, Clamd(address)
    listener.close()


def test_the_whole_stream_reaches_it_and_its_verdict_comes_back(clamd: tuple[FakeClamd, Clamd]) -> None:
    server, scanner = clamd
    body = b"x" * 700_000
    assert scanner.scan(io.BytesIO(body)) == Verdict("clean")
    assert server.bodies == [body]
    server.answer = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
    assert scanner.scan(io.BytesIO(b"x")) == Verdict("infected", "Win.Test.EICAR_HDB-1")


def test_above_its_limit_a_file_is_not_checked(clamd: tuple[FakeClamd, Clamd]) -> None:
    server, scanner = clamd
    server.limit = 300_000
    assert scanner.scan(io.BytesIO(b"x" * 600_000)).state == "unchecked"


@pytest.mark.parametrize("answer", [b"", b"UNKNOWN COMMAND\0"])
def test_an_answer_that_says_nothing_is_tried_again(answer: bytes, clamd: tuple[FakeClamd, Clamd]) -> None:
    server, scanner = clamd
    server.answer = answer
    with pytest.raises(RetryLater):
        scanner.scan(io.BytesIO(b"x"))


def test_one_that_is_away_is_tried_again(tmp_path: Path) -> None:
    for address in (f"unix:{tmp_path / 'nothing'}", "127.0.0.1:1"):
        with pytest.raises(RetryLater, match="does not answer"):
            Clamd(address).scan(io.BytesIO(b"x"))
