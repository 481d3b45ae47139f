"""What is called from each debtor: to the cent, kept, mirrored, closed."""

from datetime import date, timedelta

import pytest

from parvis.kit import clock, scope
from parvis.notifications.models import Message
from parvis.pooling.models import CostItem, CostKey, Payment, ShareRun, Statement, StatementLine
from parvis.pooling.rules import replay
from parvis.pooling.selectors.statements import due_cents
from parvis.pooling.selectors.today import today
from parvis.pooling.services.call_instalment import call_instalment
from parvis.pooling.services.correct_payment import correct_payment
from parvis.pooling.services.credit_statement import credit_statement
from parvis.pooling.services.issue_closing import issue_closing
from parvis.pooling.services.note_payment import note_payment
from parvis.pooling.services.remind_statements import remind_statements
from parvis.pooling.services.save_billing import save_billing
from tests.pooling.pooling_world import Circle, a_cost, a_group, add_member
from tests.pooling.statement_world import a_called_circle, called_from, close, refused
from tests.world import an_agent, an_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> Circle:
    return a_called_circle()


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


def test_who_had_its_closing_cancelled_is_closed_again_alone(circle: Circle) -> None:
    close(circle)
    with scope.authority(circle.coordinator.id):
        made = issue_closing(circle.group.id, 2026)
        mulhouse = next(one for one in made if one.debtor == circle.member)
        credit_statement(mulhouse.id, "Erreur de population")
        [again] = issue_closing(circle.group.id, 2026)
        assert (again.debtor_id, again.ttc_cents) == (circle.member.id, mulhouse.ttc_cents)
        assert refused(lambda: issue_closing(circle.group.id, 2026)) == "closed"


def test_an_instalment_is_not_cancelled_under_its_closing(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 1)
    close(circle)
    [instalment] = called_from(circle, circle.member)
    with scope.authority(circle.coordinator.id):
        issue_closing(circle.group.id, 2026)
        assert refused(lambda: credit_statement(instalment.id, "Erreur")) == "closing_first"
        closing = Statement.objects.get(kind="closing", debtor=circle.member)
        credit_statement(closing.id, "Erreur")
        credit_statement(instalment.id, "Erreur")
        [again] = issue_closing(circle.group.id, 2026)
        # All of the year at once, since nothing called of it stands.
        assert again.ht_cents == 12_108_30 + 4_683_96
        sums = [one.ttc_cents for one in Statement.objects.filter(debtor=circle.member)]
        assert sum(sums) == again.ttc_cents


