from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.appointments.models import Booking, Reason, Source
from parvis.appointments.rules.holds import hold_until
from parvis.appointments.services.claim_slot import Wish, claim_slot
from parvis.appointments.services.release_hold import release_hold
from parvis.appointments.states import UNCONFIRMED
from parvis.kit import clock
from parvis.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Held:
    """A slot asked for: `start` is aware, `source` a value of Source. `instead_of`: the same browser's earlier hold."""

    reason: Reason
    persons: int
    start: datetime
    source: str = Source.ONLINE
    instead_of: UUID | None = None
    held_until: datetime | None = None


def hold_slot(asked: Held) -> Booking:
    """Keeps a slot of the authority in scope while the form is filled (rules/holds.py).

    An earlier hold of the same browser is given back, and what was typed there comes along. Raises Refusal slot_taken,
    not_bookable, too_many.
    """
    now = clock.now()
    until = asked.held_until or hold_until(now, now)
    with transaction.atomic():
        earlier = Booking.objects.filter(id=asked.instead_of, state__in=UNCONFIRMED).first()
        if earlier is not None:
            release_hold(earlier)
        booking_id = new_id()
        wish = Wish(booking_id, asked.reason, asked.persons, asked.start, held_until=until)
        ends_at = claim_slot(wish)
        agenda = asked.reason.agenda
        booking: Booking = Booking.objects.create(
            id=booking_id,
            place_id=agenda.place_id,
            agenda=agenda,
            reason=asked.reason,
            persons=asked.persons,
            starts_at=asked.start,
            ends_at=ends_at,
            source=asked.source,
            held_until=until,
        )
        if earlier is not None:
            _take_along(earlier, booking)
    return booking


def _take_along(earlier: Booking, booking: Booking) -> None:
    """Nobody types twice: names, numbers and addresses follow the person to their new slot."""
    for name in ("contact_name", "email", "phone", "wants_sms", "guardian_name", "needs"):
        setattr(booking, name, getattr(earlier, name))
    booking.save()
    for person in earlier.people.filter(rank__lte=booking.persons):
        person.booking = booking
        person.save()
