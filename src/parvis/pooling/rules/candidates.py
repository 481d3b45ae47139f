"""Which order is an invoice most likely for? A proposal with its reasons: a person decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parvis.kit.money import euros
from parvis.pooling.rules.invoice import InvoiceRead, cites, same_number
from parvis.pooling.rules.order_facts import OrderFacts
from parvis.pooling.rules.words import quoted

# A number that both sides write outweighs all the likenesses together, and the contractor outweighs an amount.
SAME_COMMITMENT, SAME_ORDER, CORRECTS_ITS_INVOICE = 200, 180, 160
SAME_SELLER, SAME_BUYER, SAME_FRAMEWORK = 40, 20, 10
EXACT_AMOUNT, AMOUNT_FITS, SAME_LINES = 30, 5, 15
# Below, there is nothing but chance: an amount that would fit anywhere.
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """`reasons` are French sentences, the strongest first. `weight` only serves to compare."""

    order: OrderFacts
    weight: int
    reasons: tuple[str, ...]


def candidates(invoice: InvoiceRead, orders: Iterable[OrderFacts]) -> tuple[Candidate, ...]:
    """The likely orders, the likeliest first; on a tie the newest. An order with nothing in common is left out."""
    found = []
    for order in orders:
        signs = sorted(_signs(invoice, order), key=lambda one: -one[0])
        weight = sum(points for points, _reason in signs)
        if weight >= ENOUGH:
            found.append(Candidate(order, weight, tuple(reason for _points, reason in signs)))
    return tuple(sorted(found, key=lambda one: (-one.weight, -one.order.issued_on.toordinal(), one.order.number)))


def _signs(invoice: InvoiceRead, order: OrderFacts) -> Iterator[tuple[int, str]]:
    given = invoice.order_reference
    if cites(given, order.commitment_number):
        yield SAME_COMMITMENT, f"Même numéro d’engagement, {quoted(order.commitment_number)}."
    elif cites(given, order.number):
        yield SAME_ORDER, f"Même numéro de commande, {quoted(order.number)}."
    if any(order.left_of(one) is not None for one in invoice.preceding):
        yield CORRECTS_ITS_INVOICE, "Elle corrige une facture acceptée sur cette commande."
    if invoice.seller.siren and invoice.seller.siren == order.contractor_siret[:9]:
        yield SAME_SELLER, "Même titulaire."
    if invoice.buyer.siren and invoice.buyer.siren == order.buyer_siret[:9]:
        yield SAME_BUYER, "Même acheteur."
    if same_number(invoice.contract_reference, order.framework_reference):
        yield SAME_FRAMEWORK, f"Même marché, {quoted(order.framework_reference)}."
    yield from _amount(invoice, order)
    labels = [line.label for line in order.lines]
    if any(same_number(line.label, label) for line in invoice.lines for label in labels):
        yield SAME_LINES, "Des lignes portent le même nom."


def _amount(invoice: InvoiceRead, order: OrderFacts) -> Iterator[tuple[int, str]]:
    ht = invoice.effect_ht
    if ht is None or ht <= 0:
        return
    if ht == order.left_ht:
        yield EXACT_AMOUNT, f"Le montant est exactement ce qui reste à facturer, {euros(ht)} HT."
    elif ht < order.left_ht:
        yield AMOUNT_FITS, f"Le montant tient dans ce qui reste à facturer, {euros(order.left_ht)} HT."
