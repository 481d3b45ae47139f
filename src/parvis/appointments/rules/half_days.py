"""Morning and afternoon, in Paris hours: the measure of the walk-ins that an agenda takes."""

from datetime import datetime, time, timedelta

from parvis.appointments.rules.paris import day_of, instant, midnight

AFTERNOON = time(13)


def half_day(at: datetime) -> tuple[datetime, datetime]:
    """The half-day of an aware instant: its beginning, and its end which is outside it."""
    day = day_of(at)
    middle = instant(day, AFTERNOON)
    return (midnight(day), middle) if at < middle else (middle, midnight(day + timedelta(days=1)))


def is_morning(at: datetime) -> bool:
    return at < instant(day_of(at), AFTERNOON)
