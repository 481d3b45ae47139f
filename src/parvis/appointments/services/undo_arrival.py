from uuid import UUID

from django.db import transaction

from parvis.appointments.models import Booking, BookingState, Source
from parvis.appointments.services.visits import locked, next_state
from parvis.audit import facade as audit
from parvis.kit import clock


def undo_arrival(booking: Booking, *, actor: UUID) -> Booking:
    """Takes back the last gesture: called becomes arrived, arrived or absent becomes expected.

    Somebody without an appointment is expected by nobody: theirs is cancelled. The ticket stays with its booking, so
    that no other person gets the same on that day. Raises Refusal already_done.
    """
    with transaction.atomic():
        booking = locked(booking)
        before = booking.state
        booking.state = next_state(booking, "undo_arrival")
        booking.finished_at = None
        booking.called_at = booking.called_to = None
        if booking.state == BookingState.BOOKED:
            booking.arrived_at = None
            if booking.source == Source.WALK_IN:
                booking.state = next_state(booking, "cancel_booking")
                booking.cancelled_at = clock.now()
        booking.save()
        data = {"before": before, "after": booking.state}
        audit.record("appointment.undone", subject=booking.id, data=data, actor=actor)
    return booking
