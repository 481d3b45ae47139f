from parvis.audit import facade as audit
from parvis.pooling.models import CostItem, CostState, PurchaseOrder, ShareRun


def withdraw_order_costs(order: PurchaseOrder) -> None:
    """An issued order that is cancelled costs nothing. What nobody was called for goes; the rest comes to zero, so that
    its closing gives back what was called.
    """
    for item in CostItem.objects.select_for_update().filter(order=order):
        called = ShareRun.objects.filter(cost=item).exists()
        audit.record("cost.withdrawn", subject=item.id, data={"order": str(order.id), "called": called})
        if called:
            item.ht_cents = item.vat_cents = 0
            item.final_ht_cents = item.final_vat_cents = 0
            item.state = CostState.CLOSED
            item.save()
        else:
            item.delete()
