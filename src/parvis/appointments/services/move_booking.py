from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from parvis.appointments.letters.booking import tell_moved
from parvis.appointments.models import Booking, BookingState, Occupancy
from parvis.appointments.rules.lengths import length
from parvis.appointments.selectors.facts import facts_of
from parvis.appointments.selectors.slots import AGENTS, ONLINE
from parvis.appointments.services.claim_slot import Wish, claim_slot, release_seats
from parvis.appointments.services.note_declarations import note_declarations, withdraw_declarations
from parvis.appointments.states import BOOKING, after
from parvis.audit import facade as audit
from parvis.kit import clock, outbox
from parvis.kit.errors import Refusal


def move_booking(
    booking: Booking, start: datetime, *, actor: UUID | None = None, by_desk: bool = False, why: str = ""
) -> Booking:
    """Moves an appointment to another slot of the same agenda; the old one is kept until the new one is ours.

    `by_desk`: an agent may go past the public rules; `why` is told to the person. Raises Refusal slot_taken,
    not_bookable, not_movable.
    """
    with transaction.atomic():
        booking = Booking.objects.select_for_update().get(id=booking.id)
        over = booking.state == BookingState.BOOKED and booking.ends_at <= clock.now()
        if after(BOOKING, booking.state, "move_booking") is None or over:
            message = _("Ce rendez-vous ne peut plus être déplacé. Prenez-en un autre.")
            raise Refusal("not_movable", message)
        if booking.state == BookingState.BOOKED and booking.starts_at == start:
            return booking
        before = booking.starts_at
        had_seats = booking.state == BookingState.BOOKED
        booking.ends_at = _swap(booking, start, by_desk)
        booking.starts_at = start
        booking.state = BookingState.BOOKED
        booking.version += 1
        booking.reminded_at = None
        booking.save()
        withdraw_declarations(booking)
        note_declarations(booking)
        tell_moved(booking, before, why)
        data = {**facts_of(booking), "before": before.isoformat()}
        audit.record("appointment.moved", subject=booking.id, data=data, actor=actor)
        if had_seats:
            outbox.enqueue(
                "appointments.offer_freed",
                authority=str(booking.authority_id),
                booking=str(booking.id),
                starts_at=before.isoformat(),
            )
    return booking


def _swap(booking: Booking, start: datetime, by_desk: bool) -> datetime:
    """New seats first, then the old ones go: two people who exchange their hours never wait for each other. Where the
    new hour overlaps the old one on the way, the old one goes first, within the same transaction.
    """
    old = list(Occupancy.objects.filter(booking_id=booking.id).values_list("id", flat=True))
    end = start + length(booking.reason, booking.persons)
    overlaps = Occupancy.objects.filter(booking_id=booking.id, during__overlap=TimestamptzRange(start, end)).exists()
    if overlaps:
        release_seats(booking.id)
    audiences = AGENTS if by_desk else ONLINE
    wish = Wish(booking.id, booking.reason, booking.persons, start, audiences=audiences, public=not by_desk)
    ends_at = claim_slot(wish)
    if not overlaps:
        Occupancy.objects.filter(id__in=old).delete()
    return ends_at
