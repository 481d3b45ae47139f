"""Lots: numbered 1, 2, 3 without a gap, each with a title of its own."""

from collections import Counter
from collections.abc import Sequence

from parvis.kit.money import euros
from parvis.procurement.contracts import Advice, LotView
from parvis.procurement.rules.cpv import cpv_error
from parvis.procurement.rules.text import _, listed


def lots_errors(lots: Sequence[LotView]) -> list[str]:
    """What is wrong with the lots, in French. A consultation without lots is right; with a single one it is not."""
    if not lots:
        return []
    errors = []
    if len(lots) == 1:
        errors.append(_("Un seul lot : ajoutez-en un second, ou ne divisez pas le marché en lots."))
    if sorted(lot.number for lot in lots) != list(range(1, len(lots) + 1)):
        errors.append(_("Numérotez les lots de 1 à %(last)d, sans trou ni doublon.") % {"last": len(lots)})
    untitled = [str(lot.number) for lot in lots if not lot.title.strip()]
    if untitled:
        errors.append(_("Donnez un intitulé à chaque lot. Il en manque : %(lots)s.") % {"lots": listed(untitled)})
    titles = Counter(lot.title.strip().casefold() for lot in lots if lot.title.strip())
    if any(count > 1 for count in titles.values()):
        errors.append(_("Deux lots portent le même intitulé : distinguez-les, les entreprises s’y tromperaient."))
    for lot in lots:
        error = cpv_error(lot.cpv) if lot.cpv else None
        if error:
            errors.append(_("Lot %(number)d : %(error)s") % {"number": lot.number, "error": error})
        if lot.estimated_cents is not None and lot.estimated_cents < 0:
            errors.append(_("Lot %(number)d : l’estimation ne peut pas être négative.") % {"number": lot.number})
    return errors


def lots_fit(lots: Sequence[LotView], estimated_cents: int | None) -> list[Advice]:
    """Advice when the lots' estimates do not make the estimate of the whole (cents excluding VAT)."""
    amounts = [lot.estimated_cents for lot in lots if lot.estimated_cents is not None]
    if estimated_cents is None or not lots or len(amounts) != len(lots) or sum(amounts) == estimated_cents:
        return []
    values = {"lots": euros(sum(amounts)), "whole": euros(estimated_cents)}
    return [
        Advice(
            "lots_do_not_add_up",
            "warning",
            _("Accordez l’estimation des lots et celle du marché entier : c’est le total qui décide de la procédure."),
            _("Les lots font ensemble %(lots)s HT, le marché est estimé à %(whole)s HT.") % values,
            "estimated_cents",
        )
    ]
