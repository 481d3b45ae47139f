"""Free slots, computed by PostgreSQL from what is open and what is taken: open − taken, piece by piece.

Nothing is stored slot by slot: a listed slot is one that `services/claim_slot.py` would take at this instant, since
both read the same rows by the same rules.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.range import TimestamptzRange

from parvis.appointments.contracts import Slot
from parvis.appointments.models import Audience
from parvis.appointments.rules.paris import day_of
from parvis.kit import clock

ONLINE = (Audience.ONLINE.value,)
AGENTS = (Audience.ONLINE.value, Audience.DESK.value)

# A row per reason asked, then per opening, then per free piece of each seat, then per start on the agenda's grid.
# In a collective agenda the opening is the session: its only start is its beginning, and each person takes a seat.
_FREE = """
WITH asked AS MATERIALIZED (
    SELECT r.id AS reason_id, r.agenda_id, a.place_id, a.collective,
           make_interval(mins => r.minutes + r.minutes_more * (%(persons)s - 1)) AS length,
           make_interval(mins => r.minutes + r.minutes_more * (%(persons)s - 1) + r.buffer_minutes) AS taking,
           make_interval(mins => a.step_minutes::int) AS step,
           CASE WHEN a.collective THEN %(persons)s ELSE r.units END AS needed,
           CASE WHEN %(public)s THEN make_interval(mins => a.lead_minutes) ELSE interval '0' END AS lead
    FROM appointments_reason r
    JOIN appointments_agenda a ON a.id = r.agenda_id
    JOIN appointments_place p ON p.id = a.place_id
    WHERE r.id = ANY(%(reasons)s) AND r.active AND a.active AND p.active AND %(persons)s <= r.max_persons
), open AS MATERIALIZED (
    SELECT q.reason_id, q.agenda_id, q.place_id, q.collective, q.needed, q.lead, o.id, o.resource_id, o.day, o.during,
           v.capacity,
           CASE WHEN q.collective THEN upper(o.during) - lower(o.during) ELSE q.length END AS length,
           CASE WHEN q.collective THEN upper(o.during) - lower(o.during) ELSE q.taking END AS taking,
           CASE WHEN q.collective THEN upper(o.during) - lower(o.during) ELSE q.step END AS step
    FROM asked q
    JOIN appointments_opening o ON o.agenda_id = q.agenda_id AND o.day BETWEEN %(first_day)s AND %(last_day)s
        AND o.during && %(window)s AND o.audience = ANY(%(audiences)s)
        AND (o.released_at <= %(now)s OR NOT %(public)s)
    JOIN appointments_resource v ON v.id = o.resource_id AND v.active
), piece AS (
    SELECT o.*, free
    FROM open o
    CROSS JOIN generate_series(1, o.capacity) AS one(seat)
    CROSS JOIN LATERAL (
        SELECT range_agg(x.during) AS taken
        FROM appointments_occupancy x
        WHERE x.resource_id = o.resource_id AND x.seat = one.seat AND x.during && o.during
            AND (x.held_until IS NULL OR x.held_until > %(now)s)
    ) AS busy
    CROSS JOIN LATERAL unnest(tstzmultirange(o.during) - coalesce(busy.taken, '{}'::tstzmultirange)) AS free
    WHERE upper(free) - lower(free) >= o.taking
), slot AS (
    SELECT p.reason_id, p.agenda_id, p.place_id, start, p.length, p.needed, p.collective, count(*) AS units
    FROM piece p
    CROSS JOIN LATERAL generate_series(
        lower(p.during)
            + p.step * ceil(extract(epoch FROM lower(p.free) - lower(p.during)) / extract(epoch FROM p.step)),
        upper(p.free) - p.taking, p.step) AS start
    WHERE start >= greatest(lower(%(window)s), %(now)s + p.lead) AND start < upper(%(window)s)
    GROUP BY p.reason_id, p.agenda_id, p.place_id, start, p.length, p.needed, p.collective,
        CASE WHEN p.collective THEN p.resource_id END
    HAVING count(*) >= p.needed
)
SELECT place_id, agenda_id, reason_id, array_agg(extract(epoch FROM start)::bigint ORDER BY start),
       array_agg(extract(epoch FROM length)::int ORDER BY start),
       array_agg((CASE WHEN collective THEN units ELSE units / needed END)::int ORDER BY start)
FROM (
    SELECT *, dense_rank() OVER (PARTITION BY place_id, agenda_id, reason_id ORDER BY start) AS rank FROM slot
) AS one
WHERE rank <= %(each)s
GROUP BY place_id, agenda_id, reason_id
"""


def free_slots(
    reason_ids: Iterable[UUID],
    persons: int,
    start: datetime,
    end: datetime,
    *,
    audiences: tuple[str, ...] = ONLINE,
    public: bool = True,
    each: int = 2_147_483_647,
) -> list[Slot]:
    """The free starts of some reasons in [start, end), in order of time, at most `each` of them per reason.

    `public` keeps the agendas' rules for the public: what is out already, and their least notice. Agents go past both.
    Raises ValueError for naive instants or fewer than one person.
    """
    reasons = list(reason_ids)
    if start.tzinfo is None or end.tzinfo is None or persons < 1:
        raise ValueError("free slots are asked with a zone, for at least one person")
    now = clock.now()
    start = max(start, now)
    if start >= end or not reasons:
        return []
    asked: dict[str, Any] = {
        "reasons": reasons,
        "persons": persons,
        "public": public,
        "audiences": list(audiences),
        "now": now,
        "window": TimestamptzRange(start, end),
        "first_day": day_of(start),
        "last_day": day_of(end - timedelta(microseconds=1)),
        "each": each,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FREE, asked)
        found = [slot for row in cursor.fetchall() for slot in _slots(*row)]
    return sorted(found)


def _slots(
    place: UUID, agenda: UUID, reason: UUID, starts: list[int], lasts: list[int], left: list[int]
) -> Iterator[Slot]:
    """In order of time. Two rooms with a session at one hour make one slot, as long as the longer one."""
    lengths = {seconds: timedelta(seconds=seconds) for seconds in set(lasts)}
    before: Slot | None = None
    for at, seconds, units in zip(starts, lasts, left, strict=True):
        start = datetime.fromtimestamp(at, UTC)
        slot = Slot(start, place, agenda, reason, start + lengths[seconds], units)
        if before is not None and before.starts_at == start:
            slot = slot._replace(ends_at=max(before.ends_at, slot.ends_at), left=before.left + units)
        elif before is not None:
            yield before
        before = slot
    if before is not None:
        yield before
