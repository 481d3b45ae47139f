"""Saves what a buyer has entered, complete or not. Nothing is public before publication."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.procurement.models import Consultation, Criterion, Lot, OpeningKey, RehearsalProof
from parvis.procurement.rules import expected_envelopes
from parvis.procurement.services.locking import locked_consultation

FIELDS = frozenset({
    "reference", "title", "purpose", "procedure", "framework", "framework_min_cents", "framework_max_cents", "nature",
    "cpv", "place_nuts", "place", "estimated_cents", "duration_months", "dispatch_on", "deadline", "questions_until",
    "opening_order", "application_expected", "backup_copy", "urgent", "prior_notice", "contact_name", "contact_email",
    "contact_phone", "is_test",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class LotInput:
    """A lot as typed; its number is its rank. `id` None: a new lot. Amounts in euro cents excluding VAT."""

    title: str
    cpv: str = ""
    estimated_cents: int | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CriterionInput:
    """`weight_hundredths`: 4000 is 40 %. `lot`: its number, None for the whole consultation."""

    label: str
    weight_hundredths: int
    lot: int | None = None


def save_draft(
    consultation_id: UUID,
    fields: Mapping[str, Any],
    *,
    actor_id: UUID,
    lots: Sequence[LotInput] | None = None,
    criteria: Sequence[CriterionInput] | None = None,
    discard_keys: bool = False,
) -> tuple[str, ...]:
    """The names of what changed; a fact is written only when something did. `lots`, `criteria`: None leaves them.

    Opening keys are made for exact lots and envelopes: a change of these throws them away, if `discard_keys` says so.
    Raises Refusal: procurement_closed, not_now (published), keys_made (such a change without `discard_keys`),
    reference_taken. KeyError for a field that is not the buyer's.
    """
    if unknown := set(fields) - FIELDS:
        raise KeyError(sorted(unknown))
    try:
        with transaction.atomic():
            consultation = locked_consultation(consultation_id, "save_draft")
            if _shapes_keys(consultation, fields, lots):
                _discard(consultation, actor_id, discard_keys)
            return _save(consultation, fields, actor_id, lots, criteria)
    except IntegrityError as error:
        message = _("Une autre consultation porte déjà cette référence. Choisissez-en une autre.")
        raise Refusal("reference_taken", message, "reference") from error


def _save(
    consultation: Consultation,
    fields: Mapping[str, Any],
    actor_id: UUID,
    lots: Sequence[LotInput] | None,
    criteria: Sequence[CriterionInput] | None,
) -> tuple[str, ...]:
    changed = [name for name, value in fields.items() if getattr(consultation, name) != value]
    for name in changed:
        setattr(consultation, name, fields[name])
    if lots is not None and _save_lots(consultation, lots):
        changed.append("lots")
    if criteria is not None and _save_criteria(consultation, criteria):
        changed.append("criteria")
    if changed:
        consultation.save()
        audit.record("consultation.saved", subject=consultation.id, actor=actor_id, data={"changed": sorted(changed)})
    return tuple(sorted(changed))


def _save_lots(consultation: Consultation, wanted: Sequence[LotInput]) -> bool:
    before = {lot.id: lot for lot in Lot.objects.filter(consultation=consultation)}
    wanted = _recognised(before.values(), wanted)
    kept = {lot.id for lot in wanted if lot.id in before}
    gone = [lot for lot in before.values() if lot.id not in kept]
    for lot in gone:
        lot.delete()
    changed = bool(gone) or len(kept) != len(wanted)
    for number, lot in enumerate(wanted, start=1):
        row = before.get(lot.id) if lot.id else None
        values = {"number": number, "title": lot.title, "cpv": lot.cpv, "estimated_cents": lot.estimated_cents}
        if row is None:
            Lot.objects.create(consultation=consultation, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            Lot.objects.filter(id=row.id).update(**values)
            changed = True
    return changed


def _recognised(present: Iterable[Lot], wanted: Sequence[LotInput]) -> list[LotInput]:
    """A page that was saved by itself does not know the ids of its new rows: such a row is the lot of its rank."""
    named = {lot.id for lot in wanted if lot.id}
    free = {lot.number: lot.id for lot in present if lot.id not in named}
    return [lot if lot.id else replace(lot, id=free.get(number)) for number, lot in enumerate(wanted, start=1)]


def _save_criteria(consultation: Consultation, wanted: Sequence[CriterionInput]) -> bool:
    present = Criterion.objects.filter(consultation=consultation).select_related("lot")
    before = [(c.label, c.weight_hundredths, c.lot.number if c.lot else None) for c in present]
    after = [(c.label, c.weight_hundredths, c.lot) for c in wanted]
    if before == after:
        return False
    lots = {lot.number: lot for lot in Lot.objects.filter(consultation=consultation)}
    present.delete()
    for position, one in enumerate(wanted):
        if one.lot is not None and one.lot not in lots:
            message = _("Le critère «\u202f%(label)s\u202f» porte sur un lot qui n’existe pas. Choisissez son lot.")
            raise Refusal("unknown_lot", message % {"label": one.label}, "criteria")
        Criterion.objects.create(
            consultation=consultation,
            label=one.label,
            weight_hundredths=one.weight_hundredths,
            lot=lots[one.lot] if one.lot is not None else None,
            position=position,
        )
    return True


def _shapes_keys(consultation: Consultation, fields: Mapping[str, Any], lots: Sequence[LotInput] | None) -> bool:
    before = (consultation.procedure, consultation.application_expected)
    after = (
        fields.get("procedure", consultation.procedure),
        fields.get("application_expected", consultation.application_expected),
    )
    if expected_envelopes(*before) != expected_envelopes(*after):
        return True
    if lots is None:
        return False
    present = list(Lot.objects.filter(consultation=consultation))
    return {lot.id for lot in present} != {lot.id for lot in _recognised(present, lots)}


def _discard(consultation: Consultation, actor_id: UUID, agreed: bool) -> None:
    keys = OpeningKey.objects.filter(consultation=consultation)
    if not keys.exists():
        return
    if not agreed:
        message = _(
            "Les clés d’ouverture sont faites pour ces lots et ces enveloppes. Pour les changer, cochez «\u202fRefaire "
            "la cérémonie des clés\u202f»\u202f: les clés faites sont alors effacées."
        )
        raise Refusal("keys_made", message, "discard_keys")
    RehearsalProof.objects.filter(consultation=consultation).delete()
    keys.delete()
    audit.record("keys.discarded", subject=consultation.id, actor=actor_id, data={})
