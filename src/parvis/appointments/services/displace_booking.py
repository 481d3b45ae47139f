from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.letters.booking import tell_displaced
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.selectors.facts import facts_of
from parvis.appointments.services.claim_slot import release_seats
from parvis.appointments.services.note_declarations import withdraw_declarations
from parvis.appointments.states import BOOKING, after
from parvis.audit import facade as audit
from parvis.kit.errors import Refusal


def displace_booking(booking: Booking, *, why: str = "", actor: UUID | None = None) -> Booking:
    """An appointment of the authority in scope loses its hour: the person is told why, and chooses another by their
    link, or a desk calls them. Twice changes nothing. Raises Refusal not_movable.
    """
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(id=booking.id)
        if booking.state == BookingState.DISPLACED:
            return booking
        if after(BOOKING, booking.state, "displace_booking") is None:
            raise Refusal(
                "not_movable", _("Ce rendez-vous n’est plus à replacer\u202f: il a eu lieu ou il est annulé.")
            )
        booking.state = BookingState.DISPLACED
        booking.version += 1
        booking.reminded_at = None
        booking.save()
        release_seats(booking.id)
        withdraw_declarations(booking)
        tell_displaced(booking, why)
        audit.record("appointment.displaced", subject=booking.id, data=facts_of(booking), actor=actor)
    return booking
