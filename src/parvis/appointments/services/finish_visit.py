from uuid import UUID

from django.db import transaction

from parvis.appointments.models import Booking
from parvis.appointments.services.visits import locked, next_state
from parvis.audit import facade as audit
from parvis.kit import clock


def finish_visit(booking: Booking, *, actor: UUID) -> Booking:
    """Somebody was received. Raises Refusal already_done."""
    with transaction.atomic():
        booking = locked(booking)
        booking.state = next_state(booking, "finish_visit")
        booking.finished_at = clock.now()
        booking.save(update_fields=["state", "finished_at"])
        audit.record("appointment.served", subject=booking.id, data={"ticket": booking.ticket}, actor=actor)
    return booking
