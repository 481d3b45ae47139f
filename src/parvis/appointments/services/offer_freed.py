"""A freed slot is held and shown to those who have waited longest for one like it (docs/flows/appointments.md).

Everything of one freed slot is one transaction, recorded by a fact: a job killed midway leaves nothing, and the same
job again does nothing more. A hold whose job dies later runs out by itself: no slot is ever lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parvis.appointments.letters.waiting import tell_offer
from parvis.appointments.models import Agenda, Booking, Offer, Reason, Source, Waiting
from parvis.appointments.rules.lengths import length, taking
from parvis.appointments.rules.paris import day_of
from parvis.appointments.rules.waiting import GRACE, OFFER, OFFERED_TO
from parvis.appointments.selectors.agglomeration_scope import agglomeration_scope
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.selectors.waiting import busy_with_another, code_of, waiting_for
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.audit import facade as audit
from parvis.authorities.facade import agglomeration
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal

FACT = "appointment.offered"
# A long appointment frees room for several short ones: at most so many are offered apart.
MOST_SLOTS = 4

Need = tuple[UUID, int]  # a reason and how many persons


@dataclass(frozen=True, slots=True)
class Freed:
    """The time that somebody gave back in an agenda."""

    agenda: Agenda
    start: datetime
    end: datetime

    def touches(self, start: datetime, end: datetime) -> bool:
        return start < self.end and self.start < end


def offer_freed(authority_id: UUID, booking_id: UUID, starts_at: datetime | None = None) -> int:
    """Offers what a booking left: the time it had when cancelled, or from `starts_at` before it was moved; how many
    slots are held. The same again offers nothing more.
    """
    if agglomeration() is None:
        return 0
    with scope.authority(authority_id):
        rows = Booking.objects.select_for_update(of=("self",)).select_related("agenda", "agenda__place")
        booking = rows.get(id=booking_id)
        start = starts_at or booking.starts_at
        mark = {"starts_at": start.isoformat(), "version": booking.version}
        if any(mark.items() <= one.data.items() for one in audit.facts([booking.id], [FACT])):
            return 0
        agenda = booking.agenda
        if not (agenda.keeps_waiting_list and agenda.active):
            return 0
        told = _offer(Freed(agenda, start, start + (booking.ends_at - booking.starts_at)))
        if told:
            audit.record(FACT, subject=booking.id, data={**mark, "people": told})
    return len(told)


def _offer(freed: Freed) -> list[int]:
    """How many people were told of each slot that was held."""
    reasons = {code_of(one): one for one in freed.agenda.reasons.filter(active=True)}
    seen: list[UUID] = []
    told: list[int] = []
    while len(told) < MOST_SLOTS:
        with agglomeration_scope():
            people = waiting_for(freed.agenda, day_of(freed.start), besides=[*seen, *busy_with_another(clock.now())])
        chosen = _choose(freed, people, reasons)
        if chosen is None:
            break
        start, first_ones = chosen
        held = _hold(start, first_ones, reasons)
        if held is None:
            break
        make_offers(held, first_ones)
        seen += [one.id for one in first_ones]
        told.append(len(first_ones))
    return told


def _choose(
    freed: Freed, people: Sequence[Waiting], reasons: dict[str, Reason]
) -> tuple[datetime, list[Waiting]] | None:
    """The start that suits whoever has waited longest, and the first ones whom it suits. None when it suits nobody."""
    starts = _free_starts(freed, people, reasons)
    for oldest in people:
        mine = starts.get(_need(oldest, reasons), set())
        if mine:
            start = freed.start if freed.start in mine else min(mine)
            units = reasons[oldest.reason_code].units
            suited = [
                one
                for one in people
                if start in starts.get(_need(one, reasons), set()) and reasons[one.reason_code].units == units
            ]
            return start, suited[:OFFERED_TO]
    return None


def _free_starts(freed: Freed, people: Sequence[Waiting], reasons: dict[str, Reason]) -> dict[Need, set[datetime]]:
    """For each need of those who wait, the starts now bookable by the public that use the freed time."""
    needs = {_need(one, reasons) for one in people}
    before = max((length(one, one.max_persons) for one in reasons.values()), default=timedelta())
    found: dict[Need, set[datetime]] = {}
    for persons in {need[1] for need in needs}:
        ids = [reason_id for reason_id, wanted in needs if wanted == persons]
        for slot in free_slots(ids, persons, freed.start - before, freed.end):
            if freed.touches(slot.starts_at, slot.ends_at):
                found.setdefault((slot.reason_id, persons), set()).add(slot.starts_at)
    return found


def _need(one: Waiting, reasons: dict[str, Reason]) -> Need:
    return reasons[one.reason_code].id, one.persons


def _hold(start: datetime, people: Sequence[Waiting], reasons: dict[str, Reason]) -> Booking | None:
    """Kept as long as the longest need of these people: whoever takes it gives the rest back. None: just taken."""
    longest = max(people, key=lambda one: (taking(reasons[one.reason_code], one.persons), one.persons))
    until = clock.now() + OFFER + GRACE
    asked = Held(reasons[longest.reason_code], longest.persons, start, source=Source.WAITING, held_until=until)
    try:
        return hold_slot(asked)
    except Refusal:
        return None


def make_offers(held: Booking, people: Sequence[Waiting]) -> None:
    """One round: these people are told of a slot held in the scope of its authority, all until the same moment."""
    now = clock.now()
    with agglomeration_scope() as whole:
        for one in people:
            offer = Offer.objects.create(
                waiting=one, place_authority_id=held.authority_id, booking_id=held.id, starts_at=held.starts_at,
                expires_at=now + OFFER, created_at=now,
            )  # fmt: skip
            tell_offer(offer, held, whole)
