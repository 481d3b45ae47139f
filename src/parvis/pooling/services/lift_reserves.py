from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import PurchaseOrder
from parvis.pooling.rules.order_content import Lifting
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held_order import held_order


@transaction.atomic
def lift_reserves(order_id: UUID, lifting: Lifting, *, actor_id: UUID | None = None) -> PurchaseOrder:
    """The contractor put right what the delivery was received with: nothing holds its invoice any more.

    The reserves stay written, with what was done about them. Raises Http404, Refusal not_yours, not_now, no_reserves,
    lifted, no_words, future, before_delivery.
    """
    order = held_order(order_id, "lift_reserves")
    _require_sense(order, lifting)
    order.reserves_lifted_on, order.put_right = lifting.lifted_on, lifting.put_right.strip()
    order.save(update_fields=["reserves_lifted_on", "put_right"])
    data = {"on": lifting.lifted_on.isoformat(), "reserves": order.reserves, "put_right": order.put_right}
    audit.record("order.reserves_lifted", subject=order.id, data=data, actor=actor_id)
    return order


def _require_sense(order: PurchaseOrder, lifting: Lifting) -> None:
    if not order.reserves:
        raise Refusal("no_reserves", _("La livraison a été reçue sans réserve\u202f: il n’y a rien à lever."))
    if order.reserves_lifted_on:
        raise Refusal("lifted", _("Ces réserves sont déjà levées. Rechargez la page pour la suite."))
    if not lifting.put_right.strip():
        message = _("Écrivez ce qui a été corrigé. Exemple\u202f: le formulaire se remplit au clavier.")
        raise Refusal("no_words", message, "put_right")
    if lifting.lifted_on > today():
        raise Refusal("future", _("On ne lève que ce qui est déjà corrigé\u202f: cette date est à venir."), "lifted_on")
    if order.delivered_on and lifting.lifted_on < order.delivered_on:
        message = _("Les réserves se lèvent après la réception. Vérifiez la date.")
        raise Refusal("before_delivery", message, "lifted_on")
