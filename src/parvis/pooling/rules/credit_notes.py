"""A credit note gives back all or part of an invoice that was accepted, and never more."""

from collections.abc import Iterator

from parvis.kit.money import euros
from parvis.pooling.rules.invoice import Difference, InvoiceRead, Level
from parvis.pooling.rules.order_facts import OrderFacts
from parvis.pooling.rules.words import NARROW, listed, quoted


def credit_differences(credit: InvoiceRead, order: OrderFacts) -> Iterator[Difference]:
    """What keeps a credit note from being taken off the order."""
    if not credit.preceding:
        yield Difference(
            "credit_without_invoice",
            Level.BLOCKING,
            f"L’avoir {quoted(credit.number)} ne dit pas quelle facture il corrige.",
            "Demandez au titulaire un avoir qui cite le numéro de la facture.",
        )
        return
    left = {number: order.left_of(number) for number in dict.fromkeys(credit.preceding)}
    unknown = [number for number, cents in left.items() if cents is None]
    if unknown:
        yield Difference(
            "credit_unknown_invoice",
            Level.BLOCKING,
            f"L’avoir corrige {listed([quoted(one) for one in unknown])}{NARROW}; cette commande n’a accepté "
            f"{_accepted(order)}.",
            "Rattachez l’avoir à la commande de cette facture, ou traitez d’abord la facture.",
        )
        return
    room, given = sum(cents or 0 for cents in left.values()), abs(credit.totals.ttc or 0)
    if given > room:
        yield Difference(
            "credit_over_invoice",
            Level.BLOCKING,
            f"L’avoir rend {euros(given)} TTC{NARROW}; la facture {listed([quoted(one) for one in left])} ne compte "
            f"plus que pour {euros(room)} TTC.",
            "Demandez au titulaire un avoir qui ne dépasse pas sa facture.",
        )


def _accepted(order: OrderFacts) -> str:
    numbers = [quoted(one.number) for one in order.past if one.ttc_cents >= 0]
    return f"que {listed(numbers)}" if numbers else "aucune facture"
