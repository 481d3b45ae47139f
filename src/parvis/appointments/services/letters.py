"""What people are told of their appointment, by mail with its calendar file and by SMS for those who want it."""

from datetime import datetime

from parvis.appointments.models import Booking


def tell_booked(booking: Booking) -> None:
    """Once."""


def tell_moved(booking: Booking, before: datetime, why: str) -> None:
    """Once for each move."""


def tell_cancelled(booking: Booking, why: str) -> None:
    """Once."""


def tell_displaced(booking: Booking, why: str) -> None:
    """Once: the hour was closed (`why`), and their link lets them choose another, or the desk calls them."""
