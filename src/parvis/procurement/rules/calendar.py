"""Working days of a commune.

Alsace-Moselle has two more holidays: 26 December, and Good Friday only in communes with a Protestant church.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

from parvis.procurement.rules.text import _

GOOD_FRIDAY = "Vendredi saint"


@dataclass(frozen=True, slots=True)
class Calendar:
    """`alsace_moselle`: 26 December is a holiday. `good_friday`: a flag of the commune, true where a Protestant church
    stands; without effect outside Alsace-Moselle.
    """

    alsace_moselle: bool = False
    good_friday: bool = False

    def holiday(self, day: date) -> str | None:
        """The French name of the holiday, None on other days."""
        name = _holidays(day.year, self.alsace_moselle).get(day)
        return None if name == GOOD_FRIDAY and not self.good_friday else name

    def closed(self, day: date) -> str | None:
        """Why no limit ends on this day: "samedi", "dimanche", or the holiday. None on a working day."""
        holiday = self.holiday(day)
        if holiday is not None:
            return holiday
        return {5: _("samedi"), 6: _("dimanche")}.get(day.weekday())

    def next_working_day(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while self.closed(day) is not None:
            day += timedelta(days=1)
        return day


@cache
def _holidays(year: int, alsace_moselle: bool) -> dict[date, str]:
    subdivision = "57" if alsace_moselle else None
    found = holidays.country_holidays("FR", years=year, subdiv=subdivision, language="fr")
    return {day: name.replace("'", "’") for day, name in found.items()}
