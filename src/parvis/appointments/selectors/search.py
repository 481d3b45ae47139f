"""One search over every place that does the same thing, and what the page of one place shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Min

from parvis.appointments.contracts import PlaceView, ReasonView, Slot
from parvis.appointments.models import HoursException, Opening
from parvis.appointments.rules.distance import distance_km
from parvis.appointments.rules.paris import day_of, midnight
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.rules.release import LOOK_AHEAD
from parvis.appointments.selectors.places import places, reasons
from parvis.appointments.selectors.slots import ONLINE, free_slots
from parvis.kit import clock

SOON = timedelta(days=10)
SHOWN = 3
SATURDAY = 5
ANNOUNCED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Offered:
    """A shared reason that some place offers online, and how many persons one appointment may take somewhere."""

    code: str
    label: str
    max_persons: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: Paris days included, `point` (latitude, longitude) in degrees, None for anywhere."""

    code: str
    persons: int = 1
    point: tuple[float, float] | None = None
    first: date | None = None
    last: date | None = None
    saturday: bool = False
    step_free: bool = False
    by_time: bool = False

    @property
    def chooses_days(self) -> bool:
        return self.first is not None or self.last is not None or self.saturday


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place that offers what is wanted: its first slots within the days asked, and its first one at any time.

    `reason` is that of these slots, or else the one that takes most persons together. `km` as the crow flies.
    """

    place: PlaceView
    reason: ReasonView
    km: float | None
    slots: tuple[Slot, ...]
    earliest: Slot | None


def offered() -> list[Offered]:
    """The shared reasons that some place offers, in the order of rules/reasons.py."""
    most: dict[str, int] = {}
    for one in reasons():
        most[one.code] = max(most.get(one.code, 0), one.max_persons)
    return [Offered(code, shared.label, most[code]) for code, shared in SHARED.items() if code in most]


def search(wanted: Wanted) -> list[PlaceFound]:
    """Every place that offers it, those with a slot in the days asked first. The slots of all places come together:
    two queries at most for the first ones, and one for the days asked (one per Saturday).
    """
    by_id = {one.id: one for one in reasons(code=wanted.code)}
    shown = {
        one.id: one
        for one in places(ids={reason.place_id for reason in by_id.values()})
        if one.has_lift or not wanted.step_free
    }
    ids = [one.id for one in by_id.values() if one.place_id in shown]
    ever = _first_ones(ids, wanted.persons, 1 if wanted.chooses_days else SHOWN)
    chosen = _in_days(ids, wanted) if wanted.chooses_days else ever
    found = [
        _place_found(place, [one for one in by_id.values() if one.place_id == place.id], wanted, chosen, ever)
        for place in shown.values()
    ]
    return sorted(found, key=lambda one: _rank(one, wanted))


def _first_ones(ids: list[UUID], persons: int, each: int) -> list[Slot]:
    """The first free slots of each reason, in order of time. Most are soon: the rest of the horizon, which takes
    longer to read, is asked for the reasons that still lack some.
    """
    now = clock.now()
    soon = free_slots(ids, persons, now, now + SOON, each=each)
    had = Counter(one.reason_id for one in soon)
    lacking = [one for one in ids if had[one] < each]
    later: list[Slot] = []
    for one in free_slots(lacking, persons, now + SOON, now + LOOK_AHEAD, each=each):
        had[one.reason_id] += 1
        if had[one.reason_id] <= each:
            later.append(one)
    return soon + later


def _in_days(ids: list[UUID], wanted: Wanted) -> list[Slot]:
    now = clock.now()
    first = wanted.first or day_of(now)
    last = wanted.last or day_of(now + LOOK_AHEAD)
    if not wanted.saturday:
        return free_slots(ids, wanted.persons, midnight(first), midnight(last + timedelta(days=1)), each=SHOWN)
    open_days = (
        Opening.objects.filter(
            agenda__reasons__in=ids, audience__in=ONLINE, released_at__lte=now, day__range=(first, last),
            day__iso_week_day=SATURDAY + 1,
        )
        .order_by("day")
        .values_list("day", flat=True)
        .distinct()
    )  # fmt: skip
    return [
        slot
        for day in open_days
        for slot in free_slots(ids, wanted.persons, midnight(day), midnight(day + timedelta(days=1)), each=SHOWN)
    ]


def _place_found(
    place: PlaceView, here: list[ReasonView], wanted: Wanted, chosen: list[Slot], ever: list[Slot]
) -> PlaceFound:
    mine = [one for one in chosen if one.place_id == place.id]
    earliest = next((one for one in ever if one.place_id == place.id), None)
    lead = mine[0] if mine else earliest
    if lead is not None:
        reason = next(one for one in here if one.id == lead.reason_id)
    else:
        reason = max(here, key=lambda one: one.max_persons)
    slots = tuple(one for one in mine if one.reason_id == reason.id)[:SHOWN]
    km = distance_km(wanted.point, (place.latitude, place.longitude)) if wanted.point else None
    return PlaceFound(place, reason, km, slots, earliest)


def _rank(one: PlaceFound, wanted: Wanted) -> tuple[int, float, float, str, str]:
    lead = one.slots[0] if one.slots else one.earliest
    group = 0 if one.slots else 1 if one.earliest else 2
    when = lead.starts_at.timestamp() if lead else 0.0
    km = one.km or 0.0
    first, then = (when, km) if wanted.by_time else (km, when)
    return group, first, then, one.place.city, one.place.name


def first_slots(reason_ids: Iterable[UUID]) -> dict[UUID, Slot]:
    """The first free slot of each reason, for one person; reasons without any are left out."""
    return {one.reason_id: one for one in _first_ones(list(reason_ids), 1, 1)}


def all_slots(reason_id: UUID, persons: int) -> list[Slot]:
    """Every free slot of a reason that is out, in order of time."""
    now = clock.now()
    return free_slots([reason_id], persons, now, now + LOOK_AHEAD)


def next_release(agenda_id: UUID) -> datetime | None:
    """When slots of an agenda that nobody sees yet come out, or None where none is written yet."""
    hidden = Opening.objects.filter(
        agenda_id=agenda_id, resource__active=True, audience__in=ONLINE, released_at__gt=clock.now()
    )
    found: datetime | None = hidden.aggregate(at=Min("released_at"))["at"]
    return found


def announced_closures(place_id: UUID) -> list[HoursException]:
    """Closures of a whole place, under way or within a month, in order."""
    now = clock.now()
    found = HoursException.objects.filter(
        place_id=place_id,
        resource__isnull=True,
        closed=True,
        during__endswith__gt=now,
        during__startswith__lt=now + ANNOUNCED,
    )
    return list(found.order_by("during"))
