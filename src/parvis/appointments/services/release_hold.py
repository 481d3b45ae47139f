from django.db import transaction

from parvis.appointments.models import Booking, BookingState
from parvis.appointments.services.claim_slot import release_seats


def release_hold(booking: Booking) -> None:
    """Gives a held slot back; what was typed stays until services/forget_bookings.py. Nothing for other states."""
    with transaction.atomic():
        if Booking.objects.filter(id=booking.id, state=BookingState.HELD).update(state=BookingState.EXPIRED):
            release_seats(booking.id)
            booking.state = BookingState.EXPIRED
