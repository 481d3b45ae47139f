"""One event for a person's own calendar: RFC 5545, sent alone by RFC 5546 (PUBLISH, then CANCEL of the same UID)."""

from datetime import UTC, datetime, timedelta

from icalendar import (
    Alarm,
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDatetime,
    vRecur,
    vText,
)

from parvis.kit.clock import PARIS

PRODUCT = "-//Parvis//Rendez-vous//FR"


def media_type(*, cancelled: bool) -> str:
    """What the file of `event` is sent as; mail programs read the method here too."""
    return f"text/calendar; method={'CANCEL' if cancelled else 'PUBLISH'}; charset=utf-8"


def event(
    *,
    uid: str,
    start: datetime,
    end: datetime,
    summary: str,
    description: str,
    location: str,
    url: str,
    organizer_name: str,
    organizer_email: str,
    sequence: int,
    cancelled: bool,
    stamp: datetime,
    geo: tuple[float, float] | None = None,
    alarm_before: timedelta | None = None,
) -> bytes:
    """The bytes of an .ics file, in UTF-8 with CRLF. The same `uid` with a higher `sequence` (0, 1, 2…) replaces what
    the person's calendar holds. `geo` is latitude then longitude in degrees; empty texts are left out; a cancelled
    event rings no more. Raises ValueError for a moment without time zone or an end not after the start.
    """
    if any(moment.utcoffset() is None for moment in (start, end, stamp)):
        raise ValueError("moments carry their time zone")
    if end <= start:
        raise ValueError("an event ends after it starts")
    said = Event()
    said.add("uid", uid)
    said.add("dtstamp", stamp.astimezone(UTC))
    said.add("dtstart", _moment(start))
    said.add("dtend", _moment(end))
    said.add("sequence", sequence)
    said.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    for name, text in (("summary", summary), ("description", description), ("location", location), ("url", url)):
        if text:
            said.add(name, "\n".join(text.splitlines()))
    organizer = vCalAddress(f"mailto:{organizer_email}")
    organizer.params["CN"] = vText(organizer_name)
    said.add("organizer", organizer)
    if geo is not None:
        said.add("geo", geo)
    if alarm_before is not None and not cancelled:
        said.add_component(_alarm(alarm_before, summary))
    return _calendar(said, cancelled)


def _moment(value: datetime) -> datetime:
    """Paris time, but for the hour that comes back in autumn: a local time means the first of the two."""
    local = value.astimezone(PARIS)
    return value.astimezone(UTC) if local.fold else local


def _alarm(before: timedelta, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -before)
    return alarm


def _calendar(said: Event, cancelled: bool) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(_paris())
    calendar.add_component(said)
    return bytes(calendar.to_ical())


def _paris() -> Timezone:
    """The rule in force since 1996. The library's own VTIMEZONE (7.3.0) starts summer an hour late: RFC 5545, 3.6.5
    wants the onset in the time that was left. The tests hold this one against tzdata.
    """
    zone = Timezone()
    zone.add("tzid", PARIS.key)
    winter, summer = timedelta(hours=1), timedelta(hours=2)
    zone.add_component(_onset(TimezoneDaylight(), "CEST", datetime(1996, 3, 31, 2), winter, summer))  # noqa: DTZ001
    zone.add_component(_onset(TimezoneStandard(), "CET", datetime(1996, 10, 27, 3), summer, winter))  # noqa: DTZ001
    return zone


def _onset(observance: Component, name: str, first: datetime, before: timedelta, after: timedelta) -> Component:
    observance.add("dtstart", vDatetime(first))
    observance.add("tzname", name)
    observance.add("tzoffsetfrom", before)
    observance.add("tzoffsetto", after)
    observance.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": first.month, "BYDAY": "-1SU"}))
    return observance
