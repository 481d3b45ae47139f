"""What the national network is to be told, written in the transaction of the booking and sent by the worker."""

from parvis.appointments.models import Booking


def note_declarations(booking: Booking) -> None:
    """To be declared: each number of this booking at its present date."""


def withdraw_declarations(booking: Booking) -> None:
    """To be withdrawn: whatever was declared, or was to be, at other dates than the present one or for a cancelled
    booking.
    """
