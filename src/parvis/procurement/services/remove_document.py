from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.procurement.selectors.documents import document_of
from parvis.procurement.services.locking import locked_consultation
from parvis.procurement.services.version_documents import version_documents


def remove_document(consultation_id: UUID, document_id: UUID, *, actor_id: UUID) -> str:
    """Takes a document out of a draft and returns its name. Once published a document stays: others were built on it.

    Raises Refusal (not_now), Http404.
    """
    with transaction.atomic():
        consultation = locked_consultation(consultation_id, "save_draft")
        document = document_of(consultation, document_id)
        name: str = document.title
        document.delete()
        data = {"document": str(document_id), "name": name, "version": version_documents(consultation)}
        audit.record("documents.removed", subject=consultation.id, actor=actor_id, data=data)
    return name
