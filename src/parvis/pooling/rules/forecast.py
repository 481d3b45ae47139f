"""Where a framework agreement is going: a straight line over the last twelve months of issued orders.

What was ordered before a contract was taken up is one amount without the day of each order. As long as a part of it
may be of the last twelve months, the pace is that of the whole life of the contract, where every cent is known; later,
it is that of the last twelve months again, and the amount makes no slope.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

WINDOW_DAYS = 365
# Below this history, two orders make any slope: the page says so.
STEADY_DAYS = 90


@dataclass(frozen=True, slots=True)
class Course:
    """What a forecast is made of. Amounts in cents excluding VAT; [starts_on, ends_on) is the term.

    `issued`: the day of each order that counts and what it takes. `announced_cents`: orders that the group has been
    told of and that are not issued yet. `earlier_cents`, `earlier_until`: ordered before the take-up, until that day.
    """

    starts_on: date
    ends_on: date
    max_cents: int
    used_cents: int
    issued: tuple[tuple[date, int], ...] = ()
    announced_cents: int = 0
    earlier_cents: int = 0
    earlier_until: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """`window_cents` includes `earlier_cents`, what was ordered before the take-up and counts in the pace.
    `exhausted_on`: the day the maximum would be reached, None when the term comes first. `at_term_cents` never goes
    above the maximum, since no order does. `per_day` is exact.
    """

    window_from: date
    window_days: int
    window_cents: int
    announced_cents: int
    per_day: Fraction
    exhausted_on: date | None
    at_term_cents: int
    earlier_cents: int = 0

    @property
    def per_month_cents(self) -> int:
        """Of thirty days and a half, rounded down: only to be read, nothing is computed from it."""
        return int(self.per_day * Fraction(WINDOW_DAYS, 12))

    @property
    def steady(self) -> bool:
        return self.window_days >= STEADY_DAYS


def forecast(course: Course, today: date) -> Forecast:
    """From `today` on, at the pace of the last 365 days, or since the start when that is shorter (one day at least) or
    when orders of before the take-up may be among them; what is announced is counted at once.
    """
    window_from = max(course.starts_on, today - timedelta(days=WINDOW_DAYS))
    earlier = 0
    if course.earlier_until is not None and course.earlier_until >= window_from:
        window_from, earlier = course.starts_on, course.earlier_cents
    days = max(1, (today - window_from).days)
    spent = earlier + _spent(course.issued, window_from, today)
    per_day = Fraction(spent, days)
    taken = course.used_cents + course.announced_cents
    remaining = course.max_cents - taken
    days_left = max(0, (course.ends_on - today).days)
    exhausted_on = _exhausted_on(remaining, per_day, today, days_left)
    at_term = course.max_cents if exhausted_on else min(course.max_cents, taken + int(per_day * days_left))
    return Forecast(window_from, days, spent, course.announced_cents, per_day, exhausted_on, at_term, earlier)


def _spent(issued: Iterable[tuple[date, int]], first: date, last: date) -> int:
    return sum(cents for day, cents in issued if first <= day <= last)


def _exhausted_on(remaining: int, per_day: Fraction, today: date, days_left: int) -> date | None:
    if remaining <= 0:
        return today
    if per_day <= 0:
        return None
    days = -((-remaining) // per_day)
    return today + timedelta(days=int(days)) if days < days_left else None
