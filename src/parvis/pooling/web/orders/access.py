"""The gates of frameworks and orders, and the little that all of their pages say."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit import scope
from parvis.pooling.models import FrameworkAgreement, JointProcurement, PurchaseOrder
from parvis.pooling.selectors.orders import order_of
from parvis.pooling.selectors.reach import coordinates, group_in_reach, reach
from parvis.pooling.web.frame import Crumb, crumbs, group_page

FORM_METHODS = ["GET", "HEAD", "POST"]
FRAMEWORKS, ORDERS = "group_frameworks", "group_orders"


def coordinated(group_id: UUID) -> JointProcurement:
    """Raises Http404 for who reads the group and does not coordinate it: this page is not theirs."""
    group = group_in_reach(group_id)
    if not coordinates(group):
        raise Http404(_("Cette page est celle du coordinateur du groupement. L’accord-cadre se lit par tous."))
    return group


def framework_in(group_id: UUID, framework_id: UUID) -> FrameworkAgreement:
    """Raises Http404."""
    return reach(FrameworkAgreement, framework_id, group_id=group_id)


def coordinated_framework(group_id: UUID, framework_id: UUID) -> FrameworkAgreement:
    """Raises Http404."""
    coordinated(group_id)
    return framework_in(group_id, framework_id)


def own_order(group_id: UUID, order_id: UUID) -> PurchaseOrder:
    """Raises Http404 for another member's order: what is done here, only who orders does it."""
    order = order_of(group_id, order_id)
    if order.authority_id != scope.current_authority():
        who = authority(order.authority_id).name
        raise Http404(_("C’est la commande de {who}\u202f: elle seule la change. Vous pouvez la lire.").format(who=who))
    return order


def address(request: Any, name: str, *more: UUID) -> str:
    return reverse(name, args=[request.authority.slug, *more])


def order_address(request: Any, order: PurchaseOrder, name: str = "order") -> str:
    return address(request, name, order.framework.group_id, order.id)


def framework_address(request: Any, framework: FrameworkAgreement, name: str = "framework") -> str:
    return address(request, name, framework.group_id, framework.id)


def to_order(request: Any, order: PurchaseOrder) -> HttpResponseRedirect:
    return HttpResponseRedirect(order_address(request, order))


def to_framework(request: Any, framework: FrameworkAgreement) -> HttpResponseRedirect:
    return HttpResponseRedirect(framework_address(request, framework))


def framework_page(
    request: Any,
    name: str,
    group: JointProcurement,
    context: dict[str, Any],
    *trail: Crumb,
    framework: FrameworkAgreement | None = None,
) -> HttpResponse:
    """templates/pooling/orders/<name>.html, with the way back to the group's frameworks, then to this one."""
    way = [(_("Accord-cadre"), address(request, FRAMEWORKS, group.id))]
    if framework is not None:
        way.append((framework.reference, framework_address(request, framework)))
    base = {"crumbs": crumbs(request.authority, *way, *trail, group=group), "framework": framework}
    return group_page(request, f"pooling/orders/{name}.html", group, FRAMEWORKS, {**base, **context})


def order_page(
    request: Any,
    name: str,
    group: JointProcurement,
    context: dict[str, Any],
    *trail: Crumb,
    order: PurchaseOrder | None = None,
) -> HttpResponse:
    """templates/pooling/orders/<name>.html, with the way back to the group's orders, then to this one."""
    way = [(_("Commandes"), address(request, ORDERS, group.id))]
    base: dict[str, Any] = {"order": order, "back": address(request, ORDERS, group.id)}
    if order is not None:
        way.append((str(order), order_address(request, order)))
        base["back"] = order_address(request, order)
    base["crumbs"] = crumbs(request.authority, *way, *trail, group=group)
    return group_page(request, f"pooling/orders/{name}.html", group, ORDERS, {**base, **context})
