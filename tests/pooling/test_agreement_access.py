"""What an agreement opens and closes in the tool of procurement, day by day, through its whole life."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.services.end_agreements import end_agreements
from parvis.pooling.services.terminate_agreement import terminate_agreement
from parvis.procurement.models import Consultation
from parvis.procurement.services.create_consultation import create_consultation
from tests.pooling.agreement_world import END, STARTS, Sides, at, noticed, signed_agreement, two_sides
from tests.world import an_agent, signed_in

pytestmark = pytest.mark.django_db

CLOSED, OPEN = "procurement_closed", ""


@pytest.fixture
def sides() -> Sides:
    return two_sides()


@pytest.fixture
def buyer(sides: Sides) -> Any:
    return an_agent(sides.commune, "buyer", "Aude Acheteuse")


def answer(sides: Sides, buyer: Any, day: date) -> str:
    """What the tool says to a buyer who begins a consultation that day: "" when it lets them."""
    with at(day), scope.authority(sides.commune.id):
        before = Consultation.objects.count()
        try:
            create_consultation(title="Réfection du préau", nature="works", actor_id=buyer.id)
        except Refusal as refusal:
            assert Consultation.objects.count() == before
            return refusal.code
        assert Consultation.objects.count() == before + 1
        return OPEN


def pages(sides: Sides, client: Client, day: date) -> tuple[int, int, int]:
    """Status of the list, of a new consultation, and of the export."""
    with at(day):
        names = ("desk", "new_consultation", "export")
        found = [client.get(reverse(name, args=[sides.commune.slug])).status_code for name in names]
    return found[0], found[1], found[2]


def test_closed_before_open_for_four_years_then_closed(sides: Sides, buyer: Any) -> None:
    assert answer(sides, buyer, date(2026, 11, 3)) == CLOSED, "no agreement"
    signed_agreement(sides)
    days = {
        date(2026, 12, 31): CLOSED, STARTS: OPEN, date(2027, 12, 31): OPEN, date(2028, 1, 1): OPEN,
        date(2029, 1, 1): OPEN, date(2030, 1, 1): OPEN, date(2030, 12, 31): OPEN, END: CLOSED, date(2031, 6, 1): CLOSED,
    }  # fmt: skip
    assert {day: answer(sides, buyer, day) for day in days} == days


def test_a_notice_closes_it_three_months_after_its_receipt(sides: Sides, buyer: Any) -> None:
    agreement = signed_agreement(sides)
    noticed(sides, agreement, date(2028, 8, 31))
    days = {date(2028, 8, 31): OPEN, date(2028, 11, 30): OPEN, date(2028, 12, 1): CLOSED, date(2029, 1, 1): CLOSED}
    assert {day: answer(sides, buyer, day) for day in days} == days
    with at(date(2028, 12, 1)), scope.authority(sides.whole.id):
        assert end_agreements() == 1
    assert answer(sides, buyer, date(2028, 12, 2)) == CLOSED, "noting the end opens nothing again"


def test_ended_by_the_agglomeration_it_closes_that_day(sides: Sides, buyer: Any) -> None:
    agreement = signed_agreement(sides)
    day = date(2027, 5, 4)
    assert answer(sides, buyer, day) == OPEN
    with at(day), scope.authority(sides.whole.id):
        terminate_agreement(agreement.id, reason="Changement d’outil.")
    assert answer(sides, buyer, day) == CLOSED


def test_once_over_the_pages_are_read_and_exported_and_nothing_begins(sides: Sides, buyer: Any) -> None:
    signed_agreement(sides)
    client = signed_in(buyer, sides.commune, "buyer")
    assert answer(sides, buyer, STARTS) == OPEN
    assert pages(sides, client, STARTS) == (200, 200, 200)
    assert pages(sides, client, END) == (200, 403, 200)
    with at(END):
        shown = client.get(reverse("desk", args=[sides.commune.slug]) + "?vue=toutes").content.decode()
    assert "Réfection du préau" in shown
    assert "lecture seule" in shown


def test_the_agglomeration_s_own_tool_needs_no_agreement(sides: Sides) -> None:
    own = an_agent(sides.whole, "buyer", "Bruno Acheteur")
    with at(date(2026, 11, 3)), scope.authority(sides.whole.id):
        assert create_consultation(title="Voirie", nature="works", actor_id=own.id).title == "Voirie"
