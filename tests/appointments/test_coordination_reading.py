"""Links and hours as other editors wrote them."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from parvis.appointments.coordination import dates
from parvis.appointments.coordination.reading import safe_link


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://mairie.example/rdv?a=1&b=%20#x", True),
        ("http://mairie.example:8080/", True),
        ("HTTPS://mairie.example/", True),
        ("//mairie.example/", False),
        ("mairie.example", False),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://mairie.example/", False),
        ("https://mairie.example/\u202e", False),
        ("https://gouv.fr@mairie.example/", False),
        ("https:\\\\mairie.example", False),
        ("https:///rdv", False),
        ("https://[mairie", False),
        ("https://mairie.example:port/", False),
        ("https://mairie.example/" + "x" * 2000, False),
        ("data:text/html,x", False),
        ("", False),
    ],
    ids=lambda value: str(value)[:30].encode("unicode_escape").decode(),
)
def test_only_plain_addresses_become_links(link: str, kept: bool) -> None:
    assert safe_link(link) == (link if kept else "")


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 12, 19, 9, 0, tzinfo=UTC), "2026-12-19 10:00:00"),
        (datetime(2026, 7, 14, 8, 20, 5, 999, tzinfo=UTC), "2026-07-14 10:20:05"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29 03:00:00"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "2027-01-01 00:30:00"),
    ],
    ids=["winter", "summer", "clocks go forward", "new year"],
)
def test_the_hour_is_written_as_in_paris(at: datetime, text: str) -> None:
    assert dates.written(at) == text
    assert dates.read(text) == at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-12-19 10:00:00", 9), ("2026-12-19T10:00", 9), ("2026-12-19T10:00:00.000", 9), ("2026-12-19T10:00Z", 9),
        ("2026-12-19T10:00:00+00:00", 9), ("2026-12-19T10:00:00+01:00", 9), ("2026-12-19T10:00:00+02:00", 8),
    ],
)  # fmt: skip
def test_an_hour_is_read_however_it_is_written(text: str, hour: int) -> None:
    assert dates.read(text) == datetime(2026, 12, 19, hour, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2026-12-19", "19/12/2026 10:00:00", "2026-13-19T10:00", "0001-01-01T00:00:00Z"])
def test_a_date_that_is_none_is_none(text: str) -> None:
    assert dates.read(text) is None


def test_unequal_hours_stay_unequal() -> None:
    """Half-hours of the two nights of change keep their order when written and read, but for the hour told twice."""
    spring = [datetime(2026, 3, 29, hour, minute, tzinfo=UTC) for hour in range(4) for minute in (0, 30)]
    assert all(dates.read(dates.written(a)) < dates.read(dates.written(b)) for a, b in pairwise(spring))  # type: ignore[operator]
