"""Compare what lies on the disk with what the database knows. Whole bytes are evidence: they are listed, never removed
here.
"""

import logging
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from parvis.audit.facade import record
from parvis.documents.contracts import StorageReport
from parvis.documents.models import StoredFile, Upload, UploadState
from parvis.documents.storage import storage
from parvis.documents.storage.claim import SUFFIX
from parvis.documents.storage.local_disk import PART
from parvis.kit import clock, scope

log = logging.getLogger("parvis.documents")
STALE = timedelta(days=30)
# A younger file may belong to a transaction that has not committed.
YOUNG = timedelta(days=1)
LISTED = 100


def reconcile_storage(authority_id: UUID) -> StorageReport:
    """List orphans, missing bytes and stale uploads of one authority; remove old drafts and claims, which hold no
    acknowledged byte.

    What is missing or orphaned becomes a fact.
    """
    paths = list(storage().walk(authority_id))
    with scope.authority(authority_id):
        expected = dict(StoredFile.objects.values_list("id", "size"))
        kept = Upload.objects.exclude(state=UploadState.ABANDONED)
        expected |= dict(kept.values_list("id", "offset"))
        open_ids = {str(key) for key in kept.filter(state=UploadState.OPEN).values_list("id", flat=True)}
        stale = kept.filter(state=UploadState.OPEN, touched_at__lt=clock.now() - STALE)
        report = StorageReport(
            orphans=tuple(path.name for path in paths if _is_orphan(path, expected)),
            missing=tuple(str(key) for key, size in expected.items() if _size(authority_id, key) < size),
            stale=tuple(stale.values_list("id", flat=True)),
            swept=tuple(path.name for path in paths if _is_litter(path, open_ids)),
        )
        if report.orphans or report.missing:
            log.warning("storage of %s: %s orphans, %s missing", authority_id, len(report.orphans), len(report.missing))
            lists = {"orphans": list(report.orphans[:LISTED]), "missing": list(report.missing[:LISTED])}
            record("storage.reconciled", subject=authority_id, data={**lists, "orphan_count": len(report.orphans)})
    for path in paths:
        if path.name in report.swept:
            path.unlink(missing_ok=True)
    return report


def abandon_stale(subject_id: UUID) -> int:
    """Give up the unfinished uploads of a subject untouched for 30 days; answers how many.

    For the room that knows the subject to be over. Complete uploads stay, and so does the trace. In the scope of the
    caller.
    """
    with scope.authority(scope.current_authority()):
        rows = Upload.objects.select_for_update(skip_locked=True).filter(
            subject_id=subject_id, state=UploadState.OPEN, touched_at__lt=clock.now() - STALE
        )
        ids = list(rows.values_list("id", flat=True))
        Upload.objects.filter(id__in=ids).update(state=UploadState.ABANDONED)
        if ids:
            record("uploads.abandoned", subject=subject_id, data={"uploads": [str(upload_id) for upload_id in ids]})
    return len(ids)


def _is_orphan(path: Path, expected: dict[UUID, int]) -> bool:
    try:
        return UUID(path.name) not in expected and _is_old(path)
    except ValueError:
        return False


def _is_litter(path: Path, open_ids: set[str]) -> bool:
    """A draft that its writer left, or the claim on an upload that nobody can write any more."""
    return _is_old(path) and (path.suffix == PART or (path.suffix == SUFFIX and path.stem not in open_ids))


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > YOUNG.total_seconds()
    except FileNotFoundError:
        return False


def _size(authority_id: UUID, object_id: UUID) -> int:
    try:
        return storage().path(authority_id, object_id).stat().st_size
    except FileNotFoundError:
        return -1
