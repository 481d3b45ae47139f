"""People book while a desk closes, in threads with real connections: nobody is left inside the closure unseen.

The control closes from the list that the agent read, without looking again: somebody is left there.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from parvis.appointments.models import Booking, Opening, Reason
from parvis.appointments.rules.paris import day_of
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.apply_change import Decision, apply_change
from parvis.appointments.services.close_period import ClosePeriod
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.preview_change import preview_change
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TUESDAY = MONDAY + timedelta(days=1)
BOOKERS = 12


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Each call in a thread with a connection and a clock of its own, all let go at the same moment."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            with clock.frozen_at(MORNING):
                return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def reason() -> Iterator[Reason]:
    with clock.frozen_at(MORNING):
        yield a_reason(an_agenda(a_place(an_authority()), desks=3, lead_minutes=0))


def books(reason: Reason, number: int) -> Callable[[], str]:
    """Takes and confirms a slot of Tuesday, another one when it was faster taken, until none is left."""

    def act() -> str:
        for start in [one.starts_at for one in free_slots([reason.id], 1, at(TUESDAY, "0:00"), at(TUESDAY, "23:00"))]:
            try:
                with scope.authority(reason.authority_id):
                    held = hold_slot(Held(reason, 1, start))
                    held.people.create(rank=1, application_id=f"COURSE{number:04d}")
                    held.email = "camille@exemple.test"
                    held.save()
                with scope.authority(reason.authority_id):
                    return str(confirm_booking(held).state)
            except Refusal as refusal:
                if refusal.code not in {"slot_taken", "not_bookable"}:
                    raise
        return "nothing left"

    return act


def moves(booking: Booking) -> Callable[[], str]:
    """Somebody who moves to Tuesday by themselves at that very moment."""

    def act() -> str:
        with scope.authority(booking.authority_id):
            try:
                return str(move_booking(booking, at(TUESDAY, "9:50")).state)
            except Refusal as refusal:
                return refusal.code

    return act


def confirms(held: Booking, previewed: threading.Event, later: float) -> Callable[[], str]:
    """Somebody who filled the form meanwhile, and presses the last button `later` seconds after the agent read."""

    def act() -> str:
        previewed.wait(30)
        time.sleep(later)
        with scope.authority(held.authority_id):
            try:
                return str(confirm_booking(held).state)
            except Refusal as refusal:
                return refusal.code

    return act


def closes(reason: Reason, kept: set[UUID], previewed: threading.Event | None = None) -> Callable[[], str]:
    """An agent who closes Tuesday, looks again as often as the list changes, and keeps the first booking listed."""

    def act() -> str:
        change = ClosePeriod(reason.agenda.place, None, at(TUESDAY, "0:00"), at(TUESDAY, "23:00"), "Inventaire")
        for _ in range(40):
            try:
                with scope.authority(reason.authority_id):
                    touched = preview_change(change).touched
                    decisions = {
                        one.booking.id: Decision(one.booking.version, "move" if one.proposal else "call", one.proposal)
                        for one in touched
                    }
                    if touched:
                        first = touched[0].booking
                        decisions[first.id] = Decision(first.version, "keep")
                if previewed is not None:
                    previewed.set()
                with scope.authority(reason.authority_id):
                    apply_change(change, decisions, why="Inventaire")
            except Refusal as refusal:
                if refusal.code not in {"list_changed", "busy"}:
                    raise
            else:
                kept.update(key for key, one in decisions.items() if one.does == "keep")
                return "closed"
        return "never"

    return act


def inside(reason: Reason) -> set[UUID]:
    with scope.authority(reason.authority_id):
        found = Booking.objects.filter(state="booked")
        return {one.id for one in found if day_of(one.starts_at) == TUESDAY}


def a_filled_hold(reason: Reason, hour: str, number: int) -> Booking:
    held = a_hold(reason, at(TUESDAY, hour))
    with scope.authority(reason.authority_id):
        held.people.create(rank=1, application_id=f"PRESQUE{number:03d}")
        held.email = "camille@exemple.test"
        held.save()
    return held


@pytest.mark.parametrize("turn", range(3))
def test_nobody_ends_inside_a_closure_unseen(reason: Reason, turn: int) -> None:
    other_day = MONDAY + timedelta(days=2)
    already = [a_booking(reason, at(other_day, "9:10"), numbers=(f"DEMENAGE{turn}{n}",)) for n in range(2)]
    holds = [a_filled_hold(reason, hour, n) for n, hour in enumerate(("10:30", "10:30", "10:50"))]
    kept: set[UUID] = set()
    previewed = threading.Event()
    acts = [closes(reason, kept, previewed), *(books(reason, n) for n in range(BOOKERS))]
    acts += [*(moves(one) for one in already), *(confirms(one, previewed, n * 0.15) for n, one in enumerate(holds))]
    answers = together(acts)
    assert answers[0] == "closed"
    assert set(answers[-len(holds) :]) <= {"booked", "not_bookable", "slot_taken"}
    assert inside(reason) <= kept
    assert len(kept) <= 1
    assert not Opening.objects.filter(agenda=reason.agenda, day=TUESDAY).exists()


@dataclass(frozen=True)
class Watched(ClosePeriod):
    """Says when it is being written for good, with the agenda and the held slots in its hands."""

    written: threading.Event = field(default_factory=threading.Event)
    times: list[int] = field(default_factory=list)

    def write(self) -> None:
        super().write()
        self.times.append(1)
        if len(self.times) == 2:
            self.written.set()


def test_who_confirms_while_the_closure_is_written_waits_and_is_told(reason: Reason) -> None:
    """First it meets the hold and takes it in hand, then it is written: the last button is pressed at that moment."""
    held = a_filled_hold(reason, "10:30", 1)
    change = Watched(reason.agenda.place, None, at(TUESDAY, "0:00"), at(TUESDAY, "23:00"))

    def close() -> str:
        with scope.authority(reason.authority_id):
            apply_change(change, {})
            time.sleep(0.3)
        return "closed"

    assert together([close, confirms(held, change.written, 0)]) == ["closed", "not_bookable"]
    assert inside(reason) == set()


def test_the_control_that_does_not_look_again_leaves_somebody_inside(reason: Reason) -> None:
    """The same closure, written from the list that the agent read: who booked meanwhile is neither listed nor moved."""
    change = ClosePeriod(reason.agenda.place, None, at(TUESDAY, "0:00"), at(TUESDAY, "23:00"), "Inventaire")
    with scope.authority(reason.authority_id):
        assert preview_change(change).touched == ()
    assert together([books(reason, 1)]) == ["booked"]
    with scope.authority(reason.authority_id):
        change.write()
        materialise_openings(reason.agenda)
    assert len(inside(reason)) == 1


def test_two_agents_who_close_at_once_both_succeed(reason: Reason) -> None:
    """They hold the agendas in the same order, and each looks again after the other."""
    other = a_reason(an_agenda(reason.agenda.place, name="État civil", lead_minutes=0), "passport")
    for n, one in enumerate((reason, other)):
        a_booking(one, at(TUESDAY, "9:10"), numbers=(f"DEUXFOIS0{n}",))
    kept: set[UUID] = set()
    assert together([closes(reason, kept), closes(reason, kept)]) == ["closed", "closed"]
    assert inside(reason) <= kept
