"""States, numbers, sources and hours as an agent reads them."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from parvis.appointments.models import BookedPerson, Booking, BookingState, Source
from parvis.appointments.selectors.today import Row, names_of
from parvis.appointments.words import persons_words
from parvis.kit.jinja import DAYS, MONTHS
from parvis.kit.money import NO_BREAK


class Mark(NamedTuple):
    """What kit/components/status.html draws."""

    label: str
    tone: str
    sign: str


def state_mark(row: Row) -> Mark:
    booking = row.booking
    if row.overdue:
        return Mark(_("Pas venu"), "warning", "clock")
    if row.late_minutes and booking.state == BookingState.BOOKED:
        return Mark(_("En retard de {time}").format(time=minutes_words(row.late_minutes)), "warning", "clock")
    marks = {
        BookingState.BOOKED: Mark(_("Attendu"), "", "clock"),
        BookingState.ARRIVED: Mark(_("Arrivé"), "info", "person"),
        BookingState.CALLED: Mark(_("Appelé"), "accent", "next"),
        BookingState.SERVED: Mark(_("Reçu"), "success", "success"),
        BookingState.NO_SHOW: Mark(_("Absent"), "danger", "closed"),
        BookingState.CANCELLED: Mark(_("Annulé"), "", "closed"),
        BookingState.DISPLACED: Mark(_("À replacer"), "warning", "warning"),
    }
    return marks[BookingState(booking.state)]


def minutes_words(minutes: int) -> str:
    """12 min, 1 h 05"""
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NO_BREAK}h{NO_BREAK}{rest:02d}" if hours else f"{rest}{NO_BREAK}min"


def number_words(person: BookedPerson) -> str:
    """What is known of a pre-application number."""
    if not person.application_id:
        return _("sans numéro")
    known = {
        "": _("non vérifié"),
        "validated": _("vérifié"),
        "declared": _("a un autre rendez-vous"),
        "unknown": _("inconnu du service national"),
        "consumed": _("déjà utilisé"),
        "expired": _("expiré"),
    }
    return known.get(person.application_state, _("non vérifié"))


def is_doubtful(person: BookedPerson) -> bool:
    return bool(person.application_id) and person.application_state not in {"", "validated"}


def people_words(booking: Booking) -> str:
    """Names, or how many persons where nothing is written."""
    names = names_of(booking, booking.people.all())
    return ", ".join(names) or persons_words(booking.persons)


def source_words(source: str) -> str:
    return str(Source(source).label)


def day_words(day: date) -> str:
    """lundi 23 novembre 2026"""
    number = _("1er") if day.day == 1 else str(day.day)
    return f"{DAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"
