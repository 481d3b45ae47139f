"""From hours to openings: nothing overlaps, nothing leaves its day, closures cut exactly. Judged without the code."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parvis.appointments.rules.hours import Exceptional, Period, Plan, Terms, Weekly, clash, openings
from parvis.appointments.rules.nearness import NOTICE, nearest_first
from parvis.appointments.rules.paris import instant, midnight
from parvis.appointments.rules.release import Release, release_instant
from parvis.kit.calendar import Calendar, SchoolCalendar

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
FIRST = date(2026, 1, 1)
QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
DAYS = st.one_of(st.just(SPRING), st.just(AUTUMN), st.dates(date(2026, 1, 5), date(2027, 12, 31)))


def utc(day: date, hour: str) -> datetime:
    hours, minutes = hour.split(":")
    return datetime.combine(day, time(int(hours), int(minutes)), PARIS).astimezone(UTC)


def a_plan(*weekly: Weekly, **fields: Any) -> Plan:
    base: dict[str, Any] = {
        "weekly": weekly, "exceptions": (), "release": Release(60), "whole": False, "is_closed": lambda _day: False,
        "school_holidays": lambda _day: False,
    }  # fmt: skip
    return Plan(**{**base, **fields})


def every_day(opens: time, closes: time, **fields: Any) -> list[Weekly]:
    return [Weekly(weekday, opens, closes, Terms(FIRST, **fields)) for weekday in range(7)]


def spans(found: list[Period]) -> list[tuple[datetime, datetime]]:
    return [(one.start, one.end) for one in found]


def total(found: list[Period]) -> timedelta:
    return sum((one.end - one.start for one in found), timedelta())


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, date]:
    """A plan of any shape around a day: rows that overlap, closures and extra openings over hours and days."""
    day = draw(DAYS)
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        opens, closes = sorted(draw(st.tuples(QUARTERS, QUARTERS).filter(lambda two: two[0] != two[1])))
        late = draw(st.none() | st.integers(0, 20))
        season = draw(st.sampled_from(["always", "term", "holidays"]))
        rows.append(Weekly(draw(st.integers(0, 6)), opens, closes, Terms(FIRST, None, season, "online", late)))
    exceptions = []
    for _ in range(draw(st.integers(0, 4))):
        start = midnight(day) + timedelta(minutes=15 * draw(st.integers(-96, 400)))
        closed = draw(st.booleans())
        end = start + timedelta(minutes=15 * draw(st.integers(1, 300)))
        if not closed:
            end = min(end, midnight(start.astimezone(PARIS).date() + timedelta(days=1)))
        exceptions.append(Exceptional(closed, start, end))
    calendar, schools = Calendar(alsace_moselle=True, good_friday=draw(st.booleans())), SchoolCalendar("B")
    plan = a_plan(
        *rows,
        exceptions=tuple(exceptions),
        whole=draw(st.booleans()),
        is_closed=lambda one: calendar.holiday(one) is not None,
        school_holidays=schools.in_holidays,
    )
    return plan, day


@given(plans())
def test_periods_are_apart_within_their_day_and_outside_closures(given_plan: tuple[Plan, date]) -> None:
    plan, day = given_plan
    found = openings(plan, day - timedelta(days=1), day + timedelta(days=8))
    assert all(one.end <= other.start for one, other in pairwise(found))
    for one in found:
        assert one.start < one.end
        last = (one.end - timedelta(microseconds=1)).astimezone(PARIS)
        assert one.start.astimezone(PARIS).date() == last.date()
        assert not any(c.closed and c.start < one.end and one.start < c.end for c in plan.exceptions)


@given(plans())
def test_each_instant_is_open_when_a_row_or_an_extra_opening_says_so_and_nothing_closes_it(
    given_plan: tuple[Plan, date],
) -> None:
    """Judged minute by minute, from the clock on the wall: only the two nights' odd hours are left out."""
    plan, day = given_plan
    if plan.whole:
        return
    found = openings(plan, day, day)
    minute = midnight(day)
    while minute < midnight(day + timedelta(days=1)):
        local = minute.astimezone(PARIS)
        odd_night = day in (SPRING, AUTUMN) and local.hour < 4
        wall = local.time().replace(tzinfo=None)
        weekly = not plan.is_closed(day) and any(
            row.weekday == day.weekday()
            and row.opens <= wall < row.closes
            and (row.terms.season == "always" or plan.school_holidays(day) is (row.terms.season == "holidays"))
            for row in plan.weekly
        )
        extra = any(
            not e.closed and e.start <= minute < e.end and e.start.astimezone(PARIS).date() == day
            for e in plan.exceptions
        )
        closed = any(e.closed and e.start <= minute < e.end for e in plan.exceptions)
        expected = (weekly or extra) and not closed
        if not odd_night:
            assert any(one.start <= minute < one.end for one in found) is expected, local
        minute += timedelta(minutes=15)


