"""What people typed does not stay longer than it serves; what figures need does."""

from datetime import datetime, timedelta

import pytest

from parvis.appointments import tasks
from parvis.appointments.models import (
    ApplicationPointer,
    BookedPerson,
    Booking,
    BookingState,
    NationalDeclaration,
    Waiting,
)
from parvis.appointments.rules.retention import booking_kept
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.expire_holds import expire_holds
from parvis.appointments.services.join_waiting import Wish, join_waiting
from parvis.kit import clock, scope
from parvis.notifications.facade import messages
from parvis.notifications.models import Message
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = pytest.mark.django_db
START = at(MONDAY + timedelta(days=4), "9:10")
END = START + timedelta(minutes=20)
KEPT = timedelta(days=90)
TYPED = ("contact_name", "email", "phone", "guardian_name", "needs", "desk_note")


@pytest.fixture
def booking() -> Booking:
    with clock.frozen_at(MORNING):
        made = a_booking(a_reason(an_agenda(a_place(an_authority()))), START)
        with scope.authority(made.authority_id):
            Booking.objects.filter(id=made.id).update(
                phone="+33639980001", wants_sms=True, guardian_name="Dominique", needs="Fauteuil roulant",
                desk_note="À rappeler",
            )  # fmt: skip
    return made


def test_letters_are_erased_with_the_booking_and_that_they_left_is_known(booking: Booking) -> None:
    Message.objects.filter(subject_id=booking.id).update(state="sent")
    assert [one.to for one in messages(subject_id=booking.id)] == ["camille@exemple.test"]
    forgotten(booking, END + KEPT)
    [letter] = messages(subject_id=booking.id)
    assert (letter.to, letter.title, letter.text, letter.attached, letter.state) == ("", "", "", (), "sent")


def forgotten(booking: Booking, instant: datetime) -> Booking:
    with clock.frozen_at(instant):
        tasks.forget(0)
    with scope.authority(booking.authority_id):
        return Booking.objects.get(id=booking.id)


@pytest.mark.parametrize(
    "state", [BookingState.SERVED, BookingState.NO_SHOW, BookingState.BOOKED, BookingState.DISPLACED]
)
def test_after_ninety_days_only_what_figures_need_is_left(booking: Booking, state: BookingState) -> None:
    with scope.authority(booking.authority_id):
        Booking.objects.filter(id=booking.id).update(state=state)
    just_before = forgotten(booking, END + KEPT - timedelta(seconds=1))
    assert just_before.email == "camille@exemple.test"
    assert just_before.forgotten_at is None
    after = forgotten(booking, END + KEPT)
    assert [getattr(after, name) for name in TYPED] == [""] * len(TYPED)
    assert not after.wants_sms
    assert after.forgotten_at == END + KEPT
    assert (after.state, after.persons, after.starts_at, after.source) == (state, 1, START, "online")
    with scope.authority(booking.authority_id):
        assert BookedPerson.objects.count() == 0
        assert NationalDeclaration.objects.count() == 0


def test_a_cancelled_one_is_forgotten_too(booking: Booking) -> None:
    with clock.frozen_at(MORNING), scope.authority(booking.authority_id):
        cancel_booking(booking)
    assert forgotten(booking, END + KEPT).email == ""


def test_an_abandoned_form_is_forgotten_an_hour_after_its_hold() -> None:
    with clock.frozen_at(MORNING):
        hold = a_hold(a_reason(an_agenda(a_place(an_authority()))), START)
        with scope.authority(hold.authority_id):
            hold.people.create(rank=1, first_name="Camille", application_id="ESSAI00001")
            Booking.objects.filter(id=hold.id).update(email="camille@exemple.test")
    over = MORNING + timedelta(minutes=15)
    with clock.frozen_at(over), scope.authority(hold.authority_id):
        expire_holds()
    assert forgotten(hold, over + timedelta(minutes=59)).email == "camille@exemple.test"
    assert forgotten(hold, over + timedelta(minutes=60)).email == ""
    with scope.authority(hold.authority_id):
        assert BookedPerson.objects.count() == 0


def test_a_number_is_found_from_elsewhere_only_until_the_appointment_is_over(booking: Booking) -> None:
    forgotten(booking, END - timedelta(seconds=1))
    assert ApplicationPointer.objects.count() == 1
    assert forgotten(booking, END).email == "camille@exemple.test"
    assert ApplicationPointer.objects.count() == 0


def test_a_displaced_one_may_still_be_replaced_so_its_numbers_are_found(booking: Booking) -> None:
    with scope.authority(booking.authority_id):
        Booking.objects.filter(id=booking.id).update(state=BookingState.DISPLACED)
    forgotten(booking, END + timedelta(days=1))
    assert ApplicationPointer.objects.count() == 1
    forgotten(booking, END + KEPT)
    assert ApplicationPointer.objects.count() == 0


def test_an_address_that_never_said_yes_is_erased_after_two_days() -> None:
    whole = an_authority("les-vals", kind="agglomeration")
    with clock.frozen_at(MORNING):
        a_reason(an_agenda(a_place(an_authority())))
        join_waiting(Wish("id-card", 1, (), MONDAY, MONDAY + timedelta(days=30)), "camille@exemple.test")
    for hours, left in ((47, 1), (48, 0)):
        with clock.frozen_at(MORNING + timedelta(hours=hours)):
            tasks.end_waiting(0)
        with scope.authority(whole.id):
            assert Waiting.objects.count() == left


def test_the_length_is_dated_and_unknown_before_its_first_day() -> None:
    assert booking_kept(MONDAY) == KEPT
    with pytest.raises(LookupError):
        booking_kept(MONDAY.replace(year=2020))
