"""Where the bookings of a pre-application number are, across authorities, without keeping the number outside them."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.crypto import salted_hmac

from parvis.appointments.models import ApplicationPointer, Booking, BookingState
from parvis.kit import clock, scope


def digest(application_id: str) -> str:
    return salted_hmac("parvis.appointments.application", application_id, algorithm="sha256").hexdigest()


def pointed_at(application_ids: Iterable[str]) -> list[tuple[UUID, UUID]]:
    """(authority, booking) of the live bookings with any of these numbers, in any authority."""
    digests = [digest(one) for one in application_ids]
    found = ApplicationPointer.objects.filter(digest__in=digests)
    return list(found.values_list("authority_id", "booking_id").distinct())


def coming_bookings(numbers: Iterable[str]) -> dict[str, list[tuple[Booking, int]]]:
    """Of each number the booked appointments to come, the soonest first, with the rank of its person in each.

    Opens the scope of each authority in turn. A pointer says where to look, the booking alone says what is true.
    """
    wanted = set(numbers)
    by_authority: dict[UUID, set[UUID]] = {}
    for authority_id, booking_id in pointed_at(wanted):
        by_authority.setdefault(authority_id, set()).add(booking_id)
    found: dict[str, list[tuple[Booking, int]]] = {}
    for authority_id, booking_ids in by_authority.items():
        with scope.authority(authority_id):
            rows = Booking.objects.filter(id__in=booking_ids, state=BookingState.BOOKED, starts_at__gt=clock.now())
            for booking in rows.select_related("place").prefetch_related("people"):
                for person in booking.people.all():
                    if person.application_id in wanted and person.rank <= booking.persons:
                        found.setdefault(person.application_id, []).append((booking, person.rank))
    for listed in found.values():
        listed.sort(key=lambda one: one[0].starts_at)
    return found
