from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.models import OpeningSession, PublishedConsultation, Submission
from parvis.procurement.selectors.opening import sort_submissions, stage_done, stages


def _session(consultation_id: UUID, actor: UUID) -> OpeningSession:
    session: OpeningSession | None = (
        OpeningSession.objects.select_for_update()
        .filter(consultation_id=consultation_id, closed_at__isnull=True)
        .first()
    )
    if session is None:
        raise Refusal("no_session", _("La séance n’est pas ouverte, ou elle est close. Rechargez la page."))
    if session.chair_id != actor:
        raise Refusal("not_chair", _("Une autre personne préside cette séance\u202f: elle seule passe à la suite."))
    if not stage_done(session):
        raise Refusal("stage_not_done", _("Il reste des enveloppes à ouvrir à cette étape. Ouvrez-les toutes avant de continuer."))
    return session


@transaction.atomic
def next_stage(consultation_id: UUID, actor: UUID) -> str:
    """Go on to the next stage and return its name; the session's key is kept, shares are asked again. Raises Refusal at the last stage or before its end."""
    session = _session(consultation_id, actor)
    order = stages(session.consultation)
    position = order.index(session.stage) + 1
    if position == len(order):
        raise Refusal("last_stage", _("Toutes les étapes sont faites\u202f: vous pouvez clore la séance."))
    session.stage = order[position]
    session.save(update_fields=["stage"])
    audit.record("opening.stage", subject=consultation_id, actor=actor, data={"stage": session.stage})
    return str(session.stage)


@transaction.atomic
def close_opening(consultation_id: UUID, actor: UUID) -> OpeningSession:
    """End the session once every envelope to open has its result. Raises Refusal otherwise."""
    session = _session(consultation_id, actor)
    consultation = session.consultation
    if session.stage != stages(consultation)[-1]:
        raise Refusal("stages_left", _("Il reste une étape d’ouverture. Passez-y avant de clore la séance."))
    sorting = sort_submissions(consultation)
    Submission.objects.filter(id__in=[s.id for s in sorting.superseded], state="sealed").update(state="superseded")
    Submission.objects.filter(id__in=[s.id for s in sorting.late], state="sealed").update(state="late")
    session.closed_at = clock.now()
    session.save(update_fields=["closed_at"])
    consultation.state = "opened"
    consultation.save(update_fields=["state", "changed_at"])
    PublishedConsultation.objects.filter(id=consultation.id).update(state="opened")
    audit.record(
        "opening.closed",
        subject=consultation_id,
        actor=actor,
        data={"opened": len(sorting.to_open), "superseded": len(sorting.superseded), "late": len(sorting.late)},
    )
    return session
