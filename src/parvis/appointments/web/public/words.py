"""Days, hours, distances and lengths as the public reads them."""

from datetime import date, datetime, timedelta
from math import atan2, cos, degrees, radians

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.appointments.contracts import ReasonView
from parvis.appointments.rules.lengths import length
from parvis.appointments.rules.paris import PARIS, day_of
from parvis.appointments.words import persons_words
from parvis.kit import clock
from parvis.kit.jinja import DAYS, MONTHS, hour
from parvis.kit.money import NARROW, NO_BREAK

# Nearer than this, a direction says nothing; farther, nobody goes by compass.
DIRECTION_FROM_KM, DIRECTION_TO_KM = 1, 60
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


def day_words(day: date) -> str:
    """jeudi 26 novembre; the year only where it is another one."""
    year = "" if day.year == day_of(clock.now()).year else f" {day.year}"
    return f"{DAYS[day.weekday()]} {day_number(day)} {MONTHS[day.month - 1]}{year}"


def short_day_words(day: date) -> str:
    """jeu. 26 nov."""
    return f"{DAYS[day.weekday()][:3]}. {day_number(day)} {SHORT_MONTHS[day.month - 1]}"


def day_number(day: date) -> str:
    return _("1er") if day.day == 1 else str(day.day)


def near_day_words(day: date) -> str:
    """aujourd’hui, demain, or the day in full."""
    ahead = (day - day_of(clock.now())).days
    return {0: _("aujourd’hui"), 1: _("demain")}.get(ahead) or day_words(day)


def slot_words(start: datetime) -> str:
    """jeudi 26 novembre à 10 h 20, aujourd’hui à 10 h 20"""
    return _("{day} à {hour}").format(day=near_day_words(day_of(start)), hour=hour(start))


def whole_slot_words(start: datetime) -> str:
    """lundi 23 novembre à 10 h 20, even where it is today"""
    return _("{day} à {hour}").format(day=day_words(day_of(start)), hour=hour(start))


def span_words(first: date, last: date) -> str:
    """du 23 au 29 novembre"""
    if first.month == last.month:
        return _("du {first} au {last}").format(first=day_number(first), last=day_words(last).split(" ", 1)[1])
    return _("du {first} au {last}").format(
        first=day_words(first).split(" ", 1)[1], last=day_words(last).split(" ", 1)[1]
    )


def closure_words(start: datetime, end: datetime) -> str:
    """When a place is closed: one day, days, or hours of a day."""
    first, last = start.astimezone(PARIS), end.astimezone(PARIS)
    last_day = (last - timedelta(microseconds=1)).date()
    if first.date() != last_day:
        return _("Fermé {span}").format(span=span_words(first.date(), last_day))
    if last - first >= timedelta(hours=23):
        return _("Fermé le {day}").format(day=day_words(first.date()))
    return _("Fermé le {day}, de {first} à {last}").format(
        day=day_words(first.date()), first=hour(first), last=hour(last)
    )


def length_words(minutes: int) -> str:
    """40 minutes, 1 h, 1 h 30"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("{count} minute", "{count} minutes", rest).format(count=rest).replace(" ", NO_BREAK)
    return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02d}" if rest else "")


def need_words(reason: ReasonView, persons: int) -> str:
    """pour 3 personnes, 1 h; a session has its own length."""
    if reason.collective:
        return _("pour {persons}").format(persons=persons_words(persons))
    minutes = length(reason, persons) // timedelta(minutes=1)
    return _("pour {persons}, {length}").format(persons=persons_words(persons), length=length_words(minutes))


def km_words(km: float) -> str:
    """à moins de 1 km (a commune stands for its addresses: less would be too precise), à 2,4 km, à 12 km"""
    if km < 1:
        return _("à moins de 1\u00a0km")
    figure = f"{km:.1f}".replace(".", ",").removesuffix(",0") if km < 10 else f"{round(km):,}".replace(",", NARROW)
    return _("à {km} km").format(km=figure).replace(" km", f"{NO_BREAK}km")


def direction_words(origin: tuple[float, float], there: tuple[float, float], km: float) -> str:
    """« au nord-est », or nothing where it would not help."""
    if not DIRECTION_FROM_KM <= km <= DIRECTION_TO_KM:
        return ""
    east = (there[1] - origin[1]) * cos(radians(origin[0]))
    sector = round(degrees(atan2(east, there[0] - origin[0])) / 45) % 8
    names = (
        _("au nord"), _("au nord-est"), _("à l’est"), _("au sud-est"), _("au sud"), _("au sud-ouest"), _("à l’ouest"),
        _("au nord-ouest"),
    )  # fmt: skip
    return names[sector]


def in_city(city: str) -> str:
    """à Mulhouse, au Havre, aux Ulis"""
    article, _space, rest = city.partition(" ")
    if article in {"Le", "Les"} and rest:
        return f"{'au' if article == 'Le' else 'aux'} {rest}"
    return f"à {city}"
