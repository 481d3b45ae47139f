"""A consultation in one line, for pages of the room above."""

from uuid import UUID

from parvis.authorities.facade import authorities
from parvis.kit import scope
from parvis.procurement.contracts import ConsultationLine
from parvis.procurement.labels import status
from parvis.procurement.models import Consultation, PublishedConsultation


def consultation_line(consultation_id: UUID) -> ConsultationLine | None:
    """In the scope of its authority, at any stage; elsewhere once it is public. None when it may not be seen."""
    return next(iter(_lines(id=consultation_id)), None)


def group_consultations(group_id: UUID) -> list[ConsultationLine]:
    """Those of a joint procurement, the oldest first; drafts only in the scope of the authority that coordinates."""
    return _lines(group_id=group_id)


def _lines(**which: UUID) -> list[ConsultationLine]:
    own = Consultation.objects.filter(**which) if scope.authority_in_scope() else []
    found: dict[UUID, Consultation | PublishedConsultation] = {
        **{row.id: row for row in PublishedConsultation.objects.filter(**which)},
        **{row.id: row for row in own},
    }
    houses = {one.id: one for one in authorities({row.authority_id for row in found.values()})}
    # Identifiers are born in order.
    return [
        ConsultationLine(
            id=row.id, authority_id=row.authority_id, authority_slug=houses[row.authority_id].slug,
            authority_name=houses[row.authority_id].name, reference=row.reference, title=row.title, state=row.state,
            state_label=status(row.state, row.deadline).label, group_id=row.group_id, published_at=row.published_at,
            deadline=row.deadline, public_url="consultation" if row.published_at else "",
        )
        for row in sorted(found.values(), key=lambda one: one.id)
    ]  # fmt: skip
