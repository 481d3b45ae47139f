"""What people are told of their appointment: by mail with its calendar file, or by SMS for those who have no address.

No letter carries a pre-application number, and none says in its title or by SMS what the appointment is about.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.appointments.letters.calendar_file import calendar_file
from parvis.appointments.letters.frame import (
    Envelope,
    Letter,
    fitting,
    mobile,
    send_letter,
    short_moment,
)
from parvis.appointments.links import management_url
from parvis.appointments.models import Booking, BookingState, Place
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.persons import name_for_letters
from parvis.appointments.rules.reminders import rings_until
from parvis.appointments.selectors.checklist import checklist
from parvis.appointments.words import moment_words, persons_words, place_address, place_named
from parvis.authorities.facade import authority
from parvis.kit import clock, icalendar
from parvis.kit.jinja import date_long, hour
from parvis.notifications import facade as notifications
from parvis.notifications.facade import Attachment

# A change this near is also said by SMS to those who wanted any: they may not read their mails before leaving home.
NEAR = timedelta(days=3)
_GONE = {BookingState.CANCELLED, BookingState.DISPLACED}


def tell_booked(booking: Booking) -> None:
    """Once. Somebody with neither address nor mobile gets nothing: the desk prints a slip."""
    letter = Letter(
        _("Rendez-vous confirmé\u202f: {when}").format(when=moment_words(booking.starts_at)),
        [_("Votre rendez-vous est pris. Nous vous attendons.")],
    )
    words = _("Rendez-vous confirmé {when}, {place}. Le déplacer ou l’annuler\u202f: {url}")
    _tell(booking, letter, words, f"booked:{booking.id}")


def tell_moved(booking: Booking, before: datetime, why: str) -> None:
    """Once for each move."""
    opening = [
        _("Votre rendez-vous du {before} a changé d’heure. Voici la nouvelle.").format(before=moment_words(before))
    ]
    letter = Letter(
        _("Rendez-vous déplacé\u202f: {when}").format(when=moment_words(booking.starts_at)), opening + _because(why)
    )
    words = _("Rendez-vous déplacé au {when}, {place}. Le déplacer ou l’annuler\u202f: {url}")
    _tell(booking, letter, words, f"moved:{booking.id}:{booking.version}", by_us=bool(why), moment=before)


def tell_cancelled(booking: Booking, why: str) -> None:
    """Once."""
    opening = [
        _("Votre rendez-vous du {when} est annulé. Vous n’avez rien à faire.").format(
            when=moment_words(booking.starts_at)
        )
    ]
    letter = Letter(
        _("Rendez-vous annulé\u202f: {when}").format(when=moment_words(booking.starts_at)), opening + _because(why)
    )
    words = _("Votre rendez-vous {when}, {place}, est annulé. En prendre un autre\u202f: {url}")
    _tell(booking, letter, words, f"cancelled:{booking.id}", by_us=bool(why))


def tell_displaced(booking: Booking, why: str) -> None:
    """Once: the hour was closed (`why`), and their link lets them choose another, or the desk calls them."""
    opening = [
        _("Nous ne pourrons pas vous recevoir le {when}, et nous en sommes désolés.").format(
            when=moment_words(booking.starts_at)
        ),
        *_because(why),
        _("Choisissez une autre heure\u202f: rien n’est à écrire de nouveau. Sinon, l’accueil vous appellera."),
    ]
    letter = Letter(
        _("Votre rendez-vous du {when} est à replacer").format(when=moment_words(booking.starts_at)), opening
    )
    words = _("Nous ne pourrons pas vous recevoir {when}, {place}. Choisir une autre heure\u202f: {url}")
    _tell(booking, letter, words, f"displaced:{booking.id}:{booking.version}", by_us=True)


def remind_by_mail(booking: Booking) -> None:
    """Once for each hour that the appointment has had, never once it is over."""
    if not booking.email:
        return
    letter = Letter(
        _("Rappel\u202f: rendez-vous {when}").format(when=moment_words(booking.starts_at)),
        [_("Votre rendez-vous approche. Un empêchement\u202f? Annulez-le\u202f: quelqu’un attend la place.")],
    )
    once_key = f"appointment:reminder:{booking.id}:{booking.version}"
    _send(booking, _completed(booking, letter), once_key, not_after=booking.starts_at)


def remind_by_sms(booking: Booking) -> None:
    """As remind_by_mail, to those who wanted it; never at night, even when the operator is late."""
    number = mobile(booking.phone) if booking.wants_sms else None
    if number is None:
        return
    now = clock.now()
    words = _("Rappel\u202f: rendez-vous demain {hour}, {place}. Un empêchement\u202f? Annulez ici\u202f: {url}")
    if day_of(booking.starts_at) != day_of(now) + timedelta(days=1):
        words = _("Rappel\u202f: rendez-vous {when}, {place}. Un empêchement\u202f? Annulez ici\u202f: {url}")
    notifications.send_sms(
        number,
        _sms(booking, words),
        once_key=f"appointment:reminder:{booking.id}:{booking.version}",
        authority_id=booking.authority_id,
        subject_id=booking.id,
        not_after=min(booking.starts_at, rings_until(now)),
    )


def _tell(
    booking: Booking, letter: Letter, words: str, once: str, *, by_us: bool = False, moment: datetime | None = None
) -> None:
    """By mail, or else by SMS; by both when we change something soon and SMS were wanted. `moment`: the hour lost."""
    once_key = f"appointment:{once}"
    if booking.email:
        _send(booking, _completed(booking, letter), once_key, file=True)
    near = min(booking.starts_at, moment or booking.starts_at) - clock.now() < NEAR
    if not booking.email or (booking.wants_sms and by_us and near):
        number = mobile(booking.phone)
        if number is not None:
            notifications.send_sms(
                number,
                _sms(booking, words),
                once_key=once_key,
                authority_id=booking.authority_id,
                subject_id=booking.id,
            )


def _send(
    booking: Booking, letter: Letter, once_key: str, *, file: bool = False, not_after: datetime | None = None
) -> None:
    media_type = icalendar.media_type(cancelled=booking.state in _GONE)
    files = (Attachment("rendez-vous.ics", media_type, calendar_file(booking)),) if file else ()
    house = authority(booking.authority_id)
    send_letter(letter, Envelope(booking.email, house, booking.id, once_key, not_after, files))


def _completed(booking: Booking, letter: Letter) -> Letter:
    """With what every letter says: when, where, who, what to bring, the link, whom to call."""
    place: Place = booking.place
    letter = replace(letter, help_name=place.name, help_contact=_contact(place))
    if booking.state == BookingState.CANCELLED:
        return replace(letter, action=(_("Prendre un autre rendez-vous"), _again_url(booking)))
    if booking.state == BookingState.DISPLACED:
        return replace(letter, action=(_("Choisir une autre heure"), management_url(booking)))
    return replace(
        letter,
        facts=_facts(booking),
        bring=[f"{one.for_whom}\u202f: {_small(one.text)}" if one.for_whom else one.text for one in checklist(booking)],
        action=(_("Déplacer ou annuler ce rendez-vous"), management_url(booking)),
        closing=[_("Ce lien est à vous\u202f: qui l’a peut changer le rendez-vous. Ne le transmettez pas.")],
    )


def _facts(booking: Booking) -> list[tuple[str, str]]:
    place = booking.place
    rows = [
        (_("Quand"), _span(booking)),
        (_("Où"), place_address(place)),
        (_("Comment venir"), " ".join(_access(place))),
        (_("Pour quoi"), booking.reason.label),
        (_("Pour qui"), _who(booking)),
    ]
    return [row for row in rows if row[1]]


def _span(booking: Booking) -> str:
    words = _("{day}, de {start} à {end} (heure de Paris)")
    return words.format(day=date_long(booking.starts_at), start=hour(booking.starts_at), end=hour(booking.ends_at))


def _access(place: Place) -> list[str]:
    return [
        *([place.access.rstrip(".") + "."] if place.access else []),
        *([_("Accessible sans marche (plain-pied ou ascenseur).")] if place.has_lift else []),
    ]


def _who(booking: Booking) -> str:
    """First names, or how many: nobody else's business is in a letter."""
    names = [name_for_letters(one.first_name) for one in booking.people.filter(rank__lte=booking.persons)]
    if len(names) < booking.persons or not all(names):
        return persons_words(booking.persons)
    return names[0] if len(names) == 1 else _("{names} et {last}").format(names=", ".join(names[:-1]), last=names[-1])


def _contact(place: Place) -> str:
    return " · ".join(one for one in (place.phone, place.email) if one)


def _because(why: str) -> list[str]:
    return [_("L’accueil explique\u202f: «\u202f{why}\u202f»").format(why=why.strip())] if why.strip() else []


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _again_url(booking: Booking) -> str:
    return f"{settings.PUBLIC_URL}{reverse('appointments', args=[authority(booking.authority_id).slug])}"


def _sms(booking: Booking, words: str) -> str:
    place = booking.place
    url = _again_url(booking) if booking.state == BookingState.CANCELLED else management_url(booking)
    start = booking.starts_at
    at = short_moment(start).rpartition(" ")[2]

    def said(where: str) -> str:
        return words.format(when=short_moment(start), hour=_("à {at}").format(at=at), place=where, url=url)

    named = place_named(place)
    return fitting(said(f"{named}, {place.address}"), said(named), said(place.city[:40]))
