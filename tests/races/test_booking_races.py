"""Many people after the same slots, in threads with real connections; the control takes the constraint away."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from parvis.appointments.models import Booking, Reason, Resource, WeeklyHours
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.move_booking import move_booking
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.site.launch.postgres import Urls
from tests.appointments.agenda_world import a_place, a_reason, an_agenda, clock_time
from tests.world import an_authority

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BOOKERS, DESKS, STARTS = 64, 5, 40
CONSTRAINT = "EXCLUDE USING gist (resource_id WITH =, seat WITH =, during WITH &&)"


def tomorrow() -> date:
    return day_of(clock.now()) + timedelta(days=1)


def two_hundred_slots(**fields: Any) -> Reason:
    """Five desks, tomorrow from 8 to 18, a slot each quarter of an hour."""
    agenda = an_agenda(a_place(an_authority()), desks=DESKS, step_minutes=15, lead_minutes=0, closed_on_holidays=False)
    with scope.authority(agenda.authority_id):
        WeeklyHours.objects.all().delete()
        for resource in Resource.objects.filter(agenda=agenda):
            WeeklyHours.objects.create(
                resource=resource, weekday=tomorrow().weekday(), opens=clock_time("8:00"), closes=clock_time("18:00"),
                valid_from=date(2026, 1, 1),
            )  # fmt: skip
        materialise_openings(agenda)
    return a_reason(agenda, "title-collection", minutes=15, **fields)


def listed(reason: Reason, each: int = 10_000) -> list[datetime]:
    start = midnight(tomorrow())
    return [one.starts_at for one in free_slots([reason.id], 1, start, start + timedelta(days=1), each=each)]


def crowd(reason: Reason, seen: Counter[str], tries: int = STARTS * DESKS) -> None:
    """Each takes the first slot that the page shows, and the next one when somebody was faster, until none is left."""
    barrier, lock = threading.Barrier(BOOKERS), threading.Lock()

    def booker(_n: int) -> None:
        try:
            barrier.wait()
            for _try in range(tries):
                if not (starts := listed(reason, each=1)):
                    return
                try:
                    book(reason, starts[0])
                    outcome = "booked"
                except Refusal as refusal:
                    outcome = refusal.code
                with lock:
                    seen[outcome] += 1
        finally:
            connection.close()

    with ThreadPoolExecutor(BOOKERS) as pool:
        list(pool.map(booker, range(BOOKERS)))


def book(reason: Reason, start: datetime) -> None:
    with scope.authority(reason.authority_id):
        held = hold_slot(Held(reason, 1, start))
        held.email = "camille@exemple.test"
        held.save()
        confirm_booking(held)


def double_bookings() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM appointments_occupancy a JOIN appointments_occupancy b"
            " ON a.id < b.id AND a.resource_id = b.resource_id AND a.seat = b.seat AND a.during && b.during"
        )
        return int(cursor.fetchone()[0])


@contextmanager
def without_the_constraint(urls: Urls) -> Iterator[None]:
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("ALTER TABLE appointments_occupancy DROP CONSTRAINT no_double_booking")
        try:
            yield
        finally:
            owner.execute("TRUNCATE appointments_occupancy")
            owner.execute(f"ALTER TABLE appointments_occupancy ADD CONSTRAINT no_double_booking {CONSTRAINT}")


def test_sixty_four_bookers_on_two_hundred_slots() -> None:
    reason, seen = two_hundred_slots(), Counter[str]()
    assert len(listed(reason)) == STARTS
    crowd(reason, seen)
    assert seen["booked"] == DESKS * STARTS
    assert set(seen) <= {"booked", "slot_taken"}, "nobody meets anything but « just taken »"
    assert double_bookings() == 0
    with scope.authority(reason.authority_id):
        assert Booking.objects.filter(state="booked").count() == DESKS * STARTS


def test_the_same_crowd_without_the_constraint_books_twice(postgres: Urls) -> None:
    """The control: checking first and writing after is not enough."""
    reason, seen = two_hundred_slots(), Counter[str]()
    with without_the_constraint(postgres):
        crowd(reason, seen, tries=2)
        assert double_bookings() > 0


def test_two_agents_at_once_never_wait_for_each_other() -> None:
    """Each booking takes two desks of five: seats are taken in one order, so that no two bookings lock each other."""
    reason, seen = two_hundred_slots(units=2), Counter[str]()
    crowd(reason, seen)
    assert seen["booked"] == STARTS * (DESKS // 2)
    assert set(seen) <= {"booked", "slot_taken"}
    assert double_bookings() == 0


def test_people_who_exchange_their_hours() -> None:
    """Forty people move to each other's hours at once: each keeps an hour, whatever they got."""
    reason = two_hundred_slots()
    bookings = []
    for start in listed(reason)[:20]:
        for _ in range(2):
            book(reason, start)
    with scope.authority(reason.authority_id):
        bookings = list(Booking.objects.order_by("starts_at", "id"))
    barrier = threading.Barrier(len(bookings))
    hours = [one.starts_at for one in reversed(bookings)]

    def mover(n: int) -> str:
        try:
            barrier.wait()
            with scope.authority(reason.authority_id):
                move_booking(bookings[n], hours[n])
            return "moved"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bookings)) as pool:
        outcomes = set(pool.map(mover, range(len(bookings))))
    assert outcomes <= {"moved", "slot_taken"}
    assert "moved" in outcomes
    assert double_bookings() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT booking_id) FROM appointments_occupancy")
        assert cursor.fetchone() == (len(bookings), len(bookings))


def test_a_hold_that_ran_out_goes_to_one_person_only() -> None:
    """The sweeper, eight newcomers and the late owner all want the same seat at the same moment."""
    reason = two_hundred_slots()
    start = listed(reason)[0]
    with scope.authority(reason.authority_id):
        late = []
        for _ in range(DESKS):
            held = hold_slot(Held(reason, 1, start, held_until=clock.now() - timedelta(seconds=1)))
            held.email = "camille@exemple.test"
            held.save()
            late.append(held)
    barrier = threading.Barrier(14)

    def act(n: int) -> str:
        try:
            barrier.wait()
            with scope.authority(reason.authority_id):
                if n == 0:
                    expire_holds()
                    return "swept"
                if n <= DESKS:
                    confirm_booking(late[n - 1])
                else:
                    book(reason, start)
            return "booked"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(14) as pool:
        outcomes = Counter(pool.map(act, range(14)))
    assert outcomes["booked"] == DESKS
    assert set(outcomes) <= {"swept", "booked", "slot_taken"}
    assert double_bookings() == 0
