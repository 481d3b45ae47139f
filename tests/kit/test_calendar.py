"""Holidays of communes and school holidays of zones, on known dates."""

from datetime import date, timedelta
from itertools import groupby

import pytest

from parvis.kit.calendar import Calendar, CalendarNotPublished, SchoolCalendar, school_zone

MULHOUSE = Calendar(alsace_moselle=True, good_friday=True)
NO_CHURCH = Calendar(alsace_moselle=True)
DIJON = Calendar()
FIRST_YEAR = 2025


def test_good_friday_flag_means_nothing_outside_alsace_moselle() -> None:
    assert Calendar(good_friday=True).holiday(date(2026, 4, 3)) is None


@pytest.mark.parametrize(
    ("calendar", "name"), [(MULHOUSE, "Vendredi saint"), (NO_CHURCH, None), (DIJON, None)], ids=["church", "none", "21"]
)
def test_good_friday(calendar: Calendar, name: str | None) -> None:
    assert calendar.holiday(date(2026, 4, 3)) == name


@pytest.mark.parametrize(
    ("calendar", "closed"), [(MULHOUSE, True), (NO_CHURCH, True), (DIJON, False)], ids=["church", "none", "21"]
)
def test_26_december(calendar: Calendar, closed: bool) -> None:
    assert (calendar.holiday(date(2025, 12, 26)) is not None) is closed


def test_a_closed_day_says_why_and_leads_to_the_next_working_day() -> None:
    told = [MULHOUSE.closed(date(2026, 4, day)) for day in range(2, 8)]
    assert told == [None, "Vendredi saint", "samedi", "dimanche", "Lundi de Pâques", None]
    assert MULHOUSE.next_working_day(date(2026, 4, 3)) == date(2026, 4, 7)
    assert DIJON.next_working_day(date(2026, 4, 3)) == date(2026, 4, 3)


# Winter and spring are what the zones differ by.
@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("A", "2026-02-07", "2026-02-22"),
        ("B", "2026-02-14", "2026-03-01"),
        ("C", "2026-02-21", "2026-03-08"),
        ("A", "2026-12-19", "2027-01-03"),
        ("A", "2027-02-13", "2027-02-28"),
        ("B", "2027-02-20", "2027-03-07"),
        ("C", "2027-02-06", "2027-02-21"),
        ("B", "2027-04-17", "2027-05-02"),
    ],
)
def test_holidays_of_a_zone_from_the_day_after_class_to_the_eve_of_class(zone: str, first: str, last: str) -> None:
    school = SchoolCalendar(zone)
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    eve, back = start - timedelta(days=1), end + timedelta(days=1)
    assert [school.in_holidays(day) for day in (eve, start, end, back)] == [False, True, True, False]


@pytest.mark.parametrize("zone", "ABC")
def test_every_published_year_is_whole(zone: str) -> None:
    """A year with a season missing would be read as a year of class."""
    school = SchoolCalendar(zone)
    last_year = school.published_until.year
    assert last_year >= 2027
    for year in range(FIRST_YEAR, last_year):
        days = [date(year, 9, 1) + timedelta(days=n) for n in range(365)]
        runs = [list(run) for off, run in groupby(days, school.in_holidays) if off]
        long = [run for run in runs if len(run) >= 15]
        assert [run[0].month for run in long[:2]] == [10, 12]
        assert [run[0].month in months for run, months in zip(long[2:], ({2}, {3, 4}, {7}), strict=True)] == [True] * 3
        assert long[-1][-1] >= date(year + 1, 8, 30)


def test_a_calendar_not_published_yet_is_said_never_guessed() -> None:
    school = SchoolCalendar("B")
    assert school.in_holidays(school.published_until) is True
    with pytest.raises(CalendarNotPublished):
        school.in_holidays(school.published_until + timedelta(days=1))
    with pytest.raises(CalendarNotPublished):
        school.in_holidays(date(2040, 12, 25))
    with pytest.raises(CalendarNotPublished):
        school.in_holidays(date(1980, 12, 25))


@pytest.mark.parametrize(
    ("department", "zone"),
    [("21", "A"), ("68", "B"), ("67", "B"), ("75", "C"), ("31", "C"), ("33", "A"), ("2A", None), ("974", None)],
)
def test_zone_of_a_department(department: str, zone: str | None) -> None:
    assert school_zone(department) == zone


def test_every_department_of_the_mainland_has_one_zone() -> None:
    numbers = [f"{number:02d}" for number in range(1, 96) if number != 20]
    assert all(school_zone(number) in {"A", "B", "C"} for number in numbers)


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="D"):
        SchoolCalendar("D")
