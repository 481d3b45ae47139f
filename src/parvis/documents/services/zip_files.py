from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


def zip_files(entries: Iterable[tuple[str, UUID]]) -> ZipDownload:
    """ZIP of files of the authority in scope, as (name in the archive, id). Raises Refusal not_found, quarantined."""
    pairs = list(entries)
    known = {file.id: file for file in StoredFile.objects.filter(id__in=[file_id for _, file_id in pairs])}
    names = distinct_names(
        ["/".join(safe_name(part) for part in name.split("/") if part.strip(". ")) or "document" for name, _ in pairs]
    )
    archive = ZipStream(compress_type=ZIP_STORED, sized=True)
    for name, (_, file_id) in zip(names, pairs, strict=True):
        file = known.get(file_id)
        if file is None or file.scan == ScanState.INFECTED:
            readable(file_id)
        archive.add_path(storage().path(scope.current_authority(), file_id), arcname=name)
    return ZipDownload(len(archive), archive)
