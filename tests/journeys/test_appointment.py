"""An identity card for two, on a telephone and without an account: found, booked, moved, cancelled, offered to another,
received at the desk; and the hours that a desk changes.
"""

import json
import re
import time as waiting
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from playwright.sync_api import Page, expect

from parvis.accounts.facade import give_totp
from parvis.accounts.models import Person
from parvis.appointments.models import Agenda, Booking, Place, Reason
from parvis.appointments.rules.paris import PARIS, instant
from parvis.authorities.models import Authority
from parvis.kit import clock, scope
from parvis.notifications.facade import messages
from tests.appointments.agenda_world import a_booking, a_place, a_reason, an_agenda, at
from tests.journeys.conftest import Platform, Visitor
from tests.journeys.people import sign_in
from tests.world import an_agent, an_authority

Enter = Callable[[str], Visitor]
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Town:
    house: Authority
    place: Place
    agenda: Agenda
    reason: Reason


def a_town(slug: str, name: str, latitude: float, longitude: float, **fields: Any) -> Town:
    house = an_authority(slug, name=name, latitude=latitude, longitude=longitude, postcode="68100")
    place = a_place(
        house, f"Mairie de {name}", city=name, latitude=latitude, longitude=longitude, phone="03 89 00 00 00",
        has_lift=True,
    )  # fmt: skip
    agenda = an_agenda(place, hours="8:30-11:30,14:00-17:00", lead_minutes=60, walk_in_quota=4, **fields)
    return Town(house, place, agenda, a_reason(agenda))


def next_monday() -> date:
    today = clock.now().astimezone(PARIS).date()
    return today + timedelta(days=7 - today.weekday())


@dataclass(frozen=True)
class World:
    near: Town
    far: Town
    agent: Person
    manager: Person
    monday: date


def world(platform: Platform) -> World:
    monday = next_monday()
    platform.travel_to(instant(monday, time(7, 0)))
    an_authority(
        "agglomeration-des-trois-vals", kind="agglomeration", name="Agglomération des Trois Vals", siren="200000017"
    )
    near = a_town("valbruche", "Valbruche", 47.75, 7.34)
    far = a_town("hautmont", "Hautmont", 47.82, 7.45)
    people = [
        an_agent(near.house, role, name)
        for role, name in (("desk_agent", "Ines Accueil"), ("desk_manager", "Marc Horaires"))
    ]
    for person in people:
        give_totp(person.id)
    return World(near, far, people[0], people[1], monday)


def test_an_appointment_from_the_search_to_the_desk(platform: Platform, visitor: Enter) -> None:
    here = world(platform)
    citizen = visitor("citizen")
    citizen.page.set_viewport_size(PHONE)
    manage = booked_on_a_phone(citizen, here)
    letter_and_calendar(citizen, manage)
    declared(citizen, "SOLOCAL001")
    moved(citizen, manage)
    from_the_national_search(visitor("hub"), here)
    waiter = waits_for_an_earlier_slot(visitor("waiter"), here)
    cancelled(citizen, manage)
    takes_the_freed_slot(waiter)
    desk = received_at_the_desk(visitor("agent"), visitor("wall"), here)
    walk_in_and_figures(desk, here)
    afternoon_closed(visitor("manager"), here)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def booked_on_a_phone(citizen: Visitor, here: World) -> str:
    """Two persons, one of them a child; the address of the appointment's page."""
    page = citizen.page
    citizen.go("/rendez-vous/")
    citizen.look("appointment-find")
    page.get_by_label("Carte d’identité", exact=True).check()
    page.get_by_label(re.compile("Combien")).select_option("2")
    page.get_by_label(re.compile("Près de")).fill("Valbruche")
    press(page, "Voir les rendez-vous libres")
    citizen.look("appointment-results")
    expect(page.locator("article.card").first).to_contain_text("Mairie de Valbruche")
    press(page, re.compile(r"9\s*h\s*10"))
    citizen.look("appointment-people")
    persons(page, ("Camille", "Essai", "SOLOCAL001", False), ("Lou", "Essai", "SOLOCAL002", True))
    press(page, "Continuer")
    citizen.look("appointment-contact")
    contact(page, "camille@exemple.test", guardian="Camille Essai")
    press(page, "Continuer")
    citizen.look("appointment-check")
    press(page, "Confirmer le rendez-vous")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre rendez-vous")
    citizen.look("appointment-booked")
    return page.url


def persons(page: Page, *people: tuple[str, str, str, bool]) -> None:
    for rank, (first, last, number, minor) in enumerate(people, start=1):
        page.locator(f"[name=p{rank}-first_name]").fill(first)
        page.locator(f"[name=p{rank}-last_name]").fill(last)
        page.locator(f"[name=p{rank}-application_id]").fill(number)
        answers = page.locator(f"[name=p{rank}-minor]")
        if answers.count() > 1:
            answers.nth(0 if minor else 1).check()
        elif minor:
            answers.check()
        case = page.locator(f"[name=p{rank}-case]")
        if case.count() == 1:
            case.select_option(index=1)
        else:
            case.first.check()


