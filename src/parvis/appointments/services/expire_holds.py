from datetime import datetime

from django.db import transaction

from parvis.appointments.models import Booking, BookingState
from parvis.appointments.services.claim_slot import release_seats
from parvis.kit import clock


def expire_holds(now: datetime | None = None) -> int:
    """Gives back the slots of the authority in scope whose hold is over; how many. Nobody need do anything."""
    now = now or clock.now()
    given = 0
    with transaction.atomic():
        over = Booking.objects.filter(state=BookingState.HELD, held_until__lte=now)
        for booking in over.select_for_update(skip_locked=True):
            booking.state = BookingState.EXPIRED
            booking.save(update_fields=["state"])
            release_seats(booking.id)
            given += 1
    return given
