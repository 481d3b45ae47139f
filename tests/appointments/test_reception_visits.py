"""The verbs of a desk: who is there, who is next, who was received, who did not come."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from parvis.appointments.models import Booking
from parvis.appointments.selectors.today import day_rows, last_called, never_came, queue
from parvis.appointments.services.add_walk_in import WalkIn, add_walk_in
from parvis.appointments.services.call_next import call_next
from parvis.appointments.services.finish_visit import finish_visit
from parvis.appointments.services.record_arrival import record_arrival
from parvis.appointments.services.record_no_show import record_no_show
from parvis.appointments.services.undo_arrival import undo_arrival
from parvis.audit import facade as audit
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, MORNING, a_reason, an_agenda, at
from tests.appointments.reception_world import Hall, a_hall
from tests.world import an_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Iterator[Hall]:
    with clock.frozen_at(MORNING):
        yield a_hall()


def facts_of(hall: Hall, booking: Booking) -> list[str]:
    with scope.authority(hall.house.id):
        return [one.kind.removeprefix("appointment.") for one in audit.facts([booking.id])]


def test_a_visit_from_the_door_to_the_end(hall: Hall) -> None:
    booking = hall.arrived("9:10", "9:05")
    assert (booking.state, booking.ticket) == ("arrived", "A1")
    with clock.frozen_at(at(MONDAY, "9:12")), scope.authority(hall.house.id):
        called = call_next(hall.desks[1], actor=hall.agent.id)
        assert called is not None
        assert (called.id, called.state, called.called_to) == (booking.id, "called", hall.desks[1])
        assert [one.ticket for one in last_called(hall.place.id)] == ["A1"]
        assert finish_visit(called, actor=hall.agent.id).state == "served"
        assert call_next(hall.desks[1], actor=hall.agent.id) is None
    assert facts_of(hall, booking) == ["booked", "arrived", "called", "served"]


def test_facts_name_nobody(hall: Hall) -> None:
    booking = hall.arrived("9:10", "9:05", name="Zoé Introuvable")
    with scope.authority(hall.house.id):
        assert "Introuvable" not in str([one.data for one in audit.facts([booking.id])])


def test_each_gets_another_ticket_with_the_letter_of_the_agenda(hall: Hall) -> None:
    other = a_reason(an_agenda(hall.place, name="Retraits", walk_in_quota=5), "title-collection")
    first, second = hall.arrived("9:10", "9:00"), hall.arrived("9:30", "9:01", number="ESSAI00002")
    with clock.frozen_at(at(MONDAY, "9:02")), scope.authority(hall.house.id):
        third = add_walk_in(WalkIn(other), actor=hall.agent.id)
    assert [first.ticket, second.ticket, third.ticket] == ["A1", "A2", "B1"]


def test_a_ticket_taken_back_never_goes_to_somebody_else(hall: Hall) -> None:
    first = hall.arrived("9:10", "9:00")
    with clock.frozen_at(at(MONDAY, "9:01")), scope.authority(hall.house.id):
        undo_arrival(first, actor=hall.agent.id)
    second = hall.arrived("9:30", "9:02", number="ESSAI00002")
    with clock.frozen_at(at(MONDAY, "9:03")), scope.authority(hall.house.id):
        again = record_arrival(first, actor=hall.agent.id)
    assert (second.ticket, again.ticket) == ("A2", "A1")


def test_two_agents_press_the_same_button(hall: Hall) -> None:
    booking = hall.booked("9:10")
    other = an_agent(hall.house, "desk_agent", "Sacha Collègue")
    with clock.frozen_at(at(MONDAY, "9:05")), scope.authority(hall.house.id):
        record_arrival(booking, actor=other.id)
        with pytest.raises(Refusal) as refused:
            record_arrival(booking, actor=hall.agent.id)
    assert refused.value.code == "already_done"
    assert "Sacha Collègue" in refused.value.message
    assert "9\u00a0h\u00a005" in refused.value.message


def test_an_appointment_of_another_day_is_not_received_today(hall: Hall) -> None:
    booking = hall.booked("9:10")
    tomorrow = at(MONDAY + timedelta(days=1), "9:05")
    with clock.frozen_at(tomorrow), scope.authority(hall.house.id), pytest.raises(Refusal) as refused:
        record_arrival(booking, actor=hall.agent.id)
    assert refused.value.code == "not_today"
    assert "lundi 23 novembre 2026" in refused.value.message


def test_nobody_is_absent_before_their_hour(hall: Hall) -> None:
    booking = hall.booked("9:10")
    with scope.authority(hall.house.id):
        with clock.frozen_at(at(MONDAY, "9:09")), pytest.raises(Refusal) as refused:
            record_no_show(booking, actor=hall.agent.id)
        assert refused.value.code == "too_early"
        with clock.frozen_at(at(MONDAY, "9:40")):
            assert record_no_show(booking, actor=hall.agent.id).state == "no_show"
            back = record_arrival(booking, actor=hall.agent.id)
    assert back.state == "arrived"
    assert back.finished_at is None


def test_a_gesture_is_taken_back_one_step_at_a_time(hall: Hall) -> None:
    booking = hall.arrived("9:10", "9:05")
    with clock.frozen_at(at(MONDAY, "9:12")), scope.authority(hall.house.id):
        call_next(hall.desks[0], actor=hall.agent.id)
        back = undo_arrival(booking, actor=hall.agent.id)
        assert (back.state, back.called_to, back.called_at) == ("arrived", None, None)
        back = undo_arrival(booking, actor=hall.agent.id)
        assert (back.state, back.arrived_at) == ("booked", None)
        with pytest.raises(Refusal):
            undo_arrival(booking, actor=hall.agent.id)


def test_somebody_without_appointment_who_leaves_is_expected_by_nobody(hall: Hall) -> None:
    with clock.frozen_at(at(MONDAY, "9:00")), scope.authority(hall.house.id):
        booking = add_walk_in(WalkIn(hall.reason), actor=hall.agent.id)
        assert undo_arrival(booking, actor=hall.agent.id).state == "cancelled"


def test_the_queue_follows_the_rule(hall: Hall) -> None:
    with clock.frozen_at(at(MONDAY, "9:00")), scope.authority(hall.house.id):
        walk_in = add_walk_in(WalkIn(hall.reason), actor=hall.agent.id)
    on_time = hall.arrived("9:10", "9:08")
    late = hall.arrived("8:30", "9:09", number="ESSAI00002")
    with clock.frozen_at(at(MONDAY, "9:10")), scope.authority(hall.house.id):
        assert [one.id for one in queue(hall.place.id, hall.agenda.id)] == [on_time.id, walk_in.id, late.id]
        rows = {row.booking.id: row for row in day_rows(hall.place.id, MONDAY)}
    assert [rows[one.id].turn for one in (on_time, walk_in, late)] == [1, 2, 3]
    assert rows[late.id].late_minutes == 39
    assert rows[on_time.id].late_minutes == 0


def test_a_desk_calls_its_own_agenda_and_any_ticket_it_asks_for(hall: Hall) -> None:
    other = a_reason(an_agenda(hall.place, name="Retraits", walk_in_quota=5), "title-collection")
    with clock.frozen_at(at(MONDAY, "9:00")), scope.authority(hall.house.id):
        elsewhere = add_walk_in(WalkIn(other), actor=hall.agent.id)
        assert call_next(hall.desks[0], actor=hall.agent.id) is None
        called = call_next(hall.desks[0], actor=hall.agent.id, booking=elsewhere)
    assert called is not None
    assert called.called_to == hall.desks[0]


def test_a_desk_of_another_place_calls_nobody_here(hall: Hall) -> None:
    booking = hall.arrived("9:10", "9:05")
    there = a_hall("autre-rive")
    with scope.authority(hall.house.id), pytest.raises(Refusal) as refused:
        call_next(there.desks[0], actor=hall.agent.id, booking=booking)
    assert refused.value.code == "other_place"


def test_those_who_never_came_are_proposed_when_the_day_is_over(hall: Hall) -> None:
    absent, came = hall.booked("9:10"), hall.arrived("9:30", "9:25", number="ESSAI00002")
    with scope.authority(hall.house.id):
        with clock.frozen_at(at(MONDAY, "16:59")):
            assert never_came(hall.place.id, MONDAY) == []
        with clock.frozen_at(at(MONDAY, "17:00")):
            assert [one.id for one in never_came(hall.place.id, MONDAY)] == [absent.id]
    assert hall.now(absent).state == "booked", "proposed, never noted silently"
    assert hall.now(came).state == "arrived"
