"""Pre-application numbers while the form is filled: every answer of the coordination service, and none at all."""

from datetime import timedelta

import pytest
from django.test import Client

from parvis.appointments.coordination.port import Elsewhere
from parvis.appointments.links import management_url
from parvis.appointments.models import Booking, BookingState, Reason
from parvis.appointments.services.check_numbers import check_numbers
from parvis.kit import clock, scope
from parvis.kit.errors import Permanent, RetryLater
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.appointments.booking_world import CAMILLE, CONTACT, NUMBER, address, fresh, people_of, scripted
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
OTHER = Elsewhere("https://ailleurs.exemple.test/rdv/1", "Mairie d’Ailleurs", at(MONDAY, "15:00"))


@pytest.fixture
def held(reason: Reason) -> Booking:
    return a_hold(reason, at(MONDAY, "10:10"))


def test_a_valid_number_goes_on_and_is_noted(client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch) -> None:
    service = scripted(monkeypatch)
    assert client.post(address(held, "booking_people"), CAMILLE).url == address(held, "booking_contact")
    assert people_of(held)[0]["application_state"] == "validated"
    assert service.asked == [[NUMBER]]


def test_a_number_just_checked_is_not_asked_again(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = scripted(monkeypatch)
    for minute in (0, 5, 20):
        with clock.frozen_at(MORNING + timedelta(minutes=minute)):
            client.post(address(held, "booking_people"), CAMILLE)
    assert service.asked == [[NUMBER], [NUMBER]]


@pytest.mark.parametrize(
    ("state", "words"),
    [("unknown", "ne connaît pas ce numéro"), ("consumed", "a déjà servi"), ("expired", "trop ancien")],
)
def test_a_refused_number_says_why_and_books_nothing(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch, state: str, words: str
) -> None:
    scripted(monkeypatch, states={NUMBER: state})
    got = client.post(address(held, "booking_people"), CAMILLE)
    assert got.status_code == 422
    page = got.content.decode()
    assert words in page
    assert f'value="{NUMBER}"' in page
    [person] = people_of(held)
    assert (person["first_name"], person["application_state"]) == ("Camille", state)
    client.post(address(held, "booking_contact"), CONTACT)
    assert client.post(address(held, "booking_check")).url == address(held, "booking_people")
    assert fresh(held).state == BookingState.HELD


def test_an_unknown_number_says_which_signs_to_look_at(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, states={"AB0DEF2H34": "unknown"})
    page = client.post(address(held, "booking_people"), {**CAMILLE, "p1-application_id": "ab0def2h34"}).content.decode()
    assert "chiffre 0 ou lettre O" in page


@pytest.mark.parametrize("state", ["declared", "validated"])
def test_an_appointment_elsewhere_is_shown_once_then_one_goes_on(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    scripted(monkeypatch, states={NUMBER: state}, elsewhere={NUMBER: (OTHER,)})
    got = client.post(address(held, "booking_people"), CAMILLE)
    assert got.status_code == 200
    page = got.content.decode()
    assert OTHER.management_url in page
    assert "Mairie d’Ailleurs" in page
    assert "15\u00a0h\u00a000" in page
    assert f'name="vu" value="{NUMBER}"' in page
    got = client.post(address(held, "booking_people"), {**CAMILLE, "vu": NUMBER})
    assert got.url == address(held, "booking_contact")
    client.post(got.url, CONTACT)
    client.post(address(held, "booking_check"))
    assert fresh(held).state == BookingState.BOOKED


@pytest.mark.parametrize("failure", [RetryLater("4 s"), Permanent("401")], ids=["no answer", "refused for good"])
def test_no_answer_is_no_obstacle(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    scripted(monkeypatch, fails=failure)
    got = client.post(address(held, "booking_people"), CAMILLE, follow=True)
    assert "sera vérifié plus tard" in got.content.decode()
    assert people_of(held)[0]["application_state"] == ""
    client.post(address(held, "booking_contact"), CONTACT)
    client.post(address(held, "booking_check"))
    assert fresh(held).state == BookingState.BOOKED


def test_nothing_is_asked_where_no_service_is_set(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parvis.appointments.services import check_numbers as module

    monkeypatch.setattr(module, "coordination", lambda: None)
    assert client.post(address(held, "booking_people"), CAMILLE).url == address(held, "booking_contact")


def test_an_appointment_of_ours_is_told_without_its_link_or_its_people(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = a_reason(an_agenda(a_place(an_authority("autre-rive"), "Mairie annexe"), lead_minutes=0))
    other = a_booking(far, at(MONDAY, "8:50"), numbers=(NUMBER,))
    ours = Elsewhere(management_url(other), "Mairie annexe", at(MONDAY, "8:50"))
    scripted(monkeypatch, elsewhere={NUMBER: (ours,)})
    page = client.post(address(held, "booking_people"), CAMILLE).content.decode()
    assert "Mairie annexe, Autre Rive" in page
    assert "8\u00a0h\u00a050" in page
    assert "/autre-rive/rendez-vous/retrouver/" in page
    assert address(other) not in page
    assert "camille@exemple.test" not in page


def test_a_cancelled_appointment_of_ours_is_forgotten(
    client: Client, held: Booking, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parvis.appointments.services.cancel_booking import cancel_booking

    scripted(monkeypatch)
    with scope.authority(reason.authority_id):
        cancel_booking(a_booking(reason, at(MONDAY, "8:50"), numbers=(NUMBER,)))
    assert client.post(address(held, "booking_people"), CAMILLE).url == address(held, "booking_contact")


def test_the_service_is_never_asked_within_a_scope(held: Booking) -> None:
    with scope.authority(held.authority_id), pytest.raises(RuntimeError):
        check_numbers([NUMBER], place_id=held.place_id, booking_id=held.id)


@pytest.mark.django_db(transaction=True)
def test_the_page_holds_no_transaction_while_the_service_thinks(
    client: Client, held: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = scripted(monkeypatch)
    assert client.post(address(held, "booking_people"), CAMILLE).status_code == 302
    assert service.in_transaction == [False]
