from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_time_long
from parvis.procurement.models import Attendance, Consultation, OpeningSession, PublishedConsultation
from parvis.procurement.selectors.consultations import deadline_of
from parvis.procurement.selectors.opening import stages
from parvis.procurement.services.settle_submissions import settle_submissions
from parvis.procurement.states import ConsultationState, allowed

# Requests stamped before the deadline have this long to reach the database.
LANDING = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Present:
    """Someone at the session; `person_id` when they have an account."""

    name: str
    quality: str
    person_id: UUID | None = None


@transaction.atomic
def start_opening(consultation_id: UUID, chair: UUID, present: tuple[Present, ...]) -> OpeningSession:
    """Open the board's session. Takes the consultation FOR UPDATE, so it waits for every seal under way.

    Raises Refusal before the deadline and its landing time, when a session exists, or with nobody present.
    """
    consultation = Consultation.objects.select_for_update().get(id=consultation_id)
    if not allowed(ConsultationState(consultation.state), "start_opening"):
        message = _("L’ouverture a déjà commencé, ou la consultation n’est pas publiée. Rechargez la page.")
        raise Refusal("not_published", message)
    deadline, now = deadline_of(consultation), clock.now()
    if now < deadline + LANDING:
        message = _(
            "Aucun pli ne s’ouvre avant la date limite\u202f: %(when)s. Revenez à cette heure-là\u202f; "
            "trente secondes de plus laissent arriver les derniers plis."
        )
        raise Refusal("too_early", message % {"when": date_time_long(deadline)})
    if not present:
        raise Refusal("nobody", _("Notez au moins une personne présente."), field="present")
    session = cast(
        OpeningSession,
        OpeningSession.objects.create(
            consultation=consultation, stage=stages(consultation)[0], chair_id=chair, started_at=now
        ),
    )
    for one in present:
        Attendance.objects.create(session=session, person_id=one.person_id, name=one.name, quality=one.quality)
    consultation.state = ConsultationState.OPENING
    consultation.save(update_fields=["state", "changed_at"])
    PublishedConsultation.objects.filter(id=consultation.id).update(state=ConsultationState.OPENING)
    sorting = settle_submissions(consultation)
    audit.record(
        "opening.started",
        subject=consultation.id,
        actor=chair,
        at=now,
        data={
            "present": [{"name": p.name, "quality": p.quality} for p in present],
            "to_open": [str(s.id) for s in sorting.to_open],
            "superseded": [str(s.id) for s in sorting.superseded],
            "late": [str(s.id) for s in sorting.late],
        },
    )
    return session
