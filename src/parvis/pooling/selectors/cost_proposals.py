"""What a cost came to, as its order and invoices say, before an agent closes it."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.pooling.models import CostItem, CostState, InvoiceState, OrderState, PurchaseOrder
from parvis.pooling.rules.settled_costs import settled
from parvis.pooling.selectors.book import amounts_of
from parvis.pooling.selectors.invoices import account, invoices_of_order


@dataclass(frozen=True, slots=True)
class ClosingProposal:
    """Cents. `proof`: what shows it, empty when nothing does; `said`: where the figures come from."""

    ht_cents: int
    vat_cents: int
    proof: str
    said: str


def closing_proposal(item: CostItem) -> ClosingProposal:
    """From the paid order, else from its invoices, else the estimate."""
    order = item.order
    if order is None:
        said = _("L’estimation est reprise ci-dessous. Écrivez ce que dit la facture.")
        return ClosingProposal(item.ht_cents, item.vat_cents, "", said)
    due = account(order)
    found = settlement(order, due.net_ht, due.net_ttc - due.net_ht)
    if item.id in found and (order.state == OrderState.PAID or due.net_ht):
        ht, vat = found[item.id]
        said = (
            _("La commande est payée\u202f: voici ce qu’elle a coûté.")
            if order.state == OrderState.PAID
            else _("Voici ce qui a été facturé jusqu’ici. D’autres factures peuvent encore venir.")
        )
        return ClosingProposal(ht, vat, _proof(order), said)
    if due.net_ht:
        said = _(
            "Les factures de la commande portent sur plusieurs coûts. Répartissez-les\u202f: l’estimation est reprise."
        )
    else:
        said = _("Aucune facture n’est encore rapprochée de la commande\u202f: l’estimation est reprise.")
    return ClosingProposal(item.ht_cents, item.vat_cents, _proof(order) if due.net_ht else "", said)


def settlement(order: PurchaseOrder, ht_cents: int, vat_cents: int) -> dict[UUID, tuple[int, int]]:
    """What each estimate of the order came to, cents excluding VAT and of VAT, when these are paid for all of it; empty
    where nobody can tell. What an agent has closed already is a part of what was paid.
    """
    costs = list(CostItem.objects.filter(order=order))
    known = [amounts_of(one) for one in costs if one.state == CostState.CLOSED]
    left_ht, left_vat = ht_cents - sum(ht for ht, _vat in known), vat_cents - sum(vat for _ht, vat in known)
    if left_ht < 0 or left_vat < 0:
        return {}
    estimates = {str(one.id): amounts_of(one) for one in costs if one.state == CostState.ESTIMATED}
    return {UUID(one): amounts for one, amounts in settled(estimates, left_ht, left_vat).items()}


def _proof(order: PurchaseOrder) -> str:
    """« Commande BC-2026-3, factures F-12, F-18 »."""
    numbers = [one.number for one in invoices_of_order(order) if one.state == InvoiceState.MATCHED]
    named = _invoices_named(numbers)
    return _("Commande {number}").format(number=order.number) + (f", {named}" if named else "")


def _invoices_named(numbers: list[str]) -> str:
    if not numbers:
        return ""
    listed = ", ".join(numbers)
    return (_("facture {number}") if len(numbers) == 1 else _("factures {number}")).format(number=listed)
