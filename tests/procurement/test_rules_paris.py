"""Paris hours stored in UTC; the two nights of clock change; lateness to the microsecond."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.kit.errors import Refusal
from parvis.procurement.rules import on_time, paris_deadline, paris_time

NAIVE = st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1))  # noqa: DTZ001
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2026-12-01T12:00", "2026-12-01T11:00+00:00"),
        ("2026-07-01T12:00", "2026-07-01T10:00+00:00"),
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59+00:00"),
        ("2026-03-29T03:00", "2026-03-29T01:00+00:00"),
        ("2026-10-25T01:59:59", "2026-10-24T23:59:59+00:00"),
        ("2026-10-25T03:00", "2026-10-25T02:00+00:00"),
    ],
)
def test_paris_to_utc(local: str, utc: str) -> None:
    assert paris_deadline(at(local)) == at(utc)


@pytest.mark.parametrize("clock", ["02:00", "02:30", "02:59:59.999999"])
@pytest.mark.parametrize(("night", "words"), [("2026-03-29", "n’existe pas"), ("2026-10-25", "arrive deux fois")])
def test_the_hour_between_two_and_three_is_refused(night: str, words: str, clock: str) -> None:
    with pytest.raises(Refusal, match=words) as caught:
        paris_deadline(at(f"{night}T{clock}"))
    assert (caught.value.code, caught.value.field) == ("clock_change", "deadline_utc")
    assert "Choisissez une heure avant 2\u00a0h ou à partir de 3\u00a0h." in caught.value.message


def test_fold_does_not_smuggle_a_double_hour_in() -> None:
    with pytest.raises(Refusal):
        paris_deadline(at("2026-10-25T02:30").replace(fold=1))


def test_naive_and_aware_are_not_confused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        paris_deadline(at("2026-12-01T12:00+00:00"))
    with pytest.raises(ValueError, match="time zone"):
        on_time(at("2026-12-01T12:00"), at("2026-12-01T12:00+00:00"))
    with pytest.raises(ValueError, match="time zone"):
        on_time(at("2026-12-01T12:00+00:00"), at("2026-12-01T12:00"))


@given(NAIVE)
def test_what_is_accepted_comes_back_the_same(local: datetime) -> None:
    try:
        instant = paris_deadline(local)
    except Refusal:
        assert local.hour == 2
        assert local.month in (3, 10)
    else:
        assert instant.tzinfo is UTC
        assert paris_time(instant).replace(tzinfo=None) == local


@given(INSTANTS, st.integers(-3, 3), st.integers(-12, 14))
def test_on_time_to_the_microsecond_in_any_zone(deadline: datetime, late_by: int, hours: int) -> None:
    stamp = (deadline + timedelta(microseconds=late_by)).astimezone(timezone(timedelta(hours=hours)))
    assert on_time(stamp, deadline) is (late_by <= 0)
