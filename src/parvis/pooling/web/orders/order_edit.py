"""A new order, and the changes of a draft: one quantity a line of the schedule of today."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkAgreement, JointProcurement, Membership
from parvis.pooling.selectors.frameworks import frameworks_of, prices_on
from parvis.pooling.selectors.orders import lines_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.draft_order import draft_order
from parvis.pooling.services.save_order import save_order
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.orders.access import FORM_METHODS, address, framework_address, order_page, own_order, to_order
from parvis.pooling.web.orders.forms import OrderForm, order_initial
from parvis.pooling.web.orders.framework_forms import as_uuid


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_new(request: Any, group: UUID) -> HttpResponse:
    """Under the framework asked for (`?accord=`), or the only one; otherwise first which."""
    one = group_in_reach(group)
    usable = [each for each in frameworks_of(one.id) if today() < each.ends_on]
    framework = _asked(request, usable)
    trail = (_("Nouvelle commande"), "")
    if framework is None:
        rows = [(each, f"?accord={each.id}") for each in usable]
        context = {"rows": rows, "frameworks_url": address(request, "group_frameworks", one.id)}
        return order_page(request, "order_which", one, context, trail)
    prices = prices_on(framework, today())
    posted = request.POST if request.method == "POST" else None
    form = OrderForm(posted, prices=prices, initial=_known(one, request.authority.id))
    if posted is not None and form.is_valid():
        try:
            made = draft_order(framework.id, form.content(), actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La commande est enregistrée. Vous seuls la voyez pour l’instant."))
            return to_order(request, made)
    return order_page(request, "order_form", one, _context(request, form, framework), trail)


def _asked(request: Any, usable: list[FrameworkAgreement]) -> FrameworkAgreement | None:
    if len(usable) == 1:
        return usable[0]
    wanted = as_uuid(request.GET.get("accord", ""))
    return next((one for one in usable if one.id == wanted), None)


def _known(group: JointProcurement, house_id: UUID) -> dict[str, Any]:
    """The service code that this member gave when it joined."""
    own = Membership.objects.filter(group=group, member_id=house_id).first()
    return {"service_code": own.service_code} if own else {}


def _context(request: Any, form: OrderForm, framework: FrameworkAgreement) -> dict[str, Any]:
    return {
        "form": form, "framework": framework, "framework_url": framework_address(request, framework),
        "remaining": framework.max_cents - framework.used_cents,
    }  # fmt: skip


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_edit(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = own_order(group, order)
    prices = prices_on(one.framework, today())
    posted = request.POST if request.method == "POST" else None
    form = OrderForm(posted, prices=prices, initial=order_initial(one, lines_of(one), prices))
    if posted is not None and form.is_valid():
        try:
            save_order(one.id, form.content(), actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La commande est enregistrée aux prix d’aujourd’hui."))
            return to_order(request, one)
    context = _context(request, form, one.framework)
    return order_page(request, "order_form", one.framework.group, context, (_("Modifier"), ""), order=one)
