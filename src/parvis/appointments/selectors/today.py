"""The day of a place's desks: who is expected, who is there, who is next. In the scope of the place's authority."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Sum

from parvis.appointments.models import (
    Agenda,
    Audience,
    BookedPerson,
    Booking,
    BookingState,
    Occupancy,
    Opening,
    Resource,
    Source,
)
from parvis.appointments.rules.application_id import normalise
from parvis.appointments.rules.half_days import half_day
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.rules.queue import Waiting, came_late, in_order
from parvis.appointments.rules.reasons import HAND_OVER, is_numbered
from parvis.appointments.states import UNCONFIRMED
from parvis.kit import clock

EXPECTED = (BookingState.BOOKED.value,)
PRESENT = (BookingState.ARRIVED.value, BookingState.CALLED.value)
SERVED = (BookingState.SERVED.value,)
ABSENT = (BookingState.NO_SHOW.value,)
# The views of the list -> the states that each shows; none: all of them.
VIEWS = {"expected": EXPECTED, "present": PRESENT, "served": SERVED, "absent": ABSENT, "all": ()}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the day. `desks`: the names of what it takes; `late_minutes` 0 for somebody on time or not due."""

    booking: Booking
    people: tuple[BookedPerson, ...]
    desks: tuple[str, ...]
    numbered: bool
    walk_in: bool
    late_minutes: int
    overdue: bool
    turn: int

    @property
    def names(self) -> list[str]:
        """The persons of the appointment; who booked it where they are not written."""
        return names_of(self.booking, self.people)


@dataclass(frozen=True, slots=True)
class Allowance:
    """Persons received without an appointment this half-day, and how many the agenda takes; `hours`: where it opens."""

    agenda: Agenda
    taken: int
    quota: int
    hours: tuple[tuple[datetime, datetime], ...]


def names_of(booking: Booking, people: Iterable[BookedPerson]) -> list[str]:
    written = [name for one in people if (name := f"{one.first_name} {one.last_name}".strip())]
    return written or [name for name in (booking.contact_name,) if name]


def _on(place_id: UUID, day: date) -> QuerySet[Booking]:
    found: QuerySet[Booking] = Booking.objects.filter(
        place_id=place_id, starts_at__gte=midnight(day), starts_at__lt=midnight(day + timedelta(days=1))
    ).exclude(state__in=UNCONFIRMED)
    return found


def day_rows(place_id: UUID, day: date, chosen: UUID | None = None) -> list[Row]:
    """Every booking of a place on a Paris day, by hour. `chosen`: one agenda or one desk of the place."""
    found = _on(place_id, day).select_related("reason", "agenda", "called_to").prefetch_related("people")
    bookings = list(found.order_by("starts_at", "arrived_at", "id"))
    desks = _desks([one.id for one in bookings])
    if chosen is not None:
        at_desk = {one for one, taken in desks.items() if any(desk.id == chosen for desk in taken)}
        bookings = [b for b in bookings if chosen in {b.agenda_id, b.called_to_id} or b.id in at_desk]
    turns = _turns(bookings)
    return [_row(one, desks.get(one.id, ()), turns) for one in bookings]


def _desks(booking_ids: list[UUID]) -> dict[UUID, tuple[Resource, ...]]:
    found: dict[UUID, tuple[Resource, ...]] = {}
    taken = Occupancy.objects.filter(booking_id__in=booking_ids).select_related("resource")
    for one in taken.order_by("resource__rank", "resource__name", "seat"):
        known = found.get(one.booking_id, ())
        if one.resource not in known:
            found[one.booking_id] = (*known, one.resource)
    return found


def _turns(bookings: list[Booking]) -> dict[UUID, int]:
    """The place in its agenda's queue of each who waits, from 1."""
    by_agenda: dict[UUID, list[Booking]] = {}
    for one in bookings:
        if one.state == BookingState.ARRIVED:
            by_agenda.setdefault(one.agenda_id, []).append(one)
    return {one.id: number for waiting in by_agenda.values() for number, one in enumerate(_ordered(waiting), start=1)}


def _ordered(bookings: list[Booking]) -> list[Booking]:
    by_id = {one.id: one for one in bookings}
    waiting = [
        Waiting(one.id, one.starts_at, one.arrived_at or one.starts_at, one.source == Source.WALK_IN)
        for one in bookings
    ]
    return [by_id[one.booking_id] for one in in_order(waiting, clock.now())]


def _row(booking: Booking, desks: tuple[Resource, ...], turns: dict[UUID, int]) -> Row:
    now = clock.now()
    walk_in = booking.source == Source.WALK_IN
    expected = booking.state == BookingState.BOOKED
    seen = now if expected else booking.arrived_at
    late = seen is not None and not walk_in and came_late(booking.starts_at, seen)
    return Row(
        booking=booking,
        people=tuple(booking.people.all()),
        desks=tuple(one.name for one in desks),
        numbered=is_numbered(booking.reason.code),
        walk_in=walk_in,
        late_minutes=int((seen - booking.starts_at).total_seconds()) // 60 if late and seen else 0,
        overdue=expected and booking.ends_at <= now,
        turn=turns.get(booking.id, 0),
    )


