"""What the recording of every award shares: its row, checked by its fields, its constraints and the clock."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from parvis.accounts.facade import read_siret
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.procurement.contracts import AwardInput
from parvis.procurement.models import Award, Consultation
from parvis.procurement.rules import paris_time
from parvis.procurement.selectors.consultations import deadline_of


def values_of(terms: AwardInput) -> dict[str, Any]:
    """By the fields of Award. Raises Refusal bad_siret, its field being `contractor_siret`."""
    try:
        siret = read_siret(terms.contractor_siret)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.message, "contractor_siret") from refusal
    texts = {name: getattr(terms, name).strip() for name in ("reference", "title", "contractor_name")}
    return {**asdict(terms), **texts, "contractor_siret": siret}


def write_award(row: Award) -> None:
    """Saves a new or changed award. Raises Refusal: in_the_future, invalid (a field or a constraint), taken."""
    for field in ("decided_on", "signed_on", "notified_on"):
        _refuse_future(getattr(row, field), field)
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        [(name, found), *_rest] = error.message_dict.items()
        raise Refusal("invalid", found[0], None if name == "__all__" else name) from error
    except IntegrityError as error:
        message = _("Quelqu’un vient d’enregistrer la même attribution. Rechargez la page pour la voir.")
        raise Refusal("taken", message) from error


def _refuse_future(day: date | None, field: str) -> None:
    if day is not None and day > clock.now().astimezone(clock.PARIS).date():
        message = _("Cette date n’est pas encore venue. Enregistrez ce qui est fait, puis revenez compléter.")
        raise Refusal("in_the_future", message, field)


def said(row: Award) -> dict[str, Any]:
    """What the fact of an award says, in JSON values."""
    return {
        "award": str(row.id),
        "reference": row.reference,
        "lot": row.lot,
        "contractor": row.contractor_name,
        "siret": row.contractor_siret,
        "decided_on": row.decided_on.isoformat(),
        "signed_on": row.signed_on.isoformat() if row.signed_on else None,
        "notified_on": row.notified_on.isoformat() if row.notified_on else None,
        "duration_months": row.duration_months,
        "amount_cents": row.amount_cents,
        "framework_min_cents": row.framework_min_cents,
        "framework_max_cents": row.framework_max_cents,
    }


def check_against(consultation: Consultation, terms: AwardInput, besides: UUID | None = None) -> None:
    """What the consultation announced, against its awards, one left aside. Raises Refusal: before_deadline, price,
    above_published.
    """
    _check_day(consultation, terms)
    _check_price(consultation, terms, besides)


def _check_day(consultation: Consultation, terms: AwardInput) -> None:
    last = paris_time(deadline_of(consultation)).date()
    if terms.decided_on < last:
        message = _("La décision ne peut pas précéder la date limite de dépôt des plis, le %(day)s.")
        raise Refusal("before_deadline", message % {"day": date_long(last)}, "decided_on")


def _check_price(consultation: Consultation, terms: AwardInput, besides: UUID | None) -> None:
    if not consultation.framework:
        if terms.amount_cents is None:
            raise Refusal("price", _("Donnez le montant du marché, hors taxes."), "amount_cents")
        return
    high, published = terms.framework_max_cents, consultation.framework_max_cents
    if high is None:
        message = _("Donnez le maximum de l’accord-cadre, hors taxes\u202f: aucun bon de commande n’ira au-delà.")
        raise Refusal("price", message, "framework_max_cents")
    others = Award.objects.filter(consultation_id=consultation.id)
    if besides is not None:
        others = others.exclude(id=besides)
    taken = others.aggregate(all=Sum("framework_max_cents"))["all"] or 0
    if published is not None and taken + high > published:
        message = _(
            "La consultation annonce un maximum de %(published)s en tout. Il reste au plus %(left)s à attribuer."
        )
        words = {"published": euros(published), "left": euros(max(0, published - taken))}
        raise Refusal("above_published", message % words, "framework_max_cents")
