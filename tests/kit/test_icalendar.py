"""The .ics file as two libraries read it, over the nights when Paris changes its clock."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import icalendar
import pytest
import vobject
from dateutil.tz import tzical

from parvis.kit.clock import PARIS
from parvis.kit.icalendar import event, media_type

STAMP = datetime(2027, 1, 2, 8, tzinfo=UTC)
TEXTS = {
    "summary": "Carte d’identité ; Valbruche, « guichet 2 »",
    "description": "Apportez :\r\n- une photo, de moins de six mois\n- C:\\dossier ; " + "très " * 40 + "long\n😀" * 30,
    "location": "1, place de l’Hôtel-de-Ville\n68000 Valbruche",
    "url": "https://parvis.example/rendez-vous/0192/?a=1&b=2",
}


def an_event(start: datetime = datetime(2027, 1, 12, 9, 20, tzinfo=UTC), **more: Any) -> bytes:
    values: dict[str, Any] = {
        "uid": "0192@parvis.example",
        "start": start,
        "end": start + timedelta(minutes=20),
        "organizer_name": "Mairie de Valbruche",
        "organizer_email": "mairie@valbruche.example",
        "sequence": 0,
        "cancelled": False,
        "stamp": STAMP,
        **TEXTS,
        **more,
    }
    return event(**values)


def inside(content: bytes) -> tuple[Any, Any]:
    """The calendar and its one event."""
    calendar = icalendar.Calendar.from_ical(content)
    [found] = calendar.walk("VEVENT")
    return calendar, found


def judged(content: bytes) -> Any:
    return vobject.readOne(content.decode()).vevent


def in_order(text: str) -> str:
    return "\n".join(text.splitlines())


def test_every_text_is_read_back_as_it_was_written() -> None:
    content = an_event()
    _, found = inside(content)
    other = judged(content)
    for name in ("summary", "description", "location"):
        assert str(found[name]) == in_order(TEXTS[name])
        assert getattr(other, name).value == in_order(TEXTS[name])
    assert str(found["url"]) == other.url.value == TEXTS["url"]
    assert found["organizer"].params["CN"] == other.organizer.params["CN"][0] == "Mairie de Valbruche"
    assert str(found["organizer"]) == "mailto:mairie@valbruche.example"


def test_lines_are_folded_at_75_bytes_between_letters_and_end_in_crlf() -> None:
    content = an_event()
    lines = content.split(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])


@pytest.mark.parametrize(
    ("cancelled", "method", "status"), [(False, "PUBLISH", "CONFIRMED"), (True, "CANCEL", "CANCELLED")]
)
def test_what_is_asked_of_the_calendar(cancelled: bool, method: str, status: str) -> None:
    content = an_event(cancelled=cancelled, sequence=2, alarm_before=timedelta(hours=1))
    calendar, found = inside(content)
    assert (str(calendar["method"]), str(found["status"]), found["sequence"]) == (method, status, 2)
    assert str(found["uid"]) == "0192@parvis.example"
    assert found["dtstamp"].dt == STAMP
    assert [a["trigger"].dt for a in found.walk("VALARM")] == ([] if cancelled else [timedelta(hours=-1)])
    assert media_type(cancelled=cancelled) == f"text/calendar; method={method}; charset=utf-8"


def test_a_place_and_an_alarm_only_when_given() -> None:
    _, found = inside(an_event(geo=(47.7508, -7.3359)))
    assert (found["geo"].latitude, found["geo"].longitude) == (47.7508, -7.3359)
    _, bare = inside(an_event(description="", location="", url=""))
    assert not {"geo", "description", "location", "url"} & {name.lower() for name in bare}
    assert bare.walk("VALARM") == []


# Summer begins on 28 March 2027 at 01:00 UTC and ends on 31 October at 01:00 UTC.
@pytest.mark.parametrize(
    ("start", "written"),
    [
        (datetime(2027, 3, 28, 0, 50, tzinfo=UTC), "DTSTART;TZID=Europe/Paris:20270328T015000"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "DTSTART;TZID=Europe/Paris:20270328T030000"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "DTSTART;TZID=Europe/Paris:20271031T023000"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "DTSTART:20271031T013000Z"),
        (datetime(2027, 10, 31, 2, 0, tzinfo=UTC), "DTSTART;TZID=Europe/Paris:20271031T030000"),
        (datetime(2027, 7, 1, 8, 0, tzinfo=UTC), "DTSTART;TZID=Europe/Paris:20270701T100000"),
    ],
    ids=["before-spring", "after-spring", "first-half-past-two", "second-half-past-two", "after-autumn", "july"],
)
def test_the_hour_is_the_same_for_everyone(start: datetime, written: str) -> None:
    content = an_event(start)
    assert f"\r\n{written}\r\n" in content.decode()
    _, found = inside(content)
    other = judged(content)
    for begin, end in ((found["dtstart"].dt, found["dtend"].dt), (other.dtstart.value, other.dtend.value)):
        assert begin.astimezone(UTC) == start
        assert end.astimezone(UTC) == start + timedelta(minutes=20)


def test_our_rule_of_the_clock_is_that_of_tzdata() -> None:
    """As a third library reads it. Red the day Europe gives up summer time: kit/icalendar.py then writes another."""
    written = tzical(StringIO(an_event().decode().replace("\r\n", "\n"))).get()
    for year in range(2026, 2037):
        for month in (1, 3, 7, 10):
            hours = (datetime(year, month, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(24 * 31))
            wrong = [h for h in hours if h.astimezone(written).utcoffset() != h.astimezone(PARIS).utcoffset()]
            assert wrong == []


@pytest.mark.parametrize(
    "more",
    [
        {"start": STAMP.replace(tzinfo=None)},
        {"stamp": STAMP.replace(tzinfo=None)},
        {"end": datetime(2027, 1, 12, 9, 20, tzinfo=UTC)},
    ],
    ids=["naive-start", "naive-stamp", "no-length"],
)
def test_a_moment_that_means_nothing_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"time zone|ends after"):
        an_event(**({"end": datetime(2027, 1, 12, 10, tzinfo=UTC)} | more))
