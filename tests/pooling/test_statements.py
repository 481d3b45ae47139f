"""What is called from each debtor: to the cent, kept, mirrored, closed."""

from collections.abc import Callable

import pytest

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, ShareRun, Statement, StatementLine
from parvis.pooling.rules import replay
from parvis.pooling.selectors.statements import due_cents
from parvis.pooling.selectors.today import today
from parvis.pooling.services.call_instalment import call_instalment
from parvis.pooling.services.credit_statement import credit_statement
from parvis.pooling.services.issue_closing import issue_closing
from parvis.pooling.services.note_payment import note_payment
from tests.pooling.pooling_world import Circle, a_cost, a_group, with_eservices

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> Circle:
    made = a_group()
    with_eservices(made)
    a_cost(made, "base", 38_750_00, "shared")
    a_cost(made, "hosting", 14_990_00, "shared")
    return made


def close(circle: Circle, change_cents: int = 0) -> None:
    with scope.authority(circle.coordinator.id):
        for cost in CostItem.objects.all():
            cost.final_ht_cents, cost.final_vat_cents = cost.ht_cents + change_cents, cost.vat_cents
            cost.state = "closed"
            cost.save()


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        verb()
    return caught.value.code


def test_two_instalments_make_the_worked_example(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        first = call_instalment(circle.group.id, 2026, 1)
        second = call_instalment(circle.group.id, 2026, 2)
    called = {one.debtor_id: one.ht_cents for one in first}
    for one in second:
        called[one.debtor_id] += one.ht_cents
    # Base and hosting of the example; the coordinator calls nothing from itself.
    assert [called[house.id] for house in circle.houses[1:]] == [
        1_210_830 + 468_396, 333_261 + 128_919, 295_243 + 114_211, 261_396 + 101_118, 177_587 + 68_697,
    ]  # fmt: skip
    assert circle.coordinator.id not in called
    assert [one.number for one in first] == [f"2026-{n:04d}" for n in range(1, 6)]


def test_each_line_keeps_its_computation(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 1)
        line = StatementLine.objects.filter(statement__debtor=circle.member).first()
        assert line is not None
        assert line.share == "4444355/14223198"
        assert any("Pourquoi" in one or "À payer" in one for one in line.why)
        for run in ShareRun.objects.all():
            assert replay(run.record).ht == run.record["result"]["ht"]


def test_an_instalment_is_called_once_and_a_cost_that_came_later_is_caught_up(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 1)
        assert refused(lambda: call_instalment(circle.group.id, 2026, 1)) == "called"
        assert refused(lambda: call_instalment(circle.group.id, 2026, 3)) == "no_such_rank"
        a_cost(circle, "support", 1_000_00, "shared")
        before = sum(one.ht_cents for one in Statement.objects.all())
        call_instalment(circle.group.id, 2026, 2)
        parts = sum(one.ht_cents for one in Statement.objects.all())
    # All of the year is called by the last instalment, the newcomer included, but the coordinator's own part.
    assert parts == 54_740_00 - 1_596_683 - 617_659 - 41_205
    assert before < parts


def test_the_closing_is_final_less_called_and_may_give_back(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 2)
        assert refused(lambda: issue_closing(circle.group.id, 2026)) == "not_closed"
    close(circle, change_cents=-10_000_00)
    with scope.authority(circle.coordinator.id):
        made = issue_closing(circle.group.id, 2026)
        final = {run.cost_id: run.record["result"]["ht"] for run in ShareRun.objects.filter(purpose="closing")}
        for house in circle.houses[1:]:
            called = sum(one.ht_cents for one in Statement.objects.filter(debtor=house))
            assert called == sum(parts[house.siren] for parts in final.values())
        assert all(one.ht_cents < 0 for one in made)
        assert refused(lambda: issue_closing(circle.group.id, 2026)) == "closed"
        assert refused(lambda: call_instalment(circle.group.id, 2026, 1)) == "closed"


def test_a_credit_mirrors_its_statement_and_opens_the_call_again(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        mulhouse = next(one for one in call_instalment(circle.group.id, 2026, 1) if one.debtor == circle.member)
        before = list(StatementLine.objects.filter(statement=mulhouse).values_list("ht_cents", "vat_cents", "share"))
        assert refused(lambda: credit_statement(mulhouse.id, " ")) == "reason_missing"
        credit = credit_statement(mulhouse.id, "Erreur de population")
        after = list(StatementLine.objects.filter(statement=credit).values_list("ht_cents", "vat_cents", "share"))
        assert [(-ht, -vat, share) for ht, vat, share in after] == before
        assert (credit.ht_cents, credit.ttc_cents) == (-mulhouse.ht_cents, -mulhouse.ttc_cents)
        mulhouse.refresh_from_db()
        assert mulhouse.state == "credited"
        assert due_cents(mulhouse) == due_cents(credit) == 0
        assert refused(lambda: credit_statement(credit.id, "Encore")) == "credit"
        [again] = call_instalment(circle.group.id, 2026, 1)
        assert (again.debtor_id, again.ttc_cents) == (circle.member.id, -credit.ttc_cents)


def test_payments_are_noted_until_the_amount_called(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        one = call_instalment(circle.group.id, 2026, 1)[0]
        note_payment(one.id, 100_00, today(), reference="Bordereau 12")
        assert due_cents(one) == one.ttc_cents - 100_00
        assert refused(lambda: note_payment(one.id, one.ttc_cents, today())) == "too_much"
        assert refused(lambda: note_payment(one.id, -1, today())) == "nothing"
        paid = note_payment(one.id, one.ttc_cents - 100_00, today())
        assert (paid.state, due_cents(paid)) == ("paid", 0)
        credit = credit_statement(one.id, "Appelé deux fois")
        assert due_cents(credit) == -one.ttc_cents


def test_only_the_creditor_touches_its_statement(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        one = call_instalment(circle.group.id, 2026, 1)[0]
    with scope.authority(circle.member.id):
        assert Statement.objects.filter(id=one.id).exists()
        assert refused(lambda: note_payment(one.id, 1, today())) == "not_yours"
        assert refused(lambda: credit_statement(one.id, "Non")) == "not_yours"
        assert refused(lambda: call_instalment(circle.group.id, 2026, 1)) == "no_cost"