def one_row(booking: Booking) -> Row:
    """The same line for one booking alone."""
    waiting = queue(booking.place_id, booking.agenda_id) if booking.state == BookingState.ARRIVED else []
    turns = {one.id: number for number, one in enumerate(waiting, start=1)}
    return _row(booking, _desks([booking.id]).get(booking.id, ()), turns)


def queue(place_id: UUID, agenda_id: UUID) -> list[Booking]:
    """Who waits today for an agenda, in the order in which they are called."""
    waiting = _on(place_id, day_of(clock.now())).filter(state=BookingState.ARRIVED, agenda_id=agenda_id)
    return _ordered(list(waiting.select_related("reason").prefetch_related("people")))


def called_to(desk_id: UUID) -> list[Booking]:
    """Who was called to a desk today and is not finished, the latest first."""
    since = midnight(day_of(clock.now()))
    found = Booking.objects.filter(called_to_id=desk_id, state=BookingState.CALLED, called_at__gte=since)
    return list(found.select_related("reason").prefetch_related("people").order_by("-called_at"))


def last_called(place_id: UUID, count: int = 5) -> list[Booking]:
    """The tickets called today, the latest first: those under way, then those already received."""
    since = midnight(day_of(clock.now()))
    found = Booking.objects.filter(place_id=place_id, called_at__gte=since, called_to__isnull=False)
    shown = found.filter(state__in=[BookingState.CALLED, BookingState.SERVED]).exclude(ticket="")
    return list(shown.select_related("called_to").order_by("-called_at")[:count])


def waiting_count(place_id: UUID) -> int:
    return _on(place_id, day_of(clock.now())).filter(state=BookingState.ARRIVED).count()


def never_came(place_id: UUID, day: date) -> list[Booking]:
    """Those still expected once the day is over: its last opening is closed and their own hour has ended."""
    now = clock.now()
    closes = Opening.objects.filter(place_id=place_id, day=day).aggregate(last=Max("during__endswith"))["last"]
    if day > day_of(now) or (day == day_of(now) and closes is not None and now < closes):
        return []
    left = _on(place_id, day).filter(state=BookingState.BOOKED, ends_at__lte=now)
    return list(left.select_related("reason").prefetch_related("people").order_by("starts_at"))


def fold(text: str) -> str:
    """Small letters without accents, for comparing names."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def matches(row: Row, text: str) -> bool:
    """Whether every word is in a name, or the whole is the ticket or a pre-application number."""
    if not text.strip():
        return True
    exact = normalise(text)
    if exact in {row.booking.ticket, *(one.application_id for one in row.people if one.application_id)}:
        return True
    names = fold(" ".join([row.booking.contact_name, row.booking.guardian_name, *row.names]))
    return all(word in names for word in fold(text).split())


def other_days(place_id: UUID, text: str, day: date, limit: int = 5) -> list[Booking]:
    """Appointments of another day, from a week ago on, that answer a search: somebody came on the wrong day."""
    words = text.split()
    if not words or len(text) < 3:
        return []
    since = midnight(day_of(clock.now()) - timedelta(days=7))
    near = Q(people__application_id=normalise(text))
    named = Q()
    for word in words:
        named &= (
            Q(people__last_name__icontains=word)
            | Q(people__first_name__icontains=word)
            | Q(contact_name__icontains=word)
        )
    found = Booking.objects.filter(near | named, place_id=place_id, starts_at__gte=since)
    found = found.filter(state__in=[BookingState.BOOKED, BookingState.DISPLACED, BookingState.NO_SHOW]).exclude(
        starts_at__gte=midnight(day), starts_at__lt=midnight(day + timedelta(days=1))
    )
    return list(found.select_related("reason").prefetch_related("people").distinct().order_by("starts_at")[:limit])


def displaced(place_ids: Iterable[UUID]) -> list[Booking]:
    """Those whose hour was closed and for whom nothing was found: a desk calls them, the nearest date first."""
    found = Booking.objects.filter(place_id__in=list(place_ids), state=BookingState.DISPLACED)
    return list(found.select_related("reason", "place", "agenda").prefetch_related("people").order_by("starts_at"))


def walk_ins_taken(agenda_id: UUID, at: datetime) -> int:
    """Persons received without an appointment in the half-day of an instant, but for ready titles handed over."""
    start, end = half_day(at)
    found = Booking.objects.filter(
        agenda_id=agenda_id, source=Source.WALK_IN, starts_at__gte=start, starts_at__lt=end
    ).exclude(state=BookingState.CANCELLED)
    return int(found.exclude(reason__code=HAND_OVER).aggregate(total=Sum("persons"))["total"] or 0)


def allowances(place_id: UUID) -> list[Allowance]:
    """What the active agendas of a place that receive without an appointment still take, now."""
    now = clock.now()
    open_today: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for one in Opening.objects.filter(place_id=place_id, day=day_of(now), audience=Audience.WALK_IN).order_by("during"):
        periods = open_today.setdefault(one.agenda_id, [])
        if (one.during.lower, one.during.upper) not in periods:
            periods.append((one.during.lower, one.during.upper))
    receiving = Q(walk_in_quota__gt=0) | Q(id__in=open_today)
    return [
        Allowance(one, walk_ins_taken(one.id, now), one.walk_in_quota, tuple(open_today.get(one.id, ())))
        for one in Agenda.objects.filter(receiving, place_id=place_id, active=True)
    ]
