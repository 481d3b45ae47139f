from uuid import UUID

from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, PurchaseOrder
from parvis.pooling.rules.words import day
from parvis.pooling.selectors.cost_proposals import settlement
from parvis.pooling.services.close_cost import close_cost


def settle_costs(
    order: PurchaseOrder, ht_cents: int, vat_cents: int, *, actor_id: UUID | None = None
) -> list[CostItem]:
    """Close the costs of a paid order where what was paid leaves no doubt: they are then shared on it.

    What a closed year, or several costs changed at once, leave open stays an estimate: an agent closes it.
    """
    closed = []
    for cost_id, (ht, vat) in sorted(settlement(order, ht_cents, vat_cents).items()):
        try:
            closed.append(close_cost(cost_id, ht_cents=ht, vat_cents=vat, proof=_proof(order), actor_id=actor_id))
        except Refusal:
            # The payment stands all the same.
            continue
    return closed


def _proof(order: PurchaseOrder) -> str:
    assert order.paid_on
    words = _("Commande {number}, payée le {day}, mandat {reference}")
    return words.format(number=order.number, day=day(order.paid_on), reference=order.payment_reference)
