"""Hours and weeks as addresses and forms carry them: written, read back, and nothing else understood."""

from datetime import UTC, date, datetime

import pytest

from parvis.appointments.rules.paris import read_slot_text, slot_text, week_name, week_named


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 12, 19, 9, 0, tzinfo=UTC), "2026-12-19T10:00"),
        (datetime(2026, 7, 1, 8, 20, tzinfo=UTC), "2026-07-01T10:20"),
    ],
    ids=["winter", "summer"],
)
def test_an_hour_is_that_of_paris_both_ways(at: datetime, text: str) -> None:
    assert slot_text(at) == text
    assert read_slot_text(text) == at


def test_the_hour_that_autumn_repeats_is_the_first() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert slot_text(first) == slot_text(second) == "2026-10-25T02:30"
    assert read_slot_text("2026-10-25T02:30") == first


@pytest.mark.parametrize(
    "text",
    ["", "2026-12-19", "2026-12-19T10:00Z", "2026-12-19T10:00+01:00", "2026-13-19T10:00", "0001-01-01T00:00", "demain"],
    ids=["empty", "no-hour", "zulu", "offset", "no-such-month", "long-ago", "words"],
)
def test_what_is_no_hour(text: str) -> None:
    assert read_slot_text(text) is None


def test_a_week_is_its_monday_both_ways() -> None:
    assert week_name(date(2026, 12, 28)) == "2026-W53"
    assert week_named("2026-W53") == date(2026, 12, 28)


@pytest.mark.parametrize("text", ["", "2026", "2026-W99", "-W", "9999-W52"], ids=["empty", "year", "99", "bare", "far"])
def test_what_is_no_week(text: str) -> None:
    assert week_named(text) is None
