"""Free slots as the national hub asks for them, kept in each process by place × month × reason × persons.

A kept answer serves as long as the fingerprint of its rows is the same (selectors/fingerprint.py), read at each call:
whoever books or changes an agenda tells nobody. What time alone changes is applied when answering (least notice, past)
or bounds the life of what is kept (a release to come, a hold that runs out).
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from parvis.appointments.models import Reason
from parvis.appointments.rules.paris import PARIS, day_of, midnight
from parvis.appointments.rules.release import LOOK_AHEAD
from parvis.appointments.selectors.fingerprint import Fingerprint, Key, fingerprints, next_changes
from parvis.appointments.selectors.slots import free_slots
from parvis.kit import clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """Slots for `persons` people and one shared reason, from `first` to `last`, both Paris days included."""

    place_ids: tuple[UUID, ...]
    reason_code: str
    persons: int
    first: date
    last: date


class HubSlot(NamedTuple):
    """A start in words of Paris (`2026-12-19T10:00`) and the reason that books it, until `latest` by the agenda's least
    notice. They sort by start, then by what is left: `order` is the number of free places, below zero.
    """

    wall: str
    order: int
    reason_id: str
    latest: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Slots of one place and month as they were at `computed_at`, true until `valid_until` while the rows stay."""

    fingerprint: Fingerprint
    computed_at: datetime
    valid_until: datetime | None
    slots: tuple[HubSlot, ...]

    def serves(self, fingerprint: Fingerprint, now: datetime) -> bool:
        # A clock that goes back finds again what had run out.
        in_time = self.computed_at <= now and (self.valid_until is None or now < self.valid_until)
        return in_time and self.fingerprint == fingerprint


class SlotCache:
    """The entries used last, at most `limit` slots in all (about 200 bytes each). Threads share it."""

    def __init__(self, limit: int = 300_000) -> None:
        self._limit = limit
        self._weight = 0
        self._entries: OrderedDict[tuple[UUID, date, str, int], Entry] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, wanted: Wanted) -> Entry | None:
        whole = (*key, wanted.reason_code, wanted.persons)
        with self._lock:
            found = self._entries.get(whole)
            if found is not None:
                self._entries.move_to_end(whole)
            return found

    def put(self, key: Key, wanted: Wanted, entry: Entry) -> None:
        whole = (*key, wanted.reason_code, wanted.persons)
        with self._lock:
            before = self._entries.pop(whole, None)
            self._weight -= _weight(before) if before else 0
            self._entries[whole] = entry
            self._weight += _weight(entry)
            while self._weight > self._limit:
                _key, gone = self._entries.popitem(last=False)
                self._weight -= _weight(gone)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._weight = 0

    def __len__(self) -> int:
        return len(self._entries)


def _weight(entry: Entry) -> int:
    return 5 + len(entry.slots)


CACHE = SlotCache()


def hub_slots(wanted: Wanted, cache: SlotCache = CACHE) -> dict[UUID, list[HubSlot]]:
    """The free starts of each place, in order, none twice; a start in the hour that the autumn night repeats is the
    first one. Places are taken as they are asked for: the caller knows which ones the network may see.
    """
    now = clock.now()
    first, last = max(wanted.first, day_of(now)), min(wanted.last, day_of(now) + LOOK_AHEAD)
    found: dict[UUID, list[HubSlot]] = {place_id: [] for place_id in wanted.place_ids}
    months = list(_months(first, last))
    if not found or not months:
        return found
    entries = _entries(wanted, list(found), months, now, cache)
    after_last = (last + timedelta(days=1)).isoformat()
    for place_id, listed in found.items():
        for month in months:
            listed += _answer(entries[place_id, month], now, first.isoformat(), after_last)
    return found


def _answer(entry: Entry, now: datetime, first: str, after_last: str) -> Iterator[HubSlot]:
    before = ""
    for slot in entry.slots:
        # Two agendas of one place may have the same hour: whichever may still be booked is shown once.
        if slot.latest >= now and first <= slot.wall < after_last and slot.wall != before:
            before = slot.wall
            yield slot


def _entries(
    wanted: Wanted, place_ids: list[UUID], months: list[date], now: datetime, cache: SlotCache
) -> dict[Key, Entry]:
    marks = fingerprints(place_ids, months)
    found: dict[Key, Entry] = {}
    for key, mark in marks.items():
        entry = cache.get(key, wanted)
        if entry is not None and entry.serves(mark, now):
            found[key] = entry
    missing = sorted(marks.keys() - found.keys())
    if missing:
        places, spread = {place_id for place_id, _month in missing}, [month for _place, month in missing]
        for key, entry in _computed(wanted, places, list(_months(min(spread), max(spread))), now).items():
            cache.put(key, wanted, entry)
            found[key] = entry
    return found


def _computed(wanted: Wanted, places: Iterable[UUID], months: list[date], now: datetime) -> dict[Key, Entry]:
    """All that is missing in one question to free_slots. The fingerprint is that of the very rows it reads."""
    place_ids = list(places)
    with _one_snapshot():
        marks = fingerprints(place_ids, months)
        until = next_changes(place_ids, months, now)
        reasons = Reason.objects.filter(code=wanted.reason_code, agenda__place_id__in=place_ids)
        leads = {
            reason_id: (str(reason_id), timedelta(minutes=minutes))
            for reason_id, minutes in reasons.values_list("id", "agenda__lead_minutes")
        }
        slots = free_slots(leads, wanted.persons, midnight(months[0]), midnight(_next_month(months[-1])))
    kept: dict[Key, list[HubSlot]] = {key: [] for key in marks}
    for slot in slots:
        wall = slot.starts_at.astimezone(PARIS)
        if not wall.fold:  # the hour written on the link would be understood as the first
            reason_id, lead = leads[slot.reason_id]
            shown = HubSlot(f"{wall:%Y-%m-%dT%H:%M}", -slot.left, reason_id, slot.starts_at - lead)
            kept[slot.place_id, date(wall.year, wall.month, 1)].append(shown)
    return {key: Entry(mark, now, until[key], tuple(sorted(kept[key]))) for key, mark in marks.items()}


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """All reads of the block see the same rows: a row that came and went between two of them would otherwise leave an
    entry with a fingerprint that is not its own.
    """
    if connection.in_atomic_block:  # the caller's transaction decides
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _next_month(month)


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
