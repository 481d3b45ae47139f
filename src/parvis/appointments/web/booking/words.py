"""A booking in the words of its pages."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from parvis.appointments.coordination.port import ApplicationState
from parvis.appointments.models import BookedPerson, Booking, BookingState
from parvis.appointments.rules.persons import CASES
from parvis.kit import clock
from parvis.notifications import facade as notifications

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of the state: `lead` is what it means for the person, and what comes next."""

    label: str
    tone: str
    sign: str
    lead: str


def told(booking: Booking) -> Told:
    over = booking.ends_at <= clock.now()
    if booking.state == BookingState.BOOKED and over:
        return Told(_("Passé"), "", "closed", _("L’heure de ce rendez-vous est passée."))
    if booking.state == BookingState.BOOKED:
        return Told(_("Confirmé"), "success", "success", _("Nous vous attendons. Gardez le lien de cette page."))
    if booking.state == BookingState.DISPLACED:
        lead = _(
            "L’accueil sera fermé à l’heure prévue. Choisissez une nouvelle heure\u202f: rien d’autre n’est à refaire."
        )
        return Told(_("À replacer"), "warning", "warning", lead)
    if booking.state == BookingState.NO_SHOW:
        lead = _(
            "Vous n’avez pas été vu à l’accueil à l’heure du rendez-vous. Prenez-en un autre, ou appelez l’accueil."
        )
        return Told(_("Manqué"), "warning", "warning", lead)
    return _AT_THE_DESK[booking.state]()


def _cancelled() -> Told:
    return Told(_("Annulé"), "", "closed", _("Ce rendez-vous est annulé. L’heure a été rendue à d’autres."))


def _arrived() -> Told:
    return Told(_("Arrivé"), "info", "info", _("L’accueil sait que vous êtes là. Vous serez bientôt appelé."))


def _called() -> Told:
    return Told(_("Appelé"), "accent", "next", _("C’est à vous\u202f: allez au guichet."))


def _served() -> Told:
    return Told(_("Reçu"), "success", "success", _("Vous avez été reçu. Il n’y a plus rien à faire ici."))


_AT_THE_DESK = {
    BookingState.CANCELLED.value: _cancelled,
    BookingState.ARRIVED.value: _arrived,
    BookingState.CALLED.value: _called,
    BookingState.SERVED.value: _served,
}


def person_rows(booking: Booking) -> list[tuple[str, list[Row]]]:
    """(name, [(what, answer)]) of each person."""
    return [
        (f"{one.first_name} {one.last_name}".strip(), _rows_of(one))
        for one in booking.people.filter(rank__lte=booking.persons)
    ]


def _rows_of(one: BookedPerson) -> list[Row]:
    rows = [
        (_("Demande"), CASES.get(one.case, "")),
        (_("Numéro de pré-demande"), _number(one.application_id, one.application_state) if one.application_id else ""),
        (_("Âge"), _("Moins de 18 ans") if one.minor else ""),
    ]
    return [row for row in rows if row[1]]


def _number(number: str, state: str) -> str:
    said = {
        ApplicationState.VALIDATED.value: _("{number}, valable"),
        ApplicationState.DECLARED.value: _("{number}, qui a aussi un rendez-vous ailleurs"),
    }
    return said.get(state, _("{number}, à vérifier par l’accueil")).format(number=number)


def answers_given(booking: Booking) -> list[Row]:
    rows = [
        (_("Nom"), booking.contact_name),
        (_("Adulte avec l’enfant"), booking.guardian_name),
        (_("Adresse électronique"), booking.email or _("Aucune")),
        (_("Téléphone"), notifications.shown_number(booking.phone) if booking.phone else ""),
        (_("Rappel par SMS"), _("Oui") if booking.wants_sms else ""),
        (_("Pour bien vous accueillir"), booking.needs),
    ]
    return [row for row in rows if row[1]]
