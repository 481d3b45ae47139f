"""Orders made by their verbs, as a test needs them."""

from typing import Any
from uuid import UUID

from parvis.kit import scope
from parvis.pooling.models import AnswerKind, FrameworkAgreement, PriceLine, PurchaseOrder
from parvis.pooling.rules.order_content import OrderContent
from parvis.pooling.services.answer_order import answer_order
from parvis.pooling.services.draft_order import draft_order
from parvis.pooling.services.inform_group import inform_group
from parvis.pooling.services.issue_order import issue_order
from tests.pooling.pooling_world import Circle

SIGNATORY = "Claude Signataire, maire"


def a_price(circle: Circle, cents: int, **fields: Any) -> PriceLine:
    """A line of the schedule at this very price, excluding VAT."""
    assert circle.framework
    base: dict[str, Any] = {
        "code": f"P{cents}", "label": "Prestation", "kind": "support", "unit": "forfait",
        "valid_from": circle.framework.starts_on,
    }  # fmt: skip
    with scope.authority(circle.coordinator.id):
        price: PriceLine = PriceLine.objects.create(
            framework=circle.framework, circle_id=circle.group.id, unit_cents=cents, **{**base, **fields}
        )
    return price


def drafted(circle: Circle, house_id: UUID, *prices: PriceLine, title: str = "Commande", **more: Any) -> PurchaseOrder:
    assert circle.framework
    with scope.authority(house_id):
        content = OrderContent(title=title, lines=tuple((one.id, 100) for one in prices), **more)
        return draft_order(circle.framework.id, content)


def informed(circle: Circle, house_id: UUID, *prices: PriceLine, **more: Any) -> PurchaseOrder:
    order = drafted(circle, house_id, *prices, **more)
    with scope.authority(house_id):
        return inform_group(order.id)


def answered(circle: Circle, house_id: UUID, *prices: PriceLine, **more: Any) -> PurchaseOrder:
    """Told, and seen by every other member: it may be issued."""
    order = informed(circle, house_id, *prices, **more)
    for house in circle.houses:
        if house.id != house_id:
            with scope.authority(house.id):
                answer_order(order.id, AnswerKind.SEEN)
    return order


def issued(circle: Circle, house_id: UUID, *prices: PriceLine, **more: Any) -> PurchaseOrder:
    order = answered(circle, house_id, *prices, **more)
    with scope.authority(house_id):
        return issue_order(order.id, signatory=SIGNATORY)


def use(circle: Circle, cents: int) -> None:
    """The counter as if orders had taken this much."""
    assert circle.framework
    with scope.authority(circle.coordinator.id):
        FrameworkAgreement.objects.filter(id=circle.framework.id).update(used_cents=cents)


def used(circle: Circle) -> int:
    assert circle.framework
    with scope.authority(circle.coordinator.id):
        return int(FrameworkAgreement.objects.get(id=circle.framework.id).used_cents)


def order_rows(circle: Circle) -> dict[str, Any]:
    """What the addresses name: an order issued by the commune, one that it may share, one of the coordinator."""
    here, price = circle.member, circle.prices["JOUR"]
    sent, shared = issued(circle, here.id, price), informed(circle, here.id, price)
    with scope.authority(circle.coordinator.id):
        answer_order(shared.id, AnswerKind.JOIN)
    theirs = informed(circle, circle.coordinator.id, price)
    return {
        "issued_order": sent.id, "shared_order": shared.id, "their_order": theirs.id,
        "coordinator_id": circle.coordinator.id, "commune_id": here.id,
    }  # fmt: skip
