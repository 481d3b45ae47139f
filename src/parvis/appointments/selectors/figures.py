"""Counts of the desks over a period. What is open and taken is public; who came is counted in each authority's scope.

No name, no number leaves: sums and medians only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from parvis.appointments.models import Booking, BookingState, Source
from parvis.appointments.rules.paris import midnight
from parvis.appointments.rules.periods import Period
from parvis.appointments.rules.release import LOOK_AHEAD
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.states import UNCONFIRMED
from parvis.kit import clock

THIRD = 3


@dataclass(frozen=True, slots=True)
class Filling:
    """Seconds open online, and those of them that are booked (the time kept after an appointment is part of it)."""

    open: int = 0
    taken: int = 0

    @property
    def rate(self) -> float | None:
        return self.taken / self.open if self.open else None

    def __add__(self, other: "Filling") -> "Filling":
        return Filling(self.open + other.open, self.taken + other.taken)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one place or one authority. `unsettled`: past appointments that nobody noted as received or absent.

    `waited` from arrival to the last call, `notice` from the booking to the appointment: medians, None without any.
    """

    served: int = 0
    no_shows: int = 0
    unsettled: int = 0
    made: int = 0
    cancelled: int = 0
    moved: int = 0
    walk_ins: int = 0
    sources: dict[str, int] = field(default_factory=dict)
    waited: timedelta | None = None
    notice: timedelta | None = None

    @property
    def no_show_rate(self) -> float | None:
        settled = self.served + self.no_shows
        return self.no_shows / settled if settled else None


_OPEN = """
SELECT {key}, sum(extract(epoch FROM upper(o.during) - lower(o.during)) * v.capacity)::bigint
FROM appointments_opening o JOIN appointments_resource v ON v.id = o.resource_id
WHERE o.place_id = ANY(%(places)s) AND o.day BETWEEN %(first)s AND %(last)s AND o.audience = 'online'
GROUP BY 1
"""
_TAKEN = """
SELECT {key}, sum(extract(epoch FROM upper(o.during * x.during) - lower(o.during * x.during)))::bigint
FROM appointments_opening o
JOIN appointments_occupancy x ON x.place_id = o.place_id AND x.day = o.day AND x.resource_id = o.resource_id
    AND x.during && o.during AND x.held_until IS NULL
WHERE o.place_id = ANY(%(places)s) AND o.day BETWEEN %(first)s AND %(last)s AND o.audience = 'online'
GROUP BY 1
"""
_KEYS = {"place": "o.place_id", "week": "date_trunc('week', o.day)::date", "month": "date_trunc('month', o.day)::date"}


def filling(place_ids: Iterable[UUID], period: Period, by: str = "place") -> dict[Any, Filling]:
    """By place, or by the first day of each week or month (`by`: place, week, month). Needs no scope."""
    asked: dict[str, Any] = {"places": list(place_ids), "first": period.first, "last": period.last}
    found: dict[Any, Filling] = {}
    with connection.cursor() as cursor:
        for text, is_open in ((_OPEN, True), (_TAKEN, False)):
            cursor.execute(text.format(key=_KEYS[by]), asked)
            for key, seconds in cursor.fetchall():
                part = Filling(open=seconds) if is_open else Filling(taken=seconds)
                found[key] = found.get(key, Filling()) + part
    return dict(sorted(found.items())) if by != "place" else found


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Median"


def counts(place_ids: Iterable[UUID], period: Period, by: str = "place_id") -> dict[UUID, Counts]:
    """In the scope of the places' authority; `by`: place_id or authority_id."""
    start, end = midnight(period.first), midnight(period.last + timedelta(days=1))
    held = Q(starts_at__gte=start, starts_at__lt=end)
    made = Q(booked_at__gte=start, booked_at__lt=end)
    stopped = Q(cancelled_at__gte=start, cancelled_at__lt=end)
    walk_in = Q(source=Source.WALK_IN)
    appointments = Booking.objects.filter(place_id__in=list(place_ids)).filter(held | made | stopped)
    never = Q(state__in=UNCONFIRMED)
    rows = appointments.exclude(never).order_by().values(by).annotate(
        served=Count("id", filter=held & ~walk_in & Q(state=BookingState.SERVED)),
        no_shows=Count("id", filter=held & Q(state=BookingState.NO_SHOW)),
        unsettled=Count("id", filter=held & ~walk_in & Q(state__in=_UNSETTLED, ends_at__lte=clock.now())),
        made=Count("id", filter=made & ~walk_in),
        cancelled=Count("id", filter=stopped & ~walk_in),
        moved=Count("id", filter=made & ~walk_in & _moved()),
        walk_ins=Sum("persons", filter=held & walk_in & ~Q(state=BookingState.CANCELLED)),
        waited=_median("called_at", "arrived_at", held),
        notice=_median("starts_at", "booked_at", made & ~walk_in),
    )  # fmt: skip
    sources = _sources(appointments.exclude(never).filter(made & ~walk_in), by)
    return {
        row[by]: Counts(
            **{name: row[name] or 0 for name in _NUMBERS}, sources=sources.get(row[by], {}),
            waited=row["waited"], notice=row["notice"],
        )
        for row in rows
    }  # fmt: skip


_NUMBERS = ("served", "no_shows", "unsettled", "made", "cancelled", "moved", "walk_ins")
_UNSETTLED = [BookingState.BOOKED, BookingState.ARRIVED, BookingState.CALLED]


def _moved() -> Q:
    """`version` grows with each change; a cancellation is one too."""
    return Q(version__gt=1) | (Q(version=1) & ~Q(state=BookingState.CANCELLED))


def _median(end: str, start: str, condition: Q) -> Median:
    took = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
    known = Q(**{f"{end}__isnull": False, f"{start}__isnull": False})
    return Median(took, filter=condition & known, output_field=DurationField())


def _sources(found: QuerySet[Booking], by: str) -> dict[UUID, dict[str, int]]:
    sums: dict[UUID, dict[str, int]] = {}
    for row in found.order_by().values(by, "source").annotate(count=Count("id")):
        sums.setdefault(row[by], {})[row["source"]] = row["count"]
    return sums


def third_free(reason_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """When the third slot still free online begins, for one person, by reason; two desks free at once are two slots."""
    asked = list(reason_ids)
    found: dict[UUID, datetime | None] = dict.fromkeys(asked)
    seen: dict[UUID, int] = {}
    now = clock.now()
    for slot in free_slots(asked, 1, now, now + LOOK_AHEAD, each=THIRD):
        before = seen.get(slot.reason_id, 0)
        seen[slot.reason_id] = before + slot.left
        if before < THIRD <= before + slot.left:
            found[slot.reason_id] = slot.starts_at
    return found


def days_until(at: datetime | None, today: date) -> int | None:
    """Whole days of the calendar from today, 0 for today itself."""
    return (at.astimezone(clock.PARIS).date() - today).days if at else None
