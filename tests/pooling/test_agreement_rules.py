"""Years, notice, windows and reminders of a sharing agreement, on the days where calendars are awkward."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.pooling.rules.agreement import (
    ONE_DAY,
    access_window,
    after_months,
    anniversary,
    due,
    end_after_notice,
    end_at_once,
    next_renewal,
    notice_last_day,
    reminders,
    term,
    year_on,
    years,
)
from parvis.pooling.rules.agreement_terms import changes, default_terms

START, END = date(2027, 1, 1), date(2031, 1, 1)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        pytest.param(START, END, id="first of January"),
        pytest.param(date(2027, 3, 15), date(2031, 3, 15), id="middle of a month"),
        pytest.param(date(2028, 2, 29), date(2032, 2, 29), id="leap day to leap day"),
        pytest.param(date(2098, 2, 28), date(2102, 2, 28), id="over a century without leap day"),
    ],
)
def test_four_years_at_most(starts_on: date, ends_on: date) -> None:
    assert term(starts_on) == ends_on
    assert len(years(starts_on, ends_on)) == 4


def test_a_leap_day_is_followed_by_a_whole_year() -> None:
    assert anniversary(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert [one.starts_on for one in years(date(2028, 2, 29), date(2032, 2, 29))] == [
        date(2028, 2, 29), date(2029, 3, 1), date(2030, 3, 1), date(2031, 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("received_on", "last_day"),
    [
        pytest.param(date(2027, 3, 12), date(2027, 6, 12), id="same number"),
        pytest.param(date(2027, 8, 31), date(2027, 11, 30), id="no 31 November"),
        pytest.param(date(2027, 11, 30), date(2028, 2, 29), id="February of a leap year"),
        pytest.param(date(2026, 11, 30), date(2027, 2, 28), id="February of a common year"),
        pytest.param(date(2027, 11, 5), date(2028, 2, 5), id="over the new year"),
        pytest.param(date(2028, 2, 29), date(2028, 5, 29), id="from a leap day"),
    ],
)
def test_notice_of_three_months(received_on: date, last_day: date) -> None:
    assert notice_last_day(received_on) == last_day
    assert end_after_notice(START, END, received_on) == last_day + ONE_DAY


@pytest.mark.parametrize(
    ("received_on", "ends_on"),
    [
        pytest.param(date(2030, 9, 29), date(2030, 12, 30), id="ends before the term"),
        pytest.param(date(2030, 9, 30), date(2030, 12, 31), id="last day but one"),
        pytest.param(date(2030, 10, 1), END, id="never beyond the term"),
        pytest.param(date(2026, 9, 1), START, id="over before it begins"),
    ],
)
def test_a_notice_moves_the_end_nearer_only(received_on: date, ends_on: date) -> None:
    assert end_after_notice(START, END, received_on) == ends_on


@pytest.mark.parametrize(
    ("day", "number", "renewal"),
    [
        pytest.param(date(2026, 12, 31), None, date(2028, 1, 1), id="eve of the first day"),
        pytest.param(START, 1, date(2028, 1, 1), id="first day"),
        pytest.param(date(2027, 12, 31), 1, date(2028, 1, 1), id="last day of the first year"),
        pytest.param(date(2028, 1, 1), 2, date(2029, 1, 1), id="first renewal"),
        pytest.param(date(2030, 6, 1), 4, None, id="last year"),
        pytest.param(END, None, None, id="day after"),
    ],
)
def test_the_year_that_runs(day: date, number: int | None, renewal: date | None) -> None:
    found = year_on(START, END, day)
    assert (found.number if found else None) == number
    assert next_renewal(START, END, day) == renewal


def test_no_renewal_beyond_a_notice() -> None:
    ends_on = end_after_notice(START, END, date(2027, 10, 12))
    assert ends_on == date(2028, 1, 13)
    assert next_renewal(START, ends_on, date(2027, 10, 12)) == date(2028, 1, 1)
    assert next_renewal(START, date(2027, 12, 1), date(2027, 10, 12)) is None


def test_an_end_at_once_is_never_before_the_beginning() -> None:
    assert end_at_once(START, date(2028, 5, 2)) == date(2028, 5, 2)
    assert end_at_once(START, date(2026, 12, 2)) == START


SPANS = [
    (date(2027, 1, 1), date(2031, 1, 1)),
    (date(2031, 1, 1), date(2035, 1, 1)),
    (date(2036, 1, 1), date(2040, 1, 1)),
]


@pytest.mark.parametrize(
    ("day", "window"),
    [
        pytest.param(date(2026, 5, 1), (date(2027, 1, 1), date(2035, 1, 1)), id="before all"),
        pytest.param(date(2030, 12, 31), (date(2027, 1, 1), date(2035, 1, 1)), id="two that follow are one"),
        pytest.param(date(2035, 1, 1), (date(2036, 1, 1), date(2040, 1, 1)), id="between two"),
        pytest.param(date(2041, 1, 1), (date(2036, 1, 1), date(2040, 1, 1)), id="after all"),
    ],
)
def test_window_of_access(day: date, window: tuple[date, date]) -> None:
    assert access_window(SPANS, day) == window


def test_what_never_began_opens_nothing() -> None:
    assert access_window([(START, START)], START) is None
    assert access_window([], START) is None


def test_reminders_of_four_years() -> None:
    assert [(one.on, one.code) for one in reminders(START, END)] == [
        (date(2027, 12, 11), "renewal:2028-01-01"),
        (date(2028, 12, 11), "renewal:2029-01-01"),
        (date(2029, 12, 11), "renewal:2030-01-01"),
        (date(2030, 6, 30), "end-6:2031-01-01"),
        (date(2030, 9, 30), "end-3:2031-01-01"),
        (date(2030, 11, 30), "end-1:2031-01-01"),
    ]


def test_reminders_come_due_and_lapse() -> None:
    assert due(START, END, date(2027, 12, 10)) == ()
    assert [one.code for one in due(START, END, date(2027, 12, 31))] == ["renewal:2028-01-01"]
    assert due(START, END, date(2028, 1, 1)) == ()
    assert [one.months for one in due(START, END, date(2030, 12, 5))] == [6, 3, 1]
    assert due(START, END, END) == ()


@PATIENT
@given(starts_on=DAYS, day=DAYS)
def test_years_cover_every_day_once(starts_on: date, day: date) -> None:
    ends_on = term(starts_on)
    found = years(starts_on, ends_on)
    assert found[0].starts_on == starts_on
    assert found[-1].ends_on == ends_on
    assert all(one.ends_on == following.starts_on for one, following in pairwise(found))
    assert (year_on(starts_on, ends_on, day) is not None) == (starts_on <= day < ends_on)
    assert all(365 <= (one.ends_on - one.starts_on).days <= 366 for one in found)


@PATIENT
@given(received_on=DAYS)
def test_three_months_are_three_months(received_on: date) -> None:
    last = notice_last_day(received_on)
    assert 89 <= (last - received_on).days <= 92
    assert last.day == received_on.day or (last + timedelta(days=1)).day == 1


@PATIENT
@given(received_on=DAYS)
def test_three_months_before_a_notice_ends_it_was_received(received_on: date) -> None:
    ends_on = notice_last_day(received_on) + ONE_DAY
    before = next(one for one in reminders(received_on, ends_on) if one.months == 3)
    assert before.on <= received_on


@PATIENT
@given(day=DAYS, months=st.integers(0, 60))
def test_months_there_and_back_lose_three_days_at_most(day: date, months: int) -> None:
    assert timedelta() <= day - after_months(after_months(day, months), -months) <= timedelta(days=3)


def test_the_model_names_both_sides_and_no_law() -> None:
    terms = default_terms("Grande Vallée", "Illzach")
    text = " ".join(one["text"] for one in terms["articles"]) + str(terms["annex"])
    assert "Grande Vallée" in text
    assert "Illzach" in text
    assert "{" not in text.replace("{'", "")
    assert "gratuite" in text
    assert " L." not in text
    assert " R." not in text


def test_what_changed_is_told_line_by_line() -> None:
    old = {"articles": [{"title": "Objet", "text": "Un.\nDeux."}, {"title": "Durée", "text": "Un an."}], "annex": []}
    new = {"articles": [{"title": "Objet", "text": "Un.\nTrois."}], "annex": [{"title": "Aide", "items": ["Le matin"]}]}
    found = changes(old, new)
    assert [(one.part, one.kind, one.title) for one in found] == [
        ("article", "changed", "Objet"), ("article", "removed", "Durée"), ("annex", "added", "Aide"),
    ]  # fmt: skip
    assert found[0].lines == (("=", "Un."), ("-", "Deux."), ("+", "Trois."))
    assert changes(old, old) == ()
