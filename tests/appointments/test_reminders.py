"""Reminders: two days before by mail, the day before by SMS, once, by day, and only of what is still true."""

from datetime import UTC, datetime, timedelta

import pytest

from parvis.appointments import tasks
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.reminders import Due, due
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.move_booking import move_booking
from parvis.kit import clock, scope
from parvis.notifications import facade as notifications
from parvis.notifications.facade import MessageView
from parvis.notifications.models import Message
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = pytest.mark.django_db
# Booked on Monday the 23rd; the appointment is on Friday the 27th at 9:10.
FRIDAY = MONDAY + timedelta(days=4)
START = at(FRIDAY, "9:10")
WEDNESDAY, THURSDAY = FRIDAY - timedelta(days=2), FRIDAY - timedelta(days=1)


@pytest.fixture
def booking() -> Booking:
    with clock.frozen_at(MORNING):
        made = a_booking(a_reason(an_agenda(a_place(an_authority()))), START)
        with scope.authority(made.authority_id):
            made.phone, made.wants_sms = "+33639980001", True
            made.save()
    return made


def work(instant: datetime) -> None:
    """Both workers come by at that moment."""
    with clock.frozen_at(instant):
        tasks.remind_people(0)
        tasks.remind_people(0)


def reminders(booking: Booking) -> list[MessageView]:
    return [one for one in notifications.messages(subject_id=booking.id)[::-1] if "Rappel" in one.title + one.text]


def channels(booking: Booking) -> list[str]:
    return [one.channel for one in reminders(booking)]


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (at(WEDNESDAY, "8:59"), []),
        (at(WEDNESDAY, "9:00"), ["email"]),
        (at(WEDNESDAY, "20:00"), []),
        (at(THURSDAY, "8:59"), []),
        (at(THURSDAY, "9:00"), ["email", "sms"]),
        (at(THURSDAY, "19:59"), ["email", "sms"]),
        (at(THURSDAY, "20:00"), []),
        (at(FRIDAY, "8:20"), []),
        (at(FRIDAY, "9:20"), []),
    ],
    ids=["early", "wednesday", "wednesday-night", "dawn", "thursday", "evening", "night", "on-the-way", "over"],
)
def test_what_leaves_at_an_hour_when_nothing_left_before(
    booking: Booking, instant: datetime, expected: list[str]
) -> None:
    work(instant)
    assert channels(booking) == expected


def test_the_whole_way_is_one_mail_and_one_sms(booking: Booking) -> None:
    moment = at(WEDNESDAY, "0:00")
    while moment < START:
        work(moment)
        moment += timedelta(hours=1)
    mail, sms = reminders(booking)
    assert [mail.channel, sms.channel] == ["email", "sms"]
    assert mail.created_at == at(WEDNESDAY, "9:00")
    assert sms.created_at == at(THURSDAY, "9:00")
    assert "demain à 9h10" in sms.text
    assert "vendredi 27 novembre 2026" in mail.text
    assert notifications.segments(sms.text) <= 2


def test_an_sms_that_an_operator_keeps_never_rings_at_night(booking: Booking) -> None:
    work(at(THURSDAY, "19:59"))
    assert Message.objects.get(channel="sms").not_after == at(THURSDAY, "20:00")


def test_nobody_is_reminded_of_a_cancelled_appointment(booking: Booking) -> None:
    with clock.frozen_at(at(WEDNESDAY, "8:00")), scope.authority(booking.authority_id):
        cancel_booking(booking)
    work(at(WEDNESDAY, "9:00"))
    work(at(THURSDAY, "9:00"))
    assert channels(booking) == []


def test_a_displaced_appointment_is_not_reminded(booking: Booking) -> None:
    with scope.authority(booking.authority_id):
        Booking.objects.filter(id=booking.id).update(state=BookingState.DISPLACED)
    work(at(WEDNESDAY, "9:00"))
    assert channels(booking) == []


def test_a_moved_appointment_is_reminded_of_its_new_hour_only(booking: Booking) -> None:
    work(at(WEDNESDAY, "9:00"))
    monday = at(FRIDAY + timedelta(days=3), "10:10")
    with clock.frozen_at(at(WEDNESDAY, "15:00")), scope.authority(booking.authority_id):
        move_booking(booking, monday)
    work(at(THURSDAY, "9:00"))
    assert channels(booking) == ["email"]
    work(at(FRIDAY + timedelta(days=1), "9:00"))
    work(at(FRIDAY + timedelta(days=2), "9:00"))
    assert channels(booking) == ["email", "email", "sms"]
    assert "lundi 30 novembre 2026" in reminders(booking)[1].text


def test_who_has_just_read_their_confirmation_is_not_reminded() -> None:
    with clock.frozen_at(at(WEDNESDAY, "10:00")):
        made = a_booking(a_reason(an_agenda(a_place(an_authority()))), START)
        with scope.authority(made.authority_id):
            Booking.objects.filter(id=made.id).update(phone="+33639980001", wants_sms=True)
    work(at(WEDNESDAY, "10:10"))
    assert channels(made) == []
    work(at(THURSDAY, "9:00"))
    assert channels(made) == ["sms"]


@pytest.mark.parametrize(
    "fields",
    [{"wants_sms": False}, {"phone": "+33389000000"}, {"phone": ""}],
    ids=["unwanted", "landline", "no-number"],
)
def test_only_those_who_want_it_on_a_mobile_get_an_sms(booking: Booking, fields: dict[str, object]) -> None:
    with scope.authority(booking.authority_id):
        Booking.objects.filter(id=booking.id).update(**fields)
    work(at(THURSDAY, "9:00"))
    assert channels(booking) == ["email"]


def test_hours_are_those_of_paris_in_both_seasons() -> None:
    """The mail of the Monday after the autumn night leaves at 9 of Paris summer time, two days before."""
    start = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
    told = datetime(2026, 10, 1, tzinfo=UTC)
    assert due(start, told, None, datetime(2026, 10, 24, 6, 59, tzinfo=UTC)) == Due(False, False)
    assert due(start, told, None, datetime(2026, 10, 24, 7, 0, tzinfo=UTC)) == Due(True, False)
    assert due(start, told, datetime(2026, 10, 24, 7, 0, tzinfo=UTC), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)) == Due(
        False, True
    )
