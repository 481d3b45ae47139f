from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.authorities.facade import authority
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.jinja import date_time_long
from parvis.kit.money import euros
from parvis.pooling.models import OrderState, PurchaseOrder
from parvis.pooling.rules.order_round import answers_until
from parvis.pooling.selectors.orders import asked_ids, lines_of, stale_lines
from parvis.pooling.selectors.today import today
from parvis.pooling.services.draft_order import require_member
from parvis.pooling.services.held_order import held_order
from parvis.pooling.services.tell_of_order import tell_of_order


def inform_group(order_id: UUID, *, actor_id: UUID | None = None) -> PurchaseOrder:
    """Tell every other member of what is about to be ordered; they have `group.information_days` days to answer.

    Raises Http404, Refusal not_yours, not_now, not_a_member, empty, price_changed.
    """
    order = held_order(order_id, "inform_group")
    require_member(order.framework)
    lines = lines_of(order)
    if order.ht_cents <= 0:
        raise Refusal("empty", _("Ajoutez au moins une ligne du bordereau\u202f: la commande est à zéro."))
    if stale := stale_lines(lines, today()):
        message = _("Le prix de «\u202f{label}\u202f» a changé. Ouvrez la commande et enregistrez-la de nouveau.")
        raise Refusal("price_changed", message.format(label=stale[0].label))
    order.informed_at = clock.now()
    order.answers_until = answers_until(order.informed_at, order.framework.group.information_days)
    order.state = OrderState.INFORMED
    order.save(update_fields=["informed_at", "answers_until", "state"])
    asked = asked_ids(order)
    data = {"until": order.answers_until.isoformat(), "told": [str(one) for one in asked], "ht_cents": order.ht_cents}
    audit.record("order.informed", subject=order.id, data=data, actor=actor_id)
    _tell(order, asked)
    return order


def _tell(order: PurchaseOrder, asked: list[UUID]) -> None:
    assert order.informed_at
    assert order.answers_until
    who = authority(order.authority_id).name
    title = _("{who} va commander\u202f: {title}").format(who=who, title=order.title)
    text = _(
        "{who} s’apprête à commander «\u202f{title}\u202f» pour {amount} hors taxes, sur l’accord-cadre"
        " {framework}. Vous pouvez dire que vous l’avez vu, faire une remarque ou vous joindre à cette commande,"
        " jusqu’au {until}."
    ).format(
        who=who, title=order.title, amount=euros(order.ht_cents), framework=order.framework.reference,
        until=date_time_long(order.answers_until),
    )  # fmt: skip
    tell_of_order(order, asked, title, text, once=f"informed:{order.informed_at.isoformat()}")
