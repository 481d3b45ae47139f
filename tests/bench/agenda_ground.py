"""Forty town halls with two desks each for sixty days, three slots in five taken: an agglomeration's identity desks."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Agenda, Occupancy, Opening, Reason
from parvis.appointments.rules.paris import day_of, midnight
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.ids import new_id
from tests.appointments.agenda_world import a_place, a_reason, an_agenda
from tests.world import an_authority

HALLS, DAYS, DESKS, STEP = 40, 60, 2, 20
TAKEN = 0.6


def town_halls(name: str, halls: int = HALLS) -> list[Reason]:
    """The identity-card reason of each hall, open on weekdays from 8:30 to 12 and from 13:30 to 17."""
    drawn = random.Random(40)
    return [_hall(an_authority(f"{name}-{number:02d}"), drawn) for number in range(halls)]


def window() -> tuple[datetime, datetime]:
    """From tomorrow on, as a hub asks."""
    today: date = day_of(clock.now())
    return midnight(today + timedelta(days=1)), midnight(today + timedelta(days=DAYS))


def _hall(house: Authority, drawn: random.Random) -> Reason:
    agenda = an_agenda(a_place(house), desks=DESKS, hours="8:30-12:00,13:30-17:00", lead_minutes=0, horizon_days=DAYS)
    reason = a_reason(agenda)
    with scope.authority(house.id):
        Occupancy.objects.bulk_create(_taken(agenda, drawn), batch_size=2000)
    return reason


def _taken(agenda: Agenda, drawn: random.Random) -> list[Occupancy]:
    found = []
    for opening in Opening.objects.filter(agenda=agenda, during__startswith__gt=clock.now()):
        start = opening.during.lower
        while start + timedelta(minutes=STEP) <= opening.during.upper:
            end = start + timedelta(minutes=STEP)
            if drawn.random() < TAKEN:
                found.append(
                    Occupancy(
                        authority_id=agenda.authority_id, resource_id=opening.resource_id, booking_id=new_id(),
                        during=TimestamptzRange(start, end), place_id=agenda.place_id, day=opening.day,
                        mark=drawn.getrandbits(62),
                    )
                )  # fmt: skip
            start = end
    return found
