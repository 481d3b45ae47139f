from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.procurement.models import Consultation, Download
from parvis.procurement.models.registers import WHOLE

__all__ = ["WHOLE", "record_download"]


def record_download(
    consultation: Consultation,
    what: str,
    *,
    person_id: UUID | None = None,
    company_id: UUID | None = None,
    email: str = "",
) -> Download:
    """A line of the download register and its fact, before the first byte leaves: no line, no file.

    `what`: the name of the document, or WHOLE for all of them. Nobody need say who they are.
    """
    now = clock.now()
    with transaction.atomic():
        line: Download = Download.objects.create(
            consultation=consultation,
            what=what,
            documents_version=consultation.documents_version,
            company_id=company_id,
            person_id=person_id,
            email=email,
            at=now,
        )
        data = {"download": str(line.id), "what": what, "version": consultation.documents_version}
        if company_id:
            data["company"] = str(company_id)
        audit.record("documents.downloaded", subject=consultation.id, actor=person_id, at=now, data=data)
    return line
