from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.services.held_cost import facts_of, held_cost, require_nothing_called


def remove_cost(cost_id: UUID, *, actor_id: UUID | None = None) -> None:
    """Takes back a cost written by hand that nobody was called for.

    Raises Http404, Refusal: not_yours, not_now, called, from_order.
    """
    item = held_cost(cost_id, "save_cost")
    require_nothing_called(item)
    if item.order_id:
        message = _("Ce coût vient d’un bon de commande\u202f: il part avec lui, si la commande est annulée.")
        raise Refusal("from_order", message)
    audit.record("cost.removed", subject=item.id, data=facts_of(item), actor=actor_id)
    item.delete()
