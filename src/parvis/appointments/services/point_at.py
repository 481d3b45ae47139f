from parvis.appointments.models import ApplicationPointer, Booking
from parvis.appointments.rules.reasons import is_numbered
from parvis.appointments.selectors.pointers import digest


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
