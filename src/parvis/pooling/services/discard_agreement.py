from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import AgreementState, SharingAgreement
from parvis.pooling.services.hold_agreement import hold_agreement


def discard_agreement(agreement_id: UUID, *, reason: str, actor_id: UUID | None = None) -> SharingAgreement:
    """Give up a draft; it stays to be read, with the reason. Raises Refusal not_the_agglomeration, wrong_state,
    no_reason.
    """
    if not reason.strip():
        raise Refusal("no_reason", _("Écrivez pourquoi elle est abandonnée\u202f: la commune le lira."), "reason")
    with hold_agreement(agreement_id, "discard_agreement") as (agreement, _side):
        agreement.state, agreement.end_reason = AgreementState.ENDED, reason.strip()[:300]
        agreement.save()
        audit.record("agreement.discarded", subject=agreement.id, data={"reason": agreement.end_reason}, actor=actor_id)
        return agreement
