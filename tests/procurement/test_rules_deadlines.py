"""Earliest lawful deadlines: the examples of docs/law.md, then properties on any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kit.calendar import Calendar
from parvis.procurement.rules import Options, earliest_deadline, procedures

MULHOUSE = Calendar(alsace_moselle=True, good_friday=True)
NO_CHURCH = Calendar(alsace_moselle=True)
DIJON = Calendar()
DAYS = st.dates(date(2026, 4, 1), date(2035, 12, 31))
CALENDARS = st.sampled_from([MULHOUSE, NO_CHURCH, DIJON])


@pytest.mark.parametrize(
    ("calendar", "last"),
    [(MULHOUSE, date(2026, 4, 7)), (NO_CHURCH, date(2026, 4, 3)), (DIJON, date(2026, 4, 3))],
)
def test_thirty_days_from_4_march_2026(calendar: Calendar, last: date) -> None:
    deadline = earliest_deadline(date(2026, 3, 4), "open", Options(), calendar)
    assert (deadline.date, deadline.days, deadline.tag) == (last, 30, "F")


def test_christmas_in_alsace_runs_over_two_holidays_and_a_sunday() -> None:
    # 35 days from 20 November 2026: 25 December (Friday), 26 (Saturday, holiday), 27 (Sunday), so Monday 28.
    options = Options(electronic=False)
    assert earliest_deadline(date(2026, 11, 20), "open", options, MULHOUSE).date == date(2026, 12, 28)


def test_the_computation_names_each_closed_day() -> None:
    told = earliest_deadline(date(2026, 3, 4), "open", Options(), MULHOUSE).computation
    text = "\n".join(told)
    assert "R2161-2" in told[0]
    assert "Ce jour ne compte pas" in told[1]
    for words in ("Le 30e jour est le vendredi 3 avril 2026", "Vendredi saint", "samedi 4", "dimanche 5", "Pâques"):
        assert words in text
    assert told[-1].endswith("le mardi 7 avril 2026.")


TABLE = [
    ("open", None, Options(electronic=False), 35),
    ("open", None, Options(), 30),
    ("open", None, Options(urgent=True), 15),
    ("open", None, Options(prior_notice=True), 15),
    ("restricted", None, Options(), 30),
    ("restricted", None, Options(urgent=True), 15),
    ("restricted", "applications", Options(prior_notice=True), 30),
    ("restricted", "bids", Options(electronic=False), 30),
    ("restricted", "bids", Options(), 25),
    ("restricted", "bids", Options(urgent=True), 10),
    ("negotiated", "bids", Options(electronic=False), 30),
    ("negotiated", "bids", Options(), 25),
    ("negotiated", "bids", Options(prior_notice=True), 10),
]


@pytest.mark.parametrize(("code", "round_code", "options", "days"), TABLE)
def test_minimum_days(code: str, round_code: str | None, options: Options, days: int) -> None:
    dispatch = date(2026, 9, 1)
    deadline = earliest_deadline(dispatch, code, options, DIJON, round_code)
    assert deadline.days == days
    assert deadline.date is not None
    assert deadline.date >= dispatch + timedelta(days=days)


def test_adapted_has_no_number_and_says_so() -> None:
    deadline = earliest_deadline(date(2026, 9, 1), "adapted", Options(), DIJON)
    assert (deadline.date, deadline.days, deadline.tag) == (None, None, "C")
    assert "R2151-1" in deadline.computation[0]


def test_what_is_not_found_in_an_official_text_is_said_to_the_buyer() -> None:
    deadline = earliest_deadline(date(2026, 9, 1), "negotiated", Options(), DIJON)
    assert deadline.tag == "C"
    assert "à confirmer" in deadline.computation[-1]


def test_unknown_procedure_and_round() -> None:
    with pytest.raises(KeyError):
        earliest_deadline(date(2026, 9, 1), "auction", Options(), DIJON)
    with pytest.raises(KeyError):
        earliest_deadline(date(2026, 9, 1), "open", Options(), DIJON, "second")


@given(
    dispatch=DAYS,
    calendar=CALENDARS,
    code=st.sampled_from([one.code for one in procedures() if one.code != "adapted"]),
    options=st.builds(Options, electronic=st.booleans(), urgent=st.booleans(), prior_notice=st.booleans()),
)
def test_last_day_is_the_first_working_day_from_the_count(
    dispatch: date, calendar: Calendar, code: str, options: Options
) -> None:
    deadline = earliest_deadline(dispatch, code, options, calendar)
    assert deadline.date is not None
    assert deadline.days is not None
    counted = dispatch + timedelta(days=deadline.days)
    assert calendar.closed(deadline.date) is None
    skipped = [counted + timedelta(days=n) for n in range((deadline.date - counted).days)]
    assert all(calendar.closed(day) for day in skipped)
    assert len(skipped) <= 4
    # One more option never makes the limit longer; more holidays never make it earlier.
    slow = earliest_deadline(dispatch, code, Options(electronic=False), calendar)
    assert slow.days is not None
    assert deadline.days <= slow.days
    plain = earliest_deadline(dispatch, code, options, DIJON)
    assert plain.date is not None
    assert plain.date <= deadline.date
