"""Where the hub sends people: whole addresses of the public pages."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from parvis.appointments.links import booking_path


def place_address(slug: str, place_id: UUID) -> str:
    return f"{settings.PUBLIC_URL}{reverse('place', args=[slug, place_id])}"


def coat_address(slug: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('coat', args=[slug])}"


def take_slot_address(slug: str) -> str:
    """Without its query."""
    return f"{settings.PUBLIC_URL}{reverse('take_slot', args=[slug])}"


def booking_address(slug: str, booking_id: UUID, page: str) -> str:
    return settings.PUBLIC_URL + booking_path(slug, booking_id, page)
