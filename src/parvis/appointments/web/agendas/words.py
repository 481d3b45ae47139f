"""Hours, terms and people in the words of the agents' pages."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.appointments.models import Agenda, Audience, Booking, HoursException, Season
from parvis.appointments.rules.hours import Period, Terms
from parvis.appointments.rules.hours_text import Span, write_hours
from parvis.appointments.rules.paris import PARIS
from parvis.appointments.selectors.agendas import Grid
from parvis.appointments.words import persons_words
from parvis.kit.jinja import DAYS, MONTHS, date_long, hour


def day_and_hour(at: datetime) -> str:
    """mardi 24 novembre, 9 h 10: for the weeks that come, without the year."""
    local = at.astimezone(PARIS)
    return f"{weekday_words(local.date())} {MONTHS[local.month - 1]}, {hour(at)}"


def weekday_words(day: date) -> str:
    """lundi 23."""
    return f"{DAYS[day.weekday()]} {'1er' if day.day == 1 else day.day}"


def plain_date(day: date) -> str:
    """23 novembre 2026."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def period_words(period: Period) -> str:
    """« 8 h 30 – 12 h », and for whom when it is not everybody."""
    start, end = (at.astimezone(PARIS).time().replace(tzinfo=None) for at in (period.start, period.end))
    words = write_hours([(start, end)])
    if period.audience != Audience.ONLINE:
        words += f" ({str(Audience(period.audience).label).lower()})"
    return words


def people_words(booking: Booking) -> str:
    name = booking.contact_name or ", ".join(
        " ".join(filter(None, (one.first_name, one.last_name))) for one in booking.people.all()
    )
    count = persons_words(booking.persons)
    if not name.strip():
        return count
    return name if booking.persons == 1 else f"{name}, {count}"


def terms_words(terms: Terms) -> str:
    """« depuis le 1er janvier 2026 · hors vacances scolaires · réservé aux agents »."""
    words = [_("à partir du {day}").format(day=plain_date(terms.valid_from))]
    if terms.valid_until:
        words = [
            _("du {first} au {last}").format(first=plain_date(terms.valid_from), last=plain_date(terms.valid_until))
        ]
    if terms.season != Season.ALWAYS:
        words.append(str(Season(terms.season).label).lower())
    if terms.audience != Audience.ONLINE:
        words.append(str(Audience(terms.audience).label).lower())
    if terms.release_days is not None:
        words.append(
            ngettext("montrés {count} jour avant", "montrés {count} jours avant", terms.release_days).format(
                count=terms.release_days
            )
        )
    return " · ".join(words)


def week_words(grid: Grid) -> list[tuple[str, str]]:
    """Days that follow each other with the same hours on one line: « lundi à jeudi », « 8 h 30 – 12 h »."""
    lines: list[tuple[int, int, tuple[Span, ...]]] = []
    for number, spans in enumerate(grid.week):
        if lines and lines[-1][2] == spans:
            lines[-1] = (lines[-1][0], number, spans)
        else:
            lines.append((number, number, spans))
    return [(_days(first, last), write_hours(spans)) for first, last, spans in lines if spans]


def _days(first: int, last: int) -> str:
    if first == last:
        return DAYS[first]
    joined = _("{first} et {last}") if last == first + 1 else _("{first} à {last}")
    return joined.format(first=DAYS[first], last=DAYS[last])


def exception_words(exception: HoursException) -> str:
    """« du lundi 23 novembre 2026 au mardi 24 novembre 2026 », with its hours where the days are not whole."""
    lower, upper = (at.astimezone(PARIS) for at in (exception.during.lower, exception.during.upper))
    if not any((lower.hour, lower.minute, upper.hour, upper.minute)):
        last = upper - timedelta(days=1)
        if lower.date() == last.date():
            return date_long(lower)
        return _("du {first} au {last}").format(first=date_long(lower), last=date_long(last))
    if lower.date() == upper.date():
        return _("{day}, {hours}").format(day=date_long(lower), hours=f"{hour(lower)} – {hour(upper)}")
    return _("du {first} à {from_hour} au {last} à {to_hour}").format(
        first=date_long(lower), from_hour=hour(lower), last=date_long(upper), to_hour=hour(upper)
    )


def release_words(agenda: Agenda) -> str:
    days = ngettext("{count} jour", "{count} jours", agenda.horizon_days).format(count=agenda.horizon_days)
    if agenda.wave_weekday is None:
        return _("{days} à l’avance, un jour de plus chaque matin").format(days=days)
    return _("{days} à l’avance, une semaine à la fois, le {day} à {hour}\u00a0h").format(
        days=days, day=DAYS[agenda.wave_weekday], hour=agenda.wave_hour
    )
