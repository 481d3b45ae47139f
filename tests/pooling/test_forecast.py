"""The forecast's straight line, the alerts, the minimum, the term, the schedule and an order's totals: pure rules."""

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.pooling.rules.ceiling import minimum, percent, reached
from parvis.pooling.rules.forecast import Course, forecast
from parvis.pooling.rules.kinds import KINDS
from parvis.pooling.rules.order_totals import (
    Amount,
    by_kind,
    line_ht,
    parse_quantity,
    quantity_words,
    totals,
)
from parvis.pooling.rules.schedule import PriceRow, read_schedule, write_schedule
from parvis.pooling.rules.term import months_after, too_long, years_after

START, END = date(2026, 1, 1), date(2030, 1, 1)
TODAY = date(2027, 1, 1)
QUIETLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_course(*issued: tuple[date, int], announced: int = 0, used: int | None = None) -> Course:
    total = sum(cents for _day, cents in issued) if used is None else used
    return Course(START, END, 1_600_000_00, total, issued, announced)


def test_a_line_at_the_pace_of_the_last_year() -> None:
    made = forecast(a_course((date(2026, 2, 1), 300_000_00), (date(2026, 9, 1), 65_000_00)), TODAY)
    assert (made.window_days, made.window_cents, made.per_day) == (365, 365_000_00, Fraction(1_000_00))
    assert made.exhausted_on is None
    assert made.at_term_cents == 365_000_00 + 1_096 * 1_000_00
    assert made.per_month_cents == 30_416_66


def test_orders_older_than_a_year_make_no_slope() -> None:
    made = forecast(a_course((date(2026, 2, 1), 300_000_00)), date(2028, 1, 1))
    assert (made.per_day, made.exhausted_on, made.at_term_cents) == (0, None, 300_000_00)


def test_the_day_the_maximum_is_reached() -> None:
    made = forecast(a_course((date(2026, 12, 1), 730_000_00), announced=140_000_00), TODAY)
    assert made.exhausted_on == TODAY + timedelta(days=365)
    assert made.at_term_cents == 1_600_000_00


def test_exhausted_it_is_exhausted_today() -> None:
    assert forecast(a_course(used=1_600_000_00), TODAY).exhausted_on == TODAY


def taken_up(until: date, *issued: tuple[date, int], earlier: int = 400_000_00) -> Course:
    used = earlier + sum(cents for _day, cents in issued)
    return Course(START, END, 1_600_000_00, used, issued, 0, earlier, until)


def test_what_was_ordered_before_the_take_up_counts_over_the_whole_life() -> None:
    """Two years, 400,000 before the take-up and 38,600 here: 438,600 in 731 days is 600 a day."""
    made = forecast(taken_up(date(2027, 11, 1), (date(2027, 12, 1), 38_600_00)), date(2028, 1, 2))
    assert (made.window_from, made.window_days, made.window_cents) == (START, 731, 438_600_00)
    assert (made.per_day, made.earlier_cents) == (Fraction(600_00), 400_000_00)
    assert made.at_term_cents == 438_600_00 + 730 * 600_00


def test_a_year_after_the_take_up_its_amount_makes_no_slope() -> None:
    until, order = date(2026, 12, 31), (date(2027, 6, 1), 36_500_00)
    last, after = (forecast(taken_up(until, order), until + timedelta(days=days)) for days in (365, 366))
    assert (last.window_from, last.window_cents, last.earlier_cents) == (START, 436_500_00, 400_000_00)
    assert (after.window_from, after.window_cents, after.earlier_cents) == (date(2027, 1, 1), 36_500_00, 0)
    assert after.per_day == 100_00


def test_a_short_history_is_said() -> None:
    assert not forecast(a_course((START, 1)), START + timedelta(days=89)).steady
    assert forecast(a_course((START, 1)), START + timedelta(days=90)).steady
    assert forecast(a_course((START, 1)), START).window_days == 1


days = st.dates(START, END + timedelta(days=400))
courses = st.builds(
    lambda orders, announced, most: Course(
        START, END, max(most, sum(cents for _day, cents in orders)), sum(cents for _day, cents in orders),
        tuple(orders), announced,
    ),
    st.lists(st.tuples(days, st.integers(1, 10**9)), max_size=8),
    st.integers(0, 10**9), st.integers(1, 10**10),
)  # fmt: skip


@QUIETLY
@given(courses, days)
def test_it_never_promises_more_than_the_maximum_nor_less_than_what_is_used(course: Course, today: date) -> None:
    made = forecast(course, today)
    assert min(course.max_cents, course.used_cents) <= made.at_term_cents <= course.max_cents
    if made.exhausted_on is not None:
        assert made.exhausted_on == today or today < made.exhausted_on < course.ends_on
        assert made.at_term_cents == course.max_cents


@QUIETLY
@given(courses, days, st.integers(1, 10**9))
def test_announcing_more_never_puts_the_end_off(course: Course, today: date, more: int) -> None:
    before = forecast(course, today)
    after = forecast(
        Course(course.starts_on, course.ends_on, course.max_cents, course.used_cents, course.issued,
               course.announced_cents + more), today,
    )  # fmt: skip
    assert after.at_term_cents >= before.at_term_cents
    if before.exhausted_on is not None:
        assert after.exhausted_on is not None
        assert after.exhausted_on <= before.exhausted_on


@QUIETLY
@given(courses, days)
def test_the_pace_spends_exactly_what_its_window_saw(course: Course, today: date) -> None:
    made = forecast(course, today)
    assert made.per_day * made.window_days == made.window_cents
    assert 1 <= made.window_days <= 365


