"""Tickets, the order of the calls, half-days: no database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from parvis.appointments.rules.half_days import half_day, is_morning
from parvis.appointments.rules.paris import midnight
from parvis.appointments.rules.queue import Waiting, came_late, in_order
from parvis.appointments.rules.tickets import LETTERS, letters, next_ticket

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def test_letters_are_never_taken_one_for_the_other() -> None:
    given = [letters(rank) for rank in range(len(LETTERS) * (len(LETTERS) + 1))]
    assert given[:3] == ["A", "B", "C"]
    assert given[len(LETTERS)] == "AA"
    assert len(set(given)) == len(given)
    assert not set("IOQ") & set("".join(given))


@pytest.mark.parametrize("rank", [-1, 552])
def test_no_letter_beyond_the_last(rank: int) -> None:
    with pytest.raises(ValueError, match="no letter"):
        letters(rank)


@pytest.mark.parametrize(
    ("prefix", "used", "expected"),
    [
        ("A", [], "A1"),
        ("A", ["A1", "A2"], "A3"),
        ("A", ["A9", "B40", "AA12"], "A10"),
        ("AA", ["A7", "AA2"], "AA3"),
        ("A", ["A4"], "A5"),
    ],
    ids=["first", "next", "other-letters", "two-letters", "a-gap-is-not-filled"],
)
def test_the_next_number_of_a_letter(prefix: str, used: list[str], expected: str) -> None:
    assert next_ticket(prefix, used) == expected


def waiting(number: int, hour: int, arrived: int, walk_in: bool = False) -> Waiting:
    """`hour` and `arrived` in minutes after noon UTC."""
    at = NOON + timedelta(minutes=arrived)
    return Waiting(UUID(int=number), NOON + timedelta(minutes=hour), at, walk_in)


def order(*those: Waiting, now: int = 0) -> list[int]:
    return [one.booking_id.int for one in in_order(list(those), NOON + timedelta(minutes=now))]


def test_appointments_first_by_their_hour() -> None:
    assert order(waiting(1, 5, -20), waiting(2, -5, -1), waiting(3, -10, -10, walk_in=True)) == [2, 1, 3]


def test_somebody_late_waits_with_those_without_appointment() -> None:
    late, walk_in, on_time = waiting(1, -40, -8), waiting(2, -12, -12, walk_in=True), waiting(3, -5, -4)
    assert came_late(late.starts_at, late.arrived_at)
    assert order(late, walk_in, on_time) == [3, 2, 1]


def test_somebody_very_early_does_not_pass_before_those_who_wait() -> None:
    early, walk_in = waiting(1, 90, -30), waiting(2, -5, -5, walk_in=True)
    assert order(early, walk_in) == [2, 1]
    assert order(early, walk_in, now=85) == [1, 2]


def test_a_half_day_turns_at_thirteen_in_paris() -> None:
    day = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    thirteen = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert half_day(day) == (midnight(day.date()), thirteen)
    assert half_day(thirteen) == (thirteen, midnight(day.date() + timedelta(days=1)))
    assert is_morning(day)
    assert not is_morning(thirteen)
