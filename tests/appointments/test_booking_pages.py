"""From a held slot to an appointment in three pages, without an account; and its page in every state."""

from datetime import timedelta

import pytest
from django.test import Client

from parvis.appointments.models import Booking, BookingState, Opening, Reason
from parvis.audit.models import Fact
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.appointments.booking_world import (
    CAMILLE,
    CONTACT,
    ScriptedCoordination,
    address,
    fill,
    fresh,
    people_of,
    scripted,
)
from tests.world import a_person, an_agent, an_authority, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> ScriptedCoordination:
    return scripted(monkeypatch)


@pytest.fixture
def reason() -> Reason:
    return a_reason(an_agenda(a_place(an_authority(), phone="03 89 00 00 00"), desks=1, lead_minutes=0))


@pytest.fixture
def held(reason: Reason) -> Booking:
    return a_hold(reason, at(MONDAY, "10:10"))


def text(client: Client, url: str, status: int = 200) -> str:
    got = client.get(url)
    assert got.status_code == status
    return got.content.decode()


def put(booking: Booking, state: str, **fields: object) -> None:
    with scope.authority(booking.authority_id):
        Booking.objects.filter(id=booking.id).update(state=state, **fields)


# --- three steps


def test_three_pages_lead_to_a_confirmed_appointment(client: Client, held: Booking) -> None:
    assert client.get(address(held)).url == address(held, "booking_people")
    step = client.post(address(held, "booking_people"), CAMILLE)
    assert step.url == address(held, "booking_contact")
    assert 'value="Camille Essai"' in text(client, step.url), "the name is not typed twice"
    step = client.post(step.url, CONTACT)
    assert step.url == address(held, "booking_check")
    page = text(client, step.url)
    assert "ESSAI00001, valable" in page
    assert "Le titre à remplacer, même périmé" in page
    done = client.post(step.url)
    assert done.url == address(held)
    assert fresh(held).state == BookingState.BOOKED
    assert "Confirmé" in text(client, done.url)


def test_a_double_click_confirms_once(client: Client, held: Booking) -> None:
    fill(client, held)
    for _ in range(2):
        assert client.post(address(held, "booking_check")).url == address(held)
    booking = fresh(held)
    assert (booking.state, booking.version) == (BookingState.BOOKED, 0)
    with scope.authority(held.authority_id):
        assert Fact.objects.filter(kind="appointment.booked", subject_id=held.id).count() == 1


def test_no_step_is_skipped(client: Client, held: Booking) -> None:
    assert client.get(address(held, "booking_contact")).url == address(held, "booking_people")
    assert client.get(address(held, "booking_check")).url == address(held, "booking_people")
    client.post(address(held, "booking_people"), CAMILLE)
    assert client.get(address(held, "booking_check")).url == address(held, "booking_contact")
    assert client.post(address(held, "booking_check")).url == address(held, "booking_contact")
    assert fresh(held).state == BookingState.HELD


def test_what_is_right_of_an_incomplete_page_is_kept(client: Client, held: Booking) -> None:
    got = client.post(address(held, "booking_people"), {"p1-first_name": "Camille", "p1-application_id": "trop court"})
    assert got.status_code == 422
    page = got.content.decode()
    assert "3 points à corriger" in page
    assert "10 lettres et chiffres, vous en avez écrit 9" in page
    assert people_of(held)[0]["first_name"] == "Camille"
    assert 'value="Camille"' in text(client, address(held, "booking_people"))


