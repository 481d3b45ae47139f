"""Hours as agents type them, read and written back."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.appointments.rules.hours_text import HoursTextError, Span, parse_hours, write_hours

MORNING, AFTERNOON = (time(8, 30), time(12)), (time(13, 30), time(17))


@pytest.mark.parametrize(
    "text",
    [
        "8 h 30 – 12 h, 13h30 - 17h",
        "8h30-12h 00, 13h30-17h00",
        "8:30-12:00 / 13:30-17:00",
        "de 8h30 à 12h et de 13h30 à 17h",
        "De 8 heures 30 à midi puis de 13 heures 30 à 17 heures",
        "0830-1200;1330-1700",
        "13.30-17, 8.30-12",
        "8\u00a0h\u00a030\u202f–\u202f12\u00a0h, 13\u00a0h\u00a030 — 17\u00a0h",
    ],
    ids=["spaces", "tight", "colons", "words", "long words", "digits", "unordered", "no-break spaces"],
)
def test_the_same_day_typed_in_many_ways(text: str) -> None:
    assert parse_hours(text) == (MORNING, AFTERNOON)


@pytest.mark.parametrize("text", ["", "  ", "-", "—", "fermé", "Fermé.", "Ferme"])
def test_a_closed_day(text: str) -> None:
    assert parse_hours(text) == ()


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("8h30", "unreadable", "8h30"),
        ("le matin", "unreadable", "le matin"),
        ("8h30-12h 14h-17h", "unreadable", "8h30-12h 14h-17h"),
        ("8h-12h, 25h-26h", "no_such_hour", "25h"),
        ("8h75-12h", "no_such_hour", "8h75"),
        ("12h-8h30", "backwards", "12h-8h30"),
        ("8h-8h", "backwards", "8h-8h"),
        ("8h-12h, 11h-14h", "overlap", "11\u00a0h – 14\u00a0h"),
    ],
    ids=["one hour", "words", "no comma", "25 h", "75 minutes", "backwards", "no length", "overlap"],
)
def test_what_cannot_be_read_is_named(text: str, code: str, part: str) -> None:
    with pytest.raises(HoursTextError) as caught:
        parse_hours(text)
    assert (caught.value.code, caught.value.part) == (code, part)


def test_written_with_no_break_spaces() -> None:
    assert (
        write_hours((MORNING, AFTERNOON))
        == "8\u00a0h\u00a030\u00a0–\u00a012\u00a0h, 13\u00a0h\u00a030\u00a0–\u00a017\u00a0h"
    )


@st.composite
def days(draw: st.DrawFn) -> tuple[Span, ...]:
    marks = sorted(draw(st.sets(st.integers(0, 24 * 60 - 1), max_size=8)))
    hours = [time(mark // 60, mark % 60) for mark in marks]
    return tuple(zip(hours[::2], hours[1::2], strict=False))


@given(days())
def test_what_is_written_is_read_back(spans: tuple[Span, ...]) -> None:
    assert parse_hours(write_hours(spans)) == spans


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = parse_hours(text)
    except HoursTextError:
        return
    assert all(opens < closes for opens, closes in found)
