"""What free slots are computed from, in one number or two: equal fingerprints mean equal slots at a given instant.

Rows of openings and occupancies carry a `mark` drawn at random when they are written, so their number and the xor of
their marks change with each one that comes or goes. A hold's end may change without a new row: it is mixed in. Of
settings the whole rows are hashed: a column added one day is taken into account.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection


class Fingerprint(NamedTuple):
    """Of one place and one month. Marks are None where there is no row."""

    openings: int
    openings_mark: int | None
    taken: int
    taken_mark: int | None
    holds_mark: int | None
    settings_mark: int | None


Key = tuple[UUID, date]

# Marks of openings and occupancies are read from their indexes alone. Holds are few, and have an index of their own.
_FINGERPRINTS = """
WITH place AS (SELECT unnest(%(places)s::uuid[]) AS id),
month AS (SELECT first, (first + interval '1 month')::date AS next FROM unnest(%(months)s::date[]) AS first),
hold AS MATERIALIZED (
    SELECT place_id, day, hashint8extended(mark, (extract(epoch FROM held_until) * 1000000)::bigint) AS mark
    FROM appointments_occupancy WHERE held_until IS NOT NULL AND place_id = ANY(%(places)s)
), setting AS MATERIALIZED (
    SELECT place_id, bit_xor(hashtextextended(written, 0)) AS mark
    FROM (SELECT p.id AS place_id, p::text AS written FROM appointments_place p WHERE p.id = ANY(%(places)s)
          UNION ALL
          SELECT a.place_id, a::text FROM appointments_agenda a WHERE a.place_id = ANY(%(places)s)
          UNION ALL
          SELECT a.place_id, r::text FROM appointments_reason r JOIN appointments_agenda a ON a.id = r.agenda_id
          WHERE a.place_id = ANY(%(places)s)
          UNION ALL
          SELECT a.place_id, v::text FROM appointments_resource v JOIN appointments_agenda a ON a.id = v.agenda_id
          WHERE a.place_id = ANY(%(places)s)) AS rows
    GROUP BY place_id
)
SELECT place.id, month.first, o.number, o.mark, x.number, x.mark, h.mark, setting.mark
FROM place CROSS JOIN month
LEFT JOIN setting ON setting.place_id = place.id
CROSS JOIN LATERAL (SELECT count(*) AS number, bit_xor(mark) AS mark FROM appointments_opening
    WHERE place_id = place.id AND day >= month.first AND day < month.next) AS o
CROSS JOIN LATERAL (SELECT count(*) AS number, bit_xor(mark) AS mark FROM appointments_occupancy
    WHERE place_id = place.id AND day >= month.first AND day < month.next) AS x
CROSS JOIN LATERAL (SELECT bit_xor(mark) AS mark FROM hold
    WHERE place_id = place.id AND day >= month.first AND day < month.next) AS h
"""

_NEXT_CHANGES = """
SELECT place.id, month.first, least(
    (SELECT min(released_at) FROM appointments_opening
     WHERE place_id = place.id AND day >= month.first AND day < month.first + interval '1 month'
       AND released_at > %(now)s),
    (SELECT min(held_until) FROM appointments_occupancy
     WHERE place_id = place.id AND day >= month.first AND day < month.first + interval '1 month'
       AND held_until > %(now)s))
FROM unnest(%(places)s::uuid[]) AS place(id) CROSS JOIN unnest(%(months)s::date[]) AS month(first)
"""


def fingerprints(place_ids: Iterable[UUID], months: Iterable[date]) -> dict[Key, Fingerprint]:
    """Of each place and month (its first day), in one question. Empty places and months have theirs too."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINTS, {"places": list(place_ids), "months": list(months)})
        return {(row[0], row[1]): Fingerprint(*row[2:]) for row in cursor.fetchall()}


def next_changes(place_ids: Iterable[UUID], months: Iterable[date], now: datetime) -> dict[Key, datetime | None]:
    """When time alone will next change the free slots of each place and month: a release, or the end of a hold."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_CHANGES, {"places": list(place_ids), "months": list(months), "now": now})
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}
