"""A mail server in this process."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest


class FakeSmtp(threading.Thread):
    """Speaks enough SMTP to take a letter, refuse it, or die at a chosen command."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.dies_at = self.refuses_at = ""
        self.refusal = b"550 5.1.1 no such mailbox\r\n"
        self.letters: list[str] = []

    def run(self) -> None:
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            with wire:
                self.talk(wire, wire.makefile("rb"))

    def talk(self, wire: socket.socket, lines: Any) -> None:
        wire.sendall(b"220 fake\r\n")
        for line in lines:
            verb = line.split()[0].decode().upper() if line.split() else ""
            if verb == self.dies_at:
                return
            if verb == self.refuses_at:
                wire.sendall(self.refusal)
            elif verb == "DATA":
                wire.sendall(b"354 go\r\n")
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += lines.readline()
                self.letters.append(body.decode())
                wire.sendall(b"250 taken\r\n")
            else:
                wire.sendall(b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n")


@pytest.fixture
def smtp(settings: Any) -> Iterator[FakeSmtp]:
    server = FakeSmtp()
    server.start()
    settings.MAIL_URL = f"smtp://127.0.0.1:{server.port}"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    yield server
    server.listener.close()
