"""The desks' figures: what is counted, over which days, and who may read them."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.appointments.models import Booking, BookingState, Opening, Source
from parvis.appointments.rules.paris import instant
from parvis.appointments.rules.periods import Period, period
from parvis.appointments.selectors.figures import counts, days_until, filling, third_free
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_reason, an_agenda, at, clock_time
from tests.appointments.reception_world import Hall, a_hall
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db
WEEK = Period("4-semaines", MONDAY, MONDAY + timedelta(days=6), "week")
HOURS = ("9:10", "9:30", "9:50", "10:10", "10:30")
NEXT_MONDAY = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)


@pytest.fixture
def hall() -> Iterator[Hall]:
    with clock.frozen_at(MORNING):
        yield a_hall()


def settle(hall: Hall, booking: Booking, **fields: Any) -> None:
    with scope.authority(hall.house.id):
        Booking.objects.filter(id=booking.id).update(**fields)


def counted(hall: Hall) -> Any:
    with clock.frozen_at(NEXT_MONDAY), scope.authority(hall.house.id):
        return counts([hall.place.id], WEEK)[hall.place.id]


@pytest.mark.parametrize(
    ("code", "first", "step"),
    [
        ("4-semaines", date(2026, 10, 26), "week"),
        ("trimestre", date(2026, 8, 24), "week"),
        ("annee", date(2025, 11, 23), "month"),
        ("autre", date(2026, 10, 26), "week"),
    ],
    ids=["weeks", "quarter", "year", "unknown"],
)
def test_a_period_is_whole_days_up_to_yesterday(code: str, first: date, step: str) -> None:
    asked = period(code, MONDAY)
    assert (asked.first, asked.last, asked.step) == (first, date(2026, 11, 22), step)


def test_filling_is_booked_time_over_time_open_online(hall: Hall) -> None:
    """Two desks, six hours a day, five days; two appointments of twenty minutes, one of them cancelled."""
    hall.booked("9:10")
    gone = hall.booked("9:30", number="ESSAI00002")
    with scope.authority(hall.house.id):
        cancel_booking(gone)
    found = filling([hall.place.id], WEEK)[hall.place.id]
    assert (found.open, found.taken) == (2 * 6 * 5 * 3600, 20 * 60)
    assert found.rate == pytest.approx(20 / 3600)


def test_what_is_open_to_agents_alone_is_not_online(hall: Hall) -> None:
    agenda = an_agenda(hall.place, name="Téléphone", desks=1, hours="8:30-9:30")
    before = filling([hall.place.id], WEEK)[hall.place.id].open
    with scope.authority(hall.house.id):
        Opening.objects.filter(agenda=agenda).update(audience="desk")
    assert filling([hall.place.id], WEEK)[hall.place.id].open == before - 5 * 3600


def test_a_held_slot_is_not_booked_time(hall: Hall) -> None:
    a_hold(hall.reason, at(MONDAY, "9:10"))
    assert filling([hall.place.id], WEEK)[hall.place.id].taken == 0


def test_a_collective_session_is_filled_seat_by_seat() -> None:
    with clock.frozen_at(MORNING):
        hall = a_hall(desks=1, capacity=4, collective=True)
        reason = a_reason(hall.agenda, "swimming-lesson")
        a_booking(reason, at(MONDAY, "8:30"), persons=2)
        found = filling([hall.place.id], WEEK)[hall.place.id]
    assert found.open == 4 * 6 * 5 * 3600
    assert found.taken == 2 * 3 * 3600


def test_history_by_week(hall: Hall) -> None:
    hall.booked("9:10")
    two = Period("trimestre", MONDAY, MONDAY + timedelta(days=13), "week")
    found = filling([hall.place.id], two, by="week")
    assert list(found) == [MONDAY, MONDAY + timedelta(days=7)]
    assert [one.taken for one in found.values()] == [1200, 0]


def test_absences_are_a_share_of_what_was_settled(hall: Hall) -> None:
    states = [BookingState.SERVED, BookingState.SERVED, BookingState.SERVED, BookingState.NO_SHOW, BookingState.BOOKED]
    for number, (hour, state) in enumerate(zip(HOURS, states, strict=True)):
        settle(hall, hall.booked(hour, number=f"ESSAI{number:05d}"), state=state)
    found = counted(hall)
    assert (found.served, found.no_shows, found.unsettled, found.made) == (3, 1, 1, 5)
    assert found.no_show_rate == pytest.approx(0.25)


def test_moves_and_cancellations_are_told_apart(hall: Hall) -> None:
    """`version` counts a cancellation as a change: an appointment only cancelled was not moved."""
    now = clock.now()
    cases = [
        (0, BookingState.BOOKED),
        (2, BookingState.BOOKED),
        (1, BookingState.CANCELLED),
        (2, BookingState.CANCELLED),
    ]
    for number, (version, state) in enumerate(cases):
        booking = hall.booked(HOURS[number], number=f"ESSAI{number:05d}")
        gone = now if state == BookingState.CANCELLED else None
        settle(hall, booking, version=version, state=state, cancelled_at=gone)
    found = counted(hall)
    assert (found.made, found.moved, found.cancelled) == (4, 2, 2)


def test_walk_ins_are_persons_and_no_appointments(hall: Hall) -> None:
    booking = hall.booked("9:10")
    settle(hall, booking, source=Source.WALK_IN, persons=3, state=BookingState.SERVED)
    found = counted(hall)
    assert (found.walk_ins, found.made, found.served, found.sources) == (3, 0, 0, {})


def test_waiting_time_is_a_median(hall: Hall) -> None:
    for number, minutes in enumerate((2, 6, 40)):
        arrived = at(MONDAY, "9:00")
        booking = hall.booked(HOURS[number], number=f"ESSAI{number:05d}")
        settle(hall, booking, state="served", arrived_at=arrived, called_at=arrived + timedelta(minutes=minutes))
    assert counted(hall).waited == timedelta(minutes=6)


def test_ways_of_booking(hall: Hall) -> None:
    for number, source in enumerate((Source.ONLINE, Source.HUB, Source.HUB, Source.DESK)):
        settle(hall, hall.booked(HOURS[number], number=f"ESSAI{number:05d}"), source=source)
    assert counted(hall).sources == {"online": 1, "hub": 2, "desk": 1}


def test_another_period_counts_nothing(hall: Hall) -> None:
    hall.booked("9:10")
    before = Period("4-semaines", MONDAY - timedelta(days=28), MONDAY - timedelta(days=1), "week")
    with scope.authority(hall.house.id):
        assert counts([hall.place.id], before) == {}


def test_the_third_free_slot_counts_desks(hall: Hall) -> None:
    """Two desks: 8:30 gives two slots, the third is at 8:50."""
    assert third_free([hall.reason.id])[hall.reason.id] == at(MONDAY, "8:50")
    hall.booked("8:50")
    assert third_free([hall.reason.id])[hall.reason.id] == at(MONDAY, "8:50")
    hall.booked("8:50", number="ESSAI00002")
    assert third_free([hall.reason.id])[hall.reason.id] == at(MONDAY, "9:10")


def test_fewer_than_three_free_slots_have_no_third() -> None:
    with clock.frozen_at(MORNING):
        hall = a_hall(desks=1, horizon_days=1, hours="8:30-8:50")
        reason = a_reason(hall.agenda, "passport")
        assert third_free([reason.id]) == {reason.id: None}
    assert days_until(None, MONDAY) is None


def test_days_are_those_of_the_calendar_in_paris() -> None:
    late = instant(MONDAY + timedelta(days=3), clock_time("0:30"))
    assert days_until(late, MONDAY) == 3


def read(client: Client, slug: str, name: str = "reception_figures", **query: str) -> str:
    response = client.get(reverse(name, args=[slug]), query)
    assert response.status_code == 200
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_the_page_explains_its_numbers(hall: Hall) -> None:
    settle(hall, hall.booked("9:10", name="Zoé Discrète"), state=BookingState.NO_SHOW)
    with clock.frozen_at(NEXT_MONDAY):
        shown = read(hall.client("desk_manager", "Rachel Responsable"), "valbruche")
    assert "Comment ces nombres sont-ils comptés" in shown
    assert "100 %" in shown
    assert "<svg" in shown
    assert "Discrète" not in shown


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))


def test_the_file_for_spreadsheets(hall: Hall) -> None:
    hall.booked("9:10")
    with clock.frozen_at(NEXT_MONDAY):
        found = lines(read(hall.client("desk_manager", "Rachel Responsable"), "valbruche", "reception_figures_csv"))
    line = dict(zip(found[0], found[1], strict=True))
    assert line["Lieu"] == hall.place.name
    assert (line["Heures ouvertes en ligne"], line["Heures réservées"], line["Pris"]) == ("60,0", "0,3", "1")


def test_the_agglomeration_reads_each_commune_and_no_name(hall: Hall) -> None:
    there = a_hall("autre-rive")
    for one in (hall, there):
        settle(one, one.booked("9:10", name="Zoé Discrète"), state=BookingState.SERVED)
    whole = an_authority("grande-vallee", kind="agglomeration")
    client = signed_in(an_agent(whole, "administrator", "Adam Administrateur"), whole, "administrator")
    with clock.frozen_at(NEXT_MONDAY):
        shown = read(client, whole.slug)
        found = lines(read(client, whole.slug, "reception_figures_csv"))
    assert "Valbruche" in shown
    assert "Autre Rive" in shown
    assert "Discrète" not in shown
    assert [line[0] for line in found[1:3]] == ["Autre Rive", "Valbruche"]


def test_a_commune_reads_its_own_places_only(hall: Hall) -> None:
    there = a_hall("autre-rive")
    client = hall.client("desk_manager", "Rachel Responsable")
    assert "Autre Rive" not in read(client, "valbruche")
    assert client.get(reverse("reception_figures", args=[there.house.slug])).status_code == 403
    assert hall.client().get(reverse("reception_figures", args=["valbruche"])).status_code == 403


def test_communes_are_compared_reason_by_reason(hall: Hall) -> None:
    there = a_hall("autre-rive")
    a_reason(there.agenda, "passport")
    a_reason(there.agenda, "own-reason", label="Motif à soi")
    whole = an_authority("grande-vallee", kind="agglomeration")
    client = signed_in(an_agent(whole, "administrator", "Adam Administrateur"), whole, "administrator")
    shown = read(client, whole.slug)
    assert "Délai par commune : Carte d’identité" in shown
    assert "Passeport" in shown
    assert "Motif à soi" not in shown
    assert "Motif à soi" in read(there.client("desk_manager", "Rachel Responsable"), "autre-rive")
