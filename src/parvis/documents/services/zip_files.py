from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from zipstream import ZIP_STORED, ZipStream

from parvis.documents.models import ScanState, StoredFile
from parvis.documents.rules import distinct_names, safe_name
from parvis.documents.services.open_file import readable
from parvis.documents.storage import storage
from parvis.kit import scope


@dataclass(frozen=True, slots=True)
class ZipDownload:
    """A ZIP read from the disk as it is sent. `size` in bytes is exact, for Content-Length; needs no database."""

    size: int
    stream: ZipStream

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.stream)


def zip_files(entries: Iterable[tuple[str, UUID | Path | bytes]]) -> ZipDownload:
    """ZIP of (name in the archive, content): a file of the authority in scope by its id, one by its path, or bytes.

    Raises Refusal not_found, quarantined; FileNotFoundError for a path.
    """
    pairs = list(entries)
    known = StoredFile.objects.in_bulk([content for _, content in pairs if isinstance(content, UUID)])
    names = distinct_names(
        ["/".join(safe_name(part) for part in name.split("/") if part.strip(". ")) or "document" for name, _ in pairs]
    )
    archive = ZipStream(compress_type=ZIP_STORED, sized=True)
    for name, (_, content) in zip(names, pairs, strict=True):
        if isinstance(content, bytes):
            archive.add(content, arcname=name)
        elif isinstance(content, Path):
            archive.add_path(content, arcname=name)
        else:
            file = known.get(content)
            if file is None or file.scan == ScanState.INFECTED:
                readable(content)
            archive.add_path(storage().path(scope.current_authority(), content), arcname=name)
    return ZipDownload(len(archive), archive)