@given(plans())
def test_sessions_are_whole(given_plan: tuple[Plan, date]) -> None:
    plan, day = given_plan
    if not plan.whole:
        return
    written = {(instant(day, row.opens), instant(day, row.closes)) for row in plan.weekly}
    written |= {(one.start, one.end) for one in plan.exceptions if not one.closed}
    assert set(spans(openings(plan, day, day))) <= written


def test_a_desk_open_all_night_works_five_hours_in_spring_and_seven_in_autumn() -> None:
    plan = a_plan(*every_day(time(0), time(6)))
    assert total(openings(plan, SPRING, SPRING)) == timedelta(hours=5)
    assert total(openings(plan, AUTUMN, AUTUMN)) == timedelta(hours=7)
    assert total(openings(plan, SPRING - timedelta(days=1), SPRING - timedelta(days=1))) == timedelta(hours=6)


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [(time(2), time(3), 0), (time(1), time(3), 1), (time(2), time(4), 1), (time(2, 30), time(3, 15), 0)],
    ids=["only the lost hour", "until it", "from it", "half of it"],
)
def test_the_hour_that_spring_skips_is_not_worked(opens: time, closes: time, hours: int) -> None:
    assert total(openings(a_plan(*every_day(opens, closes)), SPRING, SPRING)) == timedelta(hours=hours)


def test_two_rows_around_the_lost_hour_do_not_overlap() -> None:
    plan = a_plan(*every_day(time(1), time(2, 45)), *every_day(time(3), time(5)))
    found = openings(plan, SPRING, SPRING)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert found[-1].end == utc(SPRING, "5:00")


@pytest.mark.parametrize(
    ("day", "good_friday", "open_hours"),
    [
        (date(2027, 3, 26), True, 0),
        (date(2027, 3, 26), False, 3),
        (date(2028, 12, 26), False, 0),
        (date(2027, 5, 6), False, 0),
        (date(2027, 5, 7), False, 3),
    ],
    ids=["Good Friday kept", "Good Friday not kept", "26 December", "Ascension", "the day after"],
)
def test_holidays_of_alsace_moselle(day: date, good_friday: bool, open_hours: int) -> None:
    calendar = Calendar(alsace_moselle=True, good_friday=good_friday)
    plan = a_plan(*every_day(time(9), time(12)), is_closed=lambda one: calendar.holiday(one) is not None)
    assert total(openings(plan, day, day)) == timedelta(hours=open_hours)


def test_seasons_follow_the_schools_and_an_unknown_calendar_opens_nothing() -> None:
    rows = [*every_day(time(8), time(9), season="term"), *every_day(time(9), time(11), season="holidays")]
    schools = SchoolCalendar("B")
    known = a_plan(*rows, school_holidays=schools.in_holidays)
    term, holidays = date(2027, 1, 11), date(2026, 12, 28)
    assert (schools.in_holidays(term), schools.in_holidays(holidays)) == (False, True)
    assert total(openings(known, term, term)) == timedelta(hours=1)
    assert total(openings(known, holidays, holidays)) == timedelta(hours=2)
    assert openings(a_plan(*rows, school_holidays=lambda _day: None), term, term) == []


