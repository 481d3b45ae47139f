"""The address of a slot: what it holds, for whom, and what it says when there is nothing to hold."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from parvis.appointments.links import booking_key, booking_of
from parvis.appointments.models import Booking, BookingState, Occupancy, Reason, Source
from parvis.appointments.rules.paris import slot_text
from parvis.appointments.web.public import take_slot
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, MORNING, a_booking, a_hold, a_place, a_reason, an_agenda, at
from tests.world import an_authority

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def reason() -> Reason:
    return a_town("valbruche")


def a_town(slug: str, **fields: Any) -> Reason:
    place = a_place(an_authority(slug), f"Mairie de {slug}", phone="03 00 00 00 00")
    return a_reason(an_agenda(place, **{"desks": 1, "lead_minutes": 0, **fields}))


def address(reason: Reason) -> str:
    return f"/{Authority.objects.get(id=reason.authority_id).slug}/rendez-vous/creneau/"


def asked(reason: Reason, hour: str = "9:10", persons: int = 1, **more: str) -> dict[str, str]:
    return {
        "lieu": str(reason.agenda.place_id), "motif": str(reason.id), "personnes": str(persons),
        "debut": slot_text(at(MONDAY, hour)), **more,
    }  # fmt: skip


def take(client: Client, reason: Reason, hour: str = "9:10", persons: int = 1, **more: str) -> Any:
    return client.post(address(reason), asked(reason, hour, persons, **more))


def held(reason: Reason) -> list[Booking]:
    with scope.authority(reason.authority_id):
        return list(Booking.objects.filter(state=BookingState.HELD).order_by("starts_at"))


def plain(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("way", ["post", "get"])
def test_the_slot_is_held_and_the_next_step_opens(reason: Reason, way: str) -> None:
    response = getattr(Client(), way)(address(reason), asked(reason, persons=2))
    (booking,) = held(reason)
    assert response.status_code == 302
    assert response["Location"] == f"/valbruche/rendez-vous/suivi/{booking_key(booking.id)}/personnes/"
    assert booking_of(response["Location"].split("/")[-3]) == booking.id
    assert (booking.starts_at, booking.persons, booking.source) == (at(MONDAY, "9:10"), 2, Source.ONLINE)
    assert "no-store" in response["Cache-Control"]


def test_the_national_search_is_the_source_of_its_own_address(reason: Reason) -> None:
    Client().get(address(reason), asked(reason, source="hub"))
    assert [one.source for one in held(reason)] == [Source.HUB]


def test_a_form_cannot_say_another_source(reason: Reason) -> None:
    take(Client(), reason, source="hub")
    assert [one.source for one in held(reason)] == [Source.ONLINE]


def test_a_head_holds_nothing(reason: Reason) -> None:
    response = Client().head(address(reason), asked(reason))
    assert (response.status_code, held(reason)) == (200, [])


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Purpose", "preview"),
        ("X-Moz", "prefetch"),
    ],
    ids=["prefetch", "prerender", "purpose", "preview", "x-moz"],
)
def test_a_browser_that_fetches_ahead_holds_nothing(reason: Reason, header: str, value: str) -> None:
    client = Client()
    ahead = client.get(address(reason), asked(reason), headers={header: value})
    assert (ahead.status_code, held(reason)) == (503, [])
    assert client.get(address(reason), asked(reason)).status_code == 302


def test_a_browser_holds_one_slot_at_a_time(reason: Reason) -> None:
    client = Client()
    take(client, reason, "9:10")
    take(client, reason, "9:50")
    assert [one.starts_at for one in held(reason)] == [at(MONDAY, "9:50")]
    assert Occupancy.objects.count() == 1


def test_what_was_typed_follows_to_the_new_slot(reason: Reason) -> None:
    client = Client()
    take(client, reason, "9:10")
    with scope.authority(reason.authority_id):
        Booking.objects.update(contact_name="Camille Essai")
    take(client, reason, "9:50")
    assert [one.contact_name for one in held(reason)] == ["Camille Essai"]


def test_the_same_browser_gets_its_own_slot_back(reason: Reason) -> None:
    client = Client()
    first, again = take(client, reason), client.get(address(reason), asked(reason))
    assert first["Location"] == again["Location"]
    assert len(held(reason)) == 1


def test_another_number_of_persons_is_another_slot(reason: Reason) -> None:
    client = Client()
    take(client, reason, persons=1)
    take(client, reason, persons=2)
    assert [one.persons for one in held(reason)] == [2]


def test_a_slot_elsewhere_gives_the_first_one_back(reason: Reason) -> None:
    other = a_town("autre-rive")
    client = Client()
    take(client, reason)
    take(client, other)
    assert (held(reason), len(held(other)), Occupancy.objects.count()) == ([], 1, 1)


def test_a_slot_refused_elsewhere_leaves_the_first_one(reason: Reason) -> None:
    other = a_town("autre-rive")
    a_hold(other, at(MONDAY, "9:10"))
    client = Client()
    take(client, reason)
    assert take(client, other).status_code == 409
    assert len(held(reason)) == 1


def test_a_confirmed_appointment_is_never_given_back(reason: Reason) -> None:
    client = Client()
    take(client, reason, "9:10")
    with scope.authority(reason.authority_id):
        Booking.objects.update(state=BookingState.BOOKED)
    take(client, reason, "9:50")
    with scope.authority(reason.authority_id):
        assert sorted(Booking.objects.values_list("state", flat=True)) == ["booked", "held"]


def test_just_taken_shows_the_nearest_slots_for_as_many(reason: Reason) -> None:
    a_town("autre-rive")
    a_booking(reason, at(MONDAY, "9:10"))
    response = take(Client(), reason, persons=2)
    html = plain(response)
    assert response.status_code == 409
    assert "La place choisie vient d’être prise" in html
    assert "Vous aviez choisi le lundi 23 novembre à 9 h 10." in html
    assert html.count('name="personnes" value="2"') == 2
    values = re.findall(r'name="debut" value="([^"]+)"', html)
    assert "2026-11-23T09:30" in values
    assert "2026-11-23T09:10" in values  # the other place has it
    assert 'action="/autre-rive/rendez-vous/creneau/"' in html


@pytest.mark.parametrize("kept", [True, False], ids=["waiting-list", "none"])
def test_waiting_is_offered_where_there_is_a_list(kept: bool) -> None:
    reason = a_town("valbruche", keeps_waiting_list=kept)
    html = plain(take(Client(), reason, "9:15"))
    assert ("/rendez-vous/attente/?motif=id-card" in html) is kept


@pytest.mark.parametrize(
    ("hour", "persons", "said"),
    [
        ("9:15", 1, "La place choisie n’est plus proposée"),
        ("7:30", 1, "La place choisie n’est plus proposée"),
        ("9:10", 9, "Ce rendez-vous accueille 4 personnes au plus."),
    ],
    ids=["off-the-grid", "gone-by", "too-many"],
)
def test_what_cannot_be_booked_says_why(reason: Reason, hour: str, persons: int, said: str) -> None:
    response = take(Client(), reason, hour, persons)
    assert response.status_code == 409
    assert said in plain(response)
    assert held(reason) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"debut": "demain"},
        {"debut": "0001-01-01T00:00"},
        {"debut": "9999-12-31T23:59"},
        {"debut": ""},
        {"personnes": "0"},
        {"personnes": "-1"},
        {"personnes": "deux"},
        {"personnes": "9" * 5000},
        {"lieu": "ici"},
        {"motif": ""},
    ],
    ids=["words", "year-1", "year-9999", "no-hour", "nobody", "negative", "letters", "huge", "no-place", "no-reason"],
)
def test_a_broken_address_leads_to_where_one_chooses(reason: Reason, wrong: dict[str, str]) -> None:
    response = Client().get(address(reason), {**asked(reason), **wrong})
    assert response.status_code == 400
    assert "Ce lien est incomplet" in plain(response)
    assert 'href="/valbruche/rendez-vous/"' in plain(response)


@pytest.mark.parametrize("name", ["lieu", "motif"])
def test_a_place_or_a_reason_that_is_gone(reason: Reason, name: str) -> None:
    response = Client().get(address(reason), {**asked(reason), name: str(uuid4())})
    assert response.status_code == 404
    assert "Ce rendez-vous n’est plus proposé" in plain(response)


def test_a_reason_of_another_authority_is_not_taken_here(reason: Reason) -> None:
    other = a_town("autre-rive")
    assert Client().get(address(reason), asked(other)).status_code == 404
    assert held(other) == []


def test_a_network_takes_twenty_slots_an_hour(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_slot, "A_NETWORK", take_slot.accounts.Limit(2, timedelta(hours=1)))
    assert [take(Client(), reason, hour).status_code for hour in ("8:30", "8:50", "9:10")] == [302, 302, 429]
    assert "03 00 00 00 00" in plain(take(Client(), reason))
    assert len(held(reason)) == 2
    with clock.frozen_at(MORNING + timedelta(minutes=61)):
        assert take(Client(), reason, "9:10").status_code == 302


def test_changing_one_s_mind_or_being_too_slow_is_not_counted(reason: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_slot, "A_NETWORK", take_slot.accounts.Limit(1, timedelta(hours=1)))
    a_booking(reason, at(MONDAY, "10:10"))
    client = Client()
    assert take(client, reason, "10:10").status_code == 409
    assert [take(client, reason, hour).status_code for hour in ("8:30", "8:50", "9:10")] == [302, 302, 302]


@pytest.mark.parametrize(
    ("persons", "agenda"),
    [
        (1, {"hours": "8:30-10:00"}),
        (2, {"hours": "8:30-10:00,14:00-15:10", "desks": 2, "step_minutes": 10}),
        (3, {"hours": "18:00-19:00", "capacity": 7, "collective": True}),
    ],
    ids=["one-desk", "two-desks-two-persons", "session"],
)
def test_every_slot_that_a_place_lists_can_be_taken_until_none_is_left(persons: int, agenda: dict[str, Any]) -> None:
    reason = a_town("valbruche", horizon_days=2, **agenda)
    taken = 0
    while listed := re.findall(r'name="debut" value="([^"]+)"', _first_week(reason, persons)):
        taken += 1
        response = Client(REMOTE_ADDR=f"192.0.2.{taken}").post(
            address(reason), {**asked(reason, persons=persons), "debut": listed[taken * 7 % len(listed)]}
        )
        assert response.status_code == 302
    assert taken == len(held(reason)) > 5
    assert "Tout est pris pour l’instant." in _first_week(reason, persons)


def _first_week(reason: Reason, persons: int) -> str:
    return plain(Client().get(f"/valbruche/rendez-vous/{reason.agenda.place_id}/?personnes={persons}"))
