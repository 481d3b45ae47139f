"""What an appointment costs: the free slots of forty town halls in one query, and bookings beside plain inserts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
from django.db import connection, transaction
from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Reason
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.claim_slot import Wish, claim_slot
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id
from parvis.site.launch.postgres import Urls
from tests.bench.agenda_ground import DAYS, HALLS, town_halls, window
from tests.bench.ground import Ground
from tests.bench.measure import Line, Report, seconds
from tests.races.test_booking_races import double_bookings

CLIENTS, ROUNDS = 8, 5


def best(act: Callable[[], object]) -> float:
    return min(seconds(act) for _ in range(ROUNDS))


def test_free_slots_of_all_town_halls(ground: Ground, report: Report) -> None:
    reasons = [one.id for one in town_halls("commune")]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    start, end = window()
    found = free_slots(reasons, 1, start, end)

    def counted() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM appointments_occupancy")
            return int(cursor.fetchone()[0])

    bookings = counted()
    assert len(found) > 10_000
    assert bookings > 20_000
    limit = best(counted)
    for name, ids, each, aim in (
        (f"free slots, {HALLS} halls × {DAYS} days", reasons, 10**6, "≤ 60"),
        ("the first three of each hall", reasons, 3, "≤ 60"),
        ("one hall, 60 days", reasons[:1], 10**6, ""),
    ):
        spent = best(lambda ids=ids, each=each: free_slots(ids, 1, start, end, each=each))  # type: ignore[misc]
        report(
            Line(name, f"{spent * 1000:.0f} ms", f"{limit * 1000:.1f} ms (count(*) of {bookings})", spent / limit, aim)
        )


def crowd(act: Callable[[int], bool], each: int) -> tuple[float, int]:
    """Seconds for all the clients together, and how many acts said yes."""
    barrier = threading.Barrier(CLIENTS + 1)

    def client(n: int) -> int:
        try:
            connection.ensure_connection()
            barrier.wait()
            return sum(act(n * each + turn) for turn in range(each))
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        results = [pool.submit(client, n) for n in range(CLIENTS)]
        barrier.wait()
        began = time.perf_counter()
        yes = sum(one.result() for one in results)
        return time.perf_counter() - began, yes


def test_bookings_beside_plain_inserts(ground: Ground, report: Report) -> None:
    """Eight clients take slots of one contended agenda; the limit is the same rows into a table without constraint."""
    reasons = town_halls("bourg", 4)
    start, end = window()
    wishes = [(one, slot.starts_at) for one in reasons for slot in free_slots([one.id], 1, start, end)]
    with plain_table(ground.urls):
        plain_spent, plain = crowd(lambda n: insert_plainly(*wishes[n % len(wishes)]), 300)
    tries = len(wishes) * 2 // CLIENTS
    refused: list[str] = []

    def book(n: int) -> bool:
        reason, at = wishes[(n * 7919) % len(wishes)]
        return take(reason, at, refused)

    spent, booked = crowd(book, tries)
    assert double_bookings() == 0
    assert set(refused) <= {"slot_taken"}
    assert booked > len(wishes) // 2
    rate, limit = tries * CLIENTS / spent, plain / plain_spent
    name = f"bookings, {CLIENTS} clients"
    report(
        Line(
            name,
            f"{rate:.0f} tries/s, {booked} booked, 0 double",
            f"{limit:.0f} plain inserts/s",
            rate / limit,
            "≥ 0.4",
        )
    )


def take(reason: Reason, at: datetime, refused: list[str]) -> bool:
    try:
        with scope.authority(reason.authority_id):
            claim_slot(Wish(new_id(), reason, 1, at))
    except Refusal as refusal:
        refused.append(refusal.code)
        return False
    return True


@contextmanager
def plain_table(urls: Urls) -> Iterator[None]:
    """A table of the same columns with neither index nor constraint nor policy."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE bench_plain (LIKE appointments_occupancy)")
        owner.execute("GRANT INSERT ON bench_plain TO parvis_app")
        try:
            yield
        finally:
            owner.execute("DROP TABLE bench_plain")


def insert_plainly(reason: Reason, at: datetime) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_plain (id, authority_id, resource_id, seat, during, booking_id, place_id, day, mark)"
            " VALUES (%s, %s, %s, 1, %s, %s, %s, %s, 1)",
            [
                new_id(), reason.authority_id, reason.agenda_id, TimestamptzRange(at, at + timedelta(minutes=20)),
                new_id(), reason.agenda.place_id, at.date(),
            ],
        )  # fmt: skip
    return True
