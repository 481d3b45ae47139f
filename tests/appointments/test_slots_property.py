"""Whatever the hours, the bookings and the night: what is listed is exactly what can be booked, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.appointments.models import Occupancy, Opening, Reason, Resource, WeeklyHours
from parvis.appointments.rules.paris import PARIS, midnight
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import a_hold, a_place, a_reason, an_agenda
from tests.world import an_authority

pytestmark = pytest.mark.django_db
RELAXED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
# An ordinary Wednesday, the spring night (2 o'clock does not exist) and the autumn night (2 o'clock comes twice).
DAYS = (date(2026, 12, 2), date(2026, 3, 29), date(2026, 10, 25))


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with an empty database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def hours(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Periods of a day in minutes from midnight, apart from each other."""
    marks = sorted(draw(st.lists(st.integers(0, 287), min_size=2, max_size=6, unique=True)))
    return [(5 * a, 5 * b) for a, b in zip(marks[::2], marks[1::2], strict=False)]


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, object]:
    return {
        "day": draw(st.sampled_from(DAYS)),
        "desks": draw(st.lists(hours(), min_size=1, max_size=3)),
        "step": draw(st.sampled_from([5, 10, 15, 20, 30])),
        "minutes": draw(st.integers(5, 60)),
        "more": draw(st.integers(0, 30)),
        "buffer": draw(st.sampled_from([0, 5, 10])),
        "persons": draw(st.integers(1, 3)),
        "units": draw(st.integers(1, 2)),
        "tries": draw(st.lists(st.integers(0, 500), max_size=8)),
    }


def build(house: Authority, world: dict[str, object]) -> Reason:
    agenda = an_agenda(
        a_place(house), desks=0, step_minutes=world["step"], lead_minutes=0, closed_on_holidays=False, horizon_days=2
    )
    day = world["day"]
    assert isinstance(day, date)
    with scope.authority(house.id):
        for rank, periods in enumerate(world["desks"]):  # type: ignore[arg-type, var-annotated]
            resource = Resource.objects.create(agenda=agenda, name=f"Guichet {rank}", rank=rank)
            for opens, closes in periods:
                WeeklyHours.objects.create(
                    resource=resource, weekday=day.weekday(), opens=time(opens // 60, opens % 60),
                    closes=time(closes // 60, closes % 60), valid_from=date(2026, 1, 1),
                )  # fmt: skip
        materialise_openings(agenda)
    return a_reason(
        agenda, "id-card", minutes=world["minutes"], minutes_more=world["more"], buffer_minutes=world["buffer"],
        units=world["units"],
    )  # fmt: skip


def listed(reason: Reason, day: date, persons: int) -> list[datetime]:
    return [one.starts_at for one in free_slots([reason.id], persons, midnight(day), midnight(day + timedelta(days=1)))]


def reckoned(reason: Reason, day: date, persons: int) -> list[datetime]:
    """The same list, by the plainest means: every start of every opening, minute by minute, in Python."""
    taking = timedelta(minutes=reason.minutes + reason.minutes_more * (persons - 1) + reason.buffer_minutes)
    taken = [(one.resource_id, one.during) for one in Occupancy.objects.all()]
    free: dict[datetime, int] = {}
    for opening in Opening.objects.filter(agenda_id=reason.agenda_id, day=day):
        start = opening.during.lower
        while start + taking <= opening.during.upper:
            if not any(
                resource == opening.resource_id and start < during.upper and during.lower < start + taking
                for resource, during in taken
            ):
                free[start] = free.get(start, 0) + 1
            start += timedelta(minutes=reason.agenda.step_minutes)
    return sorted(start for start, count in free.items() if count >= reason.units)


@RELAXED
@given(worlds())
def test_listed_is_what_can_be_booked(world: dict[str, object]) -> None:
    day, persons = world["day"], world["persons"]
    assert isinstance(day, date)
    assert isinstance(persons, int)
    with undone(), clock.frozen_at(midnight(day) - timedelta(hours=1)):
        reason = build(an_authority(), world)
        for choice in world["tries"]:  # type: ignore[attr-defined]
            starts = listed(reason, day, persons)
            assert starts == reckoned(reason, day, persons)
            if starts:
                held = a_hold(reason, starts[choice % len(starts)], persons)
                assert held.ends_at > held.starts_at
        starts = listed(reason, day, persons)
        assert starts == reckoned(reason, day, persons)
        for opening in Opening.objects.filter(day=day)[:3]:
            for minute in (0, 5, 25):
                start = opening.during.lower + timedelta(minutes=minute)
                if start not in starts:
                    with pytest.raises(Refusal):
                        a_hold(reason, start, persons)


@pytest.mark.parametrize(
    ("day", "hours"), [(DAYS[0], 6), (DAYS[1], 5), (DAYS[2], 7)], ids=["plain", "spring", "autumn"]
)
def test_the_nights_when_clocks_change(day: date, hours: int) -> None:
    """A desk open from midnight to six has five true hours in spring and seven in autumn, and lists each of them."""
    with clock.frozen_at(midnight(day) - timedelta(hours=1)):
        world = {"day": day, "desks": [[(0, 360)]], "step": 30, "minutes": 30, "more": 0, "buffer": 0, "units": 1}
        reason = build(an_authority(), world)
        starts = listed(reason, day, 1)
        assert len(starts) == hours * 2
        assert all(b - a == timedelta(minutes=30) for a, b in pairwise(starts))
        for start in starts:
            a_hold(reason, start)
        assert listed(reason, day, 1) == []
        assert {start.astimezone(PARIS).date() for start in starts} == {day}
        assert all(start.tzinfo is not None and start == start.astimezone(UTC) for start in starts)
