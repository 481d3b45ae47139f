"""The documents of a consultation, with what the file store knows of them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.documents import facade as files
from parvis.procurement.models import Consultation, ProcurementDocument


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Size in bytes, SHA-256 in hex. `safe`: no virus was found in it (it may not have been looked at)."""

    id: UUID
    file_id: UUID
    name: str
    kind: str
    size: int
    sha256: str
    media_type: str
    safe: bool


def documents_of(consultation: Consultation) -> list[DocumentLine]:
    """In the buyer's order."""
    documents = list(ProcurementDocument.objects.filter(consultation=consultation).order_by("position", "id"))
    views = files.file_views([one.file_id for one in documents])
    lines = []
    for one in documents:
        view = views[one.file_id]
        lines.append(
            DocumentLine(
                one.id,
                one.file_id,
                one.title,
                one.kind,
                view.size,
                view.sha256,
                view.media_type,
                view.scan != "infected",
            )
        )
    return lines


def document_of(consultation: Consultation, document_id: UUID) -> ProcurementDocument:
    """Raises Http404 for a document of another consultation."""
    found: ProcurementDocument | None = ProcurementDocument.objects.filter(
        consultation=consultation, id=document_id
    ).first()
    if found is None:
        raise Http404(_("Ce document n’existe pas, ou n’est plus dans cette consultation."))
    return found
