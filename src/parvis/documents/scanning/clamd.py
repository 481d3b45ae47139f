import socket
import struct
from typing import BinaryIO

from parvis.documents.scanning.port import Verdict
from parvis.kit.errors import RetryLater

_BLOCK = 256 * 1024
CONNECT_TIMEOUT = 5.0
ANSWER_TIMEOUT = 120.0


class Clamd:
    """ClamAV's daemon by its INSTREAM command. `address` is `unix:/path` or `host:port`."""

    def __init__(self, address: str) -> None:
        self._address = address

    def scan(self, stream: BinaryIO) -> Verdict:
        try:
            with self._connect() as wire:
                return _read_verdict(self._ask(wire, stream))
        except OSError as error:
            raise RetryLater(f"clamd does not answer: {error}") from error

    def _connect(self) -> socket.socket:
        if self._address.startswith("unix:"):
            wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            wire.settimeout(CONNECT_TIMEOUT)
            try:
                wire.connect(self._address.removeprefix("unix:"))
            except OSError:
                wire.close()
                raise
        else:
            host, _, port = self._address.rpartition(":")
            wire = socket.create_connection((host.strip("[]"), int(port)), CONNECT_TIMEOUT)
        wire.settimeout(ANSWER_TIMEOUT)
        return wire

    @staticmethod
    def _ask(wire: socket.socket, stream: BinaryIO) -> str:
        wire.sendall(b"zINSTREAM\0")
        try:
            while block := stream.read(_BLOCK):
                wire.sendall(struct.pack("!I", len(block)) + block)
            wire.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It stops reading when the file is above its limit, and says so.
            pass
        answer = b""
        while not answer.endswith(b"\0") and (more := wire.recv(4096)):
            answer += more
        return answer.rstrip(b"\0").decode(errors="replace").strip()


def _read_verdict(answer: str) -> Verdict:
    found = answer.removeprefix("stream: ")
    if found == "OK":
        return Verdict("clean")
    if found.endswith(" FOUND"):
        return Verdict("infected", found.removesuffix(" FOUND"))
    if "size limit exceeded" in found:
        return Verdict("unchecked", "Fichier plus grand que la limite de l’antivirus.")
    raise RetryLater(f"clamd answered: {answer or 'nothing'}")
