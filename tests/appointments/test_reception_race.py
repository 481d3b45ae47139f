"""Many desks at once at one place, in threads with real connections."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection

from parvis.appointments.models import Booking
from parvis.appointments.services import add_walk_in as walk_ins
from parvis.appointments.services.add_walk_in import WalkIn, add_walk_in
from parvis.appointments.services.call_next import call_next
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, at
from tests.appointments.reception_world import Hall, a_hall

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AGENTS, EACH = 8, 4


def at_once(hall: Hall, verb: Callable[[int], Any]) -> list[Any]:
    """Each agent does it `EACH` times, in transactions of their own, all beginning together."""
    barrier = threading.Barrier(AGENTS)

    def agent(number: int) -> list[Any]:
        found = []
        try:
            barrier.wait(10)
            for turn in range(EACH):
                with ExitStack() as stack:
                    stack.enter_context(clock.frozen_at(at(MONDAY, "9:00")))
                    stack.enter_context(scope.authority(hall.house.id))
                    found.append(verb(number * EACH + turn))
        finally:
            connection.close()
        return found

    with ThreadPoolExecutor(AGENTS) as pool:
        return [one for part in pool.map(agent, range(AGENTS)) for one in part]


def tickets(hall: Hall) -> list[str]:
    def give(_number: int) -> str:
        return str(add_walk_in(WalkIn(hall.reason), actor=hall.agent.id).ticket)

    return at_once(hall, give)


@pytest.fixture
def hall() -> Hall:
    with clock.frozen_at(at(MONDAY, "8:00")):
        return a_hall(walk_in_quota=AGENTS * EACH)


def test_no_two_persons_hold_the_same_ticket(hall: Hall) -> None:
    assert sorted(tickets(hall), key=lambda one: int(one[1:])) == [f"A{n}" for n in range(1, AGENTS * EACH + 1)]


def test_without_the_counter_they_do(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: counting without holding the counter gives the same number twice."""
    monkeypatch.setattr(walk_ins, "hold_counter", lambda _place: None)
    given = tickets(hall)
    assert len(given) == AGENTS * EACH
    assert len(set(given)) < len(given)


def test_the_quota_is_never_exceeded(hall: Hall) -> None:
    with scope.authority(hall.house.id):
        hall.agenda.walk_in_quota = 5
        hall.agenda.save()
        hall.reason.refresh_from_db()

    def give(_number: int) -> str:
        try:
            return str(add_walk_in(WalkIn(hall.reason), actor=hall.agent.id).ticket)
        except Refusal as refusal:
            return refusal.code

    given = at_once(hall, give)
    assert given.count("quota_reached") == AGENTS * EACH - 5


def test_nobody_is_called_to_two_desks(hall: Hall) -> None:
    tickets(hall)
    desks = hall.desks

    def call(number: int) -> Any:
        booking = call_next(desks[number % 2], actor=hall.agent.id)
        return booking and booking.id

    called = at_once(hall, call)
    assert None not in called
    assert len(set(called)) == AGENTS * EACH
    with scope.authority(hall.house.id):
        assert Booking.objects.filter(state="called").count() == AGENTS * EACH
