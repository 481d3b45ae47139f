from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import AwardInput, AwardView
from parvis.procurement.models import Consultation
from parvis.procurement.selectors.awards import award
from parvis.procurement.services.locking import locked_award
from parvis.procurement.services.write_award import check_against, said, values_of, write_award


def correct_award(award_id: UUID, terms: AwardInput, *, why: str, actor_id: UUID) -> AwardView:
    """Puts a mistake of the entry right, with its reason, as long as the contract is not notified.

    The days of signature and notification are those of `terms`. Raises Http404 (none such in the authority in scope),
    Refusal: notified, why (no reason), and those of record_award.
    """
    if not why.strip():
        raise Refusal("why", _("Dites en une phrase ce qui était faux\u202f: la correction reste au dossier."), "why")
    with transaction.atomic():
        row = locked_award(award_id, "correct_award")
        if row.notified_on is not None:
            message = _("Ce marché est notifié\u202f: son attribution ne se corrige plus ici.")
            raise Refusal("notified", message)
        if row.consultation_id is not None:
            check_against(Consultation.objects.get(id=row.consultation_id), terms, besides=row.id)
        for name, value in values_of(terms).items():
            setattr(row, name, value)
        write_award(row)
        data = {**said(row), "why": why.strip()}
        audit.record("award.corrected", subject=row.consultation_id or row.id, actor=actor_id, data=data)
    return award(award_id)