def test_each_step_says_until_when_the_slot_is_kept(client: Client, held: Booking) -> None:
    with clock.frozen_at(MORNING + timedelta(minutes=10)):
        assert "il reste 5 minutes" in text(client, address(held, "booking_people"))
        client.post(address(held, "booking_people"), CAMILLE)
        page = text(client, address(held, "booking_contact"))
    assert "il reste 15 minutes" in page
    assert "8\u00a0h\u00a025" in page
    assert "jusqu’à 8\u00a0h\u00a045" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param({"email": ""}, "cochez", id="no address"),
        pytest.param({"email": "camille@"}, "incomplète", id="half an address"),
        pytest.param({"email": "", "no_email": "on"}, "donnez un téléphone", id="neither"),
        pytest.param({"phone": "0389"}, "incomplet", id="half a number"),
        pytest.param({"wants_sms": "on"}, "numéro de mobile", id="an SMS to nobody"),
        pytest.param({"wants_sms": "on", "phone": "03 89 00 00 00"}, "ne peut pas recevoir", id="an SMS to a landline"),
        pytest.param({"contact_name": ""}, "prénom et votre nom", id="no name"),
    ],
)
def test_each_mistake_says_what_to_do(client: Client, held: Booking, typed: dict[str, str], words: str) -> None:
    client.post(address(held, "booking_people"), CAMILLE)
    got = client.post(address(held, "booking_contact"), {**CONTACT, **typed})
    assert got.status_code == 422
    assert words in got.content.decode()


def test_somebody_without_an_address_books_by_telephone(client: Client, held: Booking) -> None:
    client.post(address(held, "booking_people"), CAMILLE)
    typed = {
        **CONTACT,
        "email": "",
        "no_email": "on",
        "phone": "03 89 00 00 00",
        "wheelchair": "on",
        "other": "un siège",
    }
    assert client.post(address(held, "booking_contact"), typed).status_code == 302
    client.post(address(held, "booking_check"))
    booking = fresh(held)
    assert (booking.state, booking.email, booking.phone) == (BookingState.BOOKED, "", "+33389000000")
    assert booking.needs == "Fauteuil roulant · un siège"
    assert "rien ne vous sera envoyé" in text(client, address(held))


def test_a_minor_comes_with_somebody(client: Client, held: Booking) -> None:
    client.post(address(held, "booking_people"), {**CAMILLE, "p1-minor": "on"})
    assert client.post(address(held, "booking_contact"), CONTACT).status_code == 422
    assert client.get(address(held, "booking_check")).url == address(held, "booking_contact")
    client.post(address(held, "booking_contact"), {**CONTACT, "guardian_name": "Dominique Essai"})
    page = text(client, address(held, "booking_check"))
    assert "Dominique Essai" in page
    assert "de quoi prouver l’autorité parentale" in page


def test_several_persons_stand_on_one_page(client: Client, reason: Reason) -> None:
    held = a_hold(reason, at(MONDAY, "9:10"), persons=2)
    page = text(client, address(held, "booking_people"))
    assert "Numéro de pré-demande de la personne 2" in page
    second = {name.replace("p1-", "p2-"): value for name, value in CAMILLE.items()}
    got = client.post(address(held, "booking_people"), {**CAMILLE, **second})
    assert got.status_code == 422
    assert "C’est déjà le numéro de la personne 1" in got.content.decode()
    second["p2-application_id"] = "essai-00002"
    assert client.post(address(held, "booking_people"), {**CAMILLE, **second}).status_code == 302
    assert [one["application_id"] for one in people_of(held)] == ["ESSAI00001", "ESSAI00002"]


def test_a_reason_without_numbers_asks_names_only(client: Client, service: ScriptedCoordination) -> None:
    reason = a_reason(an_agenda(a_place(an_authority())), "title-collection")
    held = a_hold(reason, at(MONDAY, "10:10"))
    assert "pré-demande" not in text(client, address(held, "booking_people"))
    fill(client, held)
    assert client.post(address(held, "booking_check")).url == address(held)
    assert fresh(held).state == BookingState.BOOKED
    assert service.asked == []


def test_who_is_signed_in_does_not_type_their_address(held: Booking) -> None:
    person = a_person("Andrea Connue")
    client = signed_in(person)
    client.post(address(held, "booking_people"), CAMILLE)
    page = text(client, address(held, "booking_contact"))
    assert 'value="andrea.connue@exemple.test"' in page
    assert 'value="Andrea Connue"' in page