def test_a_later_instalment_takes_up_what_a_credit_left(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        first = next(one for one in call_instalment(circle.group.id, 2026, 1) if one.debtor == circle.member)
        credit_statement(first.id, "Erreur")
        second = next(one for one in call_instalment(circle.group.id, 2026, 2) if one.debtor == circle.member)
        assert second.ht_cents == 12_108_30 + 4_683_96


def test_a_closing_that_equals_what_was_called_leaves_nothing_to_say(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 2)
    close(circle)
    with scope.authority(circle.coordinator.id):
        assert refused(lambda: issue_closing(circle.group.id, 2026)) == "nothing_to_call"


def test_a_member_with_nothing_is_not_called(circle: Circle) -> None:
    newcomer = an_authority("brunstatt", name="Brunstatt", kind="commune", population=8_000)
    add_member(circle.group, newcomer)
    with scope.authority(circle.coordinator.id):
        made = call_instalment(circle.group.id, 2026, 1)
        assert newcomer.id not in {one.debtor_id for one in made}
        assert refused(lambda: call_instalment(circle.group.id, 2026, 1)) == "called"


def test_a_commune_that_ordered_for_several_calls_them_with_its_own_numbers(circle: Circle) -> None:
    payer, other = circle.member, circle.houses[2]
    with scope.authority(payer.id):
        CostItem.objects.create(
            group=circle.group, circle_id=circle.group.id, kind="acquisition", label="Portail famille", year=2026,
            from_on=date(2026, 1, 1), until_on=date(2027, 1, 1), ht_cents=7_350_00, vat_cents=1_470_00,
            key_code="users", users=[str(payer.id), str(other.id), str(circle.houses[5].id)],
        )  # fmt: skip
        first, second = call_instalment(circle.group.id, 2026, 2)
        assert [(one.debtor_id, one.ht_cents) for one in (first, second)] == [
            (other.id, 879_98), (circle.houses[5].id, 392_56),
        ]  # fmt: skip
        assert first.number == "2026-0001"
        assert first.authority_id == payer.id
    with scope.authority(circle.coordinator.id):
        # The coordinator calls its own costs alone, and owes nothing here.
        assert {line.label for one in call_instalment(circle.group.id, 2026, 2) for line in one.lines.all()} == {
            "Base", "Hosting",
        }  # fmt: skip
        assert refused(lambda: credit_statement(first.id, "Non")) == "not_yours"


def test_numbers_follow_each_other_over_the_groups_of_a_creditor(circle: Circle) -> None:
    other = a_group(circle.houses, name="Fournitures")
    a_cost(other, "base", 1_000_00, "shared")
    with scope.authority(circle.coordinator.id):
        made = [*call_instalment(circle.group.id, 2026, 1), *call_instalment(other.group.id, 2026, 1)]
    assert [one.number for one in made] == [f"2026-{n:04d}" for n in range(1, 11)]


def test_lines_that_make_zero_leave_nothing_to_pay(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        call_instalment(circle.group.id, 2026, 2)
    for kind, cents in (("support", 100_00), ("training", -100_00)):
        a_cost(circle, kind, cents, "own", payer=circle.member)
    with scope.authority(circle.coordinator.id):
        CostKey.objects.create(
            group=circle.group, circle_id=circle.group.id, code="own", name="Seul", formula="single_payer",
            reference_year=2022, in_force_on=date(2026, 1, 1),
        )  # fmt: skip
    close(circle)
    with scope.authority(circle.coordinator.id):
        [one] = issue_closing(circle.group.id, 2026)
        assert (one.ttc_cents, one.state, due_cents(one)) == (0, "paid", 0)


def test_who_pays_without_being_a_member_is_said(circle: Circle) -> None:
    stranger = an_authority("ailleurs", name="Ailleurs", kind="commune")
    a_cost(circle, "own", 100_00, "own", payer=stranger)
    with scope.authority(circle.coordinator.id):
        CostKey.objects.create(
            group=circle.group, circle_id=circle.group.id, code="own", name="Seul", formula="single_payer",
            reference_year=2022, in_force_on=date(2026, 1, 1),
        )  # fmt: skip
        assert refused(lambda: call_instalment(circle.group.id, 2026, 1)) == "payer_outside"
        assert not Statement.objects.exists()


def test_a_call_for_a_day_gone_by_is_refused(circle: Circle) -> None:
    yesterday = today() - timedelta(days=1)
    with scope.authority(circle.coordinator.id):
        assert refused(lambda: call_instalment(circle.group.id, 2026, 1, due_on=yesterday)) == "in_the_past"


def test_what_is_given_back_is_noted_with_its_sign(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        one = call_instalment(circle.group.id, 2026, 1)[0]
        note_payment(one.id, 100_00, today())
        credit = credit_statement(one.id, "Erreur")
        assert (due_cents(credit), credit.state) == (-100_00, "issued")
        assert refused(lambda: note_payment(credit.id, 100_00, today())) == "nothing"
        assert note_payment(credit.id, -100_00, today()).state == "paid"
        assert sum(one.amount_cents for one in Payment.objects.all()) == 0


def test_only_a_member_keeps_codes_and_for_itself(circle: Circle) -> None:
    with scope.authority(circle.member.id):
        saved = save_billing(circle.group.id, service_code="FIN", commitment="EJ 1")
        assert saved.member_id == circle.member.id
        assert refused(lambda: save_billing(circle.group.id, service_code="x" * 41, commitment="")) == "too_long"


def test_reminders_leave_once_to_who_pays_then_to_both(circle: Circle) -> None:
    payer = an_agent(circle.member, "finance_agent", "Camille Payeur")
    collector = an_agent(circle.coordinator, "finance_agent", "Dominique Encaisseur")
    with scope.authority(circle.coordinator.id):
        one = next(s for s in call_instalment(circle.group.id, 2026, 1) if s.debtor == circle.member)
    told = Message.objects.count()
    assert Message.objects.filter(to=payer.email).count() == 1
    for days, reminded, letters in ((22, 0, 0), (23, 5, 1), (24, 0, 1), (30, 0, 1), (31, 5, 7), (40, 0, 7)):
        with clock.frozen_at(clock.now() + timedelta(days=days)), scope.authority(circle.coordinator.id):
            assert remind_statements() == reminded, days
        assert Message.objects.count() - told == letters, days
    late = Message.objects.filter(to=collector.email, title__contains="Mulhouse").get()
    assert late.subject_id == one.id
    assert f"/releves/{one.id}/" in late.text
    assert "/grande-vallee/" in late.text


def test_nothing_is_reminded_of_what_is_settled_or_has_just_been_called(circle: Circle) -> None:
    an_agent(circle.member, "finance_agent", "Camille Payeur")
    with scope.authority(circle.coordinator.id):
        made = call_instalment(circle.group.id, 2026, 1, due_on=today() + timedelta(days=5))
        for one in made:
            assert remind_statements() == 0
            note_payment(one.id, one.ttc_cents, today())
        with clock.frozen_at(clock.now() + timedelta(days=30)):
            assert remind_statements() == 0


def test_a_payment_noted_by_mistake_is_taken_back_once(circle: Circle) -> None:
    with scope.authority(circle.coordinator.id):
        one = call_instalment(circle.group.id, 2026, 1)[0]
        note_payment(one.id, one.ttc_cents, today())
        paid = Payment.objects.get()
        assert refused(lambda: correct_payment(paid.id, " ")) == "reason_missing"
        again = correct_payment(paid.id, "Autre relevé")
        assert (again.state, due_cents(again)) == ("issued", one.ttc_cents)
        assert refused(lambda: correct_payment(paid.id, "Encore")) == "corrected"
        opposite = Payment.objects.get(corrects=paid)
        assert refused(lambda: correct_payment(opposite.id, "Encore")) == "corrected"
        assert note_payment(one.id, one.ttc_cents, today()).state == "paid"
    with scope.authority(circle.member.id):
        assert refused(lambda: correct_payment(paid.id, "Non")) == "not_yours"
