"""The committee's pages: what a coordinator and a member see and may do, from a first date to the filed minutes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from parvis.eservices.facade import record_eservice, record_use
from parvis.kit import clock
from parvis.pooling.models import CommitteeMeeting, CostItem, CostKey, Presence
from tests.pooling.committee_world import MEETS_AT, NOW, Committee, a_committee, called, held, minuted, planned
from tests.pooling.pooling_world import a_framework, address, an_order
from tests.world import an_agent, signed_in

pytestmark = pytest.mark.django_db
LATER = MEETS_AT + timedelta(hours=1)


@pytest.fixture
def world() -> Iterator[Committee]:
    with clock.frozen_at(NOW):
        yield a_committee()


def coordinator(world: Committee) -> Client:
    return signed_in(world.actor, world.circle.coordinator, "coordinator")


def referent(world: Committee) -> Client:
    return signed_in(world.people[1], world.circle.member, "referent")


def where(world: Committee, *parts: Any, house: Any = None) -> str:
    return address(house or world.circle.coordinator, "groupements", world.circle.group.id, "comite", *parts)


def text(response: Any) -> str:
    assert response.status_code in {200, 422}, response.status_code
    return str(response.content.decode())


def test_the_committee_says_what_is_next_and_whether_the_year_has_its_two(world: Committee) -> None:
    minuted(world, NOW + timedelta(days=1))
    called(world)
    page = text(coordinator(world).get(where(world)))
    assert page.index("Comité de juin") < page.index("Comités passés")
    assert "Convoqués" in page
    assert "au moins deux fois par an" in page
    assert "compte-rendu.pdf" in page


def test_a_member_reads_and_has_no_button(world: Committee) -> None:
    meeting, house = planned(world), world.circle.member
    browser = referent(world)
    assert "Préparer un comité" not in text(browser.get(where(world, house=house)))
    assert "Convoquer les membres</a>" not in text(browser.get(where(world, meeting.id, house=house)))
    assert browser.get(where(world, meeting.id, "convoquer", house=house)).status_code == 403


def test_a_coordinator_of_elsewhere_does_not_find_the_pages_of_this_one(world: Committee) -> None:
    meeting, house = planned(world), world.circle.member
    stranger = signed_in(an_agent(house, "coordinator", "Autre Coordinatrice"), house, "coordinator")
    assert stranger.get(where(world, meeting.id, "convoquer", house=house)).status_code == 404
    assert stranger.get(where(world, "nouveau", house=house)).status_code == 404


def test_a_new_committee_is_offered_an_agenda_and_keeps_what_was_typed(world: Committee) -> None:
    browser = coordinator(world)
    assert "Questions diverses et date du prochain comité" in text(browser.get(where(world, "nouveau")))
    given = {"title": "Comité", "day": "2026-05-01", "hour": "14:00", "place": "Mairie", "agenda": "Un\nDeux"}
    late = browser.post(where(world, "nouveau"), given)
    assert "Cette date est passée" in text(late)
    assert "Un\nDeux" in text(late)
    assert browser.post(where(world, "nouveau"), given | {"day": "2026-06-11"}).status_code == 302
    with world.coordinator():
        meeting = CommitteeMeeting.objects.get()
        assert meeting.meets_at == MEETS_AT
        assert [one.title for one in meeting.items.all()] == ["Un", "Deux"]


def test_the_mail_is_read_before_the_members_are_called(world: Committee) -> None:
    meeting, browser = planned(world), coordinator(world)
    page = text(browser.get(where(world, meeting.id, "convoquer")))
    assert "Référente Mulhouse" in page
    assert "1. Suites du dernier comité" in page
    assert browser.post(where(world, meeting.id, "convoquer")).status_code == 302
    assert "Convoqué" in text(browser.get(where(world, meeting.id)))
    assert "plus en préparation" in text(browser.get(where(world, meeting.id, "convoquer")))


def test_attendance_takes_a_name_as_a_presence_and_says_whose_is_missing(world: Committee) -> None:
    meeting, browser = called(world), coordinator(world)
    one, two, three = world.circle.houses
    with clock.frozen_at(LATER):
        given = {f"delegate-{one.id}": "Noé", f"presence-{two.id}": "excused"}
        assert "Dites si Illzach était présente" in text(browser.post(where(world, meeting.id, "presences"), given))
        done = browser.post(where(world, meeting.id, "presences"), given | {f"presence-{three.id}": "absent"})
        assert done.status_code == 302
        page = text(browser.get(where(world, meeting.id)))
    assert "1 membre présent sur 3" in page
    with world.coordinator():
        assert meeting.attendances.get(member=one).presence == Presence.PRESENT


def a_shared_cost(world: Committee) -> CostItem:
    group = world.circle.group
    with world.coordinator():
        row: CostItem = CostItem.objects.create(
            group=group, circle_id=group.id, kind="users", label="Plateforme 2026", year=2026,
            from_on=date(2026, 1, 1), until_on=date(2027, 1, 1), ht_cents=100_000, vat_cents=20_000,
            key_code="users", users=[],
        )  # fmt: skip
    return row


KEY_FORM = {
    "text": "La population de 2022, l’agglomération comptée pour zéro.", "in_force_on": "2027-01-01", "name": "Users",
    "formula": "population", "weight": "50", "population_kind": "totale", "reference_year": "2022",
    "agglomeration": "zero", "payer": "",
}  # fmt: skip


def with_services(world: Committee) -> None:
    for house in world.circle.houses:
        name = f"État civil, {house.name}"
        made = record_eservice(house.id, code=f"etat-{house.slug}", name=name, offered_from=date(2025, 1, 1))
        record_use(made.id, house.id, date(2025, 1, 1))


def test_a_key_is_decided_after_its_effect_was_seen_and_only_then(world: Committee) -> None:
    with_services(world)
    a_shared_cost(world)
    meeting, browser = held(world), coordinator(world)
    page = where(world, meeting.id, "decision", "cle")
    with clock.frozen_at(LATER):
        assert "?cle=users" in text(browser.get(page))
        seen = text(browser.post(f"{page}?cle=users", KEY_FORM | {"preview": "1"}))
        assert "comptée pour zéro" in seen
        # Mulhouse: 106 095 of 121 457 inhabitants of the two communes, of 1 200,00 € including VAT.
        assert "1\u00a0048,2" in seen
        with world.coordinator():
            assert CostKey.objects.filter(code="users").count() == 1
        refused = text(browser.post(f"{page}?cle=users", KEY_FORM | {"record": "1", "in_force_on": "2026-01-01"}))
        assert "La version 1 de cette clé" in refused
        assert browser.post(f"{page}?cle=users", KEY_FORM | {"record": "1"}).status_code == 302
        shown = text(browser.get(where(world, meeting.id)))
    assert "Version 2 de la clé" in shown
    assert "<strong>comptée pour zéro</strong>" in shown


@pytest.mark.parametrize(
    "typed",
    ["deux", "101", "-1", "1/0", "3/2", "1e9", "33,333"],
    ids=["word", "above", "below", "zero", "more", "huge", "long"],
)
def test_a_part_that_is_none_is_said_so(world: Committee, typed: str) -> None:
    meeting, browser = held(world), coordinator(world)
    with clock.frozen_at(LATER):
        page = browser.post(where(world, meeting.id, "decision", "cle") + "?cle=users", KEY_FORM | {"weight": typed})
    assert "Écrivez un pourcentage de 0 à 100" in text(page)


def test_minutes_are_drafted_filed_and_printed(world: Committee) -> None:
    meeting, browser = held(world), coordinator(world)
    with clock.frozen_at(LATER):
        draft = text(browser.get(where(world, meeting.id, "compte-rendu")))
        assert "Mulhouse, représentée par Élu Mulhouse" in draft
        assert browser.get(where(world, meeting.id, "compte-rendu.pdf").rstrip("/")).status_code == 404
        assert browser.post(where(world, meeting.id, "compte-rendu"), {"text": "Un\n\nDeux"}).status_code == 302
        assert "<p>Deux</p>" in text(browser.get(where(world, meeting.id)))
        pdf = referent(world).get(where(world, meeting.id, "compte-rendu.pdf", house=world.circle.member).rstrip("/"))
    assert pdf.content.startswith(b"%PDF-")


def test_a_cancelled_committee_says_why_to_everybody(world: Committee) -> None:
    meeting, browser = called(world), coordinator(world)
    assert "écrivez-leur pourquoi" in text(browser.post(where(world, meeting.id, "annuler"), {"reason": ""}))
    browser.post(where(world, meeting.id, "annuler"), {"reason": "Salle fermée"})
    assert "Salle fermée" in text(referent(world).get(where(world, meeting.id, house=world.circle.member)))


def test_the_calendar_file_is_the_one_of_the_letter(world: Committee) -> None:
    meeting = called(world)
    response = referent(world).get(where(world, meeting.id, "agenda.ics", house=world.circle.member).rstrip("/"))
    assert response["Content-Type"].startswith("text/calendar")
    assert b"Comit\xc3\xa9 de pilotage" in response.content


def test_the_dossier_tells_the_same_on_the_page_and_on_paper(world: Committee) -> None:
    with_services(world)
    a_shared_cost(world)
    a_framework(world.circle)
    an_order(world.circle, world.circle.member, state="informed")
    minuted(world)
    with clock.frozen_at(MEETS_AT + timedelta(days=30)):
        page = text(referent(world).get(where(world, "dossier", house=world.circle.member)))
        pdf = referent(world).get(where(world, "dossier.pdf", house=world.circle.member).rstrip("/"))
    assert "Le prochain comité se tient en novembre." in page
    assert "Annoncées, à examiner ensemble" in page
    assert "1\u00a0200,00\u00a0€" in page
    assert "Pourquoi" in page
    assert pdf.content.startswith(b"%PDF-")
