"""Moving, cancelling, the calendar's file, and finding one's link again."""

from datetime import timedelta

import icalendar
import pytest
from django.db import connection
from django.test import Client

from parvis.accounts import facade as accounts
from parvis.appointments.models import Booking, BookingState, Reason
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.move_booking import move_booking
from parvis.appointments.services.send_links import send_links
from parvis.appointments.web.booking import find
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.notifications.models import Message
from tests.appointments.agenda_world import MONDAY, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.appointments.booking_world import address, fresh
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def reason() -> Reason:
    return a_reason(an_agenda(a_place(an_authority()), desks=1, lead_minutes=0))


@pytest.fixture
def booked(reason: Reason) -> Booking:
    return a_booking(reason, at(MONDAY, "10:10"))


def text(client: Client, url: str) -> str:
    got = client.get(url)
    assert got.status_code == 200
    return got.content.decode()


def test_the_nearest_hours_come_first_then_the_week(client: Client, booked: Booking) -> None:
    page = text(client, address(booked, "move_booking"))
    assert page.index('value="2026-11-23T09:50"') < page.index('value="2026-11-24T08:30"')
    assert 'value="2026-11-23T10:10"' not in page, "its own hour is no choice"
    assert "?semaine=2026-W49" in page
    assert "?semaine=2026-W47" not in page, "nothing in the past"
    page = text(client, address(booked, "move_booking") + "?semaine=2026-W49")
    assert 'value="2026-11-30T10:10"' in page
    assert "?semaine=2026-W48" in page


@pytest.mark.parametrize("asked", ["2026-W99", "bonjour", "99999-W01", "-W"])
def test_a_strange_week_shows_the_usual_one(client: Client, booked: Booking, asked: str) -> None:
    assert 'value="2026-11-24T08:30"' in text(client, address(booked, "move_booking") + f"?semaine={asked}")


def test_an_empty_week_teaches_where_to_look(client: Client, booked: Booking) -> None:
    page = text(client, address(booked, "move_booking") + "?semaine=2027-W30")
    assert "Aucune place libre cette semaine" in page
    assert "Chercher dans toute l’agglomération" in page


def test_a_move_keeps_the_link_and_frees_the_hour(client: Client, reason: Reason, booked: Booking) -> None:
    got = client.post(address(booked, "move_booking"), {"debut": "2026-11-24T08:50"})
    assert got.url == address(booked)
    assert (fresh(booked).starts_at, fresh(booked).version) == (at(MONDAY + timedelta(days=1), "8:50"), 1)
    assert "mardi 24 novembre 2026" in text(client, got.url)
    assert a_hold(reason, at(MONDAY, "10:10")).state == BookingState.HELD


def test_a_slot_taken_meanwhile_leaves_the_old_one(client: Client, reason: Reason, booked: Booking) -> None:
    a_booking(reason, at(MONDAY, "10:30"), numbers=("ESSAI00009",))
    got = client.post(address(booked, "move_booking"), {"debut": "2026-11-23T10:30"})
    assert got.status_code == 409
    page = got.content.decode()
    assert "vient d’être pris" in page
    assert 'value="2026-11-23T10:50"' in page
    assert fresh(booked).starts_at == at(MONDAY, "10:10")


def test_no_hour_chosen_is_said(client: Client, booked: Booking) -> None:
    got = client.post(address(booked, "move_booking"), {})
    assert got.status_code == 422
    assert "Choisissez d’abord une heure" in got.content.decode()


def test_a_displaced_appointment_takes_a_new_hour(client: Client, booked: Booking) -> None:
    with scope.authority(booked.authority_id):
        Booking.objects.filter(id=booked.id).update(state="displaced")
    assert "n’est plus possible" in text(client, address(booked, "move_booking"))
    client.post(address(booked, "move_booking"), {"debut": "2026-11-24T08:50"})
    assert fresh(booked).state == BookingState.BOOKED


def test_a_past_appointment_is_not_moved(booked: Booking) -> None:
    over = clock.frozen_at(at(MONDAY, "11:00"))
    with pytest.raises(Refusal) as refused, over, scope.authority(booked.authority_id):
        move_booking(booked, at(MONDAY + timedelta(days=1), "8:50"))
    assert refused.value.code == "not_movable"


