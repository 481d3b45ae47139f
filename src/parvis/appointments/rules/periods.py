"""The periods that figures are read over: whole days up to yesterday, so that no day counts by half."""

from dataclasses import dataclass
from datetime import date, timedelta

# Days of each period; a year is read by months, the others by weeks.
DAYS = {"4-semaines": 28, "trimestre": 91, "annee": 365}


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included. `step`: "week" or "month", the grain of its history."""

    code: str
    first: date
    last: date
    step: str


def period(code: str, today: date) -> Period:
    """The four weeks for a code that is not in DAYS."""
    code = code if code in DAYS else "4-semaines"
    step = "month" if code == "annee" else "week"
    return Period(code, today - timedelta(days=DAYS[code]), today - timedelta(days=1), step)
