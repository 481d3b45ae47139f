"""Paris hours and instants. An hour that the spring night skips becomes the next one; one that the autumn night has
twice means the first.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def instant(day: date, hour: time) -> datetime:
    """The UTC instant of a Paris hour of a day. Raises ValueError for an hour with a time zone."""
    if hour.tzinfo is not None:
        raise ValueError("a Paris hour is written without a zone")
    return datetime.combine(day, hour, PARIS).astimezone(UTC)


def midnight(day: date) -> datetime:
    return instant(day, time())


def day_of(at: datetime) -> date:
    """The Paris day of an aware instant."""
    return at.astimezone(PARIS).date()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
