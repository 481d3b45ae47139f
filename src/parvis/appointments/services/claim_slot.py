"""Takes a slot: the one place that writes occupancies, where a double booking meets the constraint that forbids it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Agenda, Occupancy, Reason
from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.slots import ONLINE
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id

# The seats that are open for this very slot, and whether they are taken: the same rules as selectors/slots.py.
_SEATS = """
SELECT o.resource_id, one.seat, upper(o.during) AS session_end, EXISTS (
    SELECT 1 FROM appointments_occupancy x
    WHERE x.resource_id = o.resource_id AND x.seat = one.seat AND x.booking_id <> %(booking)s
      AND x.during && CASE WHEN %(collective)s THEN o.during ELSE tstzrange(%(start)s, %(end)s) END
      AND (x.held_until IS NULL OR x.held_until > %(now)s)) AS taken
FROM appointments_opening o
JOIN appointments_resource v ON v.id = o.resource_id AND v.active
CROSS JOIN generate_series(1, v.capacity) AS one(seat)
WHERE o.agenda_id = %(agenda)s AND o.day = %(day)s AND o.audience = ANY(%(audiences)s)
  AND (o.released_at <= %(now)s OR NOT %(public)s)
  AND CASE WHEN %(collective)s THEN lower(o.during) = %(start)s
      ELSE o.during @> tstzrange(%(start)s, %(end)s)
           AND mod(extract(epoch FROM %(start)s - lower(o.during))::bigint, %(step)s) = 0 END
ORDER BY o.resource_id, one.seat
"""

_TAKE = """
INSERT INTO appointments_occupancy
    (id, authority_id, resource_id, seat, during, held_until, booking_id, place_id, day, mark)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING id
"""

# Holds that are over are nobody's: they leave before somebody else takes their place.
_FORGET = """
DELETE FROM appointments_occupancy WHERE id IN (
    SELECT id FROM appointments_occupancy
    WHERE resource_id = %s AND day = %s AND held_until <= %s FOR UPDATE SKIP LOCKED)
"""


class Seat(NamedTuple):
    resource_id: UUID
    number: int
    session_end: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be taken: `start` is aware; `held_until` None for good. `public` keeps the rules for the public."""

    booking_id: UUID
    reason: Reason
    persons: int
    start: datetime
    held_until: datetime | None = None
    audiences: tuple[str, ...] = ONLINE
    public: bool = True


def slot_taken() -> Refusal:
    return Refusal("slot_taken", _("Ce créneau vient d’être pris. Voici les plus proches."), "debut")


def not_bookable() -> Refusal:
    return Refusal("not_bookable", _("Ce créneau n’est plus proposé. Voici les plus proches."), "debut")


def claim_slot(wish: Wish) -> datetime:
    """Takes the seats of a slot in the scope of its authority, and returns the end of the appointment.

    Raises Refusal: slot_taken (somebody was faster), not_bookable (never offered, too late, or not out yet),
    too_many (persons).
    """
    reason, agenda = wish.reason, wish.reason.agenda
    if not 1 <= wish.persons <= reason.max_persons:
        message = _("Ce rendez-vous accueille {count} personnes au plus. Prenez-en deux, ou appelez l’accueil.")
        raise Refusal("too_many", message.format(count=reason.max_persons), "personnes")
    with transaction.atomic():
        _hold_still(agenda)
        now = clock.now()
        if wish.start < now + timedelta(minutes=agenda.lead_minutes if wish.public else 0):
            raise Refusal("not_bookable", _("Il est trop tard pour ce créneau. Voici les suivants."), "debut")
        seats = _seats(wish, agenda, now)
        needed = wish.persons if agenda.collective else reason.units
        return _take(wish, agenda, seats, needed, now)


def length(reason: Reason, persons: int) -> timedelta:
    return timedelta(minutes=reason.minutes + reason.minutes_more * (persons - 1))


def release_seats(booking_id: UUID) -> int:
    """Gives back what a booking of the authority in scope takes; how many seats."""
    return Occupancy.objects.filter(booking_id=booking_id, authority_id=scope.current_authority()).delete()[0]


def _hold_still(agenda: Agenda) -> None:
    """Whoever changes the hours waits for us, and we for them (services/materialise_openings.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM appointments_agenda WHERE id = %s FOR SHARE", [agenda.id])


def _seats(wish: Wish, agenda: Agenda, now: datetime) -> list[Seat]:
    taking = length(wish.reason, wish.persons) + timedelta(minutes=wish.reason.buffer_minutes)
    asked: dict[str, Any] = {
        "agenda": agenda.id,
        "day": day_of(wish.start),
        "audiences": list(wish.audiences),
        "now": now,
        "public": wish.public,
        "collective": agenda.collective,
        "start": wish.start,
        "end": wish.start + taking,
        "step": agenda.step_minutes * 60,
        "booking": wish.booking_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, asked)
        return [Seat(*row) for row in cursor.fetchall()]


def _take(wish: Wish, agenda: Agenda, seats: list[Seat], needed: int, now: datetime) -> datetime:
    """Seat by seat in the order of their ids, so that two bookings never wait for each other. Raises Refusal."""
    ends_at = wish.start + length(wish.reason, wish.persons)
    rooms: dict[UUID, list[Seat]] = {}
    for seat in seats:
        if not seat.taken:
            rooms.setdefault(seat.resource_id if agenda.collective else agenda.id, []).append(seat)
    for candidates in rooms.values():
        if len(candidates) < needed:
            continue
        if needed == 1:
            # Many come for the same hour: each begins with another desk.
            turn = secrets.randbelow(len(candidates))
            candidates = [*candidates[turn:], *candidates[:turn]]
        if _take_from(wish, agenda, candidates, needed, now):
            return candidates[0].session_end if agenda.collective else ends_at
    raise slot_taken() if seats else not_bookable()


def _insert(cursor: CursorWrapper, row: list[Any]) -> int:
    cursor.execute(_TAKE, row)
    return int(cursor.rowcount)


def _forget(cursor: CursorWrapper, resource_id: UUID, wish: Wish, now: datetime) -> int:
    cursor.execute(_FORGET, [resource_id, day_of(wish.start), now])
    return int(cursor.rowcount)


def _take_from(wish: Wish, agenda: Agenda, candidates: list[Seat], needed: int, now: datetime) -> bool:
    taken = 0
    point = transaction.savepoint() if needed > 1 else None
    with connection.cursor() as cursor:
        for rank, (resource_id, seat, session_end, _taken) in enumerate(candidates):
            if taken + len(candidates) - rank < needed:
                break
            buffer = timedelta(minutes=wish.reason.buffer_minutes)
            end = session_end if agenda.collective else wish.start + length(wish.reason, wish.persons) + buffer
            row = [
                new_id(), agenda.authority_id, resource_id, seat, TimestamptzRange(wish.start, end),
                wish.held_until, wish.booking_id, agenda.place_id, day_of(wish.start), secrets.randbits(62),
            ]  # fmt: skip
            taken += _insert(cursor, row) or (_forget(cursor, resource_id, wish, now) and _insert(cursor, row))
            if taken == needed:
                return True
    if point is not None:
        transaction.savepoint_rollback(point)
    return False
