"""The issue of an order, its delivery and the reserves lifted: what is checked is shown first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import authorities, desk_page
from parvis.eservices import facade as eservices
from parvis.kit.errors import Refusal
from parvis.pooling.models import PaperKind, PurchaseOrder
from parvis.pooling.selectors.issue_checks import issue_checks
from parvis.pooling.selectors.orders import lines_of, party_ids, round_of
from parvis.pooling.selectors.today import today
from parvis.pooling.services.accept_delivery import accept_delivery
from parvis.pooling.services.attach_paper import attach_paper
from parvis.pooling.services.issue_order import issue_order
from parvis.pooling.services.lift_reserves import lift_reserves
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.orders.access import FORM_METHODS, order_page, own_order, to_order
from parvis.pooling.web.orders.forms import DeliveryForm, IssueForm, LiftForm
from parvis.pooling.web.orders.moves import ready


@require_http_methods(FORM_METHODS)
@desk_page("orders.issue")
def order_issue(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = own_order(group, order)
    checks = issue_checks(one)
    posted = request.POST if request.method == "POST" else None
    form = IssueForm(posted, reasoned=any(check.holds is None for check in checks))
    if posted is not None and form.is_valid():
        said = form.cleaned_data
        try:
            issue_order(
                one.id, signatory=said["signatory"], reason=said.get("reason", ""), actor_id=request.actor.person_id
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _issued_words(one))
            return to_order(request, one)
    context = {
        "form": form, "checks": checks, "ready": ready(one, "issue_order"),
        "may_issue": all(check.holds is not False for check in checks), "wishes": round_of(one).wishes,
        "email": one.framework.contractor_email,
    }  # fmt: skip
    return order_page(request, "issue", one.framework.group, context, (_("Émettre"), ""), order=one)


def _issued_words(order: PurchaseOrder) -> str:
    if order.framework.contractor_email:
        return _("Le bon de commande est émis. Il part par courriel au titulaire.")
    return _("Le bon de commande est émis. Imprimez-le et envoyez-le au titulaire.")


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_delivery(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = own_order(group, order)
    online = any(line.price.for_eservice for line in lines_of(one))
    posted = request.method == "POST"
    form = DeliveryForm(
        request.POST if posted else None, request.FILES if posted else None, online=online,
        catalogue=eservices.catalogue(on=today()), initial={"delivered_on": today(), "new_name": one.title[:120]},
    )  # fmt: skip
    if posted and form.is_valid():
        try:
            _accept(one, form, request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La réception est enregistrée."))
            return to_order(request, one)
    users = authorities(party_ids(one))
    context = {"form": form, "online": online, "users": users, "ready": ready(one, "accept_delivery")}
    return order_page(request, "delivery", one.framework.group, context, (_("Réception"), ""), order=one)


@transaction.atomic
def _accept(order: PurchaseOrder, form: DeliveryForm, actor_id: UUID) -> None:
    """The delivery and its report's file, or neither."""
    delivery = form.delivery()
    accept_delivery(order.id, delivery, actor_id=actor_id)
    if file := form.cleaned_data["file"]:
        attach_paper(
            order.id, order.circle_id, PaperKind.DELIVERY, _("Procès-verbal de réception"), file,
            owner_id=order.authority_id, name=file.name, dated=delivery.delivered_on, actor_id=actor_id,
        )  # fmt: skip


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_reserves(request: Any, group: UUID, order: UUID) -> HttpResponse:
    """What the contractor put right since a delivery received with reserves."""
    one = own_order(group, order)
    posted = request.method == "POST"
    form = LiftForm(request.POST if posted else None, request.FILES if posted else None, initial={"lifted_on": today()})
    if posted and form.is_valid():
        try:
            _lift(one, form, request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Les réserves sont levées."))
            return to_order(request, one)
    context = {"form": form, "ready": bool(one.open_reserves) and ready(one, "lift_reserves")}
    return order_page(request, "reserves", one.framework.group, context, (_("Lever les réserves"), ""), order=one)


@transaction.atomic
def _lift(order: PurchaseOrder, form: LiftForm, actor_id: UUID) -> None:
    """What was put right and its paper, or neither."""
    lifting = form.lifting()
    lift_reserves(order.id, lifting, actor_id=actor_id)
    if file := form.cleaned_data["file"]:
        attach_paper(
            order.id, order.circle_id, PaperKind.DELIVERY, _("Levée des réserves"), file,
            owner_id=order.authority_id, name=file.name, dated=lifting.lifted_on, actor_id=actor_id,
        )  # fmt: skip
