from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.procurement.services.locking import locked_consultation
from parvis.procurement.states import ConsultationState


def cancel_draft(consultation_id: UUID, *, actor_id: UUID) -> None:
    """Gives up a consultation that was never published; its file stays. Raises Refusal (not_now) once published."""
    with transaction.atomic():
        consultation = locked_consultation(consultation_id, "cancel_draft")
        consultation.state = ConsultationState.CANCELLED
        consultation.save(update_fields=["state", "changed_at"])
        audit.record("consultation.cancelled", subject=consultation.id, actor=actor_id, data={})
