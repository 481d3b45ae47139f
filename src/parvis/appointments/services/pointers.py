"""Finds the bookings of a pre-application number across authorities, without keeping the number outside its booking."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.crypto import salted_hmac

from parvis.appointments.models import ApplicationPointer, Booking
from parvis.appointments.rules.reasons import is_numbered


def digest(application_id: str) -> str:
    return salted_hmac("parvis.appointments.application", application_id, algorithm="sha256").hexdigest()


def point_at(booking: Booking) -> None:
    """Lets the numbers of a booking be found from any authority."""
    if not is_numbered(booking.reason.code):
        return
    for person in booking.people.filter(rank__lte=booking.persons):
        if person.application_id:
            ApplicationPointer.objects.get_or_create(
                digest=digest(person.application_id),
                booking_id=booking.id,
                defaults={"authority_id": booking.authority_id},
            )


def forget_pointers(booking: Booking) -> None:
    ApplicationPointer.objects.filter(booking_id=booking.id).delete()


def pointed_at(application_ids: Iterable[str]) -> list[tuple[UUID, UUID]]:
    """(authority, booking) of the live bookings with any of these numbers, in any authority."""
    digests = [digest(one) for one in application_ids]
    found = ApplicationPointer.objects.filter(digest__in=digests)
    return list(found.values_list("authority_id", "booking_id").distinct())