def contact(page: Page, email: str, guardian: str = "") -> None:
    page.locator("[name=contact_name]").fill("Camille Essai")
    if guardian:
        page.locator("[name=guardian_name]").fill(guardian)
    page.locator("[name=email]").fill(email)


def letters(address: str) -> list[Any]:
    """What was written to an address, the newest first."""
    return [one for one in messages() if one.to == address]


def until(found: Callable[[], Any], within: float = 20) -> Any:
    """What the worker will have done, as soon as it has. Fails the test after `within` seconds."""
    limit = waiting.monotonic() + within
    while not (value := found()):
        assert waiting.monotonic() < limit, found
        waiting.sleep(0.2)
    return value


def letter_and_calendar(citizen: Visitor, manage: str) -> None:
    """The letter holds the link, and the calendar file that the page gives too."""
    [letter] = letters("camille@exemple.test")
    assert manage in letter.text
    assert [one.name for one in letter.attached] == ["rendez-vous.ics"]
    with citizen.page.expect_download() as download:
        citizen.page.get_by_role("link", name="Ajouter à mon agenda").click()
    file = download.value.path().read_text(encoding="utf-8")
    assert "BEGIN:VEVENT" in file
    assert "TZID=Europe/Paris" in file
    citizen.go("/demo/courrier/?a=camille")
    citizen.look()


def declared(citizen: Visitor, number: str, there: bool = True) -> None:
    """What the national service, played here, was told by the worker."""

    def told() -> bool:
        citizen.go("/demo/coordination/")
        return (number in citizen.page.locator("table").last.inner_text()) is there

    until(told)


def moved(citizen: Visitor, manage: str) -> None:
    page = citizen.page
    citizen.go(manage)
    follow(page, "Déplacer")
    citizen.look("appointment-move")
    page.locator("input[name=debut]").first.check()
    press(page, "Déplacer à cette heure")
    citizen.look()


def from_the_national_search(guest: Visitor, here: World) -> None:
    """The hub's own calls, then the page behind its link: the slot is held; a used number is refused in words."""
    guest.page.set_viewport_size(PHONE)
    base, day = f"{guest.platform.url}/api/ants", here.monday.isoformat()
    points = asked(f"{base}/getManagedMeetingPoints")
    assert {one["city_name"] for one in points} == {"Valbruche", "Hautmont"}
    query = "&".join(f"meeting_point_ids={town.place.id}" for town in (here.far, here.near))
    dates = f"start_date={day}&end_date={day}"
    slots = asked(f"{base}/availableTimeSlots?{query}&{dates}&reason=CNI&documents_number=1")
    chosen = slots[str(here.far.place.id)][3]
    assert chosen["datetime"].endswith("Z")
    page = guest.page
    guest.go(chosen["callback_url"])
    shown = datetime.fromisoformat(chosen["datetime"].removesuffix("Z"))
    expect(page.locator("main")).to_contain_text(re.compile(rf"{shown.hour}\sh\s{shown.minute:02d}"))
    persons(page, ("Dominique", "Essai", "SOLOCAL007", False))
    press(page, "Continuer")
    expect(page.get_by_role("alert")).to_be_visible()
    guest.complaints.clear()  # the browser tells that a form came back with what is to correct
    guest.look("appointment-number-used")
    page.locator("[name=p1-application_id]").fill("SOLOCAL003")
    press(page, "Continuer")
    contact(page, "dominique@exemple.test")
    press(page, "Continuer")
    press(page, "Confirmer le rendez-vous")
    guest.look()
    known = asked(f"{base}/searchApplicationIds?application_ids=SOLOCAL003&application_ids=INCONNU999")
    assert [one["datetime"] for one in known["SOLOCAL003"]] == [chosen["datetime"]]
    assert known["INCONNU999"] == []


def asked(url: str) -> Any:
    _name, header, token = settings.ANTS_HUBS[0]
    with urllib.request.urlopen(urllib.request.Request(url, headers={header: token}), timeout=20) as answer:
        return json.load(answer)


def link_in(letter: Any, part: str) -> str:
    return next(word for word in letter.text.split() if part in word)


def waits_for_an_earlier_slot(waiter: Visitor, here: World) -> Visitor:
    """Two persons who would come any day this week, at either town hall; they confirm by the letter."""
    page = waiter.page
    waiter.go("/rendez-vous/?motif=id-card&personnes=2&pres=Valbruche")
    follow(page, re.compile("Être prévenu"))
    waiter.look("appointment-wait")
    page.locator("[name=email]").fill("sacha@exemple.test")
    press(page, "Me prévenir")
    waiter.look()
    [letter] = until(lambda: letters("sacha@exemple.test"))
    waiter.go(link_in(letter, "/rendez-vous/attente/"))
    press(page, "Oui, me prévenir")
    waiter.look("appointment-waiting")
    return waiter


