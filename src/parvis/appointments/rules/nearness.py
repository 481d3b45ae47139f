"""Which hours are nearest to one that is gone: as the clock counts, and as people do whose own hour was closed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from parvis.appointments.contracts import Slot
from parvis.appointments.rules.paris import PARIS

# A message is not read at once: an earlier day is proposed only when it leaves this long.
NOTICE = timedelta(days=2)
# One more day weighs as much as four hours' change in the day, and coming earlier weighs half a day more.
DAY, EARLIER = 240, 120


def closest(slots: Iterable[Slot], wanted: datetime, count: int) -> list[Slot]:
    """The `count` slots that begin least long before or after `wanted`, in order of time."""
    nearest = sorted(slots, key=lambda one: abs(one.starts_at - wanted))[:count]
    return sorted(nearest, key=lambda one: one.starts_at)


def nearest_first(starts: Iterable[datetime], wanted: datetime, now: datetime) -> list[datetime]:
    """The starts that may be proposed instead of `wanted`, best first. All are aware instants."""
    local = wanted.astimezone(PARIS)
    ranked = []
    for start in starts:
        other = start.astimezone(PARIS)
        days = (other.date() - local.date()).days
        if start == wanted or (days < 0 and start < now + NOTICE):
            continue
        minutes = abs((other.hour - local.hour) * 60 + other.minute - local.minute)
        ranked.append((minutes + DAY * abs(days) + (EARLIER if days < 0 else 0), start))
    return [start for _, start in sorted(ranked)]
