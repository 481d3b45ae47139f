from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement, FrameworkAmendment, PriceLine
from parvis.pooling.rules.ceiling import reached
from parvis.pooling.rules.framework_terms import Amendment
from parvis.pooling.rules.schedule import PriceRow
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held_framework import held_framework
from parvis.pooling.services.record_framework import require_term
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.write_schedule import write_price


@transaction.atomic
def amend_framework(framework_id: UUID, change: Amendment, *, actor_id: UUID | None = None) -> FrameworkAmendment:
    """An amendment of the maximum, of the term or of prices, kept with what was there before.

    A price changes from its day: its line ends, another of the same code begins. The maximum and the term change as
    they are recorded, so an amendment that is not in force yet waits; the maximum never goes below what is used.
    Raises Http404, Refusal not_coordinator, no_purpose, dates, not_yet, below_used, too_long, unknown_code,
    price_before, unknown_kind, invalid.
    """
    framework = held_framework(framework_id)
    _require_sense(framework, change)
    row = FrameworkAmendment(
        framework=framework, circle_id=framework.circle_id, number=framework.amendments.count() + 1,
        purpose=change.purpose.strip(), signed_on=change.signed_on, effective_on=change.effective_on,
        prices=[asdict(one) for one in change.prices] + [{"code": code, "ended": True} for code in change.ended],
    )  # fmt: skip
    if change.max_cents is not None and change.max_cents != framework.max_cents:
        row.max_before_cents, row.max_after_cents = framework.max_cents, change.max_cents
        framework.max_cents = change.max_cents
        framework.alerted_percent = reached(framework.used_cents, change.max_cents)
    if change.ends_on is not None and change.ends_on != framework.ends_on:
        row.end_before, row.end_after = framework.ends_on, change.ends_on
        framework.ends_on = change.ends_on
        framework.term_reason = change.term_reason.strip() or framework.term_reason
    save_checked(framework)
    for price in change.prices:
        _change_price(framework, price, change.effective_on)
    for code in change.ended:
        _end_price(framework, code, change.effective_on)
    save_checked(row)
    _record(row, actor_id)
    return row


def _require_sense(framework: FrameworkAgreement, change: Amendment) -> None:
    if not change.purpose.strip():
        raise Refusal("no_purpose", _("Dites en une phrase ce que change l’avenant."), "purpose")
    if change.signed_on > today():
        raise Refusal("dates", _("Cette date est à venir\u202f: un avenant s’enregistre une fois signé."), "signed_on")
    if change.effective_on < framework.starts_on:
        message = _("L’accord-cadre ne commence que le {day}.")
        raise Refusal("dates", message.format(day=date_long(framework.starts_on)), "effective_on")
    new_max, new_end = change.max_cents, change.ends_on
    if (new_max is not None or new_end is not None) and change.effective_on > today():
        message = _(
            "Le maximum et la fin changent le jour où l’avenant est enregistré. Enregistrez-le à partir du {day}\u202f;"
            " les prix, eux, peuvent s’enregistrer d’avance, seuls."
        )
        raise Refusal("not_yet", message.format(day=date_long(change.effective_on)), "effective_on")
    if new_max is not None and new_max < framework.used_cents:
        message = _("Des commandes ont déjà pris {used}\u202f: le maximum ne peut pas passer en dessous.")
        raise Refusal("below_used", message.format(used=euros(framework.used_cents)), "max_cents")
    if new_end is not None:
        require_term(framework.starts_on, new_end, change.term_reason or framework.term_reason)


def _change_price(framework: FrameworkAgreement, price: PriceRow, day: date) -> None:
    """A code that the schedule has not yet is a new line."""
    present = _open_line(framework, price.code)
    if present is not None:
        _close(present, day)
    position = present.position if present is not None else framework.prices.count()
    line = PriceLine(framework=framework, circle_id=framework.circle_id, valid_from=day, position=position)
    write_price(line, price)


def _end_price(framework: FrameworkAgreement, code: str, day: date) -> None:
    present = _open_line(framework, code)
    if present is None:
        message = _("Aucune ligne du bordereau n’a le code {code}.")
        raise Refusal("unknown_code", message.format(code=code), "prices")
    _close(present, day)


def _open_line(framework: FrameworkAgreement, code: str) -> PriceLine | None:
    return PriceLine.objects.filter(framework=framework, code=code, valid_until__isnull=True).first()


def _close(line: PriceLine, day: date) -> None:
    if day <= line.valid_from:
        message = _("La ligne {code} a un prix depuis le {day}\u202f: le nouveau vient après.")
        raise Refusal("price_before", message.format(code=line.code, day=date_long(line.valid_from)), "effective_on")
    line.valid_until = day
    line.save(update_fields=["valid_until"])


def _record(row: FrameworkAmendment, actor_id: UUID | None) -> None:
    data = {
        "number": row.number, "purpose": row.purpose, "signed_on": row.signed_on.isoformat(),
        "effective_on": row.effective_on.isoformat(), "max_before_cents": row.max_before_cents,
        "max_after_cents": row.max_after_cents, "end_before": row.end_before.isoformat() if row.end_before else None,
        "end_after": row.end_after.isoformat() if row.end_after else None, "prices": row.prices,
    }  # fmt: skip
    audit.record("framework.amended", subject=row.framework_id, data=data, actor=actor_id)
