"""HTTP written by hand: a client that costs next to nothing, so that what is measured is the server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from dataclasses import dataclass
from typing import Any

CRLF2 = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """`sent` and `got`: seconds since 1970 of the request's last byte and of the whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent: float
    got: float

    def json(self) -> Any:
        return json.loads(self.body)


def head(method: str, path: str, length: int, headers: dict[str, str], host: str = "localhost") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        f"Content-Length: {length}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    return "\r\n".join(lines).encode() + CRLF2


def parse_head(raw: bytes) -> tuple[int, dict[str, str]]:
    first, *rest = raw.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in rest if ":" in line)
    return int(first.split()[1]), {name.strip().lower(): value.strip() for name, value in pairs}


class Line:
    """One kept connection, blocking."""

    def __init__(self, port: int, timeout: float = 120) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | memoryview = b"") -> Answer:
        self._socket.sendall(head(method, path, len(body), headers))
        if len(body):
            self._socket.sendall(body)
        return self.answer(time.time(), method)

    def answer(self, sent: float, method: str = "GET") -> Answer:
        raw = b""
        while CRLF2 not in raw:
            block = self._socket.recv(65536)
            if not block:
                raise ConnectionError("the server closed the connection")
            raw += block
        top, _, body = raw.partition(CRLF2)
        status, headers = parse_head(top)
        left = 0 if method == "HEAD" or status == 204 else int(headers.get("content-length", "0")) - len(body)
        while left > 0:
            block = self._socket.recv(65536)
            if not block:
                raise ConnectionError("the answer was cut")
            body += block
            left -= len(block)
        return Answer(status, headers, body, sent, time.time())

    def whole(self, request: bytes) -> int:
        """Bytes of the whole answer to a request, its head included."""
        self._socket.sendall(request)
        raw = b""
        while CRLF2 not in raw:
            raw += self._socket.recv(65536)
        top, _, body = raw.partition(CRLF2)
        length = int(parse_head(top)[1]["content-length"])
        while len(body) < length:
            body += self._socket.recv(65536)
        return len(top) + len(CRLF2) + length

    def requests(self, request: bytes, size: int, count: int) -> None:
        """The same request `count` times, one after the other; `size`: bytes of each whole answer."""
        send, receive = self._socket.sendall, self._socket.recv_into
        buffer = bytearray(max(65536, size))
        for _ in range(count):
            send(request)
            left = size
            while left:
                left -= receive(buffer, left)

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def post(port: int, path: str, headers: dict[str, str], body: bytes, within: float = 60) -> Answer:
    """One request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head("POST", path, len(body), {**headers, "Connection": "close"}) + body)
        await writer.drain()
        sent = time.time()
        async with asyncio.timeout(within):
            top = await reader.readuntil(CRLF2)
            status, found = parse_head(top[:-4])
            content = (
                await reader.readexactly(int(found["content-length"]))
                if "content-length" in found
                else await reader.read()
            )
        return Answer(status, found, content, sent, time.time())
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
