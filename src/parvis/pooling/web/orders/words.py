"""What the pages of frameworks and orders say in words."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from parvis.kit.clock import PARIS
from parvis.kit.jinja import date_long
from parvis.kit.money import euros
from parvis.pooling.models import FrameworkAgreement, FrameworkAmendment
from parvis.pooling.rules.ceiling import Minimum
from parvis.pooling.rules.forecast import Forecast
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.selectors.earlier import Correction

ONE_DAY = timedelta(days=1)
TONES = {
    "draft": ("", "draft"), "informed": ("info", "clock"), "issued": ("accent", "file"),
    "delivered": ("success", "success"),
    "invoiced": ("info", "file"), "paid": ("success", "check"), "cancelled": ("", "closed"),
}  # fmt: skip


def kind_label(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else kind


def rate_words(hundredths: int) -> str:
    """2000 → 20 %."""
    whole, rest = divmod(hundredths, 100)
    return (f"{whole},{rest:02d}".rstrip("0") if rest else str(whole)) + "\u00a0%"


def forecast_words(framework: FrameworkAgreement, expected: Forecast) -> str:
    last = date_long(framework.ends_on - ONE_DAY)
    if framework.used_cents == framework.max_cents:
        return _("Le maximum est atteint\u202f: plus rien ne se commande.")
    if expected.exhausted_on is not None:
        return _("À ce rythme, le maximum serait atteint le {day}, avant le terme du {last}.").format(
            day=date_long(expected.exhausted_on), last=last
        )
    return _("À ce rythme, {amount} seraient utilisés au terme, le {last}.").format(
        amount=euros(expected.at_term_cents), last=last
    )


def minimum_words(least: Minimum) -> str:
    """Blank when nothing was guaranteed."""
    if least.min_cents == 0:
        return ""
    if least.missing_cents == 0:
        return _("Le minimum garanti au titulaire, {min}, est atteint.").format(min=euros(least.min_cents))
    return _("Minimum garanti\u202f: il reste {missing} à commander avant le {day}.").format(
        missing=euros(least.missing_cents), day=date_long(least.before)
    )


def earlier_words(framework: FrameworkAgreement) -> str:
    """Blank when nothing was ordered before the take-up."""
    if not framework.earlier_until:
        return ""
    return _("Commandé avant Parvis, jusqu’au {day}\u202f: {amount}, tous membres ensemble ({source}).").format(
        day=date_long(framework.earlier_until), amount=euros(framework.earlier_cents), source=framework.earlier_source
    )


def correction_words(one: Correction) -> str:
    return _("Corrigé le {day}, de {before} à {after}\u202f: {reason}").format(
        day=date_long(one.at.astimezone(PARIS).date()),
        before=euros(one.before_cents),
        after=euros(one.after_cents),
        reason=one.reason,
    )


def amendment_words(row: FrameworkAmendment) -> list[str]:
    """What it changed, one change a line."""
    lines = []
    if row.max_after_cents is not None and row.max_before_cents is not None:
        lines.append(
            _("Maximum\u202f: de {before} à {after}.").format(
                before=euros(row.max_before_cents), after=euros(row.max_after_cents)
            )
        )
    if row.end_after is not None and row.end_before is not None:
        lines.append(
            _("Dernier jour\u202f: du {before} au {after}.").format(
                before=date_long(row.end_before - ONE_DAY), after=date_long(row.end_after - ONE_DAY)
            )
        )
    lines.extend(_price_words(one) for one in row.prices)
    return lines or [_("Une clause, sans effet sur le maximum, la durée ni les prix.")]


def _price_words(one: dict[str, Any]) -> str:
    if one.get("ended"):
        return _("{code} ne se commande plus.").format(code=one["code"])
    return _("{code}\u202f: {price} hors taxes.").format(code=one["code"], price=euros(one["unit_cents"]))
