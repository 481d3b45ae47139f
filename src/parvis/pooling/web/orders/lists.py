"""The orders of a group: saved views are links, the filters stay across them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import desk_page
from parvis.pooling.models import OrderState, PurchaseOrder
from parvis.pooling.selectors.frameworks import frameworks_of
from parvis.pooling.selectors.order_lists import orders_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.web.orders.access import address, order_address, order_page
from parvis.pooling.web.orders.framework_forms import as_uuid
from parvis.pooling.web.orders.moves import ready
from parvis.pooling.web.orders.words import TONES

SLUGS = {
    "a-repondre": "to_answer", "en-preparation": "preparing", "a-receptionner": "to_receive", "emises": "issued",
    "toutes": "all",
}  # fmt: skip
A_PAGE = 50


@require_safe
@desk_page("pooling.read")
def orders(request: Any, group: UUID) -> HttpResponse:
    one = group_in_reach(group)
    member, state = as_uuid(request.GET.get("membre", "")), request.GET.get("etat", "")
    state = state if state in OrderState.values else ""
    counts = orders_of(one).counts
    asked = request.GET.get("vue", "")
    slug = asked if asked in SLUGS else next((each for each, view in SLUGS.items() if counts[view]), "toutes")
    found = orders_of(one, SLUGS[slug], member_id=member, state=state)
    listed = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
    labels = {
        "a-repondre": _("À répondre"), "en-preparation": _("En préparation"), "a-receptionner": _("À réceptionner"),
        "emises": _("Émises"), "toutes": _("Toutes"),
    }  # fmt: skip
    base = address(request, "group_orders", one.id)
    kept = {name: value for name, value in (("membre", str(member or "")), ("etat", state)) if value}
    open_ones = [each for each in frameworks_of(one.id) if today() < each.ends_on]
    context = {
        "view": slug, "view_label": labels[slug], "base_url": base, "member": str(member or ""), "state": state,
        "tabs_items": [
            (labels[each], f"{base}?{urlencode({'vue': each, **kept})}", each == slug, found.counts[view])
            for each, view in SLUGS.items()
        ],
        "rows": [
            (order, house, order_address(request, order), (order.get_state_display(), *TONES[order.state]))
            for order, house in listed
        ],
        "pages": (listed.number, listed.paginator.num_pages, f"?{urlencode({'vue': slug, **kept})}&page="),
        "members": found.members, "states": OrderState.choices, "filtered": bool(kept),
        "may_write": request.actor.may("orders.write", request.authority.id), "has_framework": bool(open_ones),
        "new_url": address(request, "order_new", one.id),
        "frameworks_url": address(request, "group_frameworks", one.id),
        "invoices_url": address(request, "group_invoices", one.id),
        "to_pay": _to_pay(request, [order for order, _house in listed]),
    }  # fmt: skip
    return order_page(request, "orders", one, context)


def _to_pay(request: Any, orders: list[PurchaseOrder]) -> dict[UUID, str]:
    """Where the payment of each of its own invoiced orders is noted, for who handles invoices here."""
    if not request.actor.may("invoices.handle", request.authority.id):
        return {}
    ours = [each for each in orders if each.authority_id == request.authority.id]
    return {each.id: order_address(request, each, "order_payment") for each in ours if ready(each, "pay_order")}
