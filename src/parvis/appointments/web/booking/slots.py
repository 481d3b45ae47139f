"""The hours that somebody may choose instead: the nearest ones, or those of a week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.appointments.models import Booking
from parvis.appointments.rules.paris import PARIS, day_of, instant, midnight, monday_of
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.web.booking.forms import hour_chosen
from parvis.appointments.web.public.words import day_words, slot_words, span_words
from parvis.kit import clock

NEAREST = 6
# How far around an hour the nearest ones are sought.
AROUND = timedelta(days=21)


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
    """The nearest free hours of the same reason at the same place, in order of time; its own is left out."""
    at = booking.starts_at
    around = free_slots([booking.reason_id], booking.persons, at - AROUND, at + AROUND)
    # The agenda may be full for weeks: then the first ones after.
    found = around or free_slots([booking.reason_id], booking.persons, at + AROUND, at + 9 * AROUND, each=NEAREST)
    closest = sorted((one.starts_at for one in found if one.starts_at != at), key=lambda start: abs(start - at))[
        :NEAREST
    ]
    return [_hour(start) for start in sorted(closest)]


def week(booking: Booking, asked: str) -> Week:
    """The free hours of a week: the one asked, else that of the booking, else the first that has some."""
    horizon = day_of(clock.now()) + timedelta(days=booking.agenda.horizon_days)
    monday = _monday(asked) or monday_of(day_of(max(booking.starts_at, clock.now())))
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
        _name(monday - timedelta(days=7)) if monday > this_week else "",
        _name(monday + timedelta(days=7)) if monday + timedelta(days=7) <= horizon else "",
    )  # fmt: skip


def paris_hour(at: datetime) -> str:
    """What `start_chosen` reads back."""
    return at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")


def start_chosen(text: str) -> datetime | None:
    """The instant of a radio button's value, None for anything else."""
    local = hour_chosen(text)
    return instant(local.date(), local.time()) if local else None


def _days(booking: Booking, monday: date) -> tuple[tuple[str, tuple[Hour, ...]], ...]:
    window = (midnight(monday), midnight(monday + timedelta(days=7)))
    found: dict[date, list[Hour]] = {}
    for one in free_slots([booking.reason_id], booking.persons, *window):
        if one.starts_at != booking.starts_at:
            found.setdefault(day_of(one.starts_at), []).append(_hour(one.starts_at))
    return tuple((day_words(day), tuple(hours)) for day, hours in found.items())


def _hour(at: datetime) -> Hour:
    return Hour(at, paris_hour(at), slot_words(at))


def _name(monday: date) -> str:
    year, number, _day = monday.isocalendar()
    return f"{year}-W{number:02d}"


def _monday(name: str) -> date | None:
    """The Monday of "2026-W48"; None for anything else, or for a week that cannot be shown."""
    try:
        year, number = name.split("-W")
        found = date.fromisocalendar(int(year), int(number), 1)
    except (ValueError, OverflowError):
        return None
    return found if 2000 < found.year < 2100 else None
