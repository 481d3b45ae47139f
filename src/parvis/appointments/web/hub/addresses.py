"""Where the hub sends people: whole addresses of the public pages."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from parvis.appointments.services.links import booking_key


def place_address(slug: str, place_id: UUID) -> str:
    return f"{settings.PUBLIC_URL}{reverse('place', args=[slug, place_id])}"


def coat_address(slug: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('coat', args=[slug])}"


def take_slot_address(slug: str) -> str:
    """Without its query."""
    return f"{settings.PUBLIC_URL}{reverse('take_slot', args=[slug])}"


def booking_address(slug: str, booking_id: UUID, page: str) -> str:
    """One of the pages of web/booking/urls.py, as services/links.py writes it."""
    return f"{settings.PUBLIC_URL}{reverse(page, args=[slug, booking_key(booking_id)])}"