def cancelled(citizen: Visitor, manage: str) -> None:
    page = citizen.page
    citizen.go(manage)
    follow(page, "Annuler")
    citizen.look("appointment-cancel")
    press(page, "Annuler le rendez-vous")
    citizen.look("appointment-cancelled")
    declared(citizen, "SOLOCAL001", there=False)


def takes_the_freed_slot(waiter: Visitor) -> None:
    page = waiter.page
    offers = until(lambda: [one for one in letters("sacha@exemple.test") if "/rendez-vous/offre/" in one.text])
    waiter.go(link_in(offers[0], "/rendez-vous/offre/"))
    waiter.look("appointment-offer")
    press(page, "Prendre cette place")
    if page.get_by_role("link", name="Continuer").count():
        follow(page, "Continuer")
    waiter.look()
    persons(page, ("Sacha", "Essai", "VALIDE0001", False), ("Noa", "Essai", "VALIDE0002", False))
    press(page, "Continuer")
    assert page.locator("[name=email]").input_value() == "sacha@exemple.test"
    page.locator("[name=contact_name]").fill("Sacha Essai")
    press(page, "Continuer")
    press(page, "Confirmer le rendez-vous")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Votre rendez-vous")


def received_at_the_desk(agent: Visitor, wall: Visitor, here: World) -> Visitor:
    """Arrived, called to a desk, shown on the wall without a name, received."""
    page, desk = agent.page, f"/{here.near.house.slug}/accueil/"
    sign_in(agent, here.agent)
    agent.go(desk)
    agent.look("reception-today")
    row = page.locator("tbody tr", has_text="Sacha Essai")
    with page.expect_navigation():
        row.get_by_role("button").click()
    ticket = page.locator("tbody tr", has_text="Sacha Essai").locator("td").first.inner_text().strip()
    assert re.fullmatch(r"[A-Z]\d{1,3}", ticket), ticket
    page.locator("#mon_guichet").select_option(index=1)
    press(page, "Choisir")
    press(page, f"Appeler {ticket}")
    agent.look("reception-called")
    agent.go(f"{desk}ecran/{here.near.place.id}/")
    wall.go(page.locator("main a", has_text="/ecran/").inner_text())
    expect(wall.page.get_by_role("heading", level=1)).to_contain_text(ticket)
    assert "Sacha" not in wall.page.content()
    wall.look("reception-wall")
    agent.go(desk)
    press(page, "Terminer")
    agent.look()
    return agent


def walk_in_and_figures(agent: Visitor, here: World) -> None:
    page, desk = agent.page, f"/{here.near.house.slug}/accueil/"
    agent.go(desk)
    follow(page, "Accueillir une personne")
    agent.look("reception-walk-in")
    reason = page.locator("[name=reason]")
    if reason.evaluate_all("all => all.some(e => e.type === 'radio')"):
        reason.first.check()
    press(page, "Donner un ticket")
    agent.look()
    expect(page.locator("main")).to_contain_text("1 sur 4")


def afternoon_closed(manager: Visitor, here: World) -> None:
    """Tuesday afternoon closes: who had an appointment is listed, another hour is proposed, and they are told."""
    tuesday = here.monday + timedelta(days=1)
    booking = a_booking(here.near.reason, at(tuesday, "14:20"), numbers=("VALIDE0009",))
    page = manager.page
    sign_in(manager, here.manager)
    manager.go(f"/{here.near.house.slug}/accueil/agendas/")
    manager.look("agendas")
    manager.go(f"/{here.near.house.slug}/accueil/agendas/lieux/{here.near.place.id}/fermer/")
    page.locator("[name=first_day]").fill(tuesday.isoformat())
    page.locator("[name=last_day]").fill(tuesday.isoformat())
    page.locator("[name=from_hour]").fill("14:00")
    page.locator("[name=to_hour]").fill("17:00")
    page.locator("[name=why]").fill("Réunion de tous les agents")
    press(page, "Voir qui est touché")
    expect(page.locator("main")).to_contain_text("Camille Essai")
    manager.look("agenda-closure")
    with page.expect_navigation():
        page.locator("button[name=confirm]").click()
    manager.look()
    with scope.authority(here.near.house.id):
        moved_to = Booking.objects.get(id=booking.id)
    assert moved_to.state == "booked"
    assert not at(tuesday, "14:00") <= moved_to.starts_at < at(tuesday, "17:00")
    told = [one for one in letters("camille@exemple.test") if one.subject_id == booking.id]
    assert any("Réunion de tous les agents" in one.text for one in told)