def test_cancelling_says_what_happens_and_happens_once(client: Client, reason: Reason, booked: Booking) -> None:
    page = text(client, address(booked, "cancel_booking"))
    assert "Vous ne pourrez pas revenir en arrière" in page
    assert "prendre un nouveau rendez-vous" in page
    for _ in range(2):
        assert client.post(address(booked, "cancel_booking")).url == address(booked)
    assert (fresh(booked).state, fresh(booked).version) == (BookingState.CANCELLED, 1)
    assert client.get(address(booked, "cancel_booking")).url == address(booked)
    assert a_hold(reason, at(MONDAY, "10:10")).state == BookingState.HELD


def test_a_hold_is_not_cancelled_by_its_link(client: Client, reason: Reason) -> None:
    held = a_hold(reason, at(MONDAY, "10:10"))
    assert client.post(address(held, "cancel_booking")).url == address(held)
    assert fresh(held).state == BookingState.HELD


def the_event(client: Client, booking: Booking) -> icalendar.Component:
    got = client.get(address(booking, "booking_calendar"))
    assert got["Content-Type"].startswith("text/calendar")
    [event] = icalendar.Calendar.from_ical(got.content).walk("VEVENT")
    return event


def test_the_calendar_s_file_follows_the_appointment(client: Client, booked: Booking) -> None:
    first = the_event(client, booked)
    assert first.decoded("dtstart") == at(MONDAY, "10:10")
    assert address(booked) in first["url"]
    assert "photo" in first["description"]
    client.post(address(booked, "move_booking"), {"debut": "2026-11-24T08:50"})
    moved = the_event(client, booked)
    assert moved["uid"] == first["uid"]
    assert (moved["sequence"], moved.decoded("dtstart")) == (1, at(MONDAY + timedelta(days=1), "8:50"))
    with scope.authority(booked.authority_id):
        cancel_booking(fresh(booked))
    assert the_event(client, booked)["status"] == "CANCELLED"


def test_a_hold_has_no_calendar_file(client: Client, reason: Reason) -> None:
    assert client.get(address(a_hold(reason, at(MONDAY, "10:10")), "booking_calendar")).status_code == 404


# --- finding one's link again


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'appointments.send_links'")
        return int(cursor.fetchone()[0])


def test_the_answer_is_the_same_for_every_address(client: Client, booked: Booking) -> None:
    url = "/valbruche/rendez-vous/retrouver/"
    answers = []
    for email in (booked.email, "personne@exemple.test"):
        got = client.post(url, {"email": email}, follow=True)
        answers.append((got.status_code, got.redirect_chain, "C’est noté" in got.content.decode()))
    assert answers[0] == answers[1]
    assert answers[0][2]
    assert jobs() == 2, "what is sent is found out later, by the worker"


def test_a_wrong_or_repeated_address_is_refused(
    client: Client, booked: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "/valbruche/rendez-vous/retrouver/"
    assert client.post(url, {"email": "camille@"}).status_code == 422
    monkeypatch.setattr(find, "AN_ADDRESS", accounts.Limit(1, timedelta(hours=1)))
    assert [client.post(url, {"email": booked.email}).status_code for _ in range(2)] == [302, 429]
    assert jobs() == 1


def test_the_links_of_every_authority_go_to_their_own_address_only(booked: Booking) -> None:
    Message.objects.all().delete()
    far = a_reason(an_agenda(a_place(an_authority("autre-rive")), lead_minutes=0))
    other = a_booking(far, at(MONDAY, "8:50"), numbers=("ESSAI00002",))
    a_hold(far, at(MONDAY, "9:10"))
    with scope.authority(other.authority_id):
        cancel_booking(a_booking(far, at(MONDAY, "9:30"), numbers=("ESSAI00003",)))
    Message.objects.all().delete()
    assert send_links("Camille@exemple.test") == 2
    assert send_links("camille@exemple.test") == 2
    [letter] = Message.objects.all()
    assert letter.to == "Camille@exemple.test"
    assert all(address(one) in letter.text for one in (booked, other))
    assert send_links("personne@exemple.test") == 0
    with clock.frozen_at(at(MONDAY, "12:00")):
        assert send_links("camille@exemple.test") == 0, "the past is not sent"
