"""An agent who never did it opens a place to bookings, then changes hours without losing anybody."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from parvis.appointments.models import (
    Agenda,
    Booking,
    HoursException,
    Opening,
    Place,
    Reason,
    Resource,
    WeeklyHours,
)
from parvis.appointments.rules.paris import PARIS
from parvis.appointments.selectors.slots import free_slots
from parvis.audit import facade as audit
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from tests.appointments.agenda_world import MONDAY, a_booking, a_place, a_reason, an_agenda, at
from tests.world import an_agent, an_authority, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
TUESDAY = MONDAY + timedelta(days=1)


@dataclass
class Desk:
    """An agent at their screen: follows links, fills forms as a browser would."""

    house: Authority
    client: Client

    def url(self, name: str, *args: Any, query: str = "") -> str:
        return reverse(name, args=[self.house.slug, *args]) + query

    def get(self, url: str) -> str:
        response = self.client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return response.content.decode()

    def post(self, url: str, **data: Any) -> HttpResponse:
        response = self.client.post(url, data)
        assert isinstance(response, HttpResponse)
        return response

    def typed(self, url: str) -> dict[str, Any]:
        """What the first form of a page holds as it is shown."""
        return fields_of(self.get(url))


def fields_of(page: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    main = page[page.index("<main") : page.index("</main>")]
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or ('type="checkbox"' in tag and " checked" not in tag):
            continue
        found.setdefault(name[1], []).append(value[1] if value else "")
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', main, re.S) + re.findall(
        r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', main, re.S
    ):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', main, re.S):
        found[name] = [text.strip()]
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


@pytest.fixture
def desk() -> Desk:
    house = an_authority("valbruche", name="Valbruche", latitude=47.75, longitude=7.34, address="1 place Neuve")
    agent = an_agent(house, "desk_manager", "Zoé Accueille")
    return Desk(house, signed_in(agent, house, "desk_manager"))


@pytest.fixture
def reason(desk: Desk) -> Reason:
    return a_reason(an_agenda(a_place(desk.house), lead_minutes=0))


def hours_of_day(reason: Reason) -> list[str]:
    found = free_slots([reason.id], 1, at(TUESDAY, "0:00"), at(TUESDAY, "23:00"))
    return [one.starts_at.astimezone(PARIS).strftime("%H:%M") for one in found]


def test_from_nothing_to_the_first_free_slot(desk: Desk) -> None:
    assert "Aucun lieu pour l’instant" in desk.get(desk.url("agendas"))
    place = desk.typed(desk.url("agenda_new_place"))
    assert (place["latitude"], place["longitude"], place["address"]) == ("47,75", "7,34", "1 place Neuve")
    sent = desk.post(desk.url("agenda_new_place"), **place | {"postcode": "68100", "national": "on"})
    made = Place.objects.get()
    assert sent.headers["Location"] == desk.url("agenda_new", made.id)
    settings = desk.typed(desk.url("agenda_new", made.id))
    assert settings["name"] == "Titres d’identité"
    desk.post(desk.url("agenda_new", made.id), **settings)
    agenda = Agenda.objects.get()
    step = desk.url("agenda_new_resource", agenda.id)
    assert desk.typed(step)["name"] == "Guichet 1"
    assert desk.post(step, **desk.typed(step) | {"again": "1"}).headers["Location"] == step
    sent = desk.post(step, **desk.typed(step))
    assert sent.headers["Location"] == desk.url("agenda_reasons", agenda.id)
    desk.post(desk.url("agenda_reasons", agenda.id), code="id-card")
    page = desk.get(desk.url("agenda_reasons", agenda.id))
    assert "Continuer" in page
    first = Resource.objects.get(name="Guichet 1")
    step = desk.url("agenda_hours", agenda.id, first.id)
    assert step in page
    week = desk.typed(step) | {"day0": "8 h 30 – 12 h", "day1": "8h30-12h, 13h30 - 17h"}
    preview = desk.post(step, **week)
    shown = preview.content.decode()
    assert "Aucun rendez-vous n’est touché" in shown
    assert "8\u00a0h\u00a030\u00a0–\u00a012\u00a0h</span>, " in shown
    assert "13\u00a0h\u00a030\u00a0–\u00a017\u00a0h</span>" in shown
    assert not WeeklyHours.objects.exists()
    applied = desk.post(step, **fields_of(shown) | {"confirm": "1"})
    assert applied.headers["Location"] == desk.url("agenda", agenda.id)
    assert "Ouvert à la réservation" in desk.get(desk.url("agenda", agenda.id))
    assert WeeklyHours.objects.filter(resource__agenda=agenda).count() == 6
    assert len(hours_of_day(Reason.objects.get())) == 10 + 10


def test_holidays_and_school_holidays_are_named_before_saving(desk: Desk, reason: Reason) -> None:
    with clock.frozen_at(at(MONDAY + timedelta(days=21), "8:00")):
        step = desk.url("agenda_hours", reason.agenda_id, Resource.objects.all()[0].id)
        shown = desk.post(step, **desk.typed(step) | {"day5": "9h-12h"}).content.decode()
    assert "Noël" in shown
    assert "Vacances scolaires" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [("8h30", "n’est pas un horaire"), ("12h-8h", "finit avant de commencer"), ("8h-12h, 11h-13h", "chevauche")],
    ids=["unreadable", "backwards", "overlap"],
)
def test_hours_that_cannot_be_read_are_explained(desk: Desk, reason: Reason, typed: str, said: str) -> None:
    step = desk.url("agenda_hours", reason.agenda_id, Resource.objects.all()[0].id)
    shown = desk.post(step, **desk.typed(step) | {"day0": typed}).content.decode()
    assert said in shown
    assert "Voici ce que cela change" not in shown


def closing(desk: Desk, reason: Reason, **more: Any) -> tuple[str, dict[str, Any]]:
    step = desk.url("agenda_close", reason.agenda.place_id)
    day = TUESDAY.isoformat()
    return step, desk.typed(step) | {"first_day": day, "last_day": day, "why": "Inventaire", **more}


def test_a_closure_lists_whom_it_touches_and_moves_them(desk: Desk, reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    step, typed = closing(desk, reason)
    shown = desk.post(step, **typed).content.decode()
    assert "Rendez-vous touchés\u202f: 1" in shown
    assert "Camille Essai" in shown
    assert "mercredi 25 novembre, 9\u00a0h\u00a010" in shown
    assert not HoursException.objects.exists()
    sent = desk.post(step, **fields_of(shown) | {"confirm": "1"})
    assert sent.status_code == 302
    with scope.authority(desk.house.id):
        moved = Booking.objects.get(id=booking.id)
        assert moved.starts_at == at(TUESDAY + timedelta(days=1), "9:10")
        [fact] = audit.facts([reason.agenda.place_id])
        assert fact.kind == "agenda.closed"
    assert "Inventaire" in desk.get(desk.url("agendas"))


def test_kept_it_stays_on_the_agenda_s_page_and_may_be_looked_after_later(desk: Desk, reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    step, typed = closing(desk, reason)
    preview = fields_of(desk.post(step, **typed).content.decode())
    desk.post(step, **preview | {"confirm": "1", f"does-{booking.id.hex}": "keep"})
    page = desk.get(desk.url("agenda", reason.agenda_id))
    assert "Hors horaires" in page
    again = desk.url("agenda_outside", reason.agenda_id)
    shown = desk.post(again).content.decode()
    assert "Rendez-vous touchés\u202f: 1" in shown
    desk.post(again, **fields_of(shown) | {"confirm": "1"})
    assert "Hors horaires" not in desk.get(desk.url("agenda", reason.agenda_id))


def test_to_call_it_is_on_the_agenda_s_page(desk: Desk, reason: Reason) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    step, typed = closing(desk, reason)
    preview = fields_of(desk.post(step, **typed).content.decode())
    desk.post(step, **preview | {"confirm": "1", f"does-{booking.id.hex}": "call"})
    page = desk.get(desk.url("agenda", reason.agenda_id))
    assert "Sans heure" in page
    assert "camille@exemple.test" in page


def test_a_booking_that_came_meanwhile_is_shown_and_nothing_is_applied(desk: Desk, reason: Reason) -> None:
    step, typed = closing(desk, reason)
    preview = fields_of(desk.post(step, **typed).content.decode())
    a_booking(reason, at(TUESDAY, "9:10"))
    answer = desk.post(step, **preview | {"confirm": "1"})
    shown = answer.content.decode()
    assert "La liste a changé" in shown
    assert "Rendez-vous touchés\u202f: 1" in shown
    assert not HoursException.objects.exists()
    assert desk.post(step, **fields_of(shown) | {"confirm": "1"}).status_code == 302
    assert HoursException.objects.count() == 1


@pytest.mark.parametrize("broken", ["version", "start", "does"])
def test_decisions_that_cannot_be_read_apply_nothing(desk: Desk, reason: Reason, broken: str) -> None:
    booking = a_booking(reason, at(TUESDAY, "9:10"))
    step, typed = closing(desk, reason)
    preview = fields_of(desk.post(step, **typed).content.decode())
    answer = desk.post(step, **preview | {"confirm": "1", f"{broken}-{booking.id.hex}": "nonsense"})
    assert "La liste a changé" in answer.content.decode()
    assert not HoursException.objects.exists()


def test_back_to_the_form_with_what_was_typed(desk: Desk, reason: Reason) -> None:
    step, typed = closing(desk, reason)
    preview = fields_of(desk.post(step, **typed).content.decode())
    shown = desk.post(step, **preview | {"edit": "1"}).content.decode()
    assert fields_of(shown)["why"] == "Inventaire"


def test_closed_then_open_again(desk: Desk, reason: Reason) -> None:
    step, typed = closing(desk, reason)
    desk.post(step, **fields_of(desk.post(step, **typed).content.decode()) | {"confirm": "1"})
    assert hours_of_day(reason) == []
    end = desk.url("agenda_exception", HoursException.objects.get().id)
    assert "Rouvrir" in desk.get(end)
    assert desk.post(end).status_code == 302
    assert len(hours_of_day(reason)) == 9


def test_a_closure_that_ends_before_it_begins_is_refused_beside_its_field(desk: Desk, reason: Reason) -> None:
    step, typed = closing(desk, reason, last_day=MONDAY.isoformat())
    assert "La fin vient avant le début" in desk.post(step, **typed).content.decode()


def test_an_extra_opening(desk: Desk, reason: Reason) -> None:
    saturday = MONDAY + timedelta(days=5)
    step = desk.url("agenda_open", reason.agenda_id)
    typed = desk.typed(step) | {"day": saturday.isoformat(), "opens": "09:00", "closes": "10:00", "audience": "online"}
    typed["resource"] = str(Resource.objects.all()[0].id)
    assert desk.post(step, **typed).status_code == 302
    assert Opening.objects.filter(day=saturday).count() == 1
    assert "Ouvert en plus" in desk.get(desk.url("agenda", reason.agenda_id))


def test_settings_that_touch_nobody_are_saved_at_once(desk: Desk, reason: Reason) -> None:
    step = desk.url("agenda_settings", reason.agenda_id)
    changed = {"wave_weekday": "0", "wave_hour": "18", "horizon_days": "30"}
    assert desk.post(step, **desk.typed(step) | changed).status_code == 302
    agenda = Agenda.objects.get()
    assert (agenda.wave_weekday, agenda.wave_hour, agenda.horizon_days) == (0, 18, 30)
    assert "une semaine à la fois, le lundi à 18" in desk.get(desk.url("agenda", agenda.id))


def test_a_wave_needs_its_hour(desk: Desk, reason: Reason) -> None:
    step = desk.url("agenda_settings", reason.agenda_id)
    assert "Choisissez aussi l’heure" in desk.post(step, **desk.typed(step) | {"wave_weekday": "0"}).content.decode()


def test_a_desk_that_stops_shows_whom_it_touches(desk: Desk, reason: Reason) -> None:
    for n in range(2):
        a_booking(reason, at(TUESDAY, "9:10"), numbers=(f"DEUXBUREA{n}",))
    resource = Resource.objects.all()[0]
    step = desk.url("agenda_resource", reason.agenda_id, resource.id)
    typed = desk.typed(step)
    del typed["active"]
    shown = desk.post(step, **typed).content.decode()
    assert "Rendez-vous touchés\u202f: 1" in shown
    desk.post(step, **fields_of(shown) | {"confirm": "1"})
    resource.refresh_from_db()
    assert resource.active is False


def test_a_reason_of_one_s_own(desk: Desk, reason: Reason) -> None:
    step = desk.url("agenda_new_reason", reason.agenda_id)
    typed = desk.typed(step) | {"label": "Déclarer une naissance", "minutes": "30"}
    assert desk.post(step, **typed).status_code == 302
    made = Reason.objects.get(label="Déclarer une naissance")
    assert (made.code, made.minutes) == ("declarer-une-naissance", 30)
    edit = desk.url("agenda_reason", reason.agenda_id, made.id)
    typed = desk.typed(edit)
    del typed["active"]
    desk.post(edit, **typed)
    made.refresh_from_db()
    assert made.active is False


def test_two_places_do_not_share_a_name(desk: Desk, reason: Reason) -> None:
    typed = desk.typed(desk.url("agenda_new_place")) | {"postcode": "68100"}
    shown = desk.post(desk.url("agenda_new_place"), **typed | {"name": "Mairie"}).content.decode()
    assert "Un lieu porte déjà ce nom" in shown
    assert Place.objects.count() == 1


def test_the_last_button_pressed_twice_does_it_once(desk: Desk, reason: Reason) -> None:
    a_booking(reason, at(TUESDAY, "9:10"))
    step, typed = closing(desk, reason)
    preview = fields_of(desk.post(step, **typed).content.decode())
    answers = [desk.post(step, **preview | {"confirm": "1"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    end = desk.url("agenda_exception", HoursException.objects.get().id)
    assert [desk.post(end).status_code for _ in range(2)] == [302, 302]
    assert not HoursException.objects.exists()


def test_hours_that_somebody_replaced_meanwhile_lead_to_the_present_ones(desk: Desk, reason: Reason) -> None:
    step = desk.url("agenda_hours", reason.agenda_id, Resource.objects.all()[0].id)
    answer = desk.client.get(f"{step}?grille=01a20000-0000-7000-8000-000000000000")
    assert answer.headers["Location"] == step


def test_a_room_and_its_agent(desk: Desk) -> None:
    agenda = an_agenda(a_place(desk.house), desks=0, name="Ateliers", collective=True)
    teacher = an_agent(desk.house, "desk_agent", "Yann Reçoit")
    step = desk.url("agenda_new_resource", agenda.id)
    assert "Quelle salle" in desk.get(step)
    desk.post(step, name="Petit bassin", capacity="12", person_id=str(teacher.id))
    room = Resource.objects.get()
    assert (room.capacity, room.person_id) == (12, teacher.id)
    assert "Yann Reçoit" in desk.get(desk.url("agenda", agenda.id))
    edit = desk.url("agenda_resource", agenda.id, room.id)
    desk.post(edit, **desk.typed(edit) | {"capacity": "8"})
    room.refresh_from_db()
    assert (room.capacity, room.person_id) == (8, teacher.id)


def test_a_place_needs_its_position_in_degrees(desk: Desk) -> None:
    shown = desk.post(desk.url("agenda_new_place"), name="Annexe", latitude="nord").content.decode()
    assert "Écrivez des degrés" in shown
    assert not Place.objects.exists()


NAMES = (
    "agenda", "agenda_settings", "agenda_new_resource", "agenda_reasons", "agenda_new_reason", "agenda_open",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_another_authority_s_agenda_is_not_found(desk: Desk, name: str) -> None:
    elsewhere = an_agenda(a_place(an_authority("ailleurs")))
    assert desk.client.get(desk.url(name, elsewhere.id)).status_code == 404


@pytest.mark.parametrize("role", ["buyer", "desk_agent", "observer"])
def test_only_those_who_keep_the_agendas_come_in(desk: Desk, role: str) -> None:
    other = signed_in(an_agent(desk.house, role, "Autre Agent"), desk.house, role)
    assert other.get(desk.url("agendas")).status_code == 403
