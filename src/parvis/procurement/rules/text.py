"""Translation without a framework: French is the source; the room's app hands in Django's gettext when it starts."""

from collections.abc import Callable
from datetime import date, datetime

_translate: Callable[[str], str] = str

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def use_translator(translate: Callable[[str], str]) -> None:
    """Replace the translation of every sentence of the rules, for the whole process."""
    global _translate
    _translate = translate


def _(message: str) -> str:
    return _translate(message)


def long_date(day: date) -> str:
    """vendredi 3 avril 2026, mardi 1er mars 2026."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def clock_time(moment: datetime) -> str:
    """12 h, 2 h 30: no-break spaces, no leading zero on the hour."""
    minutes = f"\u00a0{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}\u00a0h{minutes}"


def listed(items: list[str]) -> str:
    """« a », « a et b », « a, b et c » without the quotes."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} et {items[-1]}"
