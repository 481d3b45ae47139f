"""Who is called next: those whose hour has come and who were on time, then those who came late or without an
appointment, then those who are early. It is a rule of courtesy of ours, shown on the screen; no text imposes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LATE_AFTER = timedelta(minutes=10)
DUE_BEFORE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits at a desk; instants are aware. `starts_at`: the hour of their appointment."""

    booking_id: UUID
    starts_at: datetime
    arrived_at: datetime
    walk_in: bool


def came_late(starts_at: datetime, at: datetime) -> bool:
    return at > starts_at + LATE_AFTER


def in_order(waiting: list[Waiting], now: datetime) -> list[Waiting]:
    """The order in which they are called."""
    return sorted(waiting, key=lambda one: _rank(one, now))


def _rank(one: Waiting, now: datetime) -> tuple[int, datetime, datetime, UUID]:
    if one.walk_in or came_late(one.starts_at, one.arrived_at):
        return (1, one.arrived_at, one.starts_at, one.booking_id)
    turn = 0 if one.starts_at <= now + DUE_BEFORE else 2
    return (turn, one.starts_at, one.arrived_at, one.booking_id)
