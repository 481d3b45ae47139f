from uuid import UUID

from django.db import transaction

from parvis.audit import facade as audit
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.rules.order_content import OrderContent
from parvis.pooling.services.held_order import held_order
from parvis.pooling.services.write_order import write_order


@transaction.atomic
def save_order(order_id: UUID, content: OrderContent, *, actor_id: UUID | None = None) -> PurchaseOrder:
    """Change a draft: its lines are written again at the prices of today.

    Raises Http404, Refusal not_yours, not_now, and those of write_order.
    """
    order = held_order(order_id, "save_order")
    write_order(order, content)
    data = {"title": order.title, "ht_cents": order.ht_cents, "lines": len(content.lines)}
    audit.record("order.saved", subject=order.id, data=data, actor=actor_id)
    return order
