from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from parvis.documents.contracts import AttemptView, FileView, UploadView
from parvis.documents.models import ScanState, StoredFile, Upload, UploadAttempt, UploadEvent, UploadState
from parvis.documents.storage import storage
from parvis.kit import scope


def file_view(file: StoredFile) -> FileView:
    label = str(ScanState(file.scan).label)
    return FileView(file.id, file.name, file.size, file.sha256, file.media_type, file.scan, label)


def upload_view(upload: Upload) -> UploadView:
    sealed = upload.state == UploadState.SEALED
    complete = sealed or upload.state == UploadState.COMPLETE
    return UploadView(upload.id, upload.size, upload.offset, upload.sha256, complete, sealed, dict(upload.metadata))


def file_views(ids: Iterable[UUID]) -> dict[UUID, FileView]:
    """Those of the files that the authority in scope has."""
    return {file.id: file_view(file) for file in StoredFile.objects.filter(id__in=list(ids))}


def upload_views(subject_id: UUID, *, owner_id: UUID | None = None) -> list[UploadView]:
    """Uploads for a subject that are not abandoned, oldest first; only those of `owner_id` if given."""
    found = (
        Upload.objects.filter(subject_id=subject_id).exclude(state=UploadState.ABANDONED).order_by("created_at", "id")
    )
    if owner_id is not None:
        found = found.filter(owner_id=owner_id)
    return [upload_view(upload) for upload in found]


def upload_path(upload_id: UUID) -> Path:
    """Where the bytes of an upload of the authority in scope lie. Complete only if its view says so."""
    return storage().path(scope.current_authority(), upload_id)


def file_path(file_id: UUID) -> Path:
    """Where the bytes of a whole file of the authority in scope lie, in quarantine or not: ask its view first."""
    return storage().path(scope.current_authority(), file_id)


def attempts(subject_id: UUID, *, owner_id: UUID | None = None) -> list[AttemptView]:
    """The trace of every try for a subject, in order of time; only those of `owner_id` if given."""
    rows = UploadAttempt.objects.filter(subject_id=subject_id)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    starts: Counter[tuple[UUID | None, int]] = Counter()
    found = []
    for row in rows:
        key = (row.upload_id, row.offset)
        retry = starts[key] if row.event == UploadEvent.STARTED else 0
        starts[key] += row.event == UploadEvent.STARTED
        line = (
            row.upload_id,
            row.event,
            row.at,
            row.offset,
            row.received,
            row.status,
            row.code,
            retry,
            row.client_clock,
        )
        found.append(AttemptView(*line))
    return found
