from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import AwardInput, AwardView
from parvis.procurement.models import Award, Consultation, Lot, PublishedConsultation
from parvis.procurement.selectors.awards import award
from parvis.procurement.services.locking import locked_consultation
from parvis.procurement.services.write_award import check_against, said, values_of, write_award
from parvis.procurement.states import ConsultationState


def record_award(consultation_id: UUID, terms: AwardInput, *, lot: int | None = None, actor_id: UUID) -> AwardView:
    """The award decided after the opening, entered by hand: of the whole contract, or of one lot by its number.

    The consultation is awarded once nothing is left to award. Raises Refusal: not_now (bids are not opened, or all is
    awarded), lot (missing, unknown), bad_siret, in_the_future, before_deadline, price (a framework agreement without
    its maximum, another contract without its amount), above_published, invalid, taken.
    """
    with transaction.atomic():
        consultation = _opened(consultation_id)
        numbers = set(Lot.objects.filter(consultation=consultation).values_list("number", flat=True))
        _check_lot(numbers, lot)
        check_against(consultation, terms)
        row = Award(**values_of(terms), consultation=consultation, lot=lot, recorded_by=actor_id)
        write_award(row)
        awarded = set(Award.objects.filter(consultation_id=consultation.id).values_list("lot", flat=True))
        if awarded >= (numbers or {None}):
            consultation.state = ConsultationState.AWARDED
            consultation.save(update_fields=["state", "changed_at"])
            PublishedConsultation.objects.filter(id=consultation.id).update(state=ConsultationState.AWARDED)
        audit.record("award.recorded", subject=consultation.id, actor=actor_id, data=said(row))
    return award(row.id)


def _opened(consultation_id: UUID) -> Consultation:
    try:
        return locked_consultation(consultation_id, "record_award")
    except Refusal as refusal:
        if Consultation.objects.filter(id=consultation_id, state=ConsultationState.AWARDED).exists():
            message = _("L’attribution de cette consultation est déjà enregistrée en entier. Son dossier la montre.")
        else:
            message = _("L’attribution s’enregistre une fois les plis ouverts en séance. Ouvrez-les d’abord.")
        raise Refusal("not_now", message) from refusal


def _check_lot(numbers: set[int], lot: int | None) -> None:
    if numbers and lot is None:
        raise Refusal("lot", _("Cette consultation a des lots\u202f: dites lequel est attribué."), "lot")
    if lot is not None and lot not in numbers:
        raise Refusal("lot", _("Cette consultation n’a pas de lot de ce numéro. Choisissez-en un de la liste."), "lot")
