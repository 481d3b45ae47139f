"""When slots come out: with a rolling horizon, by weekly waves, or late for those kept for the last days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from parvis.appointments.rules.paris import instant, midnight, monday_of

LONGEST_HORIZON = timedelta(days=365)
# Openings are written this far beyond the horizon, so that a weekly wave finds its whole week and an agent may book
# somewhat later.
MARGIN = timedelta(days=14)
# No opening begins later than this from now: where a search that looks at everything ends.
LOOK_AHEAD = LONGEST_HORIZON + MARGIN + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Release:
    """`horizon_days` before; where both are given, by the week on `wave_weekday` (0 Monday) at `wave_hour` in Paris."""

    horizon_days: int
    wave_weekday: int | None = None
    wave_hour: int | None = None


def release_instant(day: date, release: Release, release_days: int | None = None) -> datetime:
    """When the slots of a day can be seen. `release_days`: these come out so many days before, at midnight."""
    if release_days is not None:
        return midnight(day - timedelta(days=release_days))
    if release.wave_weekday is None or release.wave_hour is None:
        return midnight(day - timedelta(days=release.horizon_days))
    latest = monday_of(day) - timedelta(days=release.horizon_days)
    wave = latest - timedelta(days=(latest.weekday() - release.wave_weekday) % 7)
    return instant(wave, time(release.wave_hour))
