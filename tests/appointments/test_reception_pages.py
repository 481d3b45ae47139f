"""The pages of the desk, as an agent's browser meets them."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.appointments.links import wall_key, wall_of
from parvis.appointments.models import Booking, BookingState
from parvis.appointments.rules.paris import slot_text
from parvis.appointments.services.add_walk_in import WalkIn, add_walk_in
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, MORNING, a_place, a_reason, an_agenda, at
from tests.appointments.booking_world import scripted
from tests.appointments.reception_world import Hall, a_hall
from tests.world import an_agent, an_authority, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Iterator[Hall]:
    with clock.frozen_at(MORNING):
        yield a_hall()


def page(hall: Hall, name: str, *args: object) -> str:
    return reverse(name, args=[hall.house.slug, *args])


def text_of(response: HttpResponse) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def the_list(hall: Hall, client: Client, **query: str) -> str:
    return text_of(client.get(page(hall, "reception"), query))


def press(hall: Hall, client: Client, booking: Booking, word: str, **more: str) -> HttpResponse:
    return client.post(page(hall, "reception_verb", booking.id, word), more, follow=True)


def choose_desk(hall: Hall, client: Client, number: int = 0) -> None:
    client.post(page(hall, "reception_desk"), {"mon_guichet": str(hall.desks[number].id)})


def test_the_list_says_who_comes_and_what_to_do(hall: Hall) -> None:
    hall.booked("9:10", "Camille Essai", needs="Fauteuil roulant")
    shown = the_list(hall, hall.client())
    for words in ("9 h 10", "Camille Essai", "ESSAI00001", "non vérifié", "Carte d’identité", "Fauteuil roulant"):
        assert words in shown
    assert 'Attendus <span class="tabs__count">1</span>' in shown
    assert ">Arrivé<span" in shown


def test_a_visit_by_buttons(hall: Hall) -> None:
    booking, client = hall.booked("9:10"), hall.client()
    with clock.frozen_at(at(MONDAY, "9:05")):
        assert "Ticket A1" in text_of(press(hall, client, booking, "arrivee"))
        choose_desk(hall, client)
        assert "Appeler A1" in the_list(hall, client)
        called = client.post(page(hall, "reception_next"), follow=True)
        assert "Ticket A1 appelé : Camille Essai, Guichet 1." in text_of(called)
        assert "Terminer" in text_of(called)
        client.post(page(hall, "reception_next"), {"recu": str(booking.id)})
    assert hall.now(booking).state == BookingState.SERVED


def test_calling_without_a_desk_asks_for_one(hall: Hall) -> None:
    booking, client = hall.arrived("9:10", "9:05"), hall.client()
    assert "Choisissez d’abord votre guichet" in text_of(press(hall, client, booking, "appel"))
    assert hall.now(booking).state == BookingState.ARRIVED


def test_the_second_agent_reads_who_was_first(hall: Hall) -> None:
    booking = hall.booked("9:10")
    with clock.frozen_at(at(MONDAY, "9:05")):
        press(hall, hall.client(name="Sacha Collègue"), booking, "arrivee")
        assert "par Sacha Collègue, à 9 h 05" in text_of(press(hall, hall.client(), booking, "arrivee"))


@pytest.mark.parametrize(
    ("words", "found"),
    [("essai camille", True), ("ÉSSAI", True), ("a1", True), ("essai-00001", True), ("Autre", False)],
    ids=["name", "accents", "ticket", "number", "nobody"],
)
def test_search_by_name_ticket_or_number(hall: Hall, words: str, found: bool) -> None:
    hall.arrived("9:10", "9:05")
    shown = the_list(hall, hall.client(), q=words)
    assert (f'Tous <span class="tabs__count">{int(found)}</span>') in shown


def test_somebody_who_comes_on_the_wrong_day_is_found(hall: Hall) -> None:
    booking = hall.booked("9:10", "Zoé Demain")
    shown = the_list(hall, hall.client(), q="zoé", date=(MONDAY + timedelta(days=1)).isoformat())
    assert "Un autre jour" in shown
    assert str(booking.id) in shown


def test_one_desk_alone(hall: Hall) -> None:
    other = a_reason(an_agenda(hall.place, name="Retraits", lead_minutes=0), "title-collection")
    hall.booked("9:10", "Camille Essai")
    assert "Camille Essai" in the_list(hall, hall.client(), guichet=str(hall.agenda.id))
    assert "Camille Essai" not in the_list(hall, hall.client(), guichet=str(other.agenda_id))
    shown = [("Camille Essai" in the_list(hall, hall.client(), guichet=str(one.id))) for one in hall.desks]
    assert sorted(shown) == [False, True]


def test_those_who_never_came_in_one_gesture(hall: Hall) -> None:
    first, second = hall.booked("9:10"), hall.booked("9:30", number="ESSAI00002")
    client = hall.client()
    with clock.frozen_at(at(MONDAY, "17:30")):
        assert "Noter les 2 comme absentes" in the_list(hall, client)
        press(hall, client, second, "arrivee")
        done = client.post(page(hall, "reception_absent"), {"absent": [str(first.id), str(second.id)]}, follow=True)
    assert "1 personne notée comme absente." in text_of(done)
    assert "a changé entre-temps" in text_of(done)
    assert (hall.now(first).state, hall.now(second).state) == ("no_show", "arrived")


def test_a_walk_in_gives_nothing_but_a_reason(hall: Hall) -> None:
    client = hall.client()
    with clock.frozen_at(at(MONDAY, "9:00")):
        done = client.post(
            page(hall, "reception_walk_in"), {"reason": str(hall.reason.id), "persons": "1"}, follow=True
        )
        assert "Ticket A1" in text_of(done)
        assert "1 sur 2" in text_of(done)


def test_beyond_the_quota_the_next_free_hours_are_offered(hall: Hall) -> None:
    client, asked = hall.client(), {"reason": str(hall.reason.id), "persons": "1"}
    with clock.frozen_at(at(MONDAY, "9:00")):
        with scope.authority(hall.house.id):
            add_walk_in(WalkIn(hall.reason, persons=2), actor=hall.agent.id)
        refused = client.post(page(hall, "reception_walk_in"), asked)
        assert refused.status_code == 409
        assert "lundi 23 novembre 2026 à 9 h 10" in text_of(refused)
        assert "Recevoir quand même" in text_of(refused)
        assert client.post(page(hall, "reception_walk_in"), {**asked, "why": ""}).status_code == 409
        assert client.post(page(hall, "reception_walk_in"), {**asked, "why": "Vient de loin"}).status_code == 302


def test_a_title_is_handed_over_in_one_gesture(hall: Hall) -> None:
    client = hall.client()
    assert "Aucun agenda" in text_of(client.post(page(hall, "reception_hand_over"), follow=True))
    a_reason(hall.agenda, "title-collection")
    assert "Ticket A1" in text_of(client.post(page(hall, "reception_hand_over"), follow=True))


def booking_address(hall: Hall, hour: str = "9:10", persons: int = 1) -> str:
    query = {"motif": str(hall.reason.id), "personnes": persons, "debut": slot_text(at(MONDAY, hour))}
    return f"{page(hall, 'reception_book')}?{urlencode(query)}"


def test_an_agent_books_for_a_caller(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    service = scripted(monkeypatch)
    client = hall.client()
    slots = text_of(client.get(page(hall, "reception_book"), {"motif": str(hall.reason.id)}))
    assert "9 h 10" in slots
    typed = {"contact_name": "Camille Essai", "phone": "03 89 00 00 00", "application_id_1": "essai 00007"}
    done = client.post(booking_address(hall), typed, follow=True)
    assert "Rendez-vous pris le lundi 23 novembre 2026 à 9 h 10" in text_of(done)
    assert "imprimez le papier" in text_of(done)
    with scope.authority(hall.house.id):
        booking = Booking.objects.get()
        assert (booking.source, booking.phone) == ("desk", "+33389000000")
        assert [(one.application_id, one.application_state) for one in booking.people.all()] == [
            ("ESSAI00007", "validated")
        ]
    assert service.asked == [["ESSAI00007"]]


@pytest.mark.parametrize(
    ("number", "words"),
    [("SOLOCAL007", "déjà servi"), ("SOLOCAL010", "a expiré"), ("court", "dix lettres")],
    ids=["consumed", "expired", "short"],
)
def test_a_number_that_serves_nothing_is_refused_with_its_reason(
    hall: Hall, number: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, states={"SOLOCAL007": "consumed", "SOLOCAL010": "expired"})
    typed = {"contact_name": "Camille Essai", "application_id_1": number}
    refused = hall.client().post(booking_address(hall), typed)
    assert refused.status_code == 422
    assert words in text_of(refused)
    with scope.authority(hall.house.id):
        assert not Booking.objects.exists()


def test_another_appointment_is_shown_once_then_the_agent_may_go_on(hall: Hall) -> None:
    hall.booked("9:30", number="ESSAI00007")
    client, typed = hall.client(), {"contact_name": "Camille Essai", "application_id_1": "ESSAI00007"}
    warned = client.post(booking_address(hall), typed)
    assert "Un autre rendez-vous existe déjà" in text_of(warned)
    assert "9 h 30" in text_of(warned)
    done = client.post(booking_address(hall), {**typed, "vu": "ESSAI00007"})
    assert done.status_code == 302


def test_a_slot_gone_meanwhile_shows_the_others(hall: Hall) -> None:
    for number in ("ESSAI00001", "ESSAI00002"):
        hall.booked("9:10", number=number)
    typed = {"contact_name": "Camille Essai", "on_paper": "on"}
    refused = hall.client().post(booking_address(hall), typed)
    assert refused.status_code == 409
    assert "vient d’être pris" in text_of(refused)
    assert "9 h 30" in text_of(refused)


def test_a_desk_moves_with_a_reason(hall: Hall) -> None:
    booking, client = hall.booked("9:10"), hall.client()
    address = f"{page(hall, 'reception_move', booking.id)}?debut={slot_text(at(MONDAY, '10:30'))}"
    assert client.post(address, {"why": ""}).status_code == 422
    done = client.post(address, {"why": "L’agent est absent"}, follow=True)
    assert "Nouveau rendez-vous : lundi 23 novembre 2026 à 10 h 30" in text_of(done)
    assert hall.now(booking).starts_at == at(MONDAY, "10:30")


def test_a_desk_cancels_with_a_reason(hall: Hall) -> None:
    booking, client = hall.booked("9:10"), hall.client()
    assert client.post(page(hall, "reception_cancel", booking.id), {"why": ""}).status_code == 422
    client.post(page(hall, "reception_cancel", booking.id), {"why": "Fermeture"})
    assert hall.now(booking).state == BookingState.CANCELLED


def test_those_to_call_back_and_their_new_hour(hall: Hall) -> None:
    booking, client = hall.booked("9:10", phone="+33389000000"), hall.client()
    with scope.authority(hall.house.id):
        Booking.objects.filter(id=booking.id).update(state=BookingState.DISPLACED)
    assert "1 rendez-vous n’a plus d’heure" in the_list(hall, client)
    assert "Camille Essai" in text_of(client.get(page(hall, "reception_displaced")))
    address = f"{page(hall, 'reception_move', booking.id)}?debut={slot_text(at(MONDAY, '10:30'))}"
    client.post(address, {"why": ""})
    assert hall.now(booking).state == BookingState.BOOKED


def test_what_is_printed(hall: Hall) -> None:
    booking, client = hall.booked("9:10"), hall.client()
    printed = text_of(client.get(page(hall, "reception_print")))
    assert "Rendez-vous du lundi 23 novembre 2026" in printed
    assert "ESSAI00001" in printed
    slip = text_of(client.get(page(hall, "reception_slip", booking.id)))
    assert "lundi 23 novembre 2026 à 9 h 10" in slip
    assert hall.place.address in slip
    assert "À apporter" in slip


def test_the_screen_shows_tickets_and_nobody(hall: Hall) -> None:
    booking, client = hall.arrived("9:10", "9:05", name="Zoé Discrète"), hall.client()
    with clock.frozen_at(at(MONDAY, "9:10")):
        choose_desk(hall, client)
        client.post(page(hall, "reception_next"))
        address = page(hall, "reception_wall", wall_key(hall.place.id))
        shown = Client().get(address)
        assert "Ticket A1 : Guichet 1" in text_of(shown)
        assert "Discrète" not in text_of(shown)
        assert shown["Refresh"] == "10"
        assert "Refresh" not in Client().get(address, {"pause": "1"})
        inside = client.get(page(hall, "reception_screen", hall.place.id))
        assert address in text_of(inside)
        assert "Refresh" not in inside
    assert hall.now(booking).state == BookingState.CALLED


def test_a_screen_has_no_other_address(hall: Hall) -> None:
    there = a_hall("autre-rive")
    key = wall_key(hall.place.id)
    assert wall_of(key) == hall.place.id
    assert Client().get(page(there, "reception_wall", key)).status_code == 404
    assert Client().get(page(hall, "reception_wall", f"{key[:-1]}_")).status_code == 404
    assert Client().get(page(hall, "reception_wall", hall.place.id.hex)).status_code == 404


def test_nobody_else_comes_in(hall: Hall) -> None:
    booking = hall.booked("9:10")
    there = a_hall("autre-rive")
    stranger = there.client()
    for name, args in (("reception", ()), ("reception_booking", (booking.id,)), ("reception_book", ())):
        assert stranger.get(page(hall, name, *args)).status_code == 403
        assert Client().get(page(hall, name, *args)).status_code == 302
    assert stranger.get(page(there, "reception_booking", booking.id)).status_code == 404
    assert stranger.post(page(there, "reception_verb", booking.id, "arrivee")).status_code == 404
    assert hall.now(booking).state == BookingState.BOOKED


def test_a_page_without_any_place_teaches(hall: Hall) -> None:
    empty = a_place(hall.house, name="Annexe")
    with scope.authority(hall.house.id):
        assert "Annexe" in the_list(hall, hall.client(), lieu=str(empty.id))
    house = an_authority("sans-lieu")
    client = signed_in(an_agent(house, "desk_agent", "Dominique Agent"), house, "desk_agent")
    assert "Aucun lieu d’accueil" in text_of(client.get(reverse("reception", args=[house.slug])))


def test_the_file_says_everything_that_happened(hall: Hall) -> None:
    booking, client = hall.arrived("9:10", "9:05"), hall.client()
    shown = text_of(client.get(page(hall, "reception_booking", booking.id)))
    assert "Arrivé, ticket A1" in shown
    assert "Dominique Agent" in shown
    assert "Annuler l’arrivée" in shown
    client.post(page(hall, "reception_booking", booking.id), {"desk_note": "Vient avec un interprète"})
    assert hall.now(booking).desk_note == "Vient avec un interprète"


def test_a_long_day_asks_the_database_no_more_than_a_short_one(hall: Hall) -> None:
    client = hall.client()
    hall.booked("8:30")
    the_list(hall, client, vue="tous")
    with CaptureQueriesContext(connection) as short:
        the_list(hall, client, vue="tous")
    for number, hour in enumerate(("8:50", "9:10", "9:30", "9:50"), start=2):
        hall.booked(hour, number=f"ESSAI{number:05d}")
    with CaptureQueriesContext(connection) as long:
        assert 'Tous <span class="tabs__count">5</span>' in the_list(hall, client, vue="tous")
    assert len(long) == len(short)


def test_those_who_wait_are_listed_in_the_order_of_their_call(hall: Hall) -> None:
    client = hall.client()
    late = hall.arrived("8:30", "9:05", "Léa Tardive", "ESSAI00001")
    on_time = hall.arrived("9:10", "9:08", "Paul Ponctuel", "ESSAI00002")
    with clock.frozen_at(at(MONDAY, "9:10")):
        shown = the_list(hall, client, vue="presents")
        assert shown.index(str(on_time.id)) < shown.index(str(late.id))
        choose_desk(hall, client)
        press(hall, client, late, "appel")
        shown = the_list(hall, client, vue="presents")
    assert shown.index(f"{late.id}/geste") < shown.index(f"{on_time.id}/geste")


def test_moving_does_not_offer_the_present_hour(hall: Hall) -> None:
    booking = hall.booked("9:10")
    shown = text_of(hall.client().get(page(hall, "reception_move", booking.id)))
    assert "?debut=2026-11-23T09:30" in shown
    assert "?debut=2026-11-23T09:10" not in shown
