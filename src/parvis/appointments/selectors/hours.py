"""The hours of a resource as the pure rules want them, holidays included."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

from parvis.appointments.models import (
    Booking,
    BookingState,
    HoursException,
    Occupancy,
    Opening,
    Resource,
    WeeklyHours,
)
from parvis.appointments.rules.hours import Exceptional, Plan, Terms, Weekly
from parvis.appointments.rules.paris import midnight
from parvis.appointments.rules.release import Release
from parvis.authorities.facade import AuthorityView, authority
from parvis.kit import clock
from parvis.kit.calendar import Calendar, CalendarNotPublished, SchoolCalendar, school_zone


def plan_of(resource: Resource, first: date, last: date) -> Plan:
    """Everything that decides when a resource works between two days."""
    agenda = resource.agenda
    house = authority(resource.authority_id)
    calendar = calendar_of(house)
    return Plan(
        weekly=tuple(weekly_of(row) for row in WeeklyHours.objects.filter(resource=resource)),
        exceptions=tuple(_exceptional(row) for row in _exceptions(resource, first, last)),
        release=Release(agenda.horizon_days, agenda.wave_weekday, agenda.wave_hour),
        whole=agenda.collective,
        is_closed=lambda day: agenda.closed_on_holidays and calendar.holiday(day) is not None,
        school_holidays=school_holidays(house.department),
    )


def calendar_of(house: AuthorityView) -> Calendar:
    return Calendar(alsace_moselle=house.local_holidays, good_friday=house.good_friday)


def school_holidays(department: str) -> Callable[[date], bool | None]:
    """Whether schools are closed on a day; None past the last published year, and overseas where no zone is known."""
    zone = school_zone(department)
    calendar = SchoolCalendar(zone) if zone else None

    def known(day: date) -> bool | None:
        try:
            return calendar.in_holidays(day) if calendar else None
        except CalendarNotPublished:
            return None

    return known


def _exceptions(resource: Resource, first: date, last: date) -> Iterable[HoursException]:
    window = (midnight(first), midnight(last + timedelta(days=1)))
    return HoursException.objects.filter(
        Q(resource=resource) | Q(resource__isnull=True), place_id=resource.agenda.place_id, during__overlap=window
    )


def weekly_of(row: WeeklyHours) -> Weekly:
    return Weekly(row.weekday, row.opens, row.closes, terms_of(row))


def terms_of(row: WeeklyHours) -> Terms:
    return Terms(row.valid_from, row.valid_until, row.season, row.audience, row.release_days)


def _exceptional(row: HoursException) -> Exceptional:
    return Exceptional(row.closed, row.during.lower, row.during.upper, row.audience)


def outside_hours(agenda_id: UUID) -> list[Booking]:
    """The coming bookings of an agenda, in the scope of its authority, that its openings no longer hold: a desk that
    does not work then, or a seat that its room no longer has. Held ones are among them.
    """
    taken = Occupancy.objects.filter(resource__agenda_id=agenda_id, during__endswith__gt=clock.now())
    open_now = _openings_by_resource(agenda_id)
    ids = {
        one.booking_id
        for one in taken.select_related("resource")
        if one.seat > one.resource.capacity
        or not any(
            lower <= one.during.lower and one.during.upper <= upper
            for lower, upper in open_now.get(one.resource_id, ())
        )
    }
    states = [BookingState.BOOKED, BookingState.HELD]
    found = Booking.objects.filter(id__in=ids, state__in=states, starts_at__gt=clock.now())
    return list(found.select_related("reason", "agenda", "place").order_by("starts_at", "id"))


def last_day_taken(agenda_id: UUID) -> date | None:
    """The last day on which somebody has an appointment there."""
    found: date | None = Occupancy.objects.filter(resource__agenda_id=agenda_id).aggregate(last=Max("day"))["last"]
    return found


def _openings_by_resource(agenda_id: UUID) -> dict[UUID, list[tuple[datetime, datetime]]]:
    found: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for row in Opening.objects.filter(agenda_id=agenda_id, resource__active=True, during__endswith__gt=clock.now()):
        found.setdefault(row.resource_id, []).append((row.during.lower, row.during.upper))
    return found
