from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications
from parvis.pooling.models import OrderState, PurchaseOrder
from parvis.pooling.selectors.orders import asked_ids
from parvis.pooling.services.held_order import held_order
from parvis.pooling.services.release import release
from parvis.pooling.services.tell_of_order import tell_of_order
from parvis.pooling.services.withdraw_order_costs import withdraw_order_costs


@transaction.atomic
def cancel_order(
    order_id: UUID, reason: str, *, may_cancel_issued: bool = True, actor_id: UUID | None = None
) -> PurchaseOrder:
    """Give an order up: what it took goes back to the maximum, whoever was told of it is told of this.

    `may_cancel_issued`: whether the actor issues orders. Raises Http404, Refusal not_yours, not_now (it was issued
    meanwhile, too), no_reason, closed_year (its costs are in a year that is closed).
    """
    order = held_order(order_id, "cancel_order")
    if order.state == OrderState.ISSUED and not may_cancel_issued:
        message = _("Cette commande vient d’être émise : demandez son annulation à qui émet les commandes.")
        raise Refusal("not_now", message)
    if not reason.strip():
        raise Refusal("no_reason", _("Écrivez pourquoi\u202f: les membres informés le liront."), "reason")
    before = OrderState(order.state)
    given_back = order.ht_cents if before == OrderState.ISSUED else 0
    if given_back:
        withdraw_order_costs(order)
        release(order, given_back)
    order.state, order.cancel_reason = OrderState.CANCELLED, reason.strip()[:300]
    order.save(update_fields=["state", "cancel_reason"])
    data = {"from": str(before), "reason": order.cancel_reason, "given_back_cents": given_back}
    audit.record("order.cancelled", subject=order.id, data=data, actor=actor_id)
    if before != OrderState.DRAFT:
        _tell(order, contractor=before == OrderState.ISSUED)
    return order


def _tell(order: PurchaseOrder, *, contractor: bool) -> None:
    who = authority(order.authority_id).name
    words = {"who": who, "title": order.title, "number": order.number, "reason": order.cancel_reason}
    title = _("La commande «\u202f{title}\u202f» est annulée").format(**words)
    text = _("{who} annule sa commande «\u202f{title}\u202f». Raison donnée\u202f: {reason}").format(**words)
    tell_of_order(order, asked_ids(order), title, text, once="cancelled")
    email = order.framework.contractor_email
    if contractor and email:
        title = _("Bon de commande {number} annulé").format(**words)
        text = _(
            "Bonjour,\n\n{who} annule, avec votre accord, le bon de commande {number} («\u202f{title}\u202f»)."
            " Raison\u202f: {reason}"
        ).format(**words)
        notifications.send(
            email, title, text, once_key=f"order:{order.id}:cancelled:contractor", authority_id=order.authority_id,
            subject_id=order.id,
        )  # fmt: skip
