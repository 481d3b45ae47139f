from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.pooling.models import CostItem, CostState, PurchaseOrder, ShareRun
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import held_group
from parvis.pooling.services.held_cost import require_open_year


def withdraw_order_costs(order: PurchaseOrder) -> None:
    """An issued order that is cancelled costs nothing. What nobody was called for goes; the rest comes to zero, so that
    its closing gives back what was called. Raises Refusal closed_year, before anything is written.
    """
    group = held_group(order.framework.group_id)
    items = list(CostItem.objects.filter(order=order))
    called = set(ShareRun.objects.filter(cost__in=items).values_list("cost_id", flat=True))
    for item in items:
        if item.id in called:
            require_open_year(group, item.year)
    for item in items:
        data = {"order": str(order.id), "called": item.id in called}
        audit.record("cost.withdrawn", subject=item.id, data=data)
        if item.id not in called:
            item.delete()
            continue
        item.ht_cents = item.vat_cents = item.final_ht_cents = item.final_vat_cents = 0
        item.state, item.closed_on = CostState.CLOSED, today()
        item.proof = _("Commande {number}, annulée").format(number=order.number)
        item.save()
