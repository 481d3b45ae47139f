"""Weights of the award criteria, in hundredths of a percent point: they make exactly 100."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from parvis.kit.errors import Refusal
from parvis.procurement.contracts import CriterionView
from parvis.procurement.rules.text import _

WHOLE = 10_000


def weight_hundredths(text: str) -> int:
    """Hundredths from what a buyer types: "40" is 4000, "33,33" is 3333. Raises Refusal (code weight)."""
    cleaned = "".join(text.replace("%", "").split()).replace(",", ".")
    refusal = Refusal(
        "weight",
        _("« %(text)s » n’est pas une pondération. Écrivez un nombre jusqu’à 100, avec deux décimales au plus : 33,33.")
        % {"text": text},
        "criteria",
    )
    try:
        value = Decimal(cleaned) * 100
    except InvalidOperation as error:
        raise refusal from error
    if not value.is_finite() or value != value.to_integral_value() or not 0 < value <= WHOLE:
        raise refusal
    return int(value)


def written(hundredths: int) -> str:
    """4000 is "40", 3333 is "33,33"."""
    whole, part = divmod(hundredths, 100)
    return f"{whole},{part:02d}" if part else str(whole)


def weights_error(weights: Sequence[int]) -> str | None:
    """What is wrong with weights in hundredths, in French; None when they are all positive and make 100."""
    if not weights:
        return _("Ajoutez au moins un critère d’attribution.")
    if min(weights) <= 0:
        return _("Chaque critère pèse plus que zéro : retirez celui qui ne compte pas ou donnez-lui un poids.")
    gap = WHOLE - sum(weights)
    if gap == 0:
        return None
    values = {"total": written(WHOLE - gap), "gap": written(abs(gap))}
    if gap > 0:
        return _("Les pondérations font %(total)s au lieu de 100 : ajoutez %(gap)s.") % values
    return _("Les pondérations font %(total)s au lieu de 100 : retirez %(gap)s.") % values


def criteria_of(criteria: Sequence[CriterionView], lot: int | None) -> tuple[CriterionView, ...]:
    """The criteria that judge a lot: its own if it has some, else the common ones."""
    own = tuple(one for one in criteria if lot is not None and one.lot == lot)
    return own or tuple(one for one in criteria if one.lot is None)
