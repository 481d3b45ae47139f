"""The dossier of the committee: each figure against rows counted by hand, and what a member may not miss."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest

from parvis.eservices.facade import record_eservice, record_use
from parvis.kit import clock, scope
from parvis.pooling.models import (
    CoordinatorTask,
    CostItem,
    CostKey,
    Dispute,
    Membership,
    Need,
    Payment,
    Statement,
)
from parvis.pooling.rules.ceiling import Minimum
from parvis.pooling.rules.dossier_words import forecast_why, forecast_words, minimum_words, tenth
from parvis.pooling.rules.forecast import Forecast
from parvis.pooling.selectors.dossier import Dossier, dossier
from parvis.pooling.selectors.going_on import proposed_agenda
from parvis.pooling.services.dossier_pdf import dossier_data
from tests.pooling.committee_world import MEETS_AT, NOW, Committee, a_committee, minuted
from tests.pooling.pooling_world import a_framework, an_order
from tests.world import an_authority

pytestmark = pytest.mark.django_db
LATER = MEETS_AT + timedelta(days=30)


@pytest.fixture
def world() -> Iterator[Committee]:
    with clock.frozen_at(NOW):
        yield a_committee()


def read(world: Committee) -> Dossier:
    """As a member reads it, a month after the committee."""
    with clock.frozen_at(LATER), scope.authority(world.circle.member.id):
        return dossier(world.circle.group)


def a_cost(world: Committee, ht_cents: int = 100_000) -> None:
    group = world.circle.group
    with world.coordinator():
        CostItem.objects.create(
            group=group, circle_id=group.id, kind="base", label="Socle", year=2026, from_on=date(2026, 1, 1),
            until_on=date(2027, 1, 1), ht_cents=ht_cents, vat_cents=ht_cents // 5, key_code="shared",
        )  # fmt: skip


def services(world: Committee) -> None:
    """One, opened last year, for the agglomeration; one, opened after the committee, for the two communes."""
    old, new, third = world.circle.houses
    kept = record_eservice(old.id, code="ancien", name="Ancien", offered_from=date(2025, 1, 1))
    record_use(kept.id, old.id, date(2025, 1, 1))
    opened = record_eservice(new.id, code="nouveau", name="Nouveau", offered_from=date(2026, 7, 1))
    record_use(opened.id, new.id, date(2026, 7, 1))
    record_use(opened.id, third.id, date(2026, 7, 1))


def test_members_have_their_figures_and_the_communes_alone_are_summed(world: Committee) -> None:
    services(world)
    a_cost(world)
    seen = read(world)
    assert [(one.name, one.inhabitants, one.services) for one in seen.members] == [
        ("Grande Vallée", 276_825, 1), ("Illzach", 15_362, 1), ("Mulhouse", 106_095, 1)]  # fmt: skip
    assert seen.inhabitants == 106_095 + 15_362
    assert sum(one.share.ttc for one in seen.members) == 120_000 == seen.shares.total.ttc


def test_what_is_new_is_new_since_the_last_committee(world: Committee) -> None:
    services(world)
    a_framework(world.circle)
    an_order(world.circle, world.circle.member, "ACQ", state="issued", issued_at=MEETS_AT - timedelta(days=1))
    an_order(world.circle, world.circle.member, "BASE", state="issued", issued_at=MEETS_AT + timedelta(days=1))
    an_order(world.circle, world.circle.member, "MNT", state="informed")
    an_order(world.circle, world.circle.member, "JOUR")
    assert [len(read(world).ordered), read(world).previous] == [2, None]
    minuted(world)
    seen = read(world)
    assert [one.order.title for one in seen.ordered] == ["Socle de services, par an"]
    assert [one.order.title for one in seen.announced] == ["Téléservice partageable, maintenance par an"]
    assert [(one.name, one.members, one.new) for one in seen.services] == [
        ("Ancien", ("Grande Vallée",), False), ("Nouveau", ("Illzach", "Mulhouse"), True)]  # fmt: skip
    assert [one.decision.text for one in seen.decisions] == ["Le prochain comité se tient en novembre."]


def test_called_paid_and_due_are_the_statements_credits_off(world: Committee) -> None:
    group = world.circle.group
    with world.coordinator():
        base = {"group": group, "circle_id": group.id, "debtor": world.circle.member, "year": 2026,
                "issued_on": date(2026, 4, 1), "due_on": date(2026, 5, 1)}  # fmt: skip
        cents = {"ht_cents": 1000, "vat_cents": 200, "ttc_cents": 1200}
        first = Statement.objects.create(number="1", kind="instalment", rank=1, state="credited", **cents, **base)
        Statement.objects.create(
            number="2",
            kind="credit",
            mirrors=first,
            reason="Erreur",
            ht_cents=-1000,
            vat_cents=-200,
            ttc_cents=-1200,
            **base,
        )
        third = Statement.objects.create(number="3", kind="instalment", rank=1, **cents, **base)
        Statement.objects.create(number="4", kind="instalment", rank=2, **cents, **{**base, "year": 2025})
        Payment.objects.create(statement=third, circle_id=group.id, paid_on=date(2026, 5, 1), amount_cents=500)
    rows = read(world).collected
    assert [(one.name, one.called, one.paid, one.due) for one in rows] == [("Mulhouse", 1200, 500, 700)]


def test_late_tasks_open_disputes_new_needs_and_keys_to_come_are_there(world: Committee) -> None:
    group = world.circle.group
    minuted(world)
    base = {"group": group, "circle_id": group.id}
    with world.coordinator():
        CoordinatorTask.objects.create(label="En retard", due_on=date(2026, 6, 1), **base)
        CoordinatorTask.objects.create(label="Faite", due_on=date(2026, 6, 1), done_on=date(2026, 6, 1), **base)
        CoordinatorTask.objects.create(label="À venir", due_on=date(2026, 12, 1), **base)
        Dispute.objects.create(subject="Retard", opponent="Lignes", opened_on=date(2026, 6, 1), account="…", **base)
        CostKey.objects.create(
            code="shared", version=2, name="Shared", formula="weighted", reference_year=2022,
            in_force_on=date(2027, 1, 1), **base,
        )  # fmt: skip
    with scope.authority(world.circle.member.id):
        Need.objects.create(label="Ancien besoin", kind="own", stated_at=MEETS_AT - timedelta(days=1), **base)
        Need.objects.create(label="Besoin nouveau", kind="own", stated_at=MEETS_AT + timedelta(days=1), **base)
    seen = read(world)
    assert [one.task.label for one in seen.late] == ["En retard"]
    assert [one.subject for one in seen.disputes] == ["Retard"]
    assert [(member, one.label) for member, one in seen.needs] == [("Mulhouse", "Besoin nouveau")]
    assert [one.version for one in seen.coming_keys] == [2]


def test_the_agenda_is_proposed_from_the_same_facts(world: Committee) -> None:
    minuted(world)
    a_framework(world.circle, min_cents=0)
    an_order(world.circle, world.circle.member, "MNT", state="informed")
    group, newcomer = world.circle.group, an_authority("brunstatt", name="Brunstatt")
    with clock.frozen_at(LATER), world.coordinator():
        Membership.objects.create(group=group, circle_id=group.id, member=newcomer)
        items = proposed_agenda(group)
    assert items == (
        "Suites du comité du 11 juin 2026\u202f: 1\u00a0décision à suivre",
        "Nouveaux membres\u202f: Brunstatt",
        "Accord-cadre AC-2026-01\u202f: 0\u00a0% du maximum commandé",
        "Commandes annoncées\u202f: 1\u00a0commande à examiner ensemble",
        "Coûts et parts de 2026",
        "Clés de répartition\u202f: populations de 2022, à garder ou à mettre à jour",
        "Questions diverses et date du prochain comité",
    )


def test_paper_says_the_page_s_amounts(world: Committee) -> None:
    services(world)
    a_cost(world)
    a_framework(world.circle)
    data = dossier_data(read(world), "Grande Vallée")
    assert data["total"] == {"ht": "1\u00a0000,00\u00a0€", "ttc": "1\u00a0200,00\u00a0€"}
    assert [one["label"] for one in data["frameworks"][0]["bars"]] == ["Commandé", "Prévu au terme", "Minimum"]
    assert abs(sum(one["part"] for one in data["members"]) - 1) < 1e-9


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(1, 3, "33,3\u00a0%"), (999, 1000, "99,9\u00a0%"), (9999, 10000, "99,9\u00a0%"), (5, 5, "100,0\u00a0%"),
     (0, 0, "0,0\u00a0%")],
    ids=["third", "tenth", "cut", "whole", "nothing"],
)  # fmt: skip
def test_a_part_of_a_whole_is_cut_to_a_tenth(part: int, whole: int, words: str) -> None:
    assert tenth(part, whole) == words


def test_a_forecast_says_the_day_of_the_end_or_the_amount_at_term() -> None:
    base = Forecast(date(2026, 2, 1), 60, 6_000_00, 0, Fraction(100_00), None, 140_000_00)
    assert "140\u00a0000,00\u00a0€ seront commandés au terme" in forecast_words(base, "1er février 2030")
    assert any("trop peu de recul" in one for one in forecast_why(base))
    ended = Forecast(date(2026, 2, 1), 200, 6_000_00, 1, Fraction(100_00), date(2027, 3, 1), 1)
    assert "atteint le 1er mars 2027" in forecast_words(ended, "")
    assert len(forecast_why(ended)) == 2


def test_a_minimum_says_what_is_missing_and_nothing_when_there_is_none() -> None:
    day = date(2030, 2, 1)
    assert minimum_words(Minimum(0, 0, day, 0, at_risk=False)) == ""
    assert "est atteint" in minimum_words(Minimum(100, 0, day, 0, at_risk=False))
    assert "il manquera 0,20\u00a0€" in minimum_words(Minimum(100, 50, day, 20, at_risk=True))
