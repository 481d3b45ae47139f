from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.procurement.contracts import AwardInput, AwardView
from parvis.procurement.models import Award
from parvis.procurement.selectors.awards import award
from parvis.procurement.services.write_award import said, values_of, write_award


def record_existing_contract(terms: AwardInput, *, actor_id: UUID) -> AwardView:
    """A contract of the authority in scope that was awarded before the platform (« reprise »), or outside it.

    No consultation stands behind it here: nothing is checked against one. Raises Refusal: bad_siret, in_the_future,
    invalid, taken.
    """
    with transaction.atomic():
        row = Award(**values_of(terms), recorded_by=actor_id)
        write_award(row)
        audit.record("contract.taken_up", subject=row.id, actor=actor_id, data=said(row))
    return award(row.id)
