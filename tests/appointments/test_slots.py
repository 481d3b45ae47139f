"""Free slots as PostgreSQL computes them, and what holding and booking take from them."""

from datetime import datetime, timedelta

import pytest

from parvis.appointments.models import Reason, Resource
from parvis.appointments.rules.paris import PARIS
from parvis.appointments.selectors.slots import free_slots
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.hold_slot import Held, hold_slot
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def hours_of(reason: Reason, persons: int = 1, days: int = 1) -> list[str]:
    found = free_slots([reason.id], persons, MORNING, MORNING + timedelta(days=days) - timedelta(hours=8))
    return [one.starts_at.astimezone(PARIS).strftime("%H:%M") for one in found]


def test_every_start_of_the_grid_that_leaves_room_before_closing(reason: Reason) -> None:
    assert hours_of(reason) == ["08:30", "08:50", "09:10", "09:30", "09:50", "10:10", "10:30", "10:50", "11:10"]


def test_two_persons_take_twice_the_time(reason: Reason) -> None:
    assert hours_of(reason, persons=2)[-1] == "10:50"


def test_more_persons_than_the_reason_takes_find_nothing(reason: Reason) -> None:
    assert hours_of(reason, persons=5) == []


def test_a_slot_is_listed_as_long_as_one_desk_is_free(reason: Reason) -> None:
    a_hold(reason, at(MONDAY, "9:10"))
    assert "09:10" in hours_of(reason)
    a_hold(reason, at(MONDAY, "9:10"))
    assert "09:10" not in hours_of(reason)
    with pytest.raises(Refusal) as refused:
        a_hold(reason, at(MONDAY, "9:10"))
    assert refused.value.code == "slot_taken"


def test_an_hour_that_is_not_a_slot_is_refused(reason: Reason) -> None:
    for hour in ("9:15", "11:20", "14:00"):
        with pytest.raises(Refusal) as refused:
            a_hold(reason, at(MONDAY, hour))
        assert refused.value.code == "not_bookable"


def test_a_hold_leaves_alone_when_its_time_is_over(reason: Reason) -> None:
    for _ in range(2):
        a_hold(reason, at(MONDAY, "9:10"))
    with clock.frozen_at(MORNING + timedelta(minutes=14)):
        assert "09:10" not in hours_of(reason)
    with clock.frozen_at(MORNING + timedelta(minutes=16)):
        assert "09:10" in hours_of(reason)
        a_hold(reason, at(MONDAY, "9:10"))
        a_hold(reason, at(MONDAY, "9:10"))
        with scope.authority(reason.authority_id):
            assert expire_holds() == 2


def test_a_booking_stays(reason: Reason) -> None:
    a_booking(reason, at(MONDAY, "9:10"))
    a_booking(reason, at(MONDAY, "9:10"), numbers=("AUTRE00001",))
    with clock.frozen_at(MORNING + timedelta(minutes=50)):
        assert "09:10" not in hours_of(reason)


def test_the_buffer_is_kept_after_an_appointment_and_before_closing() -> None:
    reason = a_reason(an_agenda(a_place(an_authority()), desks=1, lead_minutes=0), buffer_minutes=10)
    assert hours_of(reason)[-1] == "10:50"
    a_hold(reason, at(MONDAY, "9:10"))
    assert hours_of(reason)[:3] == ["08:30", "09:50", "10:10"]


def test_several_agents_at_once() -> None:
    reason = a_reason(an_agenda(a_place(an_authority()), desks=3, lead_minutes=0), units=2)
    a_hold(reason, at(MONDAY, "9:10"))
    assert "09:10" not in hours_of(reason)
    with pytest.raises(Refusal):
        a_hold(reason, at(MONDAY, "9:10"))
    assert "09:30" in hours_of(reason)


def test_a_collective_session_has_seats() -> None:
    agenda = an_agenda(
        a_place(an_authority()), desks=1, capacity=5, hours="9:00-9:45,10:00-10:45", collective=True, lead_minutes=0
    )
    reason = a_reason(agenda, "swimming-lesson", max_persons=4)
    a_hold(reason, at(MONDAY, "9:00"), persons=3)
    assert hours_of(reason, persons=2) == ["09:00", "10:00"]
    assert hours_of(reason, persons=3) == ["10:00"]
    held = a_hold(reason, at(MONDAY, "9:00"), persons=2)
    assert held.ends_at == at(MONDAY, "9:45")
    with pytest.raises(Refusal):
        a_hold(reason, at(MONDAY, "9:00"))


def test_nothing_before_the_least_notice_nor_beyond_the_horizon() -> None:
    reason = a_reason(an_agenda(a_place(an_authority()), lead_minutes=120, horizon_days=3))
    found = free_slots([reason.id], 1, MORNING, MORNING + timedelta(days=30))
    assert found[0].starts_at == at(MONDAY, "9:10") + timedelta(hours=1)
    assert found[-1].starts_at.astimezone(PARIS).date() == MONDAY + timedelta(days=3)


def test_a_desk_that_no_longer_works_offers_nothing(reason: Reason) -> None:
    with scope.authority(reason.authority_id):
        Resource.objects.filter(agenda_id=reason.agenda_id).update(active=False)
    assert hours_of(reason) == []


def test_the_first_of_each_place_in_one_question() -> None:
    reasons = []
    for name in ("illzach", "riedisheim"):
        reasons.append(a_reason(an_agenda(a_place(an_authority(name)), lead_minutes=0)))
    found = free_slots([one.id for one in reasons], 1, MORNING, MORNING + timedelta(days=9), each=2)
    assert [one.starts_at for one in found] == [at(MONDAY, "8:30")] * 2 + [at(MONDAY, "8:50")] * 2


def test_another_authority_cannot_take_a_slot_here(reason: Reason) -> None:
    other = an_authority("autre")
    with pytest.raises(LookupError), scope.authority(other.id):
        hold_slot(Held(reason, 1, datetime.fromisoformat("2026-11-23T08:30:00+00:00")))


def test_two_rooms_with_a_session_at_one_hour_are_one_slot() -> None:
    agenda = an_agenda(a_place(an_authority()), desks=2, capacity=3, hours="9:00-9:45", collective=True, lead_minutes=0)
    reason = a_reason(agenda, "swimming-lesson", max_persons=4)
    [slot] = free_slots([reason.id], 2, MORNING, MORNING + timedelta(hours=12))
    assert (slot.starts_at, slot.ends_at, slot.left) == (at(MONDAY, "9:00"), at(MONDAY, "9:45"), 6)
    assert free_slots([reason.id], 4, MORNING, MORNING + timedelta(hours=12)) == [], "no room has four seats"
