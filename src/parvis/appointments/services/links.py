"""The link that manages an appointment without an account: its id and a keyed signature, never stored."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from parvis.appointments.models import Booking
from parvis.authorities.facade import authority

_SIGNER = signing.Signer(salt="parvis.appointments.link", sep="~")


def booking_key(booking_id: UUID) -> str:
    return _SIGNER.sign(booking_id.hex)


def booking_of(key: str) -> UUID | None:
    """The booking that a key opens, None for a key that we did not write."""
    try:
        return UUID(hex=_SIGNER.unsign(key))
    except (signing.BadSignature, ValueError):
        return None


def management_url(booking: Booking, page: str = "booking") -> str:
    """The whole address of one of the booking's pages (a URL name of web/booking/urls.py)."""
    slug = authority(booking.authority_id).slug
    return f"{settings.PUBLIC_URL}{reverse(page, args=[slug, booking_key(booking.id)])}"
