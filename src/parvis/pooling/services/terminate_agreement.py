from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementState, SharingAgreement
from parvis.pooling.rules.agreement import end_at_once
from parvis.pooling.selectors.agreements import parties
from parvis.pooling.selectors.today import today
from parvis.pooling.services.hold_agreement import hold_agreement, set_access
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_side import tell_side


def terminate_agreement(agreement_id: UUID, *, reason: str, actor_id: UUID | None = None) -> SharingAgreement:
    """End an agreement at once, without notice, as the agglomeration may; the commune reads on from this day.

    Raises Refusal not_the_agglomeration, wrong_state, no_reason.
    """
    if not reason.strip():
        raise Refusal("no_reason", _("Écrivez la raison\u202f: la commune la lira dans son courriel."), "reason")
    with hold_agreement(agreement_id, "terminate_agreement") as (agreement, _side):
        starts_on, was = agreement.starts_on or today(), agreement.ends_on or today()
        ends_on = min(was, end_at_once(starts_on, today()))
        agreement.ends_on = ends_on
        agreement.state, agreement.end_reason = AgreementState.ENDED, reason.strip()[:300]
        save_checked(agreement)
        set_access(agreement.commune_id, actor_id=actor_id)
        data = {"reason": agreement.end_reason, "ends_on": ends_on.isoformat()}
        audit.record("agreement.terminated", subject=agreement.id, data=data, actor=actor_id)
        whole, commune = parties(agreement)
        title = _("{name} met fin à la convention {number}").format(name=whole.name, number=agreement.number)
        text = _(
            "{name} met fin sans préavis à la convention de mise à disposition de l’outil d’achat. Sa raison\u202f:"
            " {reason}\n\nÀ partir d’aujourd’hui, l’outil est en lecture seule pour {commune}. Les consultations déjà"
            " publiées vont jusqu’à leur ouverture. Vous pouvez tout lire et exporter toutes vos données\u202f; rien"
            " n’est effacé."
        ).format(name=whole.name, reason=agreement.end_reason, commune=commune.name)
        tell_side(agreement, agreement.commune_id, title, text, once=f"agreement-terminated:{agreement.id}")
        return agreement
