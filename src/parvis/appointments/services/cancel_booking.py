from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.letters.booking import tell_cancelled
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.selectors.facts import facts_of
from parvis.appointments.services.claim_slot import release_seats
from parvis.appointments.services.note_declarations import withdraw_declarations
from parvis.appointments.services.point_at import forget_pointers
from parvis.appointments.states import BOOKING, after
from parvis.audit import facade as audit
from parvis.kit import clock, outbox
from parvis.kit.errors import Refusal


def cancel_booking(booking: Booking, *, actor: UUID | None = None, why: str = "") -> Booking:
    """Cancels an appointment of the authority in scope; `why` is told to the person when a desk cancels it.

    The freed slot is offered to those who wait, and the national network is told. Raises Refusal not_cancellable once
    the person came or the hour is over; cancelling twice changes nothing.
    """
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(id=booking.id)
        if booking.state == BookingState.CANCELLED:
            return booking
        if after(BOOKING, booking.state, "cancel_booking") is None or booking.ends_at <= clock.now():
            message = _("Ce rendez-vous a déjà eu lieu\u202f: il n’y a plus rien à annuler.")
            raise Refusal("not_cancellable", message)
        booking.state = BookingState.CANCELLED
        booking.cancelled_at = clock.now()
        booking.version += 1
        booking.save()
        release_seats(booking.id)
        forget_pointers(booking)
        withdraw_declarations(booking)
        tell_cancelled(booking, why)
        audit.record("appointment.cancelled", subject=booking.id, data=facts_of(booking), actor=actor)
        outbox.enqueue("appointments.offer_freed", authority=str(booking.authority_id), booking=str(booking.id))
    return booking
