"""What people are told: once, with all they need and nothing that they would not want others to read."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from icalendar import Calendar

from parvis.appointments.links import management_url
from parvis.appointments.models import Booking
from parvis.appointments.services.cancel_booking import cancel_booking
from parvis.appointments.services.confirm_booking import confirm_booking
from parvis.appointments.services.displace_booking import displace_booking
from parvis.appointments.services.move_booking import move_booking
from parvis.kit import clock, scope
from parvis.notifications import facade as notifications
from parvis.notifications.facade import MessageView
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = pytest.mark.django_db
NUMBER = "ESSAI00001"


@pytest.fixture
def booking():
    with clock.frozen_at(MORNING):
        place = a_place(
            an_authority(), "Mairie annexe", access="Tram 2, arrêt Gare", has_lift=True, phone="03 89 00 00 00"
        )
        yield a_booking(a_reason(an_agenda(place)), at(MONDAY + timedelta(days=7), "9:10"), 2)


def letters(booking: Booking) -> list[MessageView]:
    """Oldest first."""
    return notifications.messages(subject_id=booking.id)[::-1]


def calendar_of(message: MessageView) -> Calendar:
    file = notifications.attachment(message.id, 0)
    assert file is not None
    assert file.name == "rendez-vous.ics"
    return Calendar.from_ical(file.content)


def test_a_confirmed_appointment_is_told_with_all_that_one_needs(booking: Booking) -> None:
    (letter,) = letters(booking)
    assert letter.to == "camille@exemple.test"
    assert letter.title == "Rendez-vous confirmé : lundi 30 novembre 2026 à 9 h 10"
    for words in (
        "lundi 30 novembre 2026, de 9\u00a0h\u00a010 à 9\u00a0h\u00a050 (heure de Paris)",
        "Mairie annexe, 1 place de la Mairie, 68100 Valbruche",
        "Tram 2, arrêt Gare. Accessible sans marche",
        "Carte d’identité",
        "Camille et Camille",
        "photo d’identité",
        "03 89 00 00 00",
        management_url(booking),
    ):
        assert words in letter.text


def test_a_letter_names_no_number_and_its_title_no_reason(booking: Booking) -> None:
    (letter,) = letters(booking)
    file = notifications.attachment(letter.id, 0)
    assert file is not None
    assert NUMBER not in letter.text + letter.title + file.content.decode()
    assert "identité" not in letter.title


def test_the_link_of_a_letter_opens_the_appointment(booking: Booking, client: Client) -> None:
    (letter,) = letters(booking)
    address = next(word for word in letter.text.split() if "/suivi/" in word)
    page = client.get(urlsplit(address).path)
    assert page.status_code == 200
    assert "9\u00a0h\u00a010" in page.content.decode()


def test_confirming_twice_writes_once(booking: Booking) -> None:
    with scope.authority(booking.authority_id):
        confirm_booking(booking)
    assert len(letters(booking)) == 1


def test_a_move_replaces_the_event_and_a_cancellation_takes_it_away(booking: Booking) -> None:
    with scope.authority(booking.authority_id):
        move_booking(booking, at(MONDAY + timedelta(days=8), "9:30"), by_desk=True, why="Travaux dans la salle.")
        cancel_booking(booking, why="L’agent est souffrant.")
    booked, moved, cancelled = letters(booking)
    assert "mardi 1er décembre 2026" in moved.title
    assert "lundi 30 novembre 2026 à 9\u00a0h\u00a010" in moved.text
    assert "Travaux dans la salle." in moved.text
    assert "L’agent est souffrant." in cancelled.text
    events = [next(iter(calendar_of(one).walk("VEVENT"))) for one in (booked, moved, cancelled)]
    assert len({str(one["UID"]) for one in events}) == 1
    assert [int(one["SEQUENCE"]) for one in events] == [0, 1, 2]
    assert [str(calendar_of(one)["METHOD"]) for one in (booked, moved, cancelled)] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert [one.attached[0].media_type.split("; ")[1] for one in (booked, moved, cancelled)] == [
        "method=PUBLISH", "method=PUBLISH", "method=CANCEL",
    ]  # fmt: skip


def test_a_displaced_appointment_leaves_the_calendar_and_asks_for_another_hour(booking: Booking) -> None:
    with scope.authority(booking.authority_id):
        displace_booking(booking, why="Fermeture exceptionnelle.")
        displace_booking(booking, why="Fermeture exceptionnelle.")
    _booked, displaced = letters(booking)
    assert "Fermeture exceptionnelle." in displaced.text
    assert management_url(booking) in displaced.text
    assert "À apporter" not in displaced.text
    assert str(calendar_of(displaced)["METHOD"]) == "CANCEL"


@pytest.mark.parametrize(
    ("phone", "channels"), [("+33639980001", ["sms"]), ("+33389000000", [])], ids=["mobile", "landline"]
)
def test_without_an_address_a_mobile_gets_an_sms_and_others_nothing(phone: str, channels: list[str]) -> None:
    with clock.frozen_at(MORNING):
        place = a_place(an_authority(), "Mairie déléguée de Bourg-sur-Ill")
        held = a_hold(a_reason(an_agenda(place), "title-collection"), at(MONDAY + timedelta(days=7), "9:10"))
        with scope.authority(held.authority_id):
            held.phone, held.email = phone, ""
            held.save()
            booking = confirm_booking(held)
    found = letters(booking)
    assert [one.channel for one in found] == channels
    for one in found:
        assert one.to == phone
        assert management_url(booking) in one.text
        assert notifications.segments(one.text) <= 2
        assert "Retrait" not in one.text


def test_our_own_change_of_tomorrow_is_also_said_by_sms_to_those_who_want_them(booking: Booking) -> None:
    with scope.authority(booking.authority_id):
        Booking.objects.filter(id=booking.id).update(phone="+33639980001", wants_sms=True)
        move_booking(Booking.objects.get(id=booking.id), at(MONDAY + timedelta(days=1), "9:10"), by_desk=True)
        assert [one.channel for one in letters(booking)] == ["email", "email"], "asked for by the person"
        cancel_booking(Booking.objects.get(id=booking.id), why="Panne d’électricité.")
    found = letters(booking)
    assert sorted(one.channel for one in found[2:]) == ["email", "sms"]
    (sms,) = [one for one in found if one.channel == "sms"]
    assert "annulé" in sms.text
    assert "suivi" not in sms.text
