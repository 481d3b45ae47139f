"""What the recording of every award shares: its row, checked by its fields, its constraints and the clock."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.facade import read_siret
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.procurement.contracts import AwardInput
from parvis.procurement.models import Award


def award_row(terms: AwardInput, **more: Any) -> Award:
    """Not saved yet. Raises Refusal bad_siret, its field being `contractor_siret`."""
    try:
        siret = read_siret(terms.contractor_siret)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.message, "contractor_siret") from refusal
    texts = {name: getattr(terms, name).strip() for name in ("reference", "title", "contractor_name")}
    return Award(**{**asdict(terms), **texts, "contractor_siret": siret, **more})


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
