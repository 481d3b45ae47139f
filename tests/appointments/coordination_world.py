"""What the tests of the coordination service stand on: a server that answers bytes by a script, and a bridge to the
stand-in that opens no socket.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from parvis.appointments import wire

Script = Callable[[socket.socket, str], None]


def reply(status: str, body: bytes | str, *headers: str) -> bytes:
    """A whole HTTP answer."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


class RawServer:
    """Plays one script a connection, the last for ever; keeps the head of each request as it came."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.heads: list[str] = []
        self.over = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def answers(self, *replies: bytes) -> None:
        """Each call in turn gets one of these, then the last again."""
        self.scripts = [lambda wire, head, one=one: wire.sendall(one) for one in replies]  # type: ignore[misc]

    @property
    def calls(self) -> list[tuple[str, str, dict[str, list[str]]]]:
        """Method, path and query of each request."""
        firsts = [head.split(" ")[:2] for head in self.heads]
        return [(method, urlsplit(at).path, parse_qs(urlsplit(at).query)) for method, at in firsts]

    def serve(self) -> None:
        while not self.over.is_set():
            try:
                wire, _address = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(wire,), daemon=True).start()

    def _one(self, wire: socket.socket) -> None:
        with wire:
            head = b""
            while b"\r\n\r\n" not in head and (more := wire.recv(65536)):
                head += more
            if not head:
                return
            script = self.scripts[min(len(self.heads), len(self.scripts) - 1)]
            self.heads.append(head.decode())
            try:
                script(wire, head.decode())
                wire.shutdown(socket.SHUT_WR)
            except OSError:
                return

    def close(self) -> None:
        self.over.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


@contextmanager
def raw_server() -> Iterator[RawServer]:
    server = RawServer()
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        server.close()


def through_the_client(method: str, url: str, headers: list[str], seconds: float) -> wire.Answer:
    """Takes the place of `wire.exchange`: the stand-in answers in this very process, in this very transaction."""
    at = urlsplit(url)
    sent = {name: value.strip() for name, _, value in (line.partition(":") for line in headers)}
    found = Client().generic(method, f"{at.path}?{at.query}", headers=sent)
    return wire.Answer(found.status_code, found.getvalue())
