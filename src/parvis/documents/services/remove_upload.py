from uuid import UUID

from django.utils.translation import gettext as _

from parvis.documents.models import Upload, UploadEvent, UploadState
from parvis.documents.services.receive_part import owned_upload
from parvis.documents.services.trace_attempt import Visitor, trace_attempt
from parvis.documents.storage import storage
from parvis.kit import scope
from parvis.kit.errors import Refusal


def remove_upload(visitor: Visitor, upload_id: UUID) -> None:
    """Its author takes it back before it is sealed. Raises Refusal not_found, gone, sealed."""
    with scope.authority(visitor.authority_id):
        owned_upload(visitor, upload_id)
        upload = Upload.objects.select_for_update().get(id=upload_id)
        if upload.state == UploadState.SEALED:
            raise Refusal(
                "sealed",
                _(
                    "Ce fichier fait partie d’un pli déposé\u202f: il ne peut plus être retiré. Vous "
                    "pouvez déposer un nouveau pli, qui le remplacera."
                ),
            )
        upload.state = UploadState.ABANDONED
        upload.save(update_fields=["state", "touched_at"])
        trace_attempt(visitor, UploadEvent.REMOVED, upload_id, offset=upload.offset, status=204)
    # After the commit: a crash here leaves an orphan, which the reconciler lists.
    storage().remove(visitor.authority_id, upload_id)
