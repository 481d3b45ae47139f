"""What an order costs, as it is shown, and once it is cancelled: whom it was called from is never left out."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import Sum
from django.utils import timezone

from parvis.kit import clock, scope
from parvis.pooling import tasks
from parvis.pooling.models import AnswerKind, CostItem, PurchaseOrder, Statement
from parvis.pooling.rules import order_vat
from parvis.pooling.selectors.cost_proposals import settlement
from parvis.pooling.selectors.order_costs import order_shares, planned_costs
from parvis.pooling.services.accept_joining import accept_joining
from parvis.pooling.services.answer_order import answer_order
from parvis.pooling.services.call_instalment import call_instalment
from parvis.pooling.services.cancel_order import cancel_order
from parvis.pooling.services.close_cost import close_cost
from parvis.pooling.services.credit_statement import credit_statement
from parvis.pooling.services.issue_closing import issue_closing
from parvis.pooling.services.issue_order import issue_order
from tests.pooling.order_world import SIGNATORY, a_price, answered
from tests.pooling.pooling_world import Circle, a_framework, a_group, houses, with_eservices
from tests.pooling.statement_world import refused

pytestmark = pytest.mark.django_db


def a_shared_order(cents: int = 7_350_01, **fields: str) -> tuple[Circle, UUID]:
    """Issued by the commune, which another one joined."""
    circle = a_group(houses(3), **fields)
    with_eservices(circle)
    a_framework(circle)
    order = answered(circle, circle.member.id, a_price(circle, cents, kind="acquisition"))
    with scope.authority(circle.houses[2].id):
        answer_order(order.id, AnswerKind.JOIN)
    with scope.authority(circle.member.id):
        accept_joining(order.id, circle.houses[2].id)
        issue_order(order.id, signatory=SIGNATORY)
    return circle, order.id


@pytest.mark.parametrize("vat_mode", ["recharge", "direct"])
def test_an_order_is_shown_with_the_vat_of_its_group(vat_mode: str) -> None:
    circle, _order = a_shared_order(vat_mode=vat_mode)
    with scope.authority(circle.member.id):
        item = CostItem.objects.get()
        shares, problem = order_shares(item.order)
        assert not problem
        assert sum(one.ht_cents for one in shares) == item.ht_cents
        if vat_mode == "direct":
            assert [one.vat_cents for one in shares] == [order_vat(one.ht_cents, 2000) for one in shares]
        else:
            assert sum(one.vat_cents for one in shares) == item.vat_cents


def test_cancelled_after_a_call_its_closing_gives_all_back() -> None:
    circle, order_id = a_shared_order()
    with scope.authority(circle.member.id):
        year = CostItem.objects.get().year
        call_instalment(circle.group.id, year, 1)
        cancel_order(order_id, "Le titulaire l’accepte.")
        left = CostItem.objects.get()
        assert (left.state, left.final_ht_cents, left.closed_on is not None) == ("closed", 0, True)
        issue_closing(circle.group.id, year)
        assert Statement.objects.aggregate(all=Sum("ttc_cents"))["all"] == 0


def test_an_order_whose_year_is_closed_is_cancelled_after_a_credit_only() -> None:
    circle, order_id = a_shared_order()
    with scope.authority(circle.member.id):
        item = CostItem.objects.get()
        close_cost(item.id, ht_cents=item.ht_cents, vat_cents=item.vat_cents, proof="Devis")
        [closing] = issue_closing(circle.group.id, item.year)
        assert refused(lambda: cancel_order(order_id, "Le titulaire l’accepte.")) == "closed_year"
        item.refresh_from_db()
        assert item.final_ht_cents == item.ht_cents
        credit_statement(closing.id, "Commande annulée")
        cancel_order(order_id, "Le titulaire l’accepte.")
        item.refresh_from_db()
        assert item.final_ht_cents == 0


def test_a_cost_closed_before_the_payment_is_not_counted_twice() -> None:
    circle, order_id = a_shared_order()
    with scope.authority(circle.member.id):
        first = CostItem.objects.get()
        second = CostItem.objects.get()
        second.pk, second.ht_cents, second.vat_cents = uuid4(), 1_000_00, 200_00
        second.save(force_insert=True)
        close_cost(first.id, ht_cents=first.ht_cents, vat_cents=first.vat_cents, proof="Facture 1")
        order = PurchaseOrder.objects.get(id=order_id)
        whole = (first.ht_cents + 900_00, first.vat_cents + 180_00)
        assert settlement(order, *whole) == {second.id: (900_00, 180_00)}
        assert settlement(order, first.ht_cents - 1, first.vat_cents) == {}


def test_what_an_order_costs_stays_in_the_term_of_its_group() -> None:
    circle, order_id = a_shared_order()
    with scope.authority(circle.member.id):
        order = PurchaseOrder.objects.get(id=order_id)
        issued_on = timezone.localtime(order.issued_at, clock.PARIS).date()
        order.framework.group.ends_on = issued_on + timedelta(days=1)
        [cost] = planned_costs(order)
        assert (cost.from_on, cost.until_on) == (issued_on, issued_on + timedelta(days=1))


def test_what_fails_for_one_authority_is_done_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = houses(3)
    seen: list[UUID] = []

    def run() -> int:
        here = scope.current_authority()
        if here == first.id:
            raise ValueError("no")
        seen.append(here)
        return 0

    monkeypatch.setattr(tasks, "end_groups", run)
    with pytest.raises(ExceptionGroup) as caught:
        tasks.note_terms(0)
    assert len(caught.value.exceptions) == 1
    assert set(seen) == {one.id for one in others}
