"""Whatever the new hours and the closures: who stays inside is left alone, who does not is listed, and each is placed
where it is open. Nothing stays of one example for the next: a preview takes itself back.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.appointments.models import Booking, Opening, Reason, Resource
from parvis.appointments.rules.hours import Terms
from parvis.appointments.rules.paris import PARIS
from parvis.appointments.services.change_hours import ChangeHours, Week
from parvis.appointments.services.close_period import ClosePeriod
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.preview_change import preview_change
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = pytest.mark.django_db
HOURS = ("8:30", "8:50", "9:30", "10:10", "11:10")
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def booked() -> Iterator[Reason]:
    """One desk; appointments of twenty minutes on three days."""
    with clock.frozen_at(MORNING):
        reason = a_reason(an_agenda(a_place(an_authority()), desks=1, lead_minutes=0))
        for day in range(1, 4):
            for n, hour in enumerate(HOURS):
                a_booking(reason, at(MONDAY + timedelta(days=day), hour), numbers=(f"PROPRIET{day}{n}",))
        with scope.authority(reason.authority_id):
            yield reason


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    days = []
    for _ in range(7):
        marks = sorted(draw(st.sets(st.integers(16, 40), max_size=6)))
        hours = [time(mark // 2, mark % 2 * 30) for mark in marks]
        days.append(tuple(zip(hours[::2], hours[1::2], strict=False)))
    return tuple(days)


def is_inside(booking: Booking, week: Week) -> bool:
    start, end = (moment.astimezone(PARIS) for moment in (booking.starts_at, booking.ends_at))
    return any(opens <= start.time() and end.time() <= closes for opens, closes in week[start.weekday()])


@FEW
@given(week=weeks())
def test_new_hours_list_exactly_who_falls_outside(booked: Reason, week: Week) -> None:
    terms = Terms(date(2026, 1, 1))
    change = ChangeHours(Resource.objects.get(agenda_id=booked.agenda_id), terms, week, terms)
    preview = preview_change(change)
    expected = {one.id for one in Booking.objects.all() if not is_inside(one, week)}
    assert {one.booking.id for one in preview.touched} == expected
    placed = [one.proposal for one in preview.touched if one.proposal]
    assert len(placed) == len(set(placed))
    length = timedelta(minutes=20)
    assert all(is_inside(Booking(starts_at=start, ends_at=start + length), week) for start in placed)
    assert Booking.objects.filter(state="booked").count() == 3 * len(HOURS)


@FEW
@given(start=st.integers(0, 5 * 96), quarters=st.integers(1, 3 * 96))
def test_a_closure_lists_exactly_whom_it_overlaps(booked: Reason, start: int, quarters: int) -> None:
    opens = at(MONDAY, "8:15") + timedelta(minutes=15 * start)
    closes = opens + timedelta(minutes=15 * quarters)
    preview = preview_change(ClosePeriod(booked.agenda.place, None, opens, closes))
    expected = {one.id for one in Booking.objects.all() if one.starts_at < closes and opens < one.ends_at}
    assert {one.booking.id for one in preview.touched} == expected
    assert all(one.proposal is None or not opens <= one.proposal < closes for one in preview.touched)


@FEW
@given(week=weeks(), days=st.integers(1, 20))
def test_written_twice_the_openings_are_the_same(booked: Reason, week: Week, days: int) -> None:
    resource, terms = Resource.objects.get(agenda_id=booked.agenda_id), Terms(date(2026, 1, 1))
    with transaction.atomic():
        ChangeHours(resource, terms, week, terms).write()
        materialise_openings(booked.agenda)
        with clock.frozen_at(MORNING + timedelta(days=days)):
            materialise_openings(booked.agenda)
            before = set(Opening.objects.values_list("id", flat=True))
            again = materialise_openings(booked.agenda)
        assert (again.added, again.removed) == (0, 0)
        assert set(Opening.objects.values_list("id", flat=True)) == before
        spans = [(one.during.lower, one.during.upper) for one in Opening.objects.order_by("during")]
        transaction.set_rollback(True)
    assert all(_day(lower) == _day(upper - timedelta(microseconds=1)) for lower, upper in spans)


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
