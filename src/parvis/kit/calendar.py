"""Holidays of a commune, and school holidays of its zone.

Alsace-Moselle has two more holidays: 26 December, and Good Friday only in communes with a Protestant church.
Names of days are French, as `holidays` gives them; nothing here is translated.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
from vacances_scolaires_france import SchoolHolidayDates

GOOD_FRIDAY = "Vendredi saint"

# The zones follow the regions since January 2016 (the academies of a region are all in one zone). Corsica and the
# overseas departments have calendars of their own, and no zone.
_ZONES = {
    "A": (
        "01 03 07 15 26 38 42 43 63 69 73 74",  # Auvergne-Rhône-Alpes
        "21 25 39 58 70 71 89 90",  # Bourgogne-Franche-Comté
        "16 17 19 23 24 33 40 47 64 79 86 87",  # Nouvelle-Aquitaine
    ),
    "B": (
        "22 29 35 56",  # Bretagne
        "18 28 36 37 41 45",  # Centre-Val de Loire
        "08 10 51 52 54 55 57 67 68 88",  # Grand Est
        "02 59 60 62 80",  # Hauts-de-France
        "14 27 50 61 76",  # Normandie
        "44 49 53 72 85",  # Pays de la Loire
        "04 05 06 13 83 84",  # Provence-Alpes-Côte d'Azur
    ),
    "C": (
        "75 77 78 91 92 93 94 95",  # Île-de-France
        "09 11 12 30 31 32 34 46 48 65 66 81 82",  # Occitanie
    ),
}
_ZONE_OF = {department: zone for zone, regions in _ZONES.items() for region in regions for department in region.split()}


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
        return {5: "samedi", 6: "dimanche"}.get(day.weekday())

    def next_working_day(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while self.closed(day) is not None:
            day += timedelta(days=1)
        return day


class CalendarNotPublished(LookupError):
    """The ministry has not fixed the school holidays of this day yet, or Parvis has not received them."""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """School holidays of a zone: "A", "B" or "C". Raises ValueError for another one."""

    zone: str

    def __post_init__(self) -> None:
        if self.zone not in _ZONES:
            raise ValueError(self.zone)

    def in_holidays(self, day: date) -> bool:
        """No class on this day. Saturdays and Sundays of the holidays count; a lone holiday does not.

        Raises CalendarNotPublished after `published_until` and before the first known day: never a guess.
        """
        first, last, known = _school_holidays(self.zone)
        if not first <= day <= last:
            raise CalendarNotPublished(day.isoformat())
        return day in known

    @property
    def published_until(self) -> date:
        """The last day that is known: the end of the last published holidays."""
        return _school_holidays(self.zone)[1]


def school_zone(department: str) -> str | None:
    """The zone of a department ("68" gives "B"); None in Corsica and overseas."""
    return _ZONE_OF.get(department)


@cache
def _holidays(year: int, alsace_moselle: bool) -> dict[date, str]:
    subdivision = "57" if alsace_moselle else None
    found = holidays.country_holidays("FR", years=year, subdiv=subdivision, language="fr")
    return {day: name.replace("'", "’") for day, name in found.items()}


@cache
def _school_holidays(zone: str) -> tuple[date, date, frozenset[date]]:
    """First known day, last known day, the days without class between them."""
    dates = SchoolHolidayDates()
    days = frozenset(day for day in dates.data if dates.is_holiday_for_zone(day, zone))
    return min(days), max(days), days
