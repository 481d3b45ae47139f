"""From hours written in words of Paris to the periods when a resource really works."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from parvis.appointments.rules.paris import instant
from parvis.appointments.rules.release import Release, release_instant


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rows of one grid of hours share: the days when it is valid, both included, and for whom it opens.

    `season`: always, term or holidays (of schools); `release_days` as in rules/release.py.
    """

    valid_from: date
    valid_until: date | None = None
    season: str = "always"
    audience: str = "online"
    release_days: int | None = None


@dataclass(frozen=True, slots=True)
class Weekly:
    """A period of the week, 0 Monday."""

    weekday: int
    opens: time
    closes: time
    terms: Terms


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A closure, or an extra opening, between two aware instants."""

    closed: bool
    start: datetime
    end: datetime
    audience: str = "online"


@dataclass(frozen=True, slots=True)
class Period:
    """When a resource works, for whom, and from when it can be seen. Instants are UTC."""

    start: datetime
    end: datetime
    audience: str
    released_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides when one resource works. `whole`: its periods are sessions, kept entire or not at all.

    `is_closed` says that a day is a holiday on which it closes; `school_holidays` whether schools are closed, or None
    where the calendar is not published: then hours that depend on it are not open.
    """

    weekly: tuple[Weekly, ...]
    exceptions: tuple[Exceptional, ...]
    release: Release
    whole: bool
    is_closed: Callable[[date], bool]
    school_holidays: Callable[[date], bool | None]


def openings(plan: Plan, first: date, last: date) -> list[Period]:
    """The periods of the days from `first` to `last` included, in order; no two overlap."""
    return [period for day in _days(first, last) for period in _day(plan, day)]


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _day(plan: Plan, day: date) -> list[Period]:
    found: list[Period] = []
    if not plan.is_closed(day):
        for row in sorted(plan.weekly, key=lambda one: (one.opens, one.closes)):
            if _applies(row, plan, day):
                released = release_instant(day, plan.release, row.terms.release_days)
                period = Period(instant(day, row.opens), instant(day, row.closes), row.terms.audience, released)
                found += _beside(period, found, plan.whole)
    released = release_instant(day, plan.release)
    for extra in plan.exceptions:
        if not extra.closed and instant(day, time()) <= extra.start < instant(day + timedelta(days=1), time()):
            found += _beside(Period(extra.start, extra.end, extra.audience, released), found, plan.whole)
    for closure in plan.exceptions:
        if closure.closed:
            found = [piece for one in found for piece in _cut(one, closure.start, closure.end, plan.whole)]
    return sorted(found, key=lambda one: one.start)


def _applies(row: Weekly, plan: Plan, day: date) -> bool:
    terms = row.terms
    if row.weekday != day.weekday() or not terms.valid_from <= day <= (terms.valid_until or date.max):
        return False
    if terms.season == "always":
        return True
    return plan.school_holidays(day) is (terms.season == "holidays")


def _beside(period: Period, others: Iterable[Period], whole: bool) -> list[Period]:
    """What of a period no other one covers already: the first written wins."""
    pieces = [period] if period.start < period.end else []
    for other in others:
        pieces = [piece for one in pieces for piece in _cut(one, other.start, other.end, whole)]
    return pieces


def _cut(period: Period, start: datetime, end: datetime, whole: bool) -> list[Period]:
    """What is left of a period outside [start, end)."""
    if end <= period.start or period.end <= start:
        return [period]
    if whole:
        return []
    before = replace(period, end=start) if period.start < start else None
    after = replace(period, start=end) if end < period.end else None
    return [piece for piece in (before, after) if piece is not None]


def clash(one: Weekly, other: Weekly) -> bool:
    """Whether two rows would open the same resource at the same hour of a same day. Rows of term and of school
    holidays never meet.
    """
    terms, others = one.terms, other.terms
    if one.weekday != other.weekday or {terms.season, others.season} == {"term", "holidays"}:
        return False
    if (terms.valid_until or date.max) < others.valid_from or (others.valid_until or date.max) < terms.valid_from:
        return False
    return one.opens < other.closes and other.opens < one.closes
