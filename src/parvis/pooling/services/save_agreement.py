from datetime import date
from uuid import UUID

from parvis.audit import facade as audit
from parvis.pooling.models import SharingAgreement
from parvis.pooling.rules.agreement_terms import Terms
from parvis.pooling.services.hold_agreement import hold_agreement
from parvis.pooling.services.save_checked import save_checked


def save_agreement(
    agreement_id: UUID, *, number: str, starts_on: date | None, terms: Terms | None = None, actor_id: UUID | None = None
) -> SharingAgreement:
    """Change a draft: its number, the day it should begin, and what it says if `terms` are given. Raises Refusal
    not_the_agglomeration, wrong_state, invalid.
    """
    with hold_agreement(agreement_id, "save_agreement") as (agreement, _side):
        agreement.number, agreement.starts_on = number.strip(), starts_on
        save_checked(agreement)
        if terms is not None:
            agreement.versions.filter(number=1).update(terms=terms)
        data = {"number": agreement.number, "starts_on": starts_on.isoformat() if starts_on else None}
        audit.record("agreement.saved", subject=agreement.id, data={**data, "terms": terms}, actor=actor_id)
        return agreement
