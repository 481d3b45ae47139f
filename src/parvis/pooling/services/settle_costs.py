"""What an order came to, brought to the costs that it is for: they are shared on what was paid, not on an estimate."""

from parvis.pooling.models import CostItem, CostState, PurchaseOrder
from parvis.pooling.rules.settled_costs import settled


def settled_amounts(order: PurchaseOrder, ht_cents: int, vat_cents: int) -> dict[str, tuple[int, int]]:
    """For each cost of the order that is still estimated, by id: what it came to, excluding VAT and VAT, in cents."""
    costs = CostItem.objects.filter(order=order, state=CostState.ESTIMATED).order_by("id")
    return settled({str(one.id): (one.ht_cents, one.vat_cents) for one in costs}, ht_cents, vat_cents)
