"""A framework agreement: recorded, corrected, priced, amended, and read."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import FrameworkAgreement, FrameworkMember, PriceLine
from parvis.pooling.rules.framework_terms import Amendment, FrameworkTerms
from parvis.pooling.rules.schedule import PriceRow
from parvis.pooling.selectors.frameworks import consumption, entitlement, forecast_of, minimum_of, prices_on
from parvis.pooling.selectors.today import today
from parvis.pooling.services.amend_framework import amend_framework
from parvis.pooling.services.cancel_order import cancel_order
from parvis.pooling.services.correct_entitlement import correct_entitlement
from parvis.pooling.services.record_framework import record_framework
from parvis.pooling.services.release import release
from parvis.pooling.services.reserve import reserve
from parvis.pooling.services.save_framework import save_framework
from parvis.pooling.services.write_schedule import write_schedule
from parvis.procurement import facade as procurement
from tests.pooling.order_world import drafted, informed, issued, use, used
from tests.pooling.pooling_world import Circle, a_framework, a_group, add_member, an_order, houses
from tests.world import a_person, an_authority

pytestmark = pytest.mark.django_db

TERMS = FrameworkTerms(
    reference="AC-2026-07", title="Guichet en ligne", contractor_name="Lignes Claires",
    contractor_siret="732 829 320 00074", launched_on=date(2026, 1, 15), awarded_on=date(2026, 3, 1),
    notified_on=date(2026, 3, 20), starts_on=date(2026, 4, 1), ends_on=date(2030, 4, 1), max_cents=1_600_000_00,
    min_cents=100_000_00, signed_on=date(2026, 3, 15),
)  # fmt: skip
BASE = PriceRow("BASE", "Socle", "base", "an", 38_750_00)
SUPPORT = PriceRow("JOUR", "Journée", "support", "jour", 580_00)


@pytest.fixture
def circle() -> Circle:
    return a_group(houses(3))


def recorded(circle: Circle, **fields: Any) -> FrameworkAgreement:
    with scope.authority(circle.coordinator.id):
        made = record_framework(circle.group.id, replace(TERMS, **fields), actor_id=a_person().id)
        write_schedule(made.id, [BASE, SUPPORT])
        circle.prices = {one.code: one for one in made.prices.all()}
    circle.framework = made
    return made


def test_an_existing_contract_is_entered_in_procurement_too(circle: Circle) -> None:
    made = recorded(circle)
    with scope.authority(circle.coordinator.id):
        [award] = procurement.awards()
    assert (made.award_id, made.contractor_siret) == (award.id, "73282932000074")
    assert (award.framework_max_cents, award.duration_months) == (1_600_000_00, 48)


def test_it_is_born_of_an_award(circle: Circle) -> None:
    terms = procurement.AwardInput(
        reference="M-1", title="Guichet", contractor_name="Lignes Claires", contractor_siret="73282932000074",
        decided_on=date(2026, 3, 1), duration_months=48, framework_min_cents=0, framework_max_cents=900_000_00,
    )  # fmt: skip
    with scope.authority(circle.coordinator.id):
        award = procurement.record_existing_contract(terms, actor_id=a_person().id)
        with pytest.raises(Refusal) as caught:
            record_framework(circle.group.id, TERMS, award_id=award.id)
        assert (caught.value.code, caught.value.field) == ("above_award", "max_cents")
        made = record_framework(circle.group.id, replace(TERMS, max_cents=900_000_00), award_id=award.id)
    assert made.award_id == award.id


def test_a_contract_with_a_price_is_no_framework(circle: Circle) -> None:
    terms = procurement.AwardInput(
        reference="M-2", title="Étude", contractor_name="Lignes Claires", contractor_siret="73282932000074",
        decided_on=date(2026, 3, 1), duration_months=6, amount_cents=10_000_00,
    )  # fmt: skip
    with scope.authority(circle.coordinator.id):
        award = procurement.record_existing_contract(terms, actor_id=a_person().id)
        with pytest.raises(Refusal) as caught:
            record_framework(circle.group.id, TERMS, award_id=award.id)
    assert caught.value.code == "not_a_framework"


def test_only_the_coordinator_records_it(circle: Circle) -> None:
    with scope.authority(circle.member.id), pytest.raises(Refusal) as caught:
        record_framework(circle.group.id, TERMS, actor_id=uuid4())
    assert caught.value.code == "not_coordinator"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        pytest.param({"ends_on": date(2030, 4, 2)}, "too_long", "term_reason", id="a-day-over-four-years"),
        pytest.param({"ends_on": date(2026, 4, 1)}, "dates", "ends_on", id="no-term"),
        pytest.param({"awarded_on": date(2026, 1, 1)}, "dates", "awarded_on", id="awarded-before-launch"),
        pytest.param({"notified_on": date(2026, 2, 1)}, "dates", "notified_on", id="notified-before-the-award"),
        pytest.param({"min_cents": 1_600_000_01}, "invalid", None, id="minimum-above-maximum"),
        pytest.param({"signed_on": None}, "dates", "signed_on", id="unsigned"),
        pytest.param({"contractor_siret": "1234"}, "bad_siret", "contractor_siret", id="siret"),
    ],
)
def test_what_it_refuses(circle: Circle, fields: dict[str, Any], code: str, field: str | None) -> None:
    with scope.authority(circle.coordinator.id), pytest.raises(Refusal) as caught:
        record_framework(circle.group.id, replace(TERMS, **fields), actor_id=a_person().id)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_more_than_four_years_with_a_reason(circle: Circle) -> None:
    made = recorded(circle, ends_on=date(2031, 4, 1), term_reason="Amortissement des équipements")
    assert made.term_reason == "Amortissement des équipements"


def test_named_are_those_that_were_members_at_the_launch(circle: Circle) -> None:
    late = an_authority("venue-apres")
    add_member(circle.group, late, date(2026, 2, 1))
    made = recorded(circle)
    with scope.authority(circle.member.id):
        said = {one.member.id: one.identified for one in entitlement(made)}
    assert said == {**{house.id: True for house in circle.houses}, late.id: False}
    with scope.authority(circle.coordinator.id):
        with pytest.raises(Refusal) as caught:
            correct_entitlement(made.id, late.id, identified=True, because=" ")
        assert caught.value.code == "no_reason"
        correct_entitlement(made.id, late.id, identified=True, because="Nommée au règlement de la consultation")
        assert FrameworkMember.objects.get(member=late).identified_at_launch


def test_a_member_of_later_is_not_named_until_somebody_says_so(circle: Circle) -> None:
    made = recorded(circle)
    late = an_authority("venue-apres")
    add_member(circle.group, late, date(2026, 6, 1))
    with scope.authority(circle.coordinator.id):
        assert [one.identified for one in entitlement(made) if one.member.id == late.id] == [False]
        correct_entitlement(made.id, late.id, identified=False, because="Venue après")
        assert FrameworkMember.objects.filter(member=late).count() == 1


def test_it_is_corrected_until_something_rests_on_it(circle: Circle) -> None:
    made = recorded(circle)
    with scope.authority(circle.coordinator.id):
        save_framework(made.id, replace(TERMS, max_cents=1_500_000_00))
    issued(circle, circle.member.id, circle.prices["JOUR"])
    with scope.authority(circle.coordinator.id):
        kept = replace(TERMS, max_cents=1_500_000_00, contractor_siret="73282932000074")
        save_framework(made.id, replace(kept, contractor_email="c@titulaire.test"))
        with pytest.raises(Refusal) as caught:
            save_framework(made.id, replace(kept, max_cents=1_700_000_00))
        assert (caught.value.code, caught.value.field) == ("by_amendment", "max_cents")
        with pytest.raises(Refusal) as caught:
            write_schedule(made.id, [BASE])
        assert caught.value.code == "by_amendment"


def test_a_schedule_is_written_whole(circle: Circle) -> None:
    made = recorded(circle)
    drafted(circle, circle.member.id, circle.prices["JOUR"])
    with scope.authority(circle.coordinator.id):
        write_schedule(made.id, [replace(SUPPORT, unit_cents=600_00), replace(BASE, code="SOCLE")])
        assert [(one.code, one.unit_cents) for one in prices_on(made, today())] == [
            ("JOUR", 600_00), ("SOCLE", 38_750_00),
        ]  # fmt: skip
        for rows, code in (
            ([BASE], "used_line"), ([], "empty"), ([SUPPORT, SUPPORT], "twice"),
            ([replace(SUPPORT, kind="autre")], "unknown_kind"),
        ):  # fmt: skip
            with pytest.raises(Refusal) as caught:
                write_schedule(made.id, rows)
            assert caught.value.code == code


def test_a_price_changes_from_its_day(circle: Circle) -> None:
    made = recorded(circle)
    day = today() + timedelta(days=30)
    change = Amendment("Révision", today(), day, prices=(replace(SUPPORT, unit_cents=600_00),), ended=("BASE",))
    with scope.authority(circle.coordinator.id):
        amend_framework(made.id, change)
        before = {one.code: one.unit_cents for one in prices_on(made, day - timedelta(days=1))}
        assert before == {"BASE": 38_750_00, "JOUR": 580_00}
        assert {one.code: one.unit_cents for one in prices_on(made, day)} == {"JOUR": 600_00}
        assert PriceLine.objects.filter(framework=made, code="JOUR").count() == 2


def test_the_maximum_and_the_term_change_with_what_was_there_before(circle: Circle) -> None:
    made = recorded(circle)
    with scope.authority(circle.coordinator.id):
        change = Amendment("Prolongation", today(), today(), max_cents=1_700_000_00, ends_on=date(2030, 1, 1))
        row = amend_framework(made.id, change)
        made.refresh_from_db()
    assert (row.max_before_cents, row.max_after_cents) == (1_600_000_00, 1_700_000_00)
    assert (row.end_before, row.end_after) == (date(2030, 4, 1), date(2030, 1, 1))
    assert (made.max_cents, made.ends_on, row.number) == (1_700_000_00, date(2030, 1, 1), 1)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param({"purpose": " "}, "no_purpose", id="no-purpose"),
        pytest.param({"max_cents": 499_999_99}, "below_used", id="below-what-is-used"),
        pytest.param({"max_cents": 2_000_000_00, "effective_on": date(2099, 1, 1)}, "not_yet", id="not-in-force"),
        pytest.param({"ends_on": date(2030, 4, 2)}, "too_long", id="over-four-years"),
        pytest.param({"ended": ("RIEN",)}, "unknown_code", id="unknown-code"),
        pytest.param({"prices": (SUPPORT,), "effective_on": date(2026, 4, 1)}, "price_before", id="same-day-price"),
        pytest.param({"effective_on": date(2026, 3, 1)}, "dates", id="before-the-start"),
        pytest.param({"signed_on": date(2099, 1, 1)}, "dates", id="signed-later"),
    ],
)
def test_an_amendment_it_refuses(circle: Circle, fields: dict[str, Any], code: str) -> None:
    made = recorded(circle)
    use(circle, 500_000_00)
    base: dict[str, Any] = {"purpose": "Avenant", "signed_on": today(), "effective_on": today()}
    with scope.authority(circle.coordinator.id):
        with pytest.raises(Refusal) as caught:
            amend_framework(made.id, Amendment(**{**base, **fields}))
        assert caught.value.code == code
        assert not made.amendments.exists()


def test_consumption_adds_up_whatever_way_it_is_read(circle: Circle) -> None:
    recorded(circle)
    first = issued(circle, circle.member.id, circle.prices["BASE"], circle.prices["JOUR"])
    issued(circle, circle.houses[2].id, circle.prices["JOUR"])
    gone = issued(circle, circle.houses[2].id, circle.prices["JOUR"])
    informed(circle, circle.member.id, circle.prices["JOUR"])
    with scope.authority(circle.houses[2].id):
        cancel_order(gone.id, "Doublon")
    with scope.authority(circle.member.id):
        release(type(first).objects.select_for_update(of=("self",)).get(id=first.id), 330_00)
        read = consumption(FrameworkAgreement.objects.get())
        expected = forecast_of(FrameworkAgreement.objects.get())
    total = 38_750_00 + 580_00 + 580_00 - 330_00
    assert read.used_cents == total == used(circle)
    for rows in (read.taken, read.by_kind):
        assert sum(row[1] for row in rows) == total
    assert [(house.name, count, cents) for house, count, cents in read.by_member] == [
        ("Mulhouse", 1, 39_000_00), ("Illzach", 1, 580_00),
    ]  # fmt: skip
    assert [(one[1], one[2]) for one in read.by_month] == [(total, total)]
    assert expected.announced_cents == 580_00


def test_the_minimum_is_a_risk_when_the_line_stays_below(circle: Circle) -> None:
    made = recorded(circle)
    with scope.authority(circle.member.id):
        least = minimum_of(made, forecast_of(made))
    assert (least.missing_cents, least.at_risk) == (100_000_00, True)


def test_one_statement_takes_and_one_gives_back(circle: Circle) -> None:
    a_framework(circle)
    order = an_order(circle, circle.member, state="issued")
    assert circle.framework
    with scope.authority(circle.member.id):
        taken = reserve(circle.framework, order.ht_cents)
        assert (taken.used_cents, taken.rank) == (order.ht_cents, 1)
        with pytest.raises(Refusal) as caught:
            reserve(circle.framework, circle.framework.max_cents)
        assert caught.value.code == "above_maximum"
        with pytest.raises(ValueError, match="no more"):
            release(order, order.ht_cents + 1)
        assert release(order, order.ht_cents) == 0
        with pytest.raises(ValueError, match="positive"):
            reserve(circle.framework, 0)


def test_the_counter_is_the_database_s_too(circle: Circle) -> None:
    a_framework(circle)
    assert circle.framework
    said = pytest.raises(IntegrityError, match="framework_never_above_its_maximum")
    with scope.authority(circle.coordinator.id), said, transaction.atomic():
        FrameworkAgreement.objects.filter(id=circle.framework.id).update(used_cents=1_600_000_01)


def test_it_is_not_recorded_before_it_is_notified(circle: Circle) -> None:
    with clock.frozen_at(clock.now()), scope.authority(circle.coordinator.id), pytest.raises(Refusal) as caught:
        record_framework(
            circle.group.id, replace(TERMS, notified_on=today() + timedelta(days=1)), actor_id=a_person().id
        )
    assert (caught.value.code, caught.value.field) == ("dates", "notified_on")
