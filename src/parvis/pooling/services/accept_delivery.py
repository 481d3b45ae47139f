from datetime import date
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.eservices import facade as eservices
from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, CostState, OrderState, PurchaseOrder, ShareRun
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.rules.order_content import Delivery
from parvis.pooling.selectors.order_costs import year_in_term
from parvis.pooling.selectors.orders import lines_of, party_ids
from parvis.pooling.selectors.today import today
from parvis.pooling.services.held import held_group
from parvis.pooling.services.held_order import held_order


@transaction.atomic
def accept_delivery(order_id: UUID, delivery: Delivery, *, actor_id: UUID | None = None) -> PurchaseOrder:
    """What was delivered is stated, with or without reserves. An order that puts an e-service online starts its uses
    that day for each member that shares it: they count in the shares.

    Raises Http404, Refusal not_yours, not_now, no_report, future, before_issue, no_eservice, and those of eservices.
    """
    order = held_order(order_id, "accept_delivery")
    _require_sense(order, delivery)
    if any(one.price.for_eservice for one in lines_of(order)):
        _put_online(order, delivery, actor_id)
    order.delivered_on, order.state = delivery.delivered_on, OrderState.DELIVERED
    order.delivery_report, order.reserves = delivery.report.strip(), delivery.reserves.strip()
    order.save()
    data = {
        "on": delivery.delivered_on.isoformat(), "report": order.delivery_report, "reserves": order.reserves,
        "eservice": str(order.eservice_id) if order.eservice_id else None,
        "serves_from": order.serves_from.isoformat() if order.serves_from else None,
    }  # fmt: skip
    audit.record("order.delivered", subject=order.id, data=data, actor=actor_id)
    return order


def _require_sense(order: PurchaseOrder, delivery: Delivery) -> None:
    assert order.issued_at
    if not delivery.report.strip():
        raise Refusal("no_report", _("Écrivez ce que vous avez constaté. Exemple\u202f: tout est conforme."), "report")
    if delivery.delivered_on > today():
        raise Refusal(
            "future", _("On ne constate que ce qui est déjà livré\u202f: cette date est à venir."), "delivered_on"
        )
    if delivery.delivered_on < order.issued_at.astimezone(clock.PARIS).date():
        message = _("La livraison vient après l’émission du bon de commande. Vérifiez la date.")
        raise Refusal("before_issue", message, "delivered_on")


def _put_online(order: PurchaseOrder, delivery: Delivery, actor_id: UUID | None) -> None:
    if delivery.serves_from is None:
        message = _("Dites depuis quel jour le téléservice est ouvert\u202f: il compte dans les parts à partir de là.")
        raise Refusal("no_eservice", message, "serves_from")
    service_id = delivery.eservice_id
    if service_id is None:
        new = delivery.new_eservice
        if new is None or not new.name.strip() or not new.code.strip():
            message = _("Choisissez le téléservice au catalogue, ou donnez le nom et le code du nouveau.")
            raise Refusal("no_eservice", message, "eservice")
        made = eservices.record_eservice(
            order.authority_id, code=new.code, name=new.name, offered_from=delivery.serves_from,
            theme=cast(eservices.Theme, new.theme), actor_id=actor_id,
        )  # fmt: skip
        service_id = made.id
    users = party_ids(order)
    already = {one.authority_id for one in eservices.uses(users, service_id=service_id) if _still(one, delivery)}
    for member_id in users:
        if member_id not in already:
            eservices.record_use(service_id, member_id, delivery.serves_from, order.id, actor_id=actor_id)
    order.eservice_id, order.serves_from = service_id, delivery.serves_from
    _name_eservice(order, service_id, delivery.serves_from)


def _still(use: eservices.UseView, delivery: Delivery) -> bool:
    """An order may add to an e-service that one of its members offers already."""
    assert delivery.serves_from
    return use.used_on(delivery.serves_from)


def _name_eservice(order: PurchaseOrder, service_id: UUID, from_on: date) -> None:
    """The costs of the e-service are then shared by those that use it, from the day it is open, unless some of it was
    called already: what was computed stays as it was.
    """
    group = held_group(order.framework.group_id)
    _first, after = year_in_term(group, from_on)
    for item in CostItem.objects.filter(order=order, state=CostState.ESTIMATED):
        if not KINDS[item.kind].of_service or ShareRun.objects.filter(cost=item).exists():
            continue
        item.eservice_id, item.users = service_id, []
        item.year, item.from_on, item.until_on = from_on.year, from_on, after
        item.save()