def test_an_agent_books_for_somebody_else(reason: Reason, held: Booking) -> None:
    house = a_person("Agent Ici")
    from parvis.authorities.models import Authority

    authority = Authority.objects.get(id=held.authority_id)
    client = signed_in(an_agent(authority, "buyer", house.full_name), authority, "buyer")
    client.post(address(held, "booking_people"), CAMILLE)
    assert 'value="agent.ici@exemple.test"' not in text(client, address(held, "booking_contact"))


def test_a_sender_of_many_letters_is_slowed_down(
    client: Client, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parvis.accounts import facade as accounts
    from parvis.appointments.web.booking import check

    monkeypatch.setattr(check, "AN_ADDRESS", accounts.Limit(1, timedelta(hours=1)))
    codes = []
    for hour, number in (("9:10", "ESSAI00001"), ("9:30", "ESSAI00002")):
        held = a_hold(reason, at(MONDAY, hour))
        fill(client, held, **{"p1-application_id": number})
        codes.append(client.post(address(held, "booking_check")).status_code)
    assert codes == [302, 429]


# --- a hold that ran out


def test_a_free_slot_is_taken_again_with_what_was_typed(client: Client, held: Booking) -> None:
    fill(client, held)
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        assert client.get(address(held, "booking_check")).url == address(held)
        page = text(client, address(held))
        assert "Reprendre cette place" in page
        got = client.post(address(held), {"debut": "2026-11-23T10:10"})
        assert got.url == address(held, "booking_check"), "nothing is asked again"
        client.post(got.url)
    assert fresh(held).state == BookingState.BOOKED


def test_a_slot_taken_meanwhile_leads_to_the_nearest(client: Client, reason: Reason, held: Booking) -> None:
    fill(client, held)
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        a_booking(reason, at(MONDAY, "10:10"), numbers=("ESSAI00009",))
        got = client.post(address(held, "booking_check"))
        assert got.url == address(held)
        page = text(client, address(held))
        assert "Cette place vient d’être prise" in page
        assert "Reprendre cette place" not in page
        assert [page.index(f'value="2026-11-23T{hour}"') for hour in ("09:50", "10:30")]
        assert 'value="2026-11-23T10:10"' not in page
        assert client.post(address(held), {"debut": "2026-11-23T10:30"}).url == address(held, "booking_check")
        client.post(address(held, "booking_check"))
    booking = fresh(held)
    assert (booking.state, booking.starts_at) == (BookingState.BOOKED, at(MONDAY, "10:30"))


def test_a_page_sent_after_the_end_is_kept_and_goes_on(client: Client, reason: Reason, held: Booking) -> None:
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        assert client.post(address(held, "booking_people"), CAMILLE).url == address(held, "booking_contact")
    with clock.frozen_at(MORNING + timedelta(minutes=60)):
        a_booking(reason, at(MONDAY, "10:10"), numbers=("ESSAI00009",))
        assert client.post(address(held, "booking_contact"), CONTACT).url == address(held)
        assert "Ce que vous avez écrit est gardé" in text(client, address(held))
    assert fresh(held).email == "camille@exemple.test"


def test_no_hour_chosen_is_said(client: Client, held: Booking) -> None:
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        for typed in ("", "demain", "2026-11-23T10:10+01:00"):
            assert client.post(address(held), {"debut": typed}).url == address(held)
            assert "Choisissez d’abord une heure" in text(client, address(held))


def test_a_full_agenda_sends_elsewhere(client: Client, reason: Reason, held: Booking) -> None:
    with scope.authority(reason.authority_id):
        Opening.objects.all().delete()
    with clock.frozen_at(MORNING + timedelta(minutes=20)):
        page = text(client, address(held))
    assert "Chercher ailleurs" in page
    assert "Reprendre" not in page


# --- the appointment, in every state


@pytest.mark.parametrize(
    ("state", "words", "absent"),
    [
        ("booked", ["Confirmé", "Déplacer", "Annuler", "Ajouter à mon agenda", "À apporter", "Accessible"], []),
        ("displaced", ["À replacer", "Choisir cette heure", "Annuler ce rendez-vous"], ["Ajouter à mon agenda"]),
        ("arrived", ["Vous serez bientôt appelé"], ["Déplacer", "Annuler"]),
        ("called", ["allez au guichet"], ["Déplacer", "Annuler"]),
        ("served", ["Vous avez été reçu"], ["Déplacer", "Annuler"]),
        ("no_show", ["Manqué", "Prendre un autre rendez-vous"], ["Déplacer", "Annuler"]),
        ("cancelled", ["Annulé", "Prendre un autre rendez-vous"], ["Déplacer", "Annuler ce"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_page_says_the_state_and_what_to_do(
    client: Client, reason: Reason, state: str, words: list[str], absent: list[str]
) -> None:
    with scope.authority(reason.authority_id):
        reason.agenda.place.has_lift = True
        reason.agenda.place.save()
    booking = a_booking(reason, at(MONDAY, "10:10"))
    put(booking, state)
    page = text(client, address(booking))
    assert [one for one in words if one not in page] == []
    assert [one for one in absent if one in page] == []


def test_a_past_appointment_offers_nothing(client: Client, reason: Reason) -> None:
    booking = a_booking(reason, at(MONDAY, "10:10"))
    with clock.frozen_at(at(MONDAY, "11:00")):
        page = text(client, address(booking))
        assert "est passée" in page
        assert "Déplacer" not in page
        for name in ("move_booking", "cancel_booking"):
            assert client.get(address(booking, name)).url == address(booking)


# --- who may come in


PAGES = (
    "booking",
    "booking_people",
    "booking_contact",
    "booking_check",
    "move_booking",
    "cancel_booking",
    "booking_calendar",
)


@pytest.mark.parametrize("name", PAGES)
def test_another_authority_or_a_wrong_key_opens_nothing(client: Client, reason: Reason, name: str) -> None:
    an_authority("autre-rive")
    booking = a_booking(reason, at(MONDAY, "10:10"))
    there = address(booking, name, slug="autre-rive")
    wrong = address(booking, name).replace("/suivi/", "/suivi/0")
    for url in (there, wrong):
        for method in (client.get, client.post):
            got = method(url)
            assert got.status_code in {404, 405}
            assert "Essai" not in got.content.decode()
    page = text(client, there, 404)
    assert "Recevoir mon lien par courriel" in page
    assert fresh(booking).state == BookingState.BOOKED


@pytest.mark.parametrize("name", ["booking", "booking_calendar", "move_booking", "cancel_booking"])
def test_pages_of_a_person_are_neither_kept_nor_indexed(client: Client, reason: Reason, name: str) -> None:
    got = client.get(address(a_booking(reason, at(MONDAY, "10:10")), name))
    assert got.status_code == 200
    assert got["X-Robots-Tag"] == "noindex"
    assert "no-store" in got["Cache-Control"]
    assert got["Referrer-Policy"] == "same-origin"


def test_an_erased_appointment_is_found_no_more(client: Client, reason: Reason) -> None:
    booking = a_booking(reason, at(MONDAY, "10:10"))
    put(booking, "served", forgotten_at=MORNING)
    assert "passé depuis longtemps est effacé" in text(client, address(booking), 404)


def test_an_erased_form_is_filled_again_under_its_link(client: Client, held: Booking) -> None:
    put(held, "expired", forgotten_at=MORNING)
    with clock.frozen_at(MORNING + timedelta(minutes=90)):
        assert "a été effacé après une heure" in text(client, address(held))
        assert client.post(address(held), {"debut": "2026-11-23T10:10"}).url == address(held, "booking_people")
        fill(client, held)
        client.post(address(held, "booking_check"))
    booking = fresh(held)
    assert (booking.state, booking.forgotten_at) == (BookingState.BOOKED, None)


def test_slots_are_not_taken_again_for_ever(client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    from parvis.accounts import facade as accounts
    from parvis.appointments.web.booking import appointment

    monkeypatch.setattr(appointment, "HELD_AGAIN", accounts.Limit(1, timedelta(hours=1)))
    for minutes in (20, 40):
        with clock.frozen_at(MORNING + timedelta(minutes=minutes)):
            client.post(address(held), {"debut": "2026-11-23T10:10"})
    assert fresh(held).created_at == MORNING + timedelta(minutes=20)
