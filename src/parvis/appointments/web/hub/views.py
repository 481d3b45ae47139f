"""The three calls of the national hub, to the letter of its contract."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from parvis.appointments.models import Booking
from parvis.appointments.selectors.hub_places import known_places, meeting_places
from parvis.appointments.selectors.hub_slots import HubSlot, hub_slots
from parvis.appointments.selectors.pointers import coming_bookings
from parvis.appointments.services.note_declarations import declared_address
from parvis.appointments.web.hub.addresses import booking_address, coat_address, place_address, take_slot_address
from parvis.appointments.web.hub.asked import read_numbers, read_places, read_slots, unknown_place
from parvis.appointments.web.hub.calls import hub_call
from parvis.authorities.facade import authorities
from parvis.kit.clock import PARIS


@hub_call
def meeting_points(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        [
            {
                "id": str(place.id),
                "name": place.name,
                "longitude": place.longitude,
                "latitude": place.latitude,
                "public_entry_address": place.address,
                "zip_code": place.postcode,
                "city_name": place.city,
                "website": place_address(place.authority_slug, place.id),
                "city_logo": coat_address(place.authority_slug),
            }
            for place in meeting_places()
        ],
        safe=False,
    )


@hub_call
def time_slots(request: HttpRequest) -> HttpResponse:
    """Every id asked is in the answer, with [] where nothing is free or the place has left the national search."""
    asked = read_places(request.GET)
    slugs = known_places(asked.values())
    for written, place_id in asked.items():
        if place_id not in slugs:
            raise unknown_place(written)
    wanted = read_slots(request.GET, tuple(place_id for place_id, slug in slugs.items() if slug))
    found = hub_slots(wanted)
    return JsonResponse(
        {
            written: _slots(slugs[place_id], place_id, wanted.persons, found[place_id]) if place_id in found else []
            for written, place_id in asked.items()
        }
    )


def _slots(slug: str, place_id: UUID, persons: int, slots: list[HubSlot]) -> list[dict[str, str]]:
    """The hub shows the hour that it reads before the Z: that of Paris, although Z means UTC elsewhere."""
    start, end = f"{take_slot_address(slug)}?lieu={place_id}&motif=", f"&personnes={persons}&debut="
    return [
        {"datetime": f"{wall}Z", "callback_url": f"{start}{reason_id}{end}{wall}&source=hub"}
        for wall, _order, reason_id, _latest in slots
    ]


@hub_call
def application_ids(request: HttpRequest) -> HttpResponse:
    asked = read_numbers(request.GET)
    found = coming_bookings(number for number in asked.values() if number)
    slugs = {house.id: house.slug for house in authorities()} if found else {}

    def told(number: str) -> list[dict[str, str]]:
        return [_appointment(slugs[one.authority_id], one, rank) for one, rank in found.get(number, [])]

    return JsonResponse({written: told(number) for written, number in asked.items()})


def _appointment(slug: str, booking: Booking, rank: int) -> dict[str, str]:
    return {
        "meeting_point": booking.place.name,
        "datetime": booking.starts_at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%MZ"),
        "management_url": declared_address(booking_address(slug, booking.id, "booking"), rank),
        "cancel_url": booking_address(slug, booking.id, "cancel_booking"),
    }
