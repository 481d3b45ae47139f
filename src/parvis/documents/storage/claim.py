"""One writer at a time on one upload, without holding the database while a slow visitor sends."""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SUFFIX = ".writer"
SILENT_AFTER = 20.0
_UNKNOWN = "-"


class Busy(Exception):
    """Another request is writing this upload and moved less than 20 s ago."""


class Superseded(Exception):
    """This request fell silent and another one took its place: nothing more of it may be written."""


class Claim:
    """The right to write one upload.

    A lock held while reading from the network would outlive a dead connection for hours. So the right is a token in a
    file beside the upload: every write checks it under a short lock, and a writer silent for 20 s, or whose process is
    gone, may be replaced. Whoever was replaced can no longer touch a byte.
    """

    def __init__(self, path: Path) -> None:
        """Takes the claim. Raises Busy, FileNotFoundError."""
        self._path = path.with_name(path.name + SUFFIX)
        self._token = f"{os.getpid()} {_birth(os.getpid())} {secrets.token_hex(16)}".encode()
        self._data = os.open(path, os.O_RDWR)
        try:
            self._lock = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            os.close(self._data)
            raise
        try:
            with self._held():
                if (other := self._read()) and _moved_lately(self._lock) and _alive(other):
                    raise Busy
                os.ftruncate(self._lock, 0)
                os.pwrite(self._lock, self._token, 0)
        except BaseException:
            self._close()
            raise

    def length(self) -> int:
        """Bytes in the file, acknowledged or not."""
        return os.fstat(self._data).st_size

    def truncate(self, size: int) -> None:
        with self.mine():
            os.ftruncate(self._data, size)

    def write(self, block: bytes, offset: int) -> None:
        """Raises Superseded, OSError (no room)."""
        with self.mine():
            view = memoryview(block)
            while view:
                written = os.pwrite(self._data, view, offset)
                offset, view = offset + written, view[written:]

    def sync(self) -> None:
        os.fdatasync(self._data)

    def alive(self) -> None:
        with self.mine():
            pass

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Nobody can take the claim within the block: keep it short. Raises Superseded."""
        with self._held():
            if self._read() != self._token:
                raise Superseded
            os.utime(self._lock)
            yield

    def release(self) -> None:
        with self._held():
            if self._read() == self._token:
                os.ftruncate(self._lock, 0)
        self._close()

    def remove(self) -> None:
        """Give the claim up together with its file, when nobody will write this upload again."""
        with self.mine():
            self._path.unlink(missing_ok=True)
        self._close()

    def _read(self) -> bytes:
        return os.pread(self._lock, 100, 0)

    def _close(self) -> None:
        os.close(self._lock)
        os.close(self._data)

    @contextmanager
    def _held(self) -> Iterator[None]:
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)


def _moved_lately(descriptor: int) -> bool:
    return time.time() - os.fstat(descriptor).st_mtime < SILENT_AFTER


def _alive(token: bytes) -> bool:
    """Whether the process that wrote the token still runs. Where nothing can tell, its silence decides."""
    pid, birth = token.decode().split()[:2]
    return birth == _UNKNOWN or _birth(int(pid)) == birth


def _birth(pid: int) -> str:
    """When a process started, so that a number used again is not taken for it; empty for one that is dead."""
    if not Path("/proc/self/stat").exists():
        return _UNKNOWN
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]
