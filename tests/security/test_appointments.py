"""Appointments under attack: slots held for nothing, strangers' mailboxes, numbers asked about, rows of others."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from parvis.accounts import facade as accounts
from parvis.appointments import models
from parvis.appointments.models import Booking, BookingState, HoursException, Reason
from parvis.appointments.rules.holds import CEILING
from parvis.appointments.rules.paris import slot_text
from parvis.appointments.rules.persons import name_for_letters
from parvis.appointments.services.forget_link_jobs import forget_link_jobs
from parvis.appointments.web.booking import change, check, people, steps
from parvis.authorities.models import Authority
from parvis.kit import clock, outbox, scope
from parvis.kit.ids import new_id
from parvis.notifications.models import Message
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.appointments.booking_world import CAMILLE, CONTACT, address, fill, fresh, scripted
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.frozen_at(MORNING):
        yield


@pytest.fixture(autouse=True)
def _service(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch)


@pytest.fixture
def reason() -> Reason:
    return a_reason(an_agenda(a_place(an_authority()), desks=1, lead_minutes=0))


def slot_address(reason: Reason) -> str:
    return f"/{Authority.objects.get(id=reason.authority_id).slug}/rendez-vous/creneau/"


def asked(reason: Reason, **more: str) -> dict[str, str]:
    wanted = {"lieu": str(reason.agenda.place_id), "motif": str(reason.id), "debut": slot_text(at(MONDAY, "9:10"))}
    return {**wanted, "personnes": "1", **more}


def held(reason: Reason) -> int:
    with scope.authority(reason.authority_id):
        return int(Booking.objects.filter(state=BookingState.HELD).count())


# --- slots held for nothing


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": "WhatsApp/2.23.20.0"},
        {"sec-fetch-dest": "image"},
        {"sec-fetch-dest": "iframe"},
        {"sec-purpose": "prefetch;prerender"},
    ],
    ids=["search-engine", "social-preview", "messenger-preview", "image-of-a-page", "frame-of-a-page", "prefetch"],
)
def test_what_is_not_a_person_holds_nothing(reason: Reason, headers: dict[str, str]) -> None:
    answer = Client(headers=headers).get(slot_address(reason), asked(reason))
    assert answer.status_code == 503
    assert held(reason) == 0


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (Linux; Android 13; CUBOT P80)", "", "Mozilla/5.0 Firefox/140.0"])
def test_a_person_s_browser_still_holds_the_slot(reason: Reason, agent: str) -> None:
    client = Client(headers={"user-agent": agent, "sec-fetch-dest": "document"})
    assert client.get(slot_address(reason), asked(reason)).status_code == 302
    assert held(reason) == 1


def test_saving_a_form_again_and_again_does_not_keep_its_slot_for_ever(
    reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "HELD_AGAIN", accounts.Limit(1, HOUR))
    booking, client = a_hold(reason, at(MONDAY, "11:10")), Client()
    for after, state in ((CEILING, BookingState.HELD), (2 * CEILING, BookingState.EXPIRED)):
        with clock.frozen_at(MORNING + after + timedelta(minutes=1)):
            client.post(address(booking, "booking_contact"), CONTACT)
            now = fresh(booking)
            assert (now.state, now.is_held(clock.now())) == (state, state == BookingState.HELD)
    assert fresh(booking).email == "camille@exemple.test", "what was typed is kept all the same"


# --- mailboxes and telephones of strangers


def test_one_appointment_moved_for_ever_does_not_fill_a_mailbox(
    reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "A_BOOKING", accounts.Limit(2, timedelta(days=1)))
    booking = a_booking(reason, at(MONDAY, "9:10"))
    said = [
        Client().post(address(booking, "move_booking"), {"debut": slot_text(at(MONDAY, hour))}).status_code
        for hour in ("9:30", "9:50", "10:10")
    ]
    assert said == [302, 302, 429]
    assert fresh(booking).version == 2


def test_a_telephone_is_counted_as_an_address_is(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "AN_ADDRESS", accounts.Limit(1, HOUR))
    said = []
    for number, hour in enumerate(("9:10", "9:30")):
        booking, client = a_hold(reason, at(MONDAY, hour)), Client()
        client.post(address(booking, "booking_people"), {**CAMILLE, "p1-application_id": f"ESSAI0000{number}"})
        client.post(
            address(booking, "booking_contact"),
            {"contact_name": "Camille", "no_email": "on", "phone": "06 39 98 00 01"},
        )
        said.append(client.post(address(booking, "booking_check")).status_code)
    assert said == [302, 429]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Camille", "Camille"), ("Jean-Éric", "Jean-Éric"), ("N’Golo", "N’Golo"), ("Marie A.", "Marie A."),
        ("Votre compte est bloqué allez sur mal", ""), ("mal.example", ""), ("http://mal.example", ""),
        ("Ana\nBcc: x@mal.example", ""), ("0890 71 00 00", ""), ("<b>Ana</b>", ""),
    ],
    ids=["plain", "hyphen", "apostrophe", "initial", "sentence", "host", "link", "line", "number", "markup"],
)  # fmt: skip
def test_a_letter_says_no_sentence_of_a_stranger(name: str, said: str) -> None:
    assert name_for_letters(name) == said


def test_the_letter_and_its_calendar_file_carry_no_stranger_s_link(reason: Reason) -> None:
    booking, client = a_hold(reason, at(MONDAY, "9:10")), Client()
    fill(client, booking, **{"p1-first_name": "Gagnez sur mal.example"})
    client.post(address(booking, "booking_check"))
    [letter] = messages_about(booking)
    assert "mal.example" not in letter.text + letter.html + letter.title
    calendar = client.get(address(booking, "booking_calendar")).content.decode()
    assert "mal.example" not in calendar.replace("\r\n ", "")


# --- numbers and links


def test_numbers_are_not_asked_about_without_end(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    service = scripted(monkeypatch, states=dict.fromkeys((f"ESSAI0000{n}" for n in range(4)), "unknown"))
    monkeypatch.setattr(people, "A_BOOKING", accounts.Limit(2, HOUR))
    booking = a_hold(reason, at(MONDAY, "9:10"))
    said = [
        Client().post(address(booking, "booking_people"), {**CAMILLE, "p1-application_id": f"ESSAI0000{n}"}).status_code
        for n in range(4)
    ]
    assert said == [422, 422, 429, 429]
    assert len(service.asked) == 2


@pytest.mark.parametrize("page", ["booking", "move_booking", "cancel_booking", "booking_calendar", "booking_people"])
def test_a_link_opens_nothing_at_another_authority(reason: Reason, page: str) -> None:
    booking, other = a_booking(reason, at(MONDAY, "9:10")), an_authority("autreville")
    answer = Client().get(address(booking, page, slug=other.slug))
    assert answer.status_code == 404
    assert "Camille" not in answer.content.decode()


def test_pages_of_a_link_are_kept_by_nobody(reason: Reason) -> None:
    answer = Client().get(address(a_booking(reason, at(MONDAY, "9:10"))))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_job_that_sent_somebody_s_links_is_erased(reason: Reason) -> None:
    outbox.enqueue("appointments.send_links", email="camille@exemple.test")
    assert forget_link_jobs() == 0, "not before it is done"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
    assert forget_link_jobs() == 1
    assert not ProcrastinateJob.objects.filter(task_name="appointments.send_links").exists()


# --- rows of another authority

PUBLISHED = [one for one in vars(models).values() if isinstance(one, type) and getattr(one, "published", False)]


@pytest.mark.parametrize("model", PUBLISHED, ids=lambda model: model.__name__)
def test_one_commune_changes_no_published_row_of_another(reason: Reason, model: Any) -> None:
    a_booking(reason, at(MONDAY, "9:10"))
    with scope.authority(reason.authority_id):
        during = (at(MONDAY, "10:00"), at(MONDAY, "11:00"))
        HoursException.objects.create(place_id=reason.agenda.place_id, during=during, why="Fête")
    other = an_authority("autreville")
    row = model.objects.first()
    assert row is not None
    with scope.authority(other.id):
        assert model.objects.filter(id=row.id).update(authority_id=other.id) == 0
        assert model.objects.filter(id=row.id).update(id=row.id) == 0
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.id])
            assert cursor.rowcount == 0
        row.id = new_id()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            row.save(force_insert=True)
    assert model.objects.filter(authority_id=other.id).count() == 0


@pytest.mark.parametrize("name", ["reception_booking", "reception_move", "reception_cancel", "reception_slip"])
def test_an_agent_opens_no_appointment_of_another_commune(reason: Reason, name: str) -> None:
    booking, other = a_booking(reason, at(MONDAY, "9:10")), an_authority("autreville")
    client = signed_in(an_agent(other, "desk_agent"), other, "desk_agent")
    assert client.get(reverse(name, args=[other.slug, booking.id])).status_code == 404
    assert client.get(reverse(name, args=["valbruche", booking.id])).status_code == 403


def test_an_agent_s_gestures_do_nothing_to_another_commune(reason: Reason) -> None:
    booking, other = a_booking(reason, at(MONDAY, "8:30")), an_authority("autreville")
    a_place(other, "Mairie d’ailleurs")
    client = signed_in(an_agent(other, "desk_agent"), other, "desk_agent")
    with clock.frozen_at(at(MONDAY, "9:30")):
        client.post(reverse("reception_absent", args=[other.slug]), {"absent": str(booking.id)})
        for word in ("arrivee", "absent", "recu"):
            answer = client.post(reverse("reception_verb", args=[other.slug, booking.id, word]))
            assert answer.status_code == 404
    assert fresh(booking).state == BookingState.BOOKED


# --- what nobody types by accident


@pytest.mark.parametrize("persons", ["0001999999999999", "²", "-1", "1" * 5000, "0"])
def test_an_impossible_number_of_persons_is_an_unreadable_link(reason: Reason, persons: str) -> None:
    assert Client().get(slot_address(reason), asked(reason, personnes=persons)).status_code == 400


@pytest.mark.parametrize("day", ["9999-12-31", "2400-01-01"])
def test_a_day_at_the_end_of_time_is_searched_as_far_as_agendas_go(reason: Reason, day: str) -> None:
    answer = Client().get("/rendez-vous/", {"motif": "id-card", "personnes": "1", "avant": day})
    assert answer.status_code == 200
    assert "8\u00a0h\u00a030" in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_desk_takes_an_impossible_day_for_today(reason: Reason, day: str) -> None:
    house = Authority.objects.get(id=reason.authority_id)
    client = signed_in(an_agent(house, "desk_agent"), house, "desk_agent")
    for name, word in (("reception", "date"), ("reception_print", "date"), ("reception_book", "du")):
        query = {word: day, "motif": str(reason.id)}
        assert client.get(reverse(name, args=[house.slug]), query).status_code == 200


def test_what_people_type_is_shown_as_text(reason: Reason) -> None:
    booking, client = a_hold(reason, at(MONDAY, "9:10")), Client()
    bad = "<script>alert(1)</script>"
    fill(client, booking, **{"p1-first_name": bad})
    client.post(address(booking, "booking_contact"), {**CONTACT, "contact_name": bad, "other": bad})
    assert bad not in client.get(address(booking, "booking_check")).content.decode()
    client.post(address(booking, "booking_check"))
    house = Authority.objects.get(id=reason.authority_id)
    agent = signed_in(an_agent(house, "desk_agent"), house, "desk_agent")
    for url in (
        reverse("reception", args=[house.slug]),
        reverse("reception_booking", args=[house.slug, booking.id]),
        reverse("reception_print", args=[house.slug]),
    ):
        page = agent.get(url).content.decode()
        assert "&lt;script&gt;alert" in page
        assert bad not in page


def messages_about(booking: Booking) -> list[Message]:
    with scope.authority(booking.authority_id):
        return list(Message.objects.filter(subject_id=booking.id))
