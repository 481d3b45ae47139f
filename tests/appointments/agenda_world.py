"""A town hall with an agenda, for the tests: two desks open on weekday mornings, identity cards every 20 minutes."""

from datetime import UTC, date, datetime, time
from typing import Any

from parvis.appointments.models import Agenda, Booking, Place, Reason, Resource, WeeklyHours
from parvis.appointments.rules.paris import instant
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.authorities.models import Authority
from parvis.kit import scope

# A Monday of term, at 8 in Paris.
MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def a_place(authority: Authority, name: str = "Mairie", **fields: Any) -> Place:
    base: dict[str, Any] = {
        "name": name, "address": "1 place de la Mairie", "postcode": "68100", "city": authority.name,
        "latitude": 47.75, "longitude": 7.34, "national": True,
    }  # fmt: skip
    with scope.authority(authority.id):
        return Place.objects.create(**{**base, **fields})


def an_agenda(place: Place, desks: int = 2, capacity: int = 1, hours: str = "8:30-11:30", **fields: Any) -> Agenda:
    """Open Monday to Friday at these Paris hours ("8:30-11:30,14:00-17:00"), at every desk."""
    with scope.authority(place.authority_id):
        agenda = Agenda.objects.create(place=place, name=fields.pop("name", "Titres d’identité"), **fields)
        for rank in range(1, desks + 1):
            resource = Resource.objects.create(agenda=agenda, name=f"Guichet {rank}", rank=rank, capacity=capacity)
            for weekday in range(5):
                for period in hours.split(","):
                    opens, closes = period.split("-")
                    add_hours(resource, weekday, opens, closes)
        materialise_openings(agenda)
    return agenda


def add_hours(resource: Resource, weekday: int, opens: str, closes: str, **fields: Any) -> WeeklyHours:
    return WeeklyHours.objects.create(
        resource=resource, weekday=weekday, opens=clock_time(opens), closes=clock_time(closes),
        **{"valid_from": date(2026, 1, 1), **fields},
    )  # fmt: skip


def clock_time(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))


def a_reason(agenda: Agenda, code: str = "id-card", **fields: Any) -> Reason:
    shared = SHARED.get(code)
    base = (
        {"label": shared.label, "minutes": shared.minutes, "minutes_more": shared.minutes_more}
        if shared
        else {"label": code}
    )
    with scope.authority(agenda.authority_id):
        return Reason.objects.create(agenda=agenda, code=code, **{**base, **fields})


def at(day: date, hour: str) -> datetime:
    """The instant of a Paris hour."""
    return instant(day, clock_time(hour))


def a_hold(reason: Reason, start: datetime, persons: int = 1, **fields: Any) -> Booking:
    with scope.authority(reason.authority_id):
        return hold_slot(Held(reason, persons, start, **fields))


def a_booking(reason: Reason, start: datetime, persons: int = 1, numbers: tuple[str, ...] = ()) -> Booking:
    """A confirmed appointment, each person with a pre-application number."""
    booking = a_hold(reason, start, persons)
    with scope.authority(reason.authority_id):
        for rank in range(1, persons + 1):
            number = numbers[rank - 1] if numbers else f"ESSAI{rank:05d}"
            booking.people.create(rank=rank, first_name="Camille", last_name="Essai", application_id=number)
        booking.contact_name, booking.email = "Camille Essai", "camille@exemple.test"
        booking.save()
        return confirm_booking(booking)
