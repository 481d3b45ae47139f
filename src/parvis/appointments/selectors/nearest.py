"""The free slots nearest to an hour that is gone: around it at its own place, and elsewhere for a shared reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parvis.appointments.contracts import PlaceView, Slot
from parvis.appointments.models import Booking, Reason
from parvis.appointments.rules.distance import distance_km
from parvis.appointments.rules.nearness import closest
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.rules.release import LOOK_AHEAD
from parvis.appointments.selectors.places import places, reasons
from parvis.appointments.selectors.slots import free_slots
from parvis.kit import clock

# How many a page shows.
NEAREST = 6
# Around a slot that is gone: how far one looks at the same place, and how much earlier at the others, each of which
# has at most so many starts in that time (one every ten minutes).
A_WEEK, THREE_WEEKS = timedelta(days=7), timedelta(days=21)
ELSEWHERE_BEFORE, LOOKED_AT = timedelta(hours=2), 12


@dataclass(frozen=True, slots=True)
class NearSlot:
    """A free slot close to another one; `km` from the place of that one, 0 for the place itself."""

    place: PlaceView
    slot: Slot
    km: float


def nearest_slots(reason: Reason, persons: int, start: datetime, *, count: int = NEAREST) -> list[NearSlot]:
    """At most `count` free slots: those of the same place around an instant, in order of time, then the one
    nearest to that hour at each of the nearest places that offer the same shared reason, in order of distance.

    Empty when nothing is free, or when nobody takes so many persons together. Raises ValueError as free_slots does.
    """
    here = next(iter(places(ids=[reason.agenda.place_id])), None)
    if here is None:
        return []
    away = _away(reason, persons, start, here, count)
    room = max(count - len(away), (2 * count + 2) // 3)
    own = _around(reason.id, persons, start, room)
    return [*(NearSlot(here, one, 0.0) for one in own), *away[: count - len(own)]]


def _around(reason_id: UUID, persons: int, start: datetime, room: int) -> list[Slot]:
    near = free_slots([reason_id], persons, start - A_WEEK, start + THREE_WEEKS)
    if not near:
        return free_slots([reason_id], persons, clock.now(), clock.now() + LOOK_AHEAD, each=room)
    return closest(near, start, room)


def _away(reason: Reason, persons: int, start: datetime, here: PlaceView, count: int) -> list[NearSlot]:
    """The slot of each other place that is nearest to an hour, within three weeks; places free within a week first."""
    if reason.code not in SHARED:
        return []
    elsewhere = [one.id for one in reasons(code=reason.code) if one.place_id != here.id]
    best: dict[UUID, Slot] = {}
    for slot in free_slots(elsewhere, persons, start - ELSEWHERE_BEFORE, start + THREE_WEEKS, each=LOOKED_AT):
        known = best.get(slot.place_id)
        if known is None or abs(slot.starts_at - start) < abs(known.starts_at - start):
            best[slot.place_id] = slot
    found = [
        NearSlot(one, best[one.id], distance_km((here.latitude, here.longitude), (one.latitude, one.longitude)))
        for one in places(ids=best)
    ]
    return sorted(found, key=lambda one: (one.slot.starts_at > start + A_WEEK, one.km))[:count]


def nearest_starts(booking: Booking) -> list[datetime]:
    """The hours that a booking could have instead, for its reason and its persons, in order; its own is left out."""
    at = booking.starts_at
    around = free_slots([booking.reason_id], booking.persons, at - THREE_WEEKS, at + THREE_WEEKS)
    # The agenda may be full for weeks: then the first ones after.
    found = around or free_slots(
        [booking.reason_id], booking.persons, at + THREE_WEEKS, at + 9 * THREE_WEEKS, each=NEAREST
    )
    return [one.starts_at for one in closest((one for one in found if one.starts_at != at), at, NEAREST)]
