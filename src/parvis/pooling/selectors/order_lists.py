"""The orders of a group as an authority's agents sort them: what waits for them first."""

from dataclasses import dataclass
from uuid import UUID

from parvis.authorities.facade import AuthorityView, authorities
from parvis.kit import scope
from parvis.pooling.models import JointProcurement, OrderAnswer, OrderState, PurchaseOrder

VIEWS = ("to_answer", "preparing", "to_receive", "issued", "all")
# Issued and not cancelled, whatever came after.
RUNNING = (OrderState.ISSUED, OrderState.DELIVERED, OrderState.INVOICED, OrderState.PAID)


@dataclass(frozen=True, slots=True)
class Orders:
    """`rows` of the asked view, newest first; `counts` of every view; `members` that have an order here."""

    rows: tuple[tuple[PurchaseOrder, AuthorityView], ...]
    counts: dict[str, int]
    members: tuple[AuthorityView, ...]


def orders_of(group: JointProcurement, view: str = "all", *, member_id: UUID | None = None, state: str = "") -> Orders:
    """What the authority in scope sees: the others' drafts are their own business until the group is told."""
    here = scope.current_authority()
    everything = PurchaseOrder.objects.filter(framework__group=group).select_related("framework")
    visible = [one for one in everything if one.authority_id == here or one.informed_at is not None]
    answered = _answered(visible, here)
    views = {name: [one for one in visible if _belongs(one, name, here, answered)] for name in VIEWS}
    houses = {one.id: one for one in authorities({one.authority_id for one in visible})}
    rows = [
        (one, houses[one.authority_id])
        for one in views[view]
        if (member_id is None or one.authority_id == member_id) and (not state or one.state == state)
    ]
    return Orders(tuple(rows), {name: len(found) for name, found in views.items()}, tuple(houses.values()))


def _answered(orders: list[PurchaseOrder], here: UUID) -> set[UUID]:
    """Orders whose present round has an answer of this authority."""
    told = {one.id: one.informed_at for one in orders if one.state == OrderState.INFORMED}
    rows = OrderAnswer.objects.filter(authority_id=here, order_id__in=told).values_list("order_id", "answered_at")
    return {order_id for order_id, at in rows if (since := told[order_id]) is not None and at >= since}


def _belongs(order: PurchaseOrder, view: str, here: UUID, answered: set[UUID]) -> bool:
    mine, state = order.authority_id == here, order.state
    return {
        "to_answer": not mine and state == OrderState.INFORMED and order.id not in answered,
        "preparing": mine and state in (OrderState.DRAFT, OrderState.INFORMED),
        "to_receive": mine and state == OrderState.ISSUED,
        "issued": state in RUNNING,
        "all": True,
    }[view]
