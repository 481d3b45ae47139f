"""The hours that somebody may choose instead: the nearest ones, or those of a week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.appointments.models import Booking
from parvis.appointments.rules.paris import day_of, midnight, monday_of, slot_text, week_name, week_named
from parvis.appointments.selectors.nearest import nearest_starts
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.web.public.words import day_words, slot_words, span_words
from parvis.kit import clock


@dataclass(frozen=True, slots=True)
class Hour:
    """`value` is what the form sends back, a Paris hour; `words` says the day too."""

    at: datetime
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Week:
    """The free hours of a week, day by day; `before` and `after` are weeks as "2026-W48", or "" where none is asked."""

    days: tuple[tuple[str, tuple[Hour, ...]], ...]
    span: str
    before: str
    after: str


def is_free(booking: Booking) -> bool:
    """Whether its own slot could be taken now."""
    until = booking.starts_at + timedelta(minutes=1)
    return bool(free_slots([booking.reason_id], booking.persons, booking.starts_at, until))


def nearest(booking: Booking) -> list[Hour]:
    """The nearest free hours of the same reason at the same place."""
    return [_hour(start) for start in nearest_starts(booking)]


def week(booking: Booking, asked: str) -> Week:
    """The free hours of a week: the one asked, else that of the booking, else the first that has some."""
    horizon = day_of(clock.now()) + timedelta(days=booking.agenda.horizon_days)
    monday = week_named(asked) or monday_of(day_of(max(booking.starts_at, clock.now())))
    days = _days(booking, monday)
    if not days and not asked:
        window = (clock.now(), midnight(horizon + timedelta(days=1)))
        first = free_slots([booking.reason_id], booking.persons, *window, each=1)
        if first:
            monday = monday_of(day_of(first[0].starts_at))
            days = _days(booking, monday)
    this_week = monday_of(day_of(clock.now()))
    return Week(
        days, span_words(monday, monday + timedelta(days=6)),
        week_name(monday - timedelta(days=7)) if monday > this_week else "",
        week_name(monday + timedelta(days=7)) if monday + timedelta(days=7) <= horizon else "",
    )  # fmt: skip


def _days(booking: Booking, monday: date) -> tuple[tuple[str, tuple[Hour, ...]], ...]:
    window = (midnight(monday), midnight(monday + timedelta(days=7)))
    found: dict[date, list[Hour]] = {}
    for one in free_slots([booking.reason_id], booking.persons, *window):
        if one.starts_at != booking.starts_at:
            found.setdefault(day_of(one.starts_at), []).append(_hour(one.starts_at))
    return tuple((day_words(day), tuple(hours)) for day, hours in found.items())


def _hour(at: datetime) -> Hour:
    return Hour(at, slot_text(at), slot_words(at))
