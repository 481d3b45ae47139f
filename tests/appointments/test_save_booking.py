"""Each step is kept and renews the hold, never beyond its ceiling; what was typed outlives the hold."""

from datetime import timedelta

import pytest

from parvis.appointments.models import Booking, BookingState, Occupancy, Reason
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.hold_again import hold_again
from parvis.appointments.services.save_booking import ContactAnswers, PersonAnswers, save_booking
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

CAMILLE = PersonAnswers(1, "Camille", "Essai", case="renewal", application_id="ESSAI00001")
CONTACT = ContactAnswers("Camille Essai", "camille@exemple.test")


@pytest.fixture
def reason() -> Reason:
    return a_reason(an_agenda(a_place(an_authority()), desks=1, lead_minutes=0))


@pytest.fixture
def held(reason: Reason) -> Booking:
    return a_hold(reason, at(MONDAY, "10:10"))


def save(booking: Booking, minutes: int, **what: object) -> Booking:
    """So many minutes after the hold began."""
    with clock.frozen_at(MORNING + timedelta(minutes=minutes)), scope.authority(booking.authority_id):
        return save_booking(booking, **what)  # type: ignore[arg-type]


def minutes_held(booking: Booking) -> float:
    assert booking.held_until is not None
    return (booking.held_until - MORNING).total_seconds() / 60


def test_each_save_renews_the_hold_up_to_the_ceiling(held: Booking) -> None:
    assert minutes_held(held) == 15
    until = [minutes_held(save(held, minute, people=[CAMILLE])) for minute in (10, 24, 38, 44)]
    assert until == [25, 39, 45, 45]
    with scope.authority(held.authority_id):
        [taken] = Occupancy.objects.filter(booking_id=held.id)
        assert (taken.held_until - MORNING) == timedelta(minutes=45)
        [person] = held.people.all()
        assert (person.first_name, person.case, person.application_id) == ("Camille", "renewal", "ESSAI00001")


def test_a_step_saved_twice_replaces_what_it_said(held: Booking) -> None:
    save(held, 1, people=[CAMILLE], contact=CONTACT)
    booking = save(held, 2, people=[PersonAnswers(1, "Dominique", "Essai")])
    with scope.authority(held.authority_id):
        assert [(one.first_name, one.application_id) for one in booking.people.all()] == [("Dominique", "")]
    assert booking.email == "camille@exemple.test"


def test_an_offer_s_longer_hold_is_not_shortened(reason: Reason) -> None:
    held = a_hold(reason, at(MONDAY, "10:10"), held_until=MORNING + timedelta(minutes=20))
    assert minutes_held(save(held, 1, people=[CAMILLE])) == 20


@pytest.mark.parametrize(
    "swept", [pytest.param(False, id="before the sweep"), pytest.param(True, id="after the sweep")]
)
def test_a_hold_that_ran_out_is_taken_again_by_the_next_save(held: Booking, swept: bool) -> None:
    with clock.frozen_at(MORNING + timedelta(minutes=20)), scope.authority(held.authority_id):
        assert expire_holds() == 1 if swept else True
    booking = save(held, 21, people=[CAMILLE])
    assert booking.state == BookingState.HELD
    assert minutes_held(booking) == 36
    with scope.authority(held.authority_id):
        assert Occupancy.objects.filter(booking_id=held.id).count() == 1


def test_what_was_typed_is_kept_when_somebody_took_the_slot(reason: Reason, held: Booking) -> None:
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        a_booking(reason, at(MONDAY, "10:10"))
    booking = save(held, 21, people=[CAMILLE], contact=CONTACT)
    assert booking.state == BookingState.EXPIRED
    with scope.authority(held.authority_id):
        booking = Booking.objects.get(id=held.id)
        assert booking.contact_name == "Camille Essai"
        assert [one.first_name for one in booking.people.all()] == ["Camille"]
        assert not Occupancy.objects.filter(booking_id=held.id).exists()


def test_another_hour_is_held_under_the_same_link(reason: Reason, held: Booking) -> None:
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        a_booking(reason, at(MONDAY, "10:10"))
        with scope.authority(held.authority_id):
            with pytest.raises(Refusal) as refused:
                hold_again(held)
            assert refused.value.code == "slot_taken"
            booking = hold_again(held, at(MONDAY, "10:30"))
    assert (booking.id, booking.state, booking.starts_at) == (held.id, BookingState.HELD, at(MONDAY, "10:30"))
    assert booking.ends_at == at(MONDAY, "10:50")
    assert minutes_held(booking) == 35


def test_a_running_hold_is_left_alone(held: Booking) -> None:
    with clock.frozen_at(MORNING + timedelta(minutes=5)), scope.authority(held.authority_id):
        assert minutes_held(hold_again(held)) == 15, "asking again is no way to keep a slot for ever"


def test_a_confirmed_appointment_is_not_filled_again(reason: Reason) -> None:
    booking = a_booking(reason, at(MONDAY, "9:10"))
    with pytest.raises(Refusal) as refused:
        save(booking, 1, people=[CAMILLE])
    assert refused.value.code == "not_bookable"
    with pytest.raises(Refusal), scope.authority(booking.authority_id):
        hold_again(booking)


@pytest.mark.parametrize("state", ["unknown", "consumed", "expired"])
def test_a_refused_number_is_never_confirmed(held: Booking, state: str) -> None:
    refused_number = PersonAnswers(1, "Camille", "Essai", application_id="ESSAI00001", application_state=state)
    save(held, 1, people=[refused_number], contact=CONTACT)
    with pytest.raises(Refusal) as refused, scope.authority(held.authority_id):
        confirm_booking(held)
    assert refused.value.code == "incomplete"


def test_a_number_that_nobody_could_check_is_confirmed(held: Booking) -> None:
    save(held, 1, people=[CAMILLE], contact=CONTACT)
    with scope.authority(held.authority_id):
        assert confirm_booking(held).state == BookingState.BOOKED
