"""What a change of hours would do, in a transaction that is taken back: whom it touches, and what to propose them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.nearness import nearest_first
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.selectors.slots import AGENTS, free_slots
from parvis.appointments.services.claim_slot import Wish, claim_slot, release_seats
from parvis.appointments.services.hours_change import HoursChange, carry_out
from parvis.kit import clock
from parvis.kit.errors import Refusal

# How far from their own day people are first looked after, then how far at all.
NEAR, FAR = timedelta(days=10), timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Touched:
    """A booking that would fall outside the hours, and the slot proposed instead; None: somebody is to call."""

    booking: Booking
    proposal: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """`shown`: whatever the page asked to read while the change was in place."""

    touched: tuple[Touched, ...]
    shown: Any = None


def preview_change(
    change: HoursChange, *, keeping: Iterable[UUID] = (), read: Callable[[], Any] | None = None
) -> Preview:
    """Whom a change would touch in the scope of its authority, with a slot for each, no two the same; nothing stays.

    `keeping`: the bookings that the agent keeps at their hour, whose desk is not proposed to others. `read` is called
    while the change is in place. Raises Refusal when the change itself cannot be.
    """
    with transaction.atomic():
        touched = [one for one in carry_out(change) if one.state == BookingState.BOOKED]
        shown = read() if read else None
        found = _proposals(touched, set(keeping))
        transaction.set_rollback(True)
    return Preview(tuple(found), shown)


def _proposals(touched: list[Booking], keeping: set[UUID]) -> list[Touched]:
    """Those who move are served first: whoever keeps their hour takes no slot from them."""
    for booking in touched:
        if booking.id not in keeping:
            release_seats(booking.id)
    finder = _Finder()
    found = {one.id: finder.place(one) for one in sorted(touched, key=lambda one: one.id in keeping)}
    return [Touched(one, found[one.id]) for one in touched]


class _Finder:
    """Takes a slot for each booking in turn, before all is taken back: what one gets, no other is offered."""

    def __init__(self) -> None:
        self._lists: dict[tuple[UUID, int, datetime, datetime], list[datetime]] = {}

    def place(self, booking: Booking) -> datetime | None:
        wanted, now = booking.starts_at, clock.now()
        middle = midnight(day_of(wanted))
        for start, end in ((middle - NEAR, middle + NEAR), (now, middle + FAR)):
            starts = self._starts(booking, start, end)
            for one in nearest_first(starts, wanted, now):
                if self._takes(booking, one):
                    return one
                starts.remove(one)
        return None

    def _starts(self, booking: Booking, start: datetime, end: datetime) -> list[datetime]:
        key = (booking.reason_id, booking.persons, start, end)
        if key not in self._lists:
            slots = free_slots([booking.reason_id], booking.persons, start, end, audiences=AGENTS, public=False)
            self._lists[key] = [one.starts_at for one in slots]
        return self._lists[key]

    @staticmethod
    def _takes(booking: Booking, start: datetime) -> bool:
        wish = Wish(booking.id, booking.reason, booking.persons, start, audiences=AGENTS, public=False)
        try:
            claim_slot(wish)
        except Refusal:
            return False
        return True
