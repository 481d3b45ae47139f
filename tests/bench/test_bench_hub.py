"""What the national hub's calls cost: the slots of forty town halls over two months, computed, kept, and touched."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from parvis.appointments.models import Booking, Occupancy, Reason
from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.hub_slots import CACHE, Wanted, hub_slots
from parvis.appointments.selectors.slots import free_slots
from parvis.kit import clock
from tests.appointments.agenda_world import a_booking, a_hold
from tests.appointments.hub_world import HEADER, TOKEN
from tests.bench.agenda_ground import DAYS, HALLS, town_halls, window
from tests.bench.ground import Ground
from tests.bench.measure import Line, Report, seconds

ROUNDS = 7
NUMBERS = 20


def median(act: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Seconds of one call; `before` is not counted."""
    spent = []
    for _round in range(ROUNDS):
        before()
        spent.append(seconds(act))
    return statistics.median(spent)


def counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM appointments_occupancy")
        return int(cursor.fetchone()[0])


def ask(call: str) -> Any:
    answer = Client().get(f"/api/ants/{call}", headers={HEADER: TOKEN})
    assert answer.status_code == 200, answer.content
    return answer


def slots_call(reasons: list[Reason]) -> str:
    today = day_of(clock.now())
    dates = [("start_date", today + timedelta(days=1)), ("end_date", today + timedelta(days=DAYS - 1))]
    places = [("meeting_point_ids", str(one.agenda.place_id)) for one in reasons]
    return f"availableTimeSlots?{urlencode([*places, *dates, ('reason', 'CNI')])}"


def test_slots_for_the_hub(ground: Ground, report: Report) -> None:
    reasons = town_halls("hub")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    bookings, call = counted(), slots_call(reasons)
    limit = median(counted)
    free = free_slots([one.id for one in reasons], 1, *window())

    def line(name: str, spent: float, aim: str) -> None:
        count = f"{limit * 1000:.1f} ms (count(*) of {bookings})"
        report(Line(name, f"{spent * 1000:.0f} ms", count, spent / limit, aim))

    cold = median(lambda: ask(call), CACHE.clear)
    answer = ask(call).json()
    assert sum(len(listed) for listed in answer.values()) == len(free)
    kept = median(lambda: ask(call))
    places = tuple(one.agenda.place_id for one in reasons)
    wanted = Wanted(places, "id-card", 1, day_of(clock.now()), day_of(clock.now()) + timedelta(days=DAYS - 1))
    memory = median(lambda: hub_slots(wanted))
    starts = iter(slot for slot in free if slot.reason_id == reasons[0].id)
    touched = median(lambda: ask(call), lambda: a_hold(reasons[0], next(starts).starts_at))
    assert Occupancy.objects.count() == bookings + ROUNDS
    size = f"{HALLS} halls × {DAYS} days, {len(free)} slots"
    line(f"hub, cold: {size}", cold, "≤ 15 s")
    line("hub, one hall changed", touched, "")
    line("hub, kept", kept, "")
    line("hub, kept, without JSON", memory, "")


def test_numbers_for_the_hub(ground: Ground, report: Report) -> None:
    reasons = town_halls("numero", 5)
    start, end = window()
    booked: list[Booking] = []
    for reason in reasons:
        slots = free_slots([reason.id], 1, start, end, each=NUMBERS // 5)
        numbers = [f"BENCH{len(booked) + n:05d}" for n in range(len(slots))]
        booked += [a_booking(reason, slot.starts_at, numbers=(n,)) for slot, n in zip(slots, numbers, strict=True)]
    numbers = [f"BENCH{n:05d}" for n in range(NUMBERS)]
    call = f"searchApplicationIds?{urlencode([('application_ids', one) for one in numbers])}"
    assert [len(found) for found in ask(call).json().values()] == [1] * NUMBERS

    def by_key() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM appointments_applicationpointer")
            return int(cursor.fetchone()[0])

    spent, limit = median(lambda: ask(call)), median(by_key)
    name = f"hub, {NUMBERS} numbers in 5 halls"
    report(
        Line(name, f"{spent * 1000:.0f} ms", f"{limit * 1000:.1f} ms (count(*) of pointers)", spent / limit, "≤ 5 s")
    )
