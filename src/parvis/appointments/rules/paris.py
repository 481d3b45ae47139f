"""Paris hours and instants. An hour that the spring night skips becomes the next one; one that the autumn night has
twice means the first.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
YEARS = range(2000, 2100)
_SLOT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)


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


def slot_text(at: datetime) -> str:
    """The hour as our addresses and forms carry it: 2026-12-19T10:00, in Paris. `read_slot_text` reads it back."""
    return at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")


def read_slot_text(text: str) -> datetime | None:
    """The instant, or None for anything else, and for years in which nobody books."""
    if _SLOT.fullmatch(text) is None:
        return None
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant(local.date(), local.time()) if local.year in YEARS else None


def read_day(text: str) -> date | None:
    """A day written 2026-12-19, or None for anything else, and for years in which nobody books."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def week_name(monday: date) -> str:
    """2026-W48, as addresses carry a week. `week_named` reads it back."""
    year, week, _weekday = monday.isocalendar()
    return f"{year}-W{week:02d}"


def week_named(text: str) -> date | None:
    """The Monday of a week, or None for anything else, and for years in which nobody books."""
    try:
        year, week = text.split("-W")
        found = date.fromisocalendar(int(year), int(week), 1)
    except (ValueError, OverflowError):
        return None
    return found if found.year in YEARS else None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
