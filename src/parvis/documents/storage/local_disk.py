import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

BLOCK = 256 * 1024
PART = ".part"


class TooLarge(Exception):
    """The stream has more bytes than allowed; nothing is kept of it."""


def is_full(error: OSError) -> bool:
    """Whether the disk, or our share of it, has no room left."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def storage() -> "LocalDisk":
    return LocalDisk(Path(settings.FILES))


class LocalDisk:
    """Files readable by the service alone (0600), durable (fsync of file and folder) before their name can be relied
    upon.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, authority_id: UUID, object_id: UUID) -> Path:
        """`<root>/<authority>/<two last digits of the id>/<id>`: the first ones tell the hour and would pile up in one
        folder.
        """
        return self._root / str(authority_id) / object_id.hex[-2:] / str(object_id)

    def free(self) -> int:
        """Bytes that may still be written."""
        self._make_folder(self._root)
        return shutil.disk_usage(self._root).free

    def create(self, authority_id: UUID, object_id: UUID) -> Path:
        """A durable empty file. Raises OSError."""
        path = self.path(authority_id, object_id)
        self._make_folder(path.parent)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _sync_folder(path.parent)
        return path

    def save(self, authority_id: UUID, object_id: UUID, blocks: Iterable[bytes], max_size: int) -> tuple[int, str]:
        """Write a whole file; answers its size and SHA-256 (hex). Raises TooLarge, OSError: then nothing is left."""
        path = self.path(authority_id, object_id)
        self._make_folder(path.parent)
        draft = path.with_name(path.name + PART)
        digest, size = hashlib.sha256(), 0
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0) as file:
                for block in blocks:
                    size += len(block)
                    if size > max_size:
                        raise TooLarge
                    digest.update(block)
                    _write_all(file.fileno(), block)
                os.fsync(file.fileno())
            os.rename(draft, path)
            _sync_folder(path.parent)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return size, digest.hexdigest()

    def open(self, authority_id: UUID, object_id: UUID) -> BinaryIO:
        return open(self.path(authority_id, object_id), "rb")

    def remove(self, authority_id: UUID, object_id: UUID) -> None:
        path = self.path(authority_id, object_id)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            _sync_folder(path.parent)

    def walk(self, authority_id: UUID) -> Iterator[Path]:
        """Every file kept for an authority, drafts and claims included."""
        folder = self._root / str(authority_id)
        if folder.is_dir():
            yield from (
                path for shelf in sorted(folder.iterdir()) if shelf.is_dir() for path in sorted(shelf.iterdir())
            )

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def hash_file(path: Path, alive: Callable[[], None]) -> str:
    """SHA-256 (hex) of a file in constant memory; calls `alive` about every 64 MiB."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(4 * BLOCK):
            digest.update(block)
            if file.tell() % (64 * 1024 * 1024) == 0:
                alive()
    return digest.hexdigest()


def _write_all(descriptor: int, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
