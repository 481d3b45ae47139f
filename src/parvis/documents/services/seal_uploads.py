from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.documents.contracts import UploadView
from parvis.documents.models import Upload, UploadState
from parvis.documents.selectors import upload_view
from parvis.kit.errors import Refusal


def lock_uploads(ids: Iterable[UUID], *, owner_id: UUID, subject_id: UUID) -> list[UploadView]:
    """Those of the uploads that belong to this owner and subject, locked until the caller's transaction ends, in the
    order of `ids`.
    """
    wanted = list(ids)
    rows = Upload.objects.select_for_update().filter(id__in=wanted, owner_id=owner_id, subject_id=subject_id)
    found = {row.id: upload_view(row) for row in rows.exclude(state=UploadState.ABANDONED).order_by("id")}
    return [found[upload_id] for upload_id in wanted if upload_id in found]


def mark_sealed(ids: Iterable[UUID]) -> None:
    """These complete uploads are part of a submission from now on. Raises Refusal incomplete; then none is marked by a
    caller that rolls back.
    """
    wanted = set(ids)
    complete = Upload.objects.filter(id__in=wanted, state__in=[UploadState.COMPLETE, UploadState.SEALED])
    if complete.update(state=UploadState.SEALED) != len(wanted):
        raise Refusal("incomplete", _("Il manque des octets à un fichier. Reprenez l’envoi, puis scellez de nouveau."))
