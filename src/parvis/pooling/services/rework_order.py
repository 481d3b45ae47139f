from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.pooling.models import OrderParty, OrderState, PurchaseOrder
from parvis.pooling.selectors.orders import answers_of
from parvis.pooling.services.held_order import held_order
from parvis.pooling.services.tell_of_order import tell_of_order


def rework_order(order_id: UUID, *, actor_id: UUID | None = None) -> PurchaseOrder:
    """Back to a draft: what the members answered was about something else, so they are told again afterwards.

    Raises Http404, Refusal not_yours, not_now.
    """
    order = held_order(order_id, "rework_order")
    answered, told_at = list(answers_of(order)), order.informed_at
    OrderParty.objects.filter(order=order).delete()
    order.state, order.informed_at, order.answers_until = OrderState.DRAFT, None, None
    order.save(update_fields=["state", "informed_at", "answers_until"])
    data = {"answers": [str(one) for one in answered]}
    audit.record("order.reworked", subject=order.id, data=data, actor=actor_id)
    who = authority(order.authority_id).name
    title = _("La commande «\u202f{title}\u202f» va changer").format(title=order.title)
    text = _("{who} reprend sa commande, à laquelle vous aviez répondu. Vous en serez informés de nouveau.")
    tell_of_order(order, answered, title, text.format(who=who), once=f"reworked:{told_at}")
    return order
