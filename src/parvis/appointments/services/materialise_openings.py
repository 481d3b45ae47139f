"""Writes the openings of resources from their hours, for each day of the horizon, from today on.

Run when hours change and each night, for the new last day. The agenda's row is held: nobody books meanwhile.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Agenda, Opening, Resource
from parvis.appointments.rules.hours import Period, openings
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.rules.release import MARGIN
from parvis.appointments.selectors.hours import last_day_taken, plan_of
from parvis.kit import clock


@dataclass(frozen=True, slots=True)
class Change:
    """How many openings were written and removed."""

    added: int
    removed: int


def materialise_openings(agenda: Agenda) -> Change:
    """Makes the openings of an agenda of the authority in scope equal to its hours, from today to its horizon, and to
    the last appointment beyond it: a shorter horizon puts nobody outside.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM appointments_agenda WHERE id = %s FOR UPDATE", [agenda.id])
        today = day_of(clock.now())
        last = max(today + timedelta(days=agenda.horizon_days) + MARGIN, last_day_taken(agenda.id) or today)
        changes = [
            _write(resource, openings(plan_of(resource, today, last), today, last) if resource.active else [], today)
            for resource in Resource.objects.filter(agenda=agenda).select_related("agenda")
        ]
    return Change(sum(one.added for one in changes), sum(one.removed for one in changes))


def _write(resource: Resource, wanted: Iterable[Period], today: date) -> Change:
    kept: set[Period] = set()
    gone: list[UUID] = []
    wished = set(wanted)
    for row in Opening.objects.filter(resource=resource, during__endswith__gt=midnight(today)):
        known = Period(row.during.lower, row.during.upper, row.audience, row.released_at)
        if known in wished:
            kept.add(known)
        else:
            gone.append(row.id)
    Opening.objects.filter(id__in=gone).delete()
    fresh = [
        Opening(
            authority_id=resource.authority_id,
            resource=resource,
            agenda_id=resource.agenda_id,
            place_id=resource.agenda.place_id,
            during=TimestamptzRange(one.start, one.end),
            audience=one.audience,
            released_at=one.released_at,
            day=day_of(one.start),
            mark=secrets.randbits(62),
        )
        for one in sorted(wished - kept, key=lambda one: one.start)
    ]
    Opening.objects.bulk_create(fresh, batch_size=500)
    return Change(len(fresh), len(gone))
