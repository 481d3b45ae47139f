"""Addresses that open something without an account: an id and a keyed signature, never stored.

Each kind has its own key, so that a link of one never opens another: an appointment, a wait, an offer, a waiting
room's screen (which shows tickets only, so that a screen left alone keeps no agent's session open).
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from parvis.appointments.models import Booking, Offer, Waiting
from parvis.authorities.facade import authority

_BOOKING, _WAITING, _OFFER, _WALL = (
    signing.Signer(salt=f"parvis.appointments.{kind}", sep="~") for kind in ("link", "waiting", "offer", "wall")
)


def booking_key(booking_id: UUID) -> str:
    return _BOOKING.sign(booking_id.hex)


def booking_of(key: str) -> UUID | None:
    """The booking that a key opens; None, as for the other kinds, for a key that we did not write."""
    return _read(_BOOKING, key)


def booking_path(slug: str, booking_id: UUID, page: str = "booking") -> str:
    """One of the booking's pages (a URL name of web/booking/urls.py), in the authority of that slug."""
    return reverse(page, args=[slug, booking_key(booking_id)])


def management_url(booking: Booking, page: str = "booking") -> str:
    """The whole address of one of the booking's pages."""
    return settings.PUBLIC_URL + booking_path(authority(booking.authority_id).slug, booking.id, page)


def waiting_key(waiting_id: UUID) -> str:
    return _WAITING.sign(waiting_id.hex)


def waiting_of(key: str) -> UUID | None:
    return _read(_WAITING, key)


def waiting_url(waiting: Waiting) -> str:
    return f"{settings.PUBLIC_URL}{reverse('waiting', args=[waiting_key(waiting.id)])}"


def offer_key(offer_id: UUID) -> str:
    return _OFFER.sign(offer_id.hex)


def offer_of(key: str) -> UUID | None:
    return _read(_OFFER, key)


def offer_url(offer: Offer) -> str:
    return f"{settings.PUBLIC_URL}{reverse('offer', args=[offer_key(offer.id)])}"


def wall_key(place_id: UUID) -> str:
    return _WALL.sign(place_id.hex)


def wall_of(key: str) -> UUID | None:
    """The place whose screen a key opens."""
    return _read(_WALL, key)


def _read(signer: signing.Signer, key: str) -> UUID | None:
    try:
        return UUID(hex=signer.unsign(key))
    except (signing.BadSignature, ValueError):
        return None
