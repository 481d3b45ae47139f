from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit.errors import Refusal
from parvis.pooling.models import OrderParty, PurchaseOrder
from parvis.pooling.selectors.orders import answers_of
from parvis.pooling.services.held_order import held_order
from parvis.pooling.services.tell_of_order import tell_of_order


def accept_joining(order_id: UUID, member_id: UUID, *, actor_id: UUID | None = None) -> PurchaseOrder:
    """Share an announced order with a member that asked for it. Raises Http404, Refusal not_yours, not_now, no_wish."""
    order = held_order(order_id, "accept_joining")
    answer = answers_of(order).get(member_id)
    if answer is None or answer.kind != "join":
        raise Refusal("no_wish", _("Cette collectivité ne demande pas à partager la commande. Rechargez la page."))
    for one in (order.authority_id, member_id):
        OrderParty.objects.get_or_create(order=order, member_id=one, defaults={"circle_id": order.circle_id})
    audit.record("order.joining_accepted", subject=order.id, data={"member": str(member_id)}, actor=actor_id)
    who = authority(order.authority_id).name
    title = _("Vous partagez la commande «\u202f{title}\u202f»").format(title=order.title)
    text = _("{who} a accepté votre participation. Sa dépense sera partagée selon la clé du groupement.")
    tell_of_order(order, [member_id], title, text.format(who=who), once=f"joined:{order.informed_at}")
    return order
