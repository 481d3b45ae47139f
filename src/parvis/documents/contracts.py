"""What may cross the wall of the documents room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FileView:
    """A whole file. `size` in bytes, `sha256` hex, `scan` one of pending, clean, infected, unchecked, `scan_label` in
    French.
    """

    id: UUID
    name: str
    size: int
    sha256: str
    media_type: str
    scan: str
    scan_label: str


@dataclass(frozen=True, slots=True)
class UploadView:
    """Bytes that came by parts. `sha256` (hex) is empty until `complete`; a sealed upload is complete too."""

    id: UUID
    size: int
    offset: int
    sha256: str
    complete: bool
    sealed: bool
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One line of the trace of an upload, as the server saw it.

    `event` is created, started, received, refused or removed; `offset` and `received` are bytes; `retry` counts the
    earlier
    starts from the same offset; `client_clock` is what the visitor's machine said, if it said so.
    """

    upload_id: UUID | None
    event: str
    at: datetime
    offset: int
    received: int
    status: int
    code: str
    retry: int
    client_clock: datetime | None


@dataclass(frozen=True, slots=True)
class StorageReport:
    """Names of files no row knows, ids of rows whose bytes are missing or short, unfinished uploads untouched for 30
    days, drafts removed.
    """

    orphans: tuple[str, ...]
    missing: tuple[str, ...]
    stale: tuple[UUID, ...]
    swept: tuple[str, ...]
