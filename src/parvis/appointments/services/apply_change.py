"""Applies a change of hours with what the agent decided for each person whom it touches: all of it, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.appointments.models import Booking, BookingState
from parvis.appointments.services.claim_slot import release_seats
from parvis.appointments.services.displace_booking import displace_booking
from parvis.appointments.services.hours_change import HoursChange, carry_out
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.release_hold import release_hold
from parvis.kit.errors import Refusal

# Somebody may take a slot each time we look; they are quicker to wait for than to chase.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one booking as the agent saw it (`version`): moved to `start`, kept outside hours, or to call."""

    version: int
    does: Literal["move", "keep", "call"]
    start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    moved: int
    kept: int
    called: int


class _Unlocked(Exception):
    """Bookings that the change touches were not held; they are the next time."""

    def __init__(self, ids: set[UUID]) -> None:
        self.ids = ids


def apply_change(
    change: HoursChange, decisions: Mapping[UUID, Decision], *, why: str = "", actor: UUID | None = None
) -> Applied:
    """Writes the change in the scope of its authority, moves or displaces each booking as decided, and tells them why.

    Slots that somebody holds while they fill the form are given back: their page shows the nearest others. Raises
    Refusal list_changed when a booking is touched that the agent did not see as it is, or when a proposed slot went
    meanwhile: then nothing is written. Raises Refusal busy, and what the change itself refuses.
    """
    held: set[UUID] = set(decisions)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _apply(change, decisions, held, why, actor)
        except _Unlocked as more:
            held |= more.ids
    raise Refusal(
        "busy", _("Beaucoup de personnes réservent en ce moment. Rien n’a changé\u202f: confirmez de nouveau.")
    )


def _apply(
    change: HoursChange, decisions: Mapping[UUID, Decision], held: set[UUID], why: str, actor: UUID | None
) -> Applied:
    # Bookings before agendas, as whoever confirms or moves one does: nobody waits in a circle.
    list(Booking.objects.filter(id__in=held).order_by("id").select_for_update())
    touched = carry_out(change)
    if missing := {one.id for one in touched} - held:
        raise _Unlocked(missing)
    booked = [one for one in touched if one.state == BookingState.BOOKED]
    for booking in touched:
        if booking.state == BookingState.HELD:
            release_hold(booking)
    if any(one.id not in decisions or decisions[one.id].version != one.version for one in booked):
        raise list_changed()
    applied = _follow(booked, decisions, why, actor)
    change.record(actor)
    return applied


def list_changed() -> Refusal:
    message = _(
        "Les rendez-vous ont changé pendant que vous décidiez\u202f: rien n’est encore appliqué. Voici la liste à jour."
    )
    return Refusal("list_changed", message)


def _follow(booked: list[Booking], decisions: Mapping[UUID, Decision], why: str, actor: UUID | None) -> Applied:
    count = {"move": 0, "keep": 0, "call": 0}
    for booking in booked:
        if decisions[booking.id].does != "keep":
            release_seats(booking.id)
    for booking in booked:
        decision = decisions[booking.id]
        count[decision.does] += 1
        if decision.does == "call":
            displace_booking(booking, why=why, actor=actor)
        elif decision.does == "move":
            _move(booking, decision, why, actor)
    return Applied(count["move"], count["keep"], count["call"])


def _move(booking: Booking, decision: Decision, why: str, actor: UUID | None) -> None:
    """Raises Refusal list_changed when the slot went meanwhile."""
    if decision.start is None:
        raise list_changed()
    try:
        move_booking(booking, decision.start, actor=actor, by_desk=True, why=why)
    except Refusal as refusal:
        raise list_changed() from refusal
