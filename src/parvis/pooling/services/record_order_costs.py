from parvis.audit import facade as audit
from parvis.pooling.models import CostItem, PurchaseOrder
from parvis.pooling.selectors.order_costs import planned_costs


def record_order_costs(order: PurchaseOrder) -> list[CostItem]:
    """What an order being issued gives to share: a row for each kind of its lines, in the ordering member's scope."""
    items = planned_costs(order)
    for item in items:
        item.save(force_insert=True)
        data = {
            "order": str(order.id), "kind": item.kind, "ht_cents": item.ht_cents, "vat_cents": item.vat_cents,
            "key": item.key_code,
        }  # fmt: skip
        audit.record("cost.recorded", subject=item.id, data=data)
    return items
