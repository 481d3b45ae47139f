from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import AnswerKind, OrderAnswer, PurchaseOrder
from parvis.pooling.selectors.members import is_member
from parvis.pooling.selectors.orders import party_ids
from parvis.pooling.selectors.reach import reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import require_move
from parvis.pooling.services.save_checked import save_checked
from parvis.pooling.services.tell_of_order import tell_of_order
from parvis.pooling.states import OrderState


@transaction.atomic
def answer_order(order_id: UUID, kind: AnswerKind, text: str = "", *, actor_id: UUID | None = None) -> OrderAnswer:
    """What the authority in scope, another member, says of an announced order; its last answer counts.

    Raises Http404, Refusal own_order, not_a_member, not_now (it is issued, or changed), shares_already, invalid.
    """
    here = scope.current_authority()
    found = reach(PurchaseOrder, order_id)
    if found.authority_id == here:
        raise Refusal("own_order", _("C’est votre commande\u202f: ce sont les autres membres qui y répondent."))
    if not is_member(found.framework.group, here, today()):
        message = _("Votre collectivité n’est pas membre de ce groupement aujourd’hui\u202f: elle n’a pas à répondre.")
        raise Refusal("not_a_member", message)
    with scope.authority(found.authority_id):
        # Held as its issue holds it: an answer comes before the issue, or after and then is told so.
        order = reach(PurchaseOrder, order_id, lock=True)
    require_move(OrderState(order.state), "answer_order", order.get_state_display())
    if here in party_ids(order) and kind != AnswerKind.JOIN:
        message = _(
            "Votre participation est acceptée\u202f: cette commande compte sur vous. Pour en sortir, demandez à {who}"
            " de la reprendre."
        )
        raise Refusal("shares_already", message.format(who=authority(order.authority_id).name))
    answer = OrderAnswer(
        order=order, circle_id=order.circle_id, kind=kind, text=text.strip(), answered_by=actor_id,
        answered_at=clock.now(),
    )  # fmt: skip
    save_checked(answer)
    data = {"order": str(order.id), "kind": str(kind), "text": answer.text}
    audit.record("order.answered", subject=order.id, data=data, actor=actor_id)
    _tell(order, answer, here)
    return answer


def _tell(order: PurchaseOrder, answer: OrderAnswer, here: UUID) -> None:
    if answer.kind == AnswerKind.SEEN and not answer.text:
        return
    who = authority(here).name
    if answer.kind == AnswerKind.JOIN:
        title = _("{who} veut se joindre à votre commande «\u202f{title}\u202f»")
        text = _("{who} demande à partager votre commande. Acceptez-la avant de l’émettre, ou émettez-la sans elle.")
    else:
        title = _("{who} a répondu à votre commande «\u202f{title}\u202f»")
        text = _("{who} a répondu à votre commande.")
    said = f"\n\n«\u202f{answer.text}\u202f»" if answer.text else ""
    words = {"who": who, "title": order.title}
    full = text.format(**words) + said
    tell_of_order(order, [order.authority_id], title.format(**words), full, once=f"answer:{answer.id}")