@pytest.mark.parametrize(
    ("used", "alert", "shown"),
    [
        pytest.param(0, 0, 0.0, id="nothing"),
        pytest.param(799_999_99, 0, 49.9, id="a-cent-before-half"),
        pytest.param(800_000_00, 50, 50.0, id="half"),
        pytest.param(1_200_000_00, 75, 75.0, id="three-quarters"),
        pytest.param(1_439_999_99, 75, 89.9, id="a-cent-before-nine-tenths"),
        pytest.param(1_440_000_00, 90, 90.0, id="nine-tenths"),
        pytest.param(1_599_999_99, 90, 99.9, id="a-cent-before-all"),
        pytest.param(1_600_000_00, 90, 100.0, id="all"),
    ],
)
def test_alerts_and_percent(used: int, alert: int, shown: float) -> None:
    assert (reached(used, 1_600_000_00), percent(used, 1_600_000_00)) == (alert, shown)


@pytest.mark.parametrize(
    ("used", "at_term", "left_days", "missing", "risk"),
    [
        pytest.param(100, 100, 10, 0, False, id="reached"),
        pytest.param(40, 120, 800, 60, False, id="on-its-way"),
        pytest.param(40, 90, 800, 60, True, id="the-line-stays-below"),
        pytest.param(40, 120, 365, 60, True, id="the-end-is-near"),
    ],
)
def test_the_minimum(used: int, at_term: int, left_days: int, missing: int, risk: bool) -> None:
    made = minimum(100, used, at_term, TODAY + timedelta(days=left_days), TODAY)
    assert (made.missing_cents, made.at_risk) == (missing, risk)


def test_four_years_and_a_day() -> None:
    assert not too_long(date(2026, 2, 1), date(2030, 2, 1))
    assert too_long(date(2026, 2, 1), date(2030, 2, 2))
    assert years_after(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2026, 2, 1), 48) == date(2030, 2, 1)


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("1", 100), ("1,5", 150), ("0.25", 25), (" 1 000 ", 100_000), ("2,50", 250)],
    ids=["one", "comma", "point", "spaces", "zeros"],
)  # fmt: skip
def test_quantities_are_read(text: str, hundredths: int) -> None:
    assert parse_quantity(text) == hundredths
    assert parse_quantity(quantity_words(hundredths)) == hundredths


@pytest.mark.parametrize("text", [" ", "0", "0,00", "-1", "1,234", "un", "1e3"], ids=repr)
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_quantity(text)


def test_vat_is_rounded_once_a_rate() -> None:
    made = totals([Amount("base", 2000, 3), Amount("support", 2000, 4), Amount("own", 550, 10)])
    assert (made.ht_cents, made.rates, made.ttc_cents) == (17, ((550, 10, 1), (2000, 7, 1)), 19)
    assert line_ht(333, 50) == 167


amounts = st.lists(
    st.builds(Amount, st.sampled_from(sorted(KINDS)), st.sampled_from([0, 550, 1000, 2000]), st.integers(0, 10**9)),
    min_size=1,
)


@QUIETLY
@given(amounts)
def test_the_parts_of_the_kinds_make_the_order(given_amounts: list[Amount]) -> None:
    whole, parts = totals(given_amounts), by_kind(given_amounts)
    assert sum(ht for ht, _vat in parts.values()) == whole.ht_cents
    assert sum(vat for _ht, vat in parts.values()) == whole.vat_cents


PASTED = """Code\tDésignation\tNature\tUnité\tPrix\tTVA\tTéléservice
BASE\tSocle de services\tSocle de services\tan\t38 750,00\t20\t
ACQ\tUn téléservice\tacquisition\tforfait\t7350\t\toui
JOUR\tJournée\tAssistance\t\t580,5\t5,5 %\tnon
"""


def test_a_pasted_sheet_is_read() -> None:
    rows, faults = read_schedule(PASTED)
    assert not faults
    assert rows == [
        PriceRow("BASE", "Socle de services", "base", "an", 38_750_00),
        PriceRow("ACQ", "Un téléservice", "acquisition", "forfait", 7_350_00, 2000, True),
        PriceRow("JOUR", "Journée", "support", "forfait", 580_50, 550),
    ]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        pytest.param("A;Journée;support;jour", "cinq colonnes", id="too-few"),
        pytest.param("A;Journée;inconnue;jour;1", "nature", id="kind"),
        pytest.param("A;Journée;support;jour;un", "prix", id="price"),
        pytest.param("A;Journée;support;jour;1;200", "TVA", id="rate"),
        pytest.param("A;Journée;support;jour;1;20;peut-être", "oui ou non", id="yes-or-no"),
        pytest.param(";Journée;support;jour;1", "code", id="code"),
        pytest.param("A;;support;jour;1", "désignation", id="label"),
        pytest.param("B;Autre;support;jour;1", "déjà plus haut", id="twice"),
    ],
)
def test_a_bad_line_is_said_with_its_number(line: str, word: str) -> None:
    rows, faults = read_schedule(f"B;Bonne;support;jour;1\n{line}")
    assert len(rows) == 1
    assert [one.line for one in faults] == [2]
    assert word in faults[0].why


texts = st.text("abcXYZ 0123456789=+-@é'\"", min_size=1, max_size=20).map(str.strip).filter(bool)
price_rows = st.builds(
    PriceRow, texts, texts, st.sampled_from(sorted(KINDS)), texts, st.integers(0, 10**10), st.integers(0, 10000),
    st.booleans(),
)  # fmt: skip


@QUIETLY
@given(st.lists(price_rows, min_size=1, max_size=6, unique_by=lambda row: row.code))
def test_a_written_schedule_is_read_back(rows: list[PriceRow]) -> None:
    kept = [row for row in rows if not row.code.startswith("'") and not row.label.startswith("'")]
    kept = [row for row in kept if not row.unit.startswith("'")]
    assert read_schedule(write_schedule(kept)) == (kept, [])
