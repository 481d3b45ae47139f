"""What a cost is proposed to be closed at: what was paid, else what was invoiced, else the estimate."""

from datetime import timedelta
from decimal import Decimal

import pytest

from parvis.kit import scope
from parvis.pooling.models import CostItem, PurchaseOrder
from parvis.pooling.selectors.cost_proposals import ClosingProposal, closing_proposal
from parvis.pooling.selectors.today import today
from parvis.pooling.services.match_invoice import match_invoice
from tests.pooling.invoice_circle import a_billed_circle, a_delivered_order, received
from tests.pooling.pooling_world import Circle, a_cost

pytestmark = pytest.mark.django_db


def the_cost(circle: Circle, order: PurchaseOrder, label: str = "Socle") -> CostItem:
    with scope.authority(order.authority_id):
        item: CostItem = CostItem.objects.create(
            group=circle.group, circle_id=circle.group.id, order=order, kind="base", label=label, year=2026,
            from_on=today(), until_on=today() + timedelta(days=9), ht_cents=order.ht_cents, vat_cents=order.vat_cents,
            key_code="shared",
        )  # fmt: skip
    return item


def proposed(item: CostItem) -> ClosingProposal:
    with scope.authority(item.authority_id):
        return closing_proposal(CostItem.objects.get(id=item.id))


def test_by_hand_the_estimate_without_proof() -> None:
    item = a_cost(a_billed_circle(), "base", 1_000_00, "shared")
    found = proposed(item)
    assert (found.ht_cents, found.vat_cents, found.proof) == (1_000_00, 200_00, "")


def test_an_order_without_invoice_proposes_its_estimate() -> None:
    circle = a_billed_circle()
    found = proposed(the_cost(circle, a_delivered_order(circle)))
    assert (found.ht_cents, found.proof) == (7_350_00, "")
    assert "Aucune facture" in found.said


def test_a_paid_order_proposes_what_was_paid_with_its_invoice() -> None:
    circle = a_billed_circle()
    order = a_delivered_order(circle)
    item = the_cost(circle, order)
    bill = received(order, "BRU-009", part=Decimal("0.5"))
    with scope.authority(order.authority_id):
        match_invoice(bill.id, order.id)
    half = proposed(item)
    assert (half.ht_cents, half.vat_cents) == (3_675_00, 735_00)
    assert "D’autres factures peuvent encore venir" in half.said
    with scope.authority(order.authority_id):
        # Paid when the year's balance was already called: its cost was left open.
        PurchaseOrder.objects.filter(id=order.id).update(state="paid", paid_on=today())
    paid = proposed(item)
    assert (paid.ht_cents, paid.vat_cents) == (3_675_00, 735_00)
    assert "payée" in paid.said
    assert paid.proof == f"Commande {order.number}, facture BRU-009"


def test_an_order_of_several_costs_leaves_the_choice() -> None:
    circle = a_billed_circle()
    order = a_delivered_order(circle)
    first, _second = the_cost(circle, order), the_cost(circle, order, "Hébergement")
    bill = received(order, "BRU-010", part=Decimal("0.5"))
    with scope.authority(order.authority_id):
        match_invoice(bill.id, order.id)
    found = proposed(first)
    assert found.ht_cents == 7_350_00
    assert "plusieurs coûts" in found.said
