from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from parvis.appointments.links import management_url
from parvis.appointments.models import Booking, BookingState
from parvis.authorities.facade import authorities
from parvis.kit import clock, scope
from parvis.kit.jinja import date_time_long
from parvis.notifications import facade as notifications


def send_links(email: str) -> int:
    """Writes to an address the links of the coming appointments booked with it, in every authority; how many.

    Nothing leaves when there is none, and the same links once in ten minutes at most. Runs alone (tasks.py): how long
    it takes would say what it found.
    """
    lines = [line for house in authorities() for line in _lines(house.id, email)]
    if not lines:
        return 0
    moment = int(clock.now().timestamp()) // 600
    mark = salted_hmac("parvis.appointments.links", email.lower(), algorithm="sha256").hexdigest()[:32]
    text = _(
        "Vous avez demandé à retrouver vos rendez-vous. Les voici, chacun avec le lien qui permet de le voir, de le "
        "déplacer ou de l’annuler\u202f:\n\n{lines}\n\nVous n’avez rien demandé\u202f? Vous n’avez rien à faire\u202f: "
        "ces liens n’ont été envoyés qu’à vous."
    )
    notifications.send(
        email, _("Vos rendez-vous"), text.format(lines="\n\n".join(lines)), once_key=f"links:{mark}:{moment}"
    )
    return len(lines)


def _lines(authority_id: UUID, email: str) -> list[str]:
    with scope.authority(authority_id):
        found = Booking.objects.filter(
            email__iexact=email, state__in=[BookingState.BOOKED, BookingState.DISPLACED], ends_at__gt=clock.now()
        )
        return [
            f"{one.reason.label}, {one.place.name} ({one.place.city})\n{_when(one)}\n{management_url(one)}"
            for one in found.select_related("reason", "place")
        ]


def _when(booking: Booking) -> str:
    if booking.state == BookingState.DISPLACED:
        return _("Une nouvelle heure est à choisir")
    return date_time_long(booking.starts_at)
