from datetime import datetime

from django.db import transaction

from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.holds import hold_until
from parvis.appointments.services.claim_slot import Wish, claim_slot, not_bookable, release_seats
from parvis.appointments.states import BOOKING, after
from parvis.kit import clock


def hold_again(booking: Booking, start: datetime | None = None) -> Booking:
    """Keeps the same slot again, or another one of the same reason, for a form whose hold ran out: nothing is typed
    twice and the link stays the same. A new hold begins, `created_at` with it. One that still runs is left alone.

    Raises Refusal slot_taken, not_bookable, too_many; then what was held before, if anything, still is.
    """
    now = clock.now()
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(id=booking.id)
        if after(BOOKING, booking.state, "hold_again") is None:
            raise not_bookable()
        start = start or booking.starts_at
        if booking.is_held(now) and start == booking.starts_at:
            return booking
        until = hold_until(now, now)
        release_seats(booking.id)
        booking.ends_at = claim_slot(Wish(booking.id, booking.reason, booking.persons, start, held_until=until))
        booking.starts_at = start
        booking.state = BookingState.HELD
        booking.held_until = until
        booking.created_at = now
        booking.forgotten_at = None
        booking.save()
    return booking
