from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, OpeningSession, PublishedConsultation
from parvis.procurement.selectors.opening import next_stage_of, stage_done
from parvis.procurement.services.settle_submissions import settle_submissions
from parvis.procurement.states import ConsultationState


def _session(consultation_id: UUID, actor: UUID) -> OpeningSession:
    """The running session, whose present stage is done, held with its consultation until commit.

    The consultation is taken FOR UPDATE: a seal under way lands before us and counts, the next one finds us closed.
    """
    Consultation.objects.select_for_update().get(id=consultation_id)
    session: OpeningSession | None = (
        OpeningSession.objects.select_for_update(of=("self",))
        .select_related("consultation")
        .filter(consultation_id=consultation_id, closed_at__isnull=True)
        .first()
    )
    if session is None:
        raise Refusal("no_session", _("La séance n’est pas ouverte, ou elle est close. Rechargez la page."))
    if session.chair_id != actor:
        raise Refusal("not_chair", _("Une autre personne préside cette séance\u202f: elle seule passe à la suite."))
    if not stage_done(session.consultation, session.stage):
        message = _("Il reste des enveloppes à ouvrir à cette étape. Ouvrez-les toutes avant de continuer.")
        raise Refusal("stage_not_done", message)
    return session


@transaction.atomic
def next_stage(consultation_id: UUID, actor: UUID) -> str:
    """Go on to the next stage with envelopes to open, and return its name.

    A stage has a session key of its own: the presiding browser makes a new one, shares are asked again. Raises Refusal
    before the stage's end, or when none is left.
    """
    session = _session(consultation_id, actor)
    stage = next_stage_of(session)
    if stage is None:
        raise Refusal("last_stage", _("Toutes les étapes sont faites\u202f: vous pouvez clore la séance."))
    session.stage, session.recipient = stage, ""
    session.save(update_fields=["stage", "recipient"])
    audit.record("opening.stage", subject=consultation_id, actor=actor, data={"stage": stage})
    return stage


@transaction.atomic
def close_opening(consultation_id: UUID, actor: UUID) -> OpeningSession:
    """End the session once every envelope to open has its result. Raises Refusal otherwise."""
    session = _session(consultation_id, actor)
    if next_stage_of(session) is not None:
        raise Refusal("stages_left", _("Il reste une étape d’ouverture. Passez-y avant de clore la séance."))
    consultation, now = session.consultation, clock.now()
    sorting = settle_submissions(consultation)
    session.closed_at = now
    session.save(update_fields=["closed_at"])
    consultation.state = ConsultationState.OPENED
    consultation.save(update_fields=["state", "changed_at"])
    PublishedConsultation.objects.filter(id=consultation.id).update(state=ConsultationState.OPENED)
    audit.record(
        "opening.closed",
        subject=consultation_id,
        actor=actor,
        at=now,
        data={"opened": len(sorting.to_open), "superseded": len(sorting.superseded), "late": len(sorting.late)},
    )
    return session
