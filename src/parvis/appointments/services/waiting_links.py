"""The links of those who wait: an id and a keyed signature, never stored (as services/links.py for bookings)."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from parvis.appointments.models import Offer, Waiting

_WAITING = signing.Signer(salt="parvis.appointments.waiting", sep="~")
_OFFER = signing.Signer(salt="parvis.appointments.offer", sep="~")


def waiting_key(waiting_id: UUID) -> str:
    return _WAITING.sign(waiting_id.hex)


def waiting_of(key: str) -> UUID | None:
    """None for a key that we did not write."""
    return _read(_WAITING, key)


def offer_key(offer_id: UUID) -> str:
    return _OFFER.sign(offer_id.hex)


def offer_of(key: str) -> UUID | None:
    """None for a key that we did not write."""
    return _read(_OFFER, key)


def waiting_url(waiting: Waiting) -> str:
    return f"{settings.PUBLIC_URL}{reverse('waiting', args=[waiting_key(waiting.id)])}"


def offer_url(offer: Offer) -> str:
    return f"{settings.PUBLIC_URL}{reverse('offer', args=[offer_key(offer.id)])}"


def _read(signer: signing.Signer, key: str) -> UUID | None:
    try:
        return UUID(hex=signer.unsign(key))
    except (signing.BadSignature, ValueError):
        return None
