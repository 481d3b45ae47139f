"""The gate that fetches a consultation: inside the authority in scope, and only in a state that the asker may see."""

from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from parvis.procurement.models import Consultation
from parvis.procurement.models.consultation import ConsultationState

PUBLIC_STATES = (
    ConsultationState.PUBLISHED,
    ConsultationState.OPENING,
    ConsultationState.OPENED,
    ConsultationState.AWARDED,
    ConsultationState.DISCONTINUED,
)


def consultation_for_desk(consultation_id: UUID) -> Consultation:
    """Raises Http404 when the authority in scope has no such consultation."""
    found: Consultation | None = Consultation.objects.filter(id=consultation_id).first()
    if found is None:
        raise Http404(_("Cette consultation n’existe pas, ou n’est pas celle de cette collectivité."))
    return found


def public_consultation(consultation_id: UUID) -> Consultation:
    """Raises Http404 for a draft, as for one that never was."""
    found: Consultation | None = Consultation.objects.filter(
        id=consultation_id, state__in=PUBLIC_STATES, published_at__isnull=False
    ).first()
    if found is None:
        raise Http404(
            _(
                "Cette consultation n’est pas publiée, ou ne l’est plus. "
                "La liste des consultations en cours vous aidera."
            )
        )
    return found


def deadline_of(consultation: Consultation) -> datetime:
    """The deadline (UTC) of a consultation that is or was public: the database lets none be without.

    Raises ValueError for a draft that has none yet.
    """
    if consultation.deadline is None:
        raise ValueError("a draft without a deadline was taken for a published consultation")
    return consultation.deadline
