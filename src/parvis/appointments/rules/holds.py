"""How long a slot is kept for somebody who fills the form: renewed at each saved step, never beyond the ceiling."""

from datetime import datetime, timedelta

HOLD = timedelta(minutes=15)
CEILING = timedelta(minutes=45)


def hold_until(began: datetime, now: datetime) -> datetime:
    return min(now + HOLD, began + CEILING)
