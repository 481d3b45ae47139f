"""Who comes, when, and when they booked: drawn by lot, the same lots each time, from the hours of each agenda."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from random import Random

from parvis.kit import clock
from parvis.site.demo.halls import SampleAgenda, SampleReason
from parvis.site.demo.verbs import Period

# Days before the demo's day on which the agendas open to bookings.
BEGUN = 28
# People book at these Paris hours.
AWAKE = (time(7), time(22, 45))
_PARTIES = (1, 1, 1, 1, 1, 2, 2, 3, 4)
_SEATS = (1, 1, 2, 2, 3)


class Fate(StrEnum):
    KEPT = "kept"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment to take: instants are aware, `booked_at` before the start and not after the demo's day. `lane`:
    who follows whom at one desk. `luck` (0 to 1) decides the small things.
    """

    reason: SampleReason
    persons: int
    starts_at: datetime
    ends_at: datetime
    booked_at: datetime
    by_desk: bool
    fate: Fate
    lane: int
    luck: float


@dataclass(frozen=True, slots=True)
class Diary:
    """`now`: the demo's day. `seed` makes two places differ."""

    agenda: SampleAgenda
    now: datetime
    seed: str

    def visits(self, lanes: Sequence[Sequence[Period]]) -> Iterator[Visit]:
        """The visits of each lane, from the periods in which its desk (or its two agents together) works."""
        for lane, periods in enumerate(lanes):
            draw = Random(f"{self.seed} {lane}")  # noqa: S311  (invented appointments, not secrets)
            for period in periods:
                if period.audience == "walk_in":
                    continue
                found = self._seats(period, draw) if self.agenda.collective else self._desk(period, draw)
                for reason, persons, start, end in found:
                    visit = self._visit(period, lane, (reason, persons, start, end), draw)
                    if visit is not None:
                        yield visit

    def _taken(self, at: datetime) -> float:
        days = (at - self.now) / timedelta(days=1)
        past, soon, later = self.agenda.taken
        if days < 0:
            return past
        return soon if days < self.agenda.soon else later if days < self.agenda.until else 0.0

    def _desk(self, period: Period, draw: Random) -> Iterator[tuple[SampleReason, int, datetime, datetime]]:
        """From one start of the grid to the next that is free. Some bring their family."""
        step, start = timedelta(minutes=self.agenda.step), period.start
        while start < period.end:
            # Drawn even where nobody comes, so that the others do not change.
            reason = draw.choices(self.agenda.reasons, [one.often for one in self.agenda.reasons])[0]
            persons = min(draw.choice(_PARTIES), reason.persons)
            comes = draw.random() < self._taken(start)
            end = start + length(reason, persons)
            while end > period.end and persons > 1:
                persons -= 1
                end = start + length(reason, persons)
            if end > period.end:
                reason = min(self.agenda.reasons, key=lambda one: length(one, 1))
                end = start + length(reason, 1)
            if not comes or end > period.end:
                start += step
                continue
            yield reason, persons, start, end - timedelta(minutes=reason.buffer)
            while start < end:
                start += step

    def _seats(self, period: Period, draw: Random) -> Iterator[tuple[SampleReason, int, datetime, datetime]]:
        left = round(self.agenda.desks[0].capacity * self._taken(period.start) + draw.uniform(-1, 1))
        while left > 0:
            persons = min(draw.choice(_SEATS), left)
            left -= persons
            yield self.agenda.reasons[0], persons, period.start, period.end

    def _visit(
        self, period: Period, lane: int, what: tuple[SampleReason, int, datetime, datetime], draw: Random
    ) -> Visit | None:
        """None where nobody could have booked yet."""
        reason, persons, start, end = what
        chance, luck, when = draw.random(), draw.random(), draw.betavariate(1, 1.5)
        by_desk = period.audience == "desk"
        out = self.now - timedelta(days=BEGUN)
        if not by_desk:
            out = max(out, period.released_at)
        first = max(out, start - timedelta(days=min(self.agenda.horizon, BEGUN))) + timedelta(minutes=3)
        last = min(start - timedelta(minutes=self.agenda.lead + 5), self.now - timedelta(minutes=15))
        if first >= last:
            return None
        booked_at = _awake(first + (last - first) * when, first, last)
        return Visit(reason, persons, start, end, booked_at, by_desk, self._fate(start, chance), lane, luck)

    def _fate(self, start: datetime, chance: float) -> Fate:
        """Where nothing is left nobody lets go of theirs."""
        if start < self.now:
            return Fate.NO_SHOW if chance < 0.08 else Fate.CANCELLED if chance < 0.11 else Fate.KEPT
        if self._taken(start) > 0.85:
            return Fate.KEPT
        return Fate.CANCELLED if chance < 0.05 else Fate.MOVED if chance < 0.09 else Fate.KEPT


def length(reason: SampleReason, persons: int) -> timedelta:
    """What it takes of a desk, the time kept afterwards included."""
    usual, more = reason.durations
    return timedelta(minutes=usual + more * (persons - 1) + reason.buffer)


def _awake(at: datetime, first: datetime, last: datetime) -> datetime:
    """The same day at an hour when people book, where that still fits between the two."""
    here = at.astimezone(clock.PARIS)
    moved = here
    if here.time() < AWAKE[0]:
        moved = here.replace(hour=here.hour + 8)
    elif here.time() > AWAKE[1]:
        moved = here.replace(hour=here.hour - 3)
    return moved if first <= moved <= last else at
