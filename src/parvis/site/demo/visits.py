"""The life of each appointment of the demo: booked, moved or cancelled by people, received by the agents of a desk."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from django.utils.text import slugify

from parvis.kit.errors import Refusal
from parvis.site.demo.cast import CITIZEN_DOMAIN
from parvis.site.demo.diary import Diary, Fate, Visit
from parvis.site.demo.events import Act, Event
from parvis.site.demo.halls import names
from parvis.site.demo.sites import Site, Team
from parvis.site.demo.verbs import (
    CASES,
    Booking,
    Caller,
    ContactAnswers,
    Held,
    Needs,
    Occupancy,
    PersonAnswers,
    Somebody,
    Source,
    WalkIn,
    add_walk_in,
    book_for_somebody,
    call_next,
    cancel_booking,
    confirm_booking,
    day_of,
    finish_visit,
    free_slots,
    hold_slot,
    is_numbered,
    midnight,
    move_booking,
    record_arrival,
    record_no_show,
    save_booking,
    written_needs,
)

_MINUTE = timedelta(minutes=1)
# Some who booked since then left an address, others a telephone only: every letter leaves when the demo starts, weeks
# after most of them were due.
_WRITES_SINCE, _WRITES = timedelta(hours=40), 0.2

# Of those who book, the parts that telephone, and that come from the national search.
_BY_DESK, _NATIONAL = 0.08, 0.86


def life(site: Site, actor: UUID, now: datetime, serials: Iterator[int]) -> Iterator[Event]:
    """What happened at a place until `now`. `actor` receives people; `serials` number them."""
    yield from site.writings(now)
    for team in site.teams:
        diary = Diary(team.sample, now, f"{site.place.name} {team.row.name}")
        free: dict[int, datetime] = {}
        for visit in sorted(diary.visits(team.lanes(now)), key=lambda one: one.starts_at):
            stay = Stay(site, team, visit, actor, now, next(serials))
            yield from stay.booking()
            yield from stay.reception(free)


@dataclass(slots=True)
class Stay:
    """One appointment from the click to the desk. Without `booking_id` somebody else had been faster."""

    site: Site
    team: Team
    visit: Visit
    actor: UUID
    now: datetime
    serial: int
    booking_id: UUID | None = None

    def booking(self) -> Iterator[Event]:
        visit = self.visit
        yield self._event(visit.booked_at, self._book)
        if self._changes:
            act = self._cancel if visit.fate is Fate.CANCELLED else self._move
            yield self._event(visit.booked_at + self._before * visit.luck, act)

    @property
    def _before(self) -> timedelta:
        """How long they had to change their mind."""
        return min(self.visit.starts_at - timedelta(hours=2), self.now - 5 * _MINUTE) - self.visit.booked_at

    @property
    def _changes(self) -> bool:
        return self.visit.fate in (Fate.CANCELLED, Fate.MOVED) and self._before > timedelta()

    def reception(self, free: dict[int, datetime]) -> Iterator[Event]:
        """`free`: when each desk has done with the one before."""
        visit = self.visit
        if visit.starts_at > self.now + timedelta(minutes=30) or self._changes:
            return
        if visit.fate is Fate.NO_SHOW:
            yield from self._until_now(visit.starts_at + (14 + 15 * visit.luck) * _MINUTE, self._miss)
            return
        arrived = max(visit.starts_at - (3 + 24 * visit.luck) * _MINUTE, midnight(day_of(visit.starts_at)))
        yield from self._until_now(arrived, self._arrive)
        called = max(visit.starts_at + (5 * visit.luck - 2) * _MINUTE, free.get(visit.lane, arrived), arrived + _MINUTE)
        done = called + (visit.ends_at - visit.starts_at) * (0.7 + 0.35 * visit.luck)
        if not self.team.sample.collective:
            free[visit.lane] = done + _MINUTE
            if visit.starts_at > self.now - timedelta(days=2):
                yield from self._until_now(called, self._call)
        yield from self._until_now(done, self._finish)

    def _until_now(self, at: datetime, act: Act) -> Iterator[Event]:
        if at < self.now - _MINUTE:
            yield self._event(at, act)

    def _event(self, at: datetime, act: Act) -> Event:
        return Event(at, self.site.house, partial(self._try, act), quiet=True)

    def _try(self, act: Act) -> None:
        """What is refused is what the person saw, somebody having been faster: they gave up, and so does the rest."""
        if self.booking_id is not None or act == self._book:
            with suppress(Refusal):
                act()

    @property
    def _row(self) -> Booking:
        found: Booking = Booking.objects.get(id=self.booking_id)
        return found

    def _book(self) -> None:
        people, contact = self._people()
        reason = self.team.reasons[self.visit.reason.code]
        if self.visit.by_desk or self.visit.luck < _BY_DESK:
            self.booking_id = self._book_by_desk(people, contact)
            return
        national = self.site.place.national and self.visit.luck > _NATIONAL and is_numbered(reason.code)
        source = Source.HUB if national else Source.ONLINE
        held = hold_slot(Held(reason, self.visit.persons, self.visit.starts_at, source=source))
        save_booking(held, people=people, contact=contact)
        self.booking_id = confirm_booking(held).id

    def _book_by_desk(self, people: list[PersonAnswers], contact: ContactAnswers) -> UUID:
        asked = Caller(
            self.team.reasons[self.visit.reason.code], self.visit.starts_at, contact.contact_name,
            tuple(Somebody(one.first_name, one.last_name, one.application_id) for one in people), phone=contact.phone,
            needs=contact.needs,
        )  # fmt: skip
        found: UUID = book_for_somebody(asked, actor=self.actor).id
        return found

    def _people(self) -> tuple[list[PersonAnswers], ContactAnswers]:
        draw = Random(self.serial)  # noqa: S311  (invented people, not secrets)
        first, last = names().first, draw.choice(names().last)
        numbered = is_numbered(self.visit.reason.code)
        # From time to time the national service did not answer.
        checked = numbered and draw.random() > 0.04
        people = [
            PersonAnswers(
                rank, draw.choice(first), last, minor=rank > 1 and draw.random() < 0.7,
                case=draw.choice(tuple(CASES)) if numbered else "",
                application_id=f"DEMO{self.serial % 100_000:05d}{rank}" if numbered else "",
                application_state="validated" if checked else "", checked_at=self.visit.booked_at if checked else None,
            )
            for rank in range(1, self.visit.persons + 1)
        ]  # fmt: skip
        name = f"{people[0].first_name} {last}"
        needs = Needs(wheelchair=draw.random() < 0.03, sign_language=draw.random() < 0.02)
        writes = self.visit.starts_at > self.now and self.visit.booked_at > self.now - _WRITES_SINCE
        writes = writes and draw.random() < _WRITES
        # Numbers of fiction, given to nobody: a mobile is written to as well, a landline is not.
        phone = f"{'+3363998' if writes else '+3335301'}{self.serial % 10_000:04d}"
        contact = ContactAnswers(
            name, f"{slugify(name).replace('-', '.')}@{CITIZEN_DOMAIN}" if writes else "", phone,
            guardian_name=name if any(one.minor for one in people) else "", needs=written_needs(needs),
        )  # fmt: skip
        return people, contact

    def _cancel(self) -> None:
        cancel_booking(self._row)

    def _move(self) -> None:
        """To another day, where something is left."""
        start = self.visit.starts_at + timedelta(hours=20)
        reason = self.team.reasons[self.visit.reason.code]
        found = free_slots([reason.id], self.visit.persons, start, start + timedelta(days=15))
        if found:
            move_booking(self._row, found[int(len(found) * self.visit.luck)].starts_at)

    def _arrive(self) -> None:
        record_arrival(self._row, actor=self.actor)

    def _miss(self) -> None:
        record_no_show(self._row, actor=self.actor)

    def _call(self) -> None:
        taken = Occupancy.objects.filter(booking_id=self._row.id).select_related("resource__agenda").first()
        call_next(taken.resource if taken else self.team.desks[0], actor=self.actor, booking=self._row)

    def _finish(self) -> None:
        finish_visit(self._row, actor=self.actor)


@dataclass(slots=True)
class WalkInStay:
    """Somebody who came without an appointment to the first agenda of a place."""

    team: Team
    asked: WalkIn
    actor: UUID
    booking: Booking | None = None

    def come(self) -> None:
        self.booking = add_walk_in(self.asked, actor=self.actor)

    def call(self) -> None:
        call_next(self.team.desks[-1], actor=self.actor, booking=self.booking)

    def finish(self) -> None:
        if self.booking is not None:
            finish_visit(self.booking, actor=self.actor)


def walk_ins(site: Site, actor: UUID, now: datetime) -> Iterator[Event]:
    """On the demo's day: one received, one at the desk, one who waits."""
    team = site.teams[0]
    for rank, minutes in enumerate((95, 42, 11)):
        came = now - minutes * _MINUTE
        if day_of(came) != day_of(now):
            continue
        reason = team.reasons[team.sample.reasons[rank % len(team.reasons)].code]
        stay = WalkInStay(team, WalkIn(reason, first_name=names().first[7 * rank]), actor)
        acts = (stay.come, stay.call, stay.finish)[: 3 - rank]
        for step, act in enumerate(acts):
            yield Event(came + 14 * step * _MINUTE, site.house, act, quiet=True)
