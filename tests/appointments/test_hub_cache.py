"""What the hub is told from memory is what it would be told afresh, whatever happened meanwhile and whoever did it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg.types.range import TimestamptzRange

from parvis.appointments.models import Agenda, Booking, HoursException, Occupancy, Opening, Reason, Resource
from parvis.appointments.rules.paris import PARIS, midnight
from parvis.appointments.selectors import hub_slots as module
from parvis.appointments.selectors.fingerprint import fingerprints
from parvis.appointments.selectors.hub_slots import Entry, SlotCache, Wanted, hub_slots
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.appointments.services.materialise_openings import materialise_openings
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.release_hold import release_hold
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
RELAXED = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
    phases=[Phase.generate],  # a story is short enough to be read as it is
)
LAST = MONDAY + timedelta(days=12)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def wanted(*reasons: Reason, persons: int = 1, first: date = MONDAY, last: date = LAST) -> Wanted:
    return Wanted(tuple(one.agenda.place_id for one in reasons), reasons[0].code, persons, first, last)


def computings(run: Any) -> int:
    """How many times free slots were asked of PostgreSQL."""
    with mock.patch.object(module, "free_slots", wraps=free_slots) as asked:
        run()
    return asked.call_count


# Any sequence of what people, agents and time do.

VERBS = (
    "hold", "confirm", "cancel", "move", "release", "renew", "expire", "close", "reopen", "least_notice", "step",
    "length", "most_persons", "desk_off", "desk_on", "agenda_off", "agenda_on", "for_agents", "later", "nothing",
)  # fmt: skip
STEPS = st.tuples(st.sampled_from(VERBS), st.integers(0, 60), st.sampled_from([0, 1, 14, 15, 16, 45, 90, 24 * 60]))


class Story:
    """One agenda of two desks; each verb takes a number that chooses among what there is."""

    def __init__(self, reason: Reason) -> None:
        self.reason, self.agenda = reason, reason.agenda
        self.bookings: list[Booking] = []

    def play(self, verb: str, number: int) -> None:
        with scope.authority(self.reason.authority_id):
            try:
                with transaction.atomic():
                    getattr(self, verb)(number)
            except Refusal:
                pass

    def start(self, number: int) -> datetime:
        return at(MONDAY + timedelta(days=(0, 1, 8, 9)[number % 4]), "8:30") + timedelta(minutes=20 * (number % 3))

    def one(self, number: int) -> Booking:
        if not self.bookings:
            raise Refusal("nothing", "nothing is held yet")
        return self.bookings[number % len(self.bookings)]

    def hold(self, number: int) -> None:
        booking = hold_slot(Held(self.reason, 1 + number % 2, self.start(number)))
        for rank in range(1, booking.persons + 1):
            booking.people.create(rank=rank, application_id=f"ESSAI0000{rank}")
        booking.email = "camille@exemple.test"
        booking.save()
        self.bookings.append(booking)

    def confirm(self, number: int) -> None:
        confirm_booking(self.one(number))

    def cancel(self, number: int) -> None:
        cancel_booking(self.one(number))

    def move(self, number: int) -> None:
        move_booking(self.one(number), self.start(number // 2))

    def release(self, number: int) -> None:
        release_hold(self.one(number))

    def renew(self, number: int) -> None:
        """As when a step of the form is saved, and as when somebody who waits takes an offer over."""
        until = clock.now() + timedelta(minutes=number)
        if Booking.objects.filter(id=self.one(number).id, state="held").update(held_until=until):
            Occupancy.objects.filter(booking_id=self.one(number).id).update(held_until=until)

    def expire(self, _number: int) -> None:
        expire_holds()

    def close(self, number: int) -> None:
        start = midnight(self.start(number).date())
        HoursException.objects.create(
            place_id=self.agenda.place_id, during=TimestamptzRange(start, start + timedelta(hours=9 + number % 3))
        )
        materialise_openings(self.agenda)

    def reopen(self, _number: int) -> None:
        HoursException.objects.all().delete()
        materialise_openings(self.agenda)

    def least_notice(self, number: int) -> None:
        Agenda.objects.update(lead_minutes=number * 10)

    def step(self, number: int) -> None:
        Agenda.objects.update(step_minutes=(10, 20, 30)[number % 3])

    def length(self, number: int) -> None:
        Reason.objects.update(minutes=(10, 20, 25)[number % 3])

    def most_persons(self, number: int) -> None:
        Reason.objects.update(max_persons=1 + number % 2)

    def desk_off(self, number: int) -> None:
        Resource.objects.filter(rank=1 + number % 2).update(active=False)

    def desk_on(self, _number: int) -> None:
        Resource.objects.update(active=True)

    def agenda_off(self, _number: int) -> None:
        Agenda.objects.update(active=False)

    def agenda_on(self, _number: int) -> None:
        Agenda.objects.update(active=True)

    def for_agents(self, number: int) -> None:
        Opening.objects.filter(day=self.start(number).date()).delete()
        materialise_openings(self.agenda)

    def later(self, number: int) -> None:
        """Some slots come out one day after the others."""
        Agenda.objects.update(horizon_days=7 + number % 5)
        self.agenda.refresh_from_db()
        materialise_openings(self.agenda)

    def nothing(self, _number: int) -> None:
        pass


@contextmanager
def undone() -> Iterator[None]:
    """Each example begins with an empty database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def expected(reason: Reason, persons: int) -> list[str]:
    found = free_slots([reason.id], persons, midnight(MONDAY), midnight(LAST + timedelta(days=1)))
    return [one.starts_at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M") for one in found]


@RELAXED
@given(st.lists(STEPS, min_size=4, max_size=14))
def test_memory_never_tells_anything_else_than_the_database(steps: list[tuple[str, int, int]]) -> None:
    cache, now = SlotCache(), MORNING
    with undone(), clock.frozen_at(MORNING):
        reason = a_reason(an_agenda(a_place(an_authority()), hours="8:30-9:50", lead_minutes=0, horizon_days=9))
        story = Story(reason)
        for verb, number, minutes in [("nothing", 0, 0), *steps]:
            with clock.frozen_at(now):
                story.play(verb, number)
                for persons in (1, 2):
                    told = hub_slots(wanted(reason, persons=persons), cache)[reason.agenda.place_id]
                    assert [one.wall for one in told] == expected(reason, persons), (verb, number, now)
            now += timedelta(minutes=minutes)
            with clock.frozen_at(now):
                told = hub_slots(wanted(reason), cache)[reason.agenda.place_id]
                assert [one.wall for one in told] == expected(reason, 1), (verb, number, now)


# What the examples may not meet each time.


def test_what_did_not_change_is_not_computed_again(reason: Reason) -> None:
    cache = SlotCache()
    assert computings(lambda: hub_slots(wanted(reason), cache)) == 1  # two months, one question
    assert computings(lambda: hub_slots(wanted(reason), cache)) == 0
    assert computings(lambda: hub_slots(wanted(reason, first=LAST, last=LAST), cache)) == 0
    assert computings(lambda: hub_slots(wanted(reason, persons=2), cache)) == 1
    a_hold(reason, at(MONDAY, "9:10"))
    a_hold(reason, at(MONDAY, "9:10"))
    with mock.patch.object(module, "free_slots", wraps=free_slots) as asked:
        found = hub_slots(wanted(reason), cache)[reason.agenda.place_id]
    assert "2026-11-23T09:10" not in [one.wall for one in found]
    assert [call.args[2:] for call in asked.call_args_list] == [(midnight(NOVEMBER), midnight(DECEMBER))]


def test_a_booking_somewhere_leaves_the_other_places_in_memory(reason: Reason) -> None:
    other = a_reason(an_agenda(a_place(an_authority("illzach")), lead_minutes=0))
    cache = SlotCache()
    hub_slots(wanted(reason, other), cache)
    a_hold(other, at(MONDAY, "9:10"))
    with mock.patch.object(module, "free_slots", wraps=free_slots) as asked:
        hub_slots(wanted(reason, other), cache)
    assert [list(call.args[0]) for call in asked.call_args_list] == [[other.id]]


def test_an_answer_from_memory_asks_one_question(reason: Reason) -> None:
    cache = SlotCache()
    hub_slots(wanted(reason), cache)
    with CaptureQueriesContext(connection) as queries:
        hub_slots(wanted(reason), cache)
    assert len(queries) == 1


def test_a_hold_that_ran_out_and_is_confirmed_late_is_taken_again(reason: Reason) -> None:
    """Nothing is written or removed meanwhile: only the end of the hold changes."""
    cache, place_id = SlotCache(), reason.agenda.place_id
    holds = [a_hold(reason, at(MONDAY, "9:10")) for _desk in range(2)]
    with clock.frozen_at(MORNING + timedelta(minutes=16)):
        assert "2026-11-23T09:10" in [one.wall for one in hub_slots(wanted(reason), cache)[place_id]]
        with scope.authority(reason.authority_id):
            for number, hold in enumerate(holds):
                hold.people.create(rank=1, application_id=f"ESSAI0000{number}")
                Booking.objects.filter(id=hold.id).update(email="camille@exemple.test")
                confirm_booking(hold)
        assert "2026-11-23T09:10" not in [one.wall for one in hub_slots(wanted(reason), cache)[place_id]]


def test_a_release_to_come_bounds_what_is_kept() -> None:
    reason = a_reason(an_agenda(a_place(an_authority()), lead_minutes=0, horizon_days=2))
    cache, place_id = SlotCache(), reason.agenda.place_id
    assert hub_slots(wanted(reason), cache)[place_id][-1].wall == "2026-11-25T11:10"
    midnight_comes = datetime(2026, 11, 23, 23, tzinfo=UTC)
    with clock.frozen_at(midnight_comes - timedelta(microseconds=1)):
        assert computings(lambda: hub_slots(wanted(reason), cache)) == 0
    with clock.frozen_at(midnight_comes):
        assert hub_slots(wanted(reason), cache)[place_id][-1].wall == "2026-11-26T11:10"


def test_the_slots_used_last_stay_and_the_others_leave() -> None:
    def entry(slots: int) -> Entry:
        kept = module.HubSlot("2026-11-23T09:10", -1, "x", MORNING)
        return Entry(mock.sentinel.fingerprint, MORNING, None, (kept,) * slots)

    cache, asked = SlotCache(limit=100), Wanted((), "id-card", 1, MONDAY, LAST)
    keys = [(number, MONDAY) for number in range(4)]
    for key in keys[:3]:
        cache.put(key, asked, entry(25))  # type: ignore[arg-type]
    cache.get(keys[0], asked)  # type: ignore[arg-type]
    cache.put(keys[3], asked, entry(25))  # type: ignore[arg-type]
    assert [cache.get(key, asked) is not None for key in keys] == [True, False, True, True]  # type: ignore[arg-type]
    cache.put(keys[3], asked, entry(90))  # type: ignore[arg-type]
    assert len(cache) == 1
    cache.put(keys[3], asked, entry(500))  # type: ignore[arg-type]
    assert len(cache) == 0
    assert cache._weight == 0


# Others, in other processes and threads.


class Elsewhere:
    """A thread with its own connection and memory, as another process of the platform has."""

    def __init__(self) -> None:
        self.cache = SlotCache()

    def asks(self, asked: Wanted) -> list[str]:
        found: list[str] = []

        def ask() -> None:
            with clock.frozen_at(MORNING):
                found.extend(one.wall for listed in hub_slots(asked, self.cache).values() for one in listed)
            connection.close()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        return found


@pytest.mark.django_db(transaction=True)
def test_a_booking_made_elsewhere_is_seen_at_the_next_call(reason: Reason) -> None:
    processes, asked = [Elsewhere(), Elsewhere()], wanted(reason)
    full = processes[0].asks(asked)
    assert processes[1].asks(asked) == full
    for number in range(2):
        a_booking(reason, at(MONDAY, "9:10"), numbers=(f"ESSAI0000{number}",))
    assert [one.asks(asked) for one in processes] == [[wall for wall in full if wall != "2026-11-23T09:10"]] * 2


@pytest.mark.django_db(transaction=True)
def test_a_row_that_comes_and_goes_while_computing_leaves_no_trace(reason: Reason) -> None:
    """Fingerprint and slots are read in one snapshot: a hold taken between the two and given back is not kept."""
    process, asked = Elsewhere(), wanted(reason)
    holds: list[Booking] = []

    def meanwhile(*arguments: Any, **named: Any) -> Any:
        if not holds:
            taker = threading.Thread(target=take)
            taker.start()
            taker.join()
        return free_slots(*arguments, **named)

    def take() -> None:
        with clock.frozen_at(MORNING):
            holds.extend(a_hold(reason, at(MONDAY, "9:10")) for _desk in range(2))
        connection.close()

    with mock.patch.object(module, "free_slots", meanwhile):
        first = process.asks(asked)
    assert len(holds) == 2
    assert "2026-11-23T09:10" not in process.asks(asked)
    with scope.authority(reason.authority_id):
        for hold in holds:
            release_hold(hold)
    assert process.asks(asked) == first
    assert "2026-11-23T09:10" in first


def test_a_fingerprint_tells_places_and_months_apart(reason: Reason) -> None:
    other = a_reason(an_agenda(a_place(an_authority("illzach")), lead_minutes=0))
    ids = [reason.agenda.place_id, other.agenda.place_id]
    before = fingerprints(ids, [NOVEMBER, DECEMBER])
    a_hold(reason, at(date(2026, 12, 1), "9:10"))
    after = fingerprints(ids, [NOVEMBER, DECEMBER])
    assert {key for key in before if before[key] != after[key]} == {(ids[0], DECEMBER)}
    with scope.authority(other.authority_id):
        Reason.objects.filter(id=other.id).update(label="Autre")
    last = fingerprints(ids, [NOVEMBER, DECEMBER])
    assert {key for key in after if after[key] != last[key]} == {(ids[1], NOVEMBER), (ids[1], DECEMBER)}