def test_validity_includes_both_its_days() -> None:
    rows = [Weekly(weekday, time(9), time(10), Terms(date(2027, 1, 5), date(2027, 1, 7))) for weekday in range(7)]
    found = openings(a_plan(*rows), date(2027, 1, 1), date(2027, 1, 31))
    assert [one.start.astimezone(PARIS).day for one in found] == [5, 6, 7]


@given(
    day=DAYS, horizon=st.integers(1, 365), weekday=st.none() | st.integers(0, 6), hour=st.integers(0, 23),
    late=st.none() | st.integers(0, 60),
)  # fmt: skip
@example(day=SPRING, horizon=7, weekday=6, hour=2, late=None)
def test_what_comes_out_and_when(day: date, horizon: int, weekday: int | None, hour: int, late: int | None) -> None:
    found = release_instant(day, Release(horizon, weekday, hour if weekday is not None else None), late)
    local = found.astimezone(PARIS)
    if late is not None:
        assert found == utc(day - timedelta(days=late), "0:00")
    elif weekday is None:
        assert found == utc(day - timedelta(days=horizon), "0:00")
    else:
        monday = day - timedelta(days=day.weekday())
        latest = monday - timedelta(days=horizon)
        assert local.weekday() == weekday
        assert latest - timedelta(days=7) < local.date() <= latest
        # One wave for the whole week.
        assert found == release_instant(monday, Release(horizon, weekday, hour))
        assert local.hour == hour or local.date().month in (3, 10)


ROW = Weekly(0, time(8), time(12), Terms(date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Weekly(0, time(11), time(14), Terms(date(2026, 6, 1))), True),
        (Weekly(0, time(12), time(14), Terms(date(2026, 6, 1))), False),
        (Weekly(1, time(8), time(12), Terms(date(2026, 6, 1))), False),
        (Weekly(0, time(9), time(10), Terms(date(2020, 1, 1), date(2025, 12, 31))), False),
        (Weekly(0, time(9), time(10), Terms(date(2020, 1, 1), date(2026, 1, 1))), True),
        (Weekly(0, time(9), time(10), Terms(date(2026, 1, 1), None, "holidays")), True),
    ],
    ids=[
        "shared hour",
        "one after the other",
        "another day",
        "over before",
        "one day in common",
        "always and a season",
    ],
)
def test_rows_that_open_the_same_hour_twice(other: Weekly, meets: bool) -> None:
    assert clash(ROW, other) is meets
    assert clash(other, ROW) is meets


def test_term_and_school_holidays_never_meet() -> None:
    term, holidays = (Weekly(0, time(8), time(12), Terms(FIRST, None, season)) for season in ("term", "holidays"))
    assert clash(term, holidays) is False


def test_the_same_day_first_then_the_day_after_at_the_same_hour() -> None:
    now = utc(date(2026, 11, 23), "8:00")
    wanted = utc(date(2026, 11, 26), "9:00")
    near, next_day = utc(date(2026, 11, 26), "10:00"), utc(date(2026, 11, 27), "9:00")
    before, far = utc(date(2026, 11, 25), "9:00"), utc(date(2026, 12, 10), "9:00")
    assert nearest_first([far, before, next_day, near], wanted, now) == [near, next_day, before, far]


@given(st.lists(st.integers(0, 2000), max_size=30), st.integers(0, 2000))
def test_nobody_is_asked_to_come_on_an_earlier_day_at_short_notice(hours: list[int], wanted_in: int) -> None:
    now = utc(date(2026, 11, 23), "8:00")
    wanted = now + timedelta(hours=wanted_in)
    for start in nearest_first([now + timedelta(hours=n) for n in hours], wanted, now):
        assert start != wanted
        assert start.astimezone(PARIS).date() >= wanted.astimezone(PARIS).date() or start >= now + NOTICE
