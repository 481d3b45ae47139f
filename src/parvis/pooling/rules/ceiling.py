"""The maximum and the minimum of a framework agreement, read as figures and words. Amounts in cents excluding VAT."""

from dataclasses import dataclass
from datetime import date

# The members are told once at each of these.
ALERTS = (50, 75, 90)
# The minimum is a debt to the contractor: with this left to run, what is missing is a risk.
NEAR_THE_END_DAYS = 365


def reached(used_cents: int, max_cents: int) -> int:
    """The highest alert that the counter has reached, in percent; 0 below the first."""
    return max((one for one in ALERTS if used_cents * 100 >= one * max_cents), default=0)


def percent(used_cents: int, max_cents: int) -> float:
    """To a tenth, rounded down: 100 only when nothing is left."""
    return (used_cents * 1000 // max_cents) / 10


@dataclass(frozen=True, slots=True)
class Minimum:
    """What is still to be ordered before `before`; `at_risk` when the end is near or the forecast stays below."""

    min_cents: int
    missing_cents: int
    before: date
    missing_at_term_cents: int
    at_risk: bool


def minimum(min_cents: int, used_cents: int, at_term_cents: int, ends_on: date, today: date) -> Minimum:
    missing, at_term = max(0, min_cents - used_cents), max(0, min_cents - at_term_cents)
    near = (ends_on - today).days <= NEAR_THE_END_DAYS
    return Minimum(min_cents, missing, ends_on, at_term, missing > 0 and (near or at_term > 0))
