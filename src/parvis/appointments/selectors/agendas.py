"""What the agents who keep the agendas read: places, what is missing before people may book, hours as they will be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from parvis.appointments.models import (
    Agenda,
    Booking,
    BookingState,
    HoursException,
    Opening,
    Place,
    Reason,
    Resource,
    WeeklyHours,
)
from parvis.appointments.rules.hours import Period, Terms, openings
from parvis.appointments.rules.hours_text import Span
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.selectors.hours import calendar_of, outside_hours, plan_of, school_holidays, terms_of
from parvis.authorities.facade import authority
from parvis.kit import clock


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of hours of one resource under the same terms; `week` Monday first. `id` is that of one of its rows."""

    id: UUID
    terms: Terms
    week: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class DayShown:
    """`note`: the holiday or the closures of that day; `schools_closed` None past the published calendar."""

    day: date
    periods: tuple[Period, ...]
    note: str
    schools_closed: bool | None


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """`missing`: what keeps people from booking, in the order in which it is filled: resources, reasons, hours."""

    agenda: Agenda
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    place: Place
    agendas: tuple[AgendaRow, ...]
    exceptions: tuple[HoursException, ...]


def place_rows(authority_id: UUID) -> list[PlaceRow]:
    """The places of an authority with their agendas and what is closed or added from now on."""
    found = Place.objects.filter(authority_id=authority_id).order_by("-active", "name")
    return [
        PlaceRow(
            place,
            tuple(
                AgendaRow(one, missing(one)) for one in Agenda.objects.filter(place=place).order_by("-active", "name")
            ),
            tuple(coming_exceptions(place.id)),
        )
        for place in found
    ]


def missing(agenda: Agenda) -> tuple[str, ...]:
    lacks = []
    if not Resource.objects.filter(agenda=agenda, active=True).exists():
        lacks.append("resources")
    if not Reason.objects.filter(agenda=agenda, active=True).exists():
        lacks.append("reasons")
    still = Q(valid_until__isnull=True) | Q(valid_until__gte=day_of(clock.now()))
    hours = WeeklyHours.objects.filter(still, resource__agenda=agenda, resource__active=True)
    if not hours.exists() and not Opening.objects.filter(agenda=agenda, during__endswith__gt=clock.now()).exists():
        lacks.append("hours")
    return tuple(lacks)


def coming_exceptions(place_id: UUID, agenda_id: UUID | None = None) -> list[HoursException]:
    """Closures and extra openings that are not over; with an agenda, those of its desks and of the whole place."""
    found = HoursException.objects.filter(place_id=place_id, during__endswith__gt=clock.now())
    if agenda_id is not None:
        found = found.filter(Q(resource__isnull=True) | Q(resource__agenda_id=agenda_id))
    return list(found.select_related("resource").order_by("during"))


def grids(resource: Resource) -> list[Grid]:
    """The hours of a resource that are not over, by the day from which they are valid."""
    rows: dict[Terms, list[WeeklyHours]] = {}
    for row in WeeklyHours.objects.filter(resource=resource).order_by("valid_from", "weekday", "opens"):
        rows.setdefault(terms_of(row), []).append(row)
    today = day_of(clock.now())
    return [
        Grid(of[0].id, terms, tuple(tuple((r.opens, r.closes) for r in of if r.weekday == day) for day in range(7)))
        for terms, of in rows.items()
        if terms.valid_until is None or terms.valid_until >= today
    ]


def days_shown(resource: Resource, first: date, count: int = 28) -> list[DayShown]:
    """The days from `first` on as a resource will really work, whatever is out already."""
    last = first + timedelta(days=count - 1)
    resource = Resource.objects.select_related("agenda").get(id=resource.id)
    house = authority(resource.authority_id)
    calendar, schools = calendar_of(house), school_holidays(house.department)
    by_day: dict[date, list[Period]] = {}
    for period in openings(plan_of(resource, first, last), first, last) if resource.active else []:
        by_day.setdefault(day_of(period.start), []).append(period)
    closures = [one for one in coming_exceptions(resource.agenda.place_id, resource.agenda_id) if one.closed]
    closures = [one for one in closures if one.resource_id in (None, resource.id)]
    return [
        DayShown(day, tuple(by_day.get(day, ())), _note(day, calendar.holiday(day), closures), schools(day))
        for day in (first + timedelta(days=n) for n in range(count))
    ]


def _note(day: date, holiday: str | None, closures: Iterable[HoursException]) -> str:
    start, end = midnight(day), midnight(day + timedelta(days=1))
    why = [one.why for one in closures if one.why and one.during.lower < end and start < one.during.upper]
    return ", ".join([*([holiday] if holiday else []), *dict.fromkeys(why)])


def kept_outside(agenda_id: UUID) -> list[Booking]:
    """The coming appointments of an agenda, in the scope of its authority, at an hour when it is no longer open."""
    return [one for one in outside_hours(agenda_id) if one.state == BookingState.BOOKED]


def to_call(agenda_id: UUID) -> list[Booking]:
    """The appointments that lost their hour and got no other yet, in the scope of their authority."""
    found = Booking.objects.filter(agenda_id=agenda_id, state=BookingState.DISPLACED)
    return list(found.select_related("reason").order_by("starts_at"))
