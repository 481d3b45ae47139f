from parvis.appointments.models import Booking


def facts_of(booking: Booking) -> dict[str, object]:
    """What the register keeps of a booking: where, when, how many; no name, no number."""
    return {
        "place": str(booking.place_id),
        "reason": booking.reason.code,
        "persons": booking.persons,
        "starts_at": booking.starts_at.isoformat(),
        "source": booking.source,
        "version": booking.version,
    }
