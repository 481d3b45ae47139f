"""Takes a slot: the one place that writes occupancies, where a double booking meets the constraint that forbids it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from parvis.appointments.models import Occupancy, Reason
from parvis.appointments.rules.lengths import length, taking
from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.slots import ONLINE
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.kit.ids import new_id

# Whoever changes the hours of an agenda waits for those who book it, and they for them, until the transaction's end.
_STILL = """
SELECT a.active AND r.active AND p.active
FROM appointments_reason r
JOIN appointments_agenda a ON a.id = r.agenda_id
JOIN appointments_place p ON p.id = a.place_id
WHERE r.id = %s
FOR SHARE OF a
"""

# The seats open for this very slot, by the same rules as selectors/slots.py; as many free ones as needed, in one room
# for a session; and those of them that nobody took at this very moment. Several are taken in the order of their ids,
# so that two bookings never wait for each other; one alone is drawn, so that a crowd spreads over the desks.
_TAKE = """
WITH seat AS MATERIALIZED (
    SELECT o.resource_id, one.number, o.agenda_id, o.place_id, o.authority_id,
           wanted.during, busy.id IS NOT NULL AS taken
    FROM appointments_opening o
    JOIN appointments_resource v ON v.id = o.resource_id AND v.active
    CROSS JOIN generate_series(1, v.capacity) AS one(number)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN %(collective)s THEN o.during ELSE tstzrange(%(start)s, %(until)s) END AS during
    ) AS wanted
    LEFT JOIN LATERAL (
        SELECT x.id FROM appointments_occupancy x
        WHERE x.resource_id = o.resource_id AND x.seat = one.number AND x.during && wanted.during
          AND (x.held_until IS NULL OR x.held_until > %(now)s)
        LIMIT 1
    ) AS busy ON true
    WHERE o.agenda_id = %(agenda)s AND o.day = %(day)s AND o.audience = ANY(%(audiences)s)
      AND (o.released_at <= %(now)s OR NOT %(public)s)
      AND CASE WHEN %(collective)s THEN lower(o.during) = %(start)s
          ELSE o.during @> tstzrange(%(start)s, %(until)s)
               AND mod(extract(epoch FROM %(start)s - lower(o.during))::bigint, %(step)s) = 0 END
), room AS (
    SELECT resource_id FROM seat WHERE NOT taken
    GROUP BY resource_id HAVING count(*) >= CASE WHEN %(collective)s THEN %(needed)s ELSE 1 END
    ORDER BY CASE WHEN %(collective)s THEN count(*) END, resource_id
    LIMIT CASE WHEN %(collective)s THEN 1 END
), picked AS (
    SELECT *, row_number() OVER (ORDER BY resource_id, number) AS place_in_line
    FROM (SELECT seat.* FROM seat JOIN room USING (resource_id) WHERE NOT taken
          ORDER BY CASE WHEN %(needed)s = 1 THEN random() END, resource_id, number LIMIT %(needed)s) AS chosen
), ours AS (
    INSERT INTO appointments_occupancy
        (id, authority_id, resource_id, seat, during, held_until, booking_id, place_id, day, mark)
    SELECT fresh.id, authority_id, resource_id, number, during, %(held_until)s, %(booking)s, place_id, %(day)s,
           fresh.mark
    FROM picked JOIN unnest(%(ids)s::uuid[], %(marks)s::bigint[]) WITH ORDINALITY AS fresh(id, mark, turn)
        ON fresh.turn = place_in_line
    ORDER BY place_in_line
    ON CONFLICT DO NOTHING RETURNING id, during
)
SELECT (SELECT count(*) FROM seat), (SELECT count(*) FROM picked), (SELECT count(*) FROM ours),
       (SELECT max(upper(during)) FROM ours)
"""

# What was taken of a slot that turned out too small, and the holds that are over, which are nobody's.
_GIVE_BACK = """
DELETE FROM appointments_occupancy
WHERE id = ANY(%(ids)s) OR id IN (
    SELECT x.id FROM appointments_occupancy x JOIN appointments_resource v ON v.id = x.resource_id
    WHERE v.agenda_id = %(agenda)s AND x.day = %(day)s AND x.held_until <= %(now)s
    FOR UPDATE OF x SKIP LOCKED)
"""


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
    return Refusal("slot_taken", _("Cette place vient d’être prise. Voici les plus proches."), "debut")


def not_bookable() -> Refusal:
    return Refusal("not_bookable", _("Cette place n’est plus proposée. Voici les plus proches."), "debut")


def claim_slot(wish: Wish) -> datetime:
    """Takes the seats of a slot in the transaction and scope of its authority; returns the end of the appointment.

    Raises Refusal: slot_taken (somebody was faster), not_bookable (never offered, too late, or not out yet),
    too_many (persons). Raises LookupError outside the scope of the agenda's authority.
    """
    reason, agenda = wish.reason, wish.reason.agenda
    if not 1 <= wish.persons <= reason.max_persons:
        message = _("Ce rendez-vous accueille {count} personnes au plus. Prenez-en deux, ou appelez l’accueil.")
        raise Refusal("too_many", message.format(count=reason.max_persons), "personnes")
    still_offered = _rows(_STILL, [reason.id])
    if not still_offered:
        raise LookupError("this agenda is not of the authority in scope")
    now = clock.now()
    if not still_offered[0][0] or wish.start < now + timedelta(minutes=agenda.lead_minutes if wish.public else 0):
        raise not_bookable()
    taken_until = _take(wish, now)
    return taken_until if agenda.collective else wish.start + length(reason, wish.persons)


def seats_needed(reason: Reason, persons: int) -> int:
    """A person takes a seat in a session; a booking takes the agents of its reason elsewhere."""
    return persons if reason.agenda.collective else reason.units


def release_seats(booking_id: UUID) -> int:
    """Gives back what a booking of the authority in scope takes; how many seats."""
    return Occupancy.objects.filter(booking_id=booking_id, authority_id=scope.current_authority()).delete()[0]


def _take(wish: Wish, now: datetime) -> datetime:
    """The end of what was taken. Each turn sees what others committed meanwhile, so that it ends. Raises Refusal."""
    needed = seats_needed(wish.reason, wish.persons)
    values = _values(wish, now, needed)
    while True:
        values |= {"ids": [new_id() for _n in range(needed)], "marks": [secrets.randbits(62) for _n in range(needed)]}
        found, picked, ours, until = _rows(_TAKE, values)[0]
        if ours == needed:
            assert isinstance(until, datetime)
            return until
        if found == 0:
            raise not_bookable()
        if picked < needed:
            raise slot_taken()
        _rows(_GIVE_BACK, values)


def _values(wish: Wish, now: datetime, needed: int) -> dict[str, Any]:
    agenda = wish.reason.agenda
    return {
        "agenda": agenda.id,
        "day": day_of(wish.start),
        "audiences": list(wish.audiences),
        "now": now,
        "public": wish.public,
        "collective": agenda.collective,
        "start": wish.start,
        "until": wish.start + taking(wish.reason, wish.persons),
        "step": agenda.step_minutes * 60,
        "needed": needed,
        "booking": wish.booking_id,
        "held_until": wish.held_until,
    }


def _rows(query: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []
