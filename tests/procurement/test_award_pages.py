"""The buyer's pages of the award, and what the public reads: who, for how much, since when."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.kit import clock, scope
from parvis.procurement import facade
from parvis.procurement.models import Submission
from tests.procurement.sealed_world import MINUTE, T, World, company, deposited, published, whole_opening
from tests.world import an_agent, signed_in

pytestmark = pytest.mark.django_db
AFTERWARDS = T + timedelta(days=10)
DECIDED, SIGNED = "2026-12-04", "2026-12-09"
FORM = {
    "title": "Toiture",
    "reference": "M-1",
    "duration_months": "6",
    "decided_on": DECIDED,
    "amount_cents": "175 000",
}


@pytest.fixture(autouse=True)
def _ten_days_after_the_deadline() -> Iterator[None]:
    with clock.frozen_at(AFTERWARDS):
        yield


def opened(lots: int = 0, **fields: Any) -> World:
    """One company answered, and the board opened its bid."""
    world = published(lots=lots, **fields)
    deposited(world, company(), T - MINUTE, lots=range(1, lots + 1) or (None,))
    whole_opening(world)
    return world


def client_of(world: World) -> Client:
    return signed_in(world.buyer, world.house, "buyer")


def where(world: World, name: str, *more: Any) -> str:
    return reverse(name, args=[world.house.slug, world.consultation.id, *more])


def shown(client: Client, url: str, code: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == code
    return answer.content.decode()


def test_from_the_file_to_the_public_page() -> None:
    world = opened()
    client, page = client_of(world), where(world, "record_award")
    assert f'href="{page}"' in shown(client, where(world, "desk_consultation"))
    form = shown(client, page)
    assert "Toitures Invention, pli n°\u202f1" in form
    assert 'value="2026-T-001"' in form, "the consultation's own number is proposed"
    answer = client.post(page, {**FORM, "company": "73282932000074"}, follow=True)
    assert answer.redirect_chain == [(where(world, "desk_consultation"), 302)]
    desk = answer.content.decode()
    assert "Attribution à Toitures Invention enregistrée" in desk
    assert "Le marché est attribué." in desk
    public = shown(Client(), where(world, "consultation"))
    for words in ("Attribuée", "Toitures Invention", "732\u00a0829\u00a0320\u00a000074", "175\u00a0000,00\u00a0€"):
        assert words in public
    assert "vendredi 4 décembre 2026" in public
    assert "Signé le" not in public


def test_another_company_is_named_by_hand_and_what_is_wrong_is_said() -> None:
    world = opened()
    client, page = client_of(world), where(world, "record_award")
    wrong = client.post(page, {**FORM, "company": "autre", "amount_cents": "beaucoup", "decided_on": ""})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    for words in (
        "4 points à corriger",
        "nom de l’entreprise",
        "n’est pas un montant",
        "Donnez la date de la décision.",
    ):
        assert words in text
    false = {**FORM, "company": "autre", "contractor_name": "Voisine", "contractor_siret": "12345678901234"}
    assert "un de ses chiffres est faux" in client.post(page, false).content.decode()
    client.post(page, {**false, "contractor_siret": "552 081 317 66522"})
    got = facade.award_of(world.consultation.id)
    assert got is not None
    assert (got.contractor_name, got.contractor_siret) == ("Voisine", "55208131766522")


def test_lot_after_lot() -> None:
    world = opened(lots=2)
    client, page = client_of(world), where(world, "record_award")
    assert "attribution du lot 1" in shown(client, page)
    answer = client.post(f"{page}?lot=2", {**FORM, "company": "73282932000074", "title": "Lot d’essai 2"}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "attribué à Toitures Invention" in answer.content.decode()
    shown(client, f"{page}?lot=2", 404)
    shown(client, f"{page}?lot=7", 404)
    public = shown(Client(), where(world, "consultation"))
    assert "Une partie des lots est attribuée" in public
    assert "Plis ouverts" in public
    client.post(page, {**FORM, "company": "73282932000074", "reference": "M-2"})
    assert "Le marché est attribué" in shown(Client(), where(world, "consultation"))


def test_a_framework_agreement_takes_its_bounds_from_the_consultation() -> None:
    world = opened(framework=True, framework_min_cents=10_000_000, framework_max_cents=160_000_000)
    client, page = client_of(world), where(world, "record_award")
    form = shown(client, page)
    assert 'value="100\u202f000"' in form
    assert 'value="1\u202f600\u202f000"' in form
    assert "amount_cents" not in form
    asked = {**FORM, "company": "73282932000074", "framework_min_cents": "100 000", "framework_max_cents": "1 700 000"}
    assert "Il reste au plus 1\u00a0600\u00a0000,00\u00a0€" in client.post(page, asked).content.decode()
    client.post(page, {**asked, "framework_max_cents": "1 600 000"})
    public = shown(Client(), where(world, "consultation"))
    assert "minimum 100\u00a0000,00\u00a0€, maximum 1\u00a0600\u00a0000,00\u00a0€" in public


def test_signature_and_notification_are_dated_later() -> None:
    world = opened()
    client = client_of(world)
    client.post(where(world, "record_award"), {**FORM, "company": "73282932000074"})
    got = facade.award_of(world.consultation.id)
    assert got is not None
    page = where(world, "complete_award", got.id)
    assert f'href="{page}"' in shown(client, where(world, "desk_consultation"))
    assert "Donnez une date" in client.post(page, {}).content.decode()
    assert "une fois signé" in client.post(page, {"notified_on": SIGNED}).content.decode()
    assert client.post(page, {"signed_on": SIGNED}).status_code == 302
    again = shown(client, page)
    assert "Date de notification" in again
    assert "id_signed_on" not in again, "what is recorded is not asked again"
    client.post(page, {"notified_on": SIGNED})
    assert client.get(page).status_code == 302
    assert f'href="{page}"' not in shown(client, where(world, "desk_consultation"))
    assert "Notifié le" in shown(Client(), where(world, "consultation"))


def test_a_mistake_is_corrected_with_its_reason() -> None:
    world = opened(lots=2)
    client = client_of(world)
    client.post(where(world, "record_award"), {**FORM, "company": "73282932000074"})
    got = facade.award_of(world.consultation.id, 1)
    assert got is not None
    page = where(world, "correct_award", got.id)
    assert f'href="{page}"' in shown(client, where(world, "desk_consultation"))
    form = shown(client, page)
    assert "Corriger l’attribution du lot 1" in form
    assert 'value="175\u202f000"' in form, "what is recorded is there to be changed"
    assert "checked" in form, "its company is ticked"
    right = {**FORM, "company": "73282932000074", "amount_cents": "157 000"}
    assert "Dites en une phrase" in client.post(page, right).content.decode()
    answer = client.post(page, {**right, "why": "Deux chiffres inversés"}, follow=True)
    assert answer.redirect_chain == [(where(world, "desk_consultation"), 302)]
    assert "Deux chiffres inversés" in answer.content.decode(), "in the facts of the file"
    public = shown(Client(), where(world, "consultation"))
    assert "157\u00a0000,00\u00a0€" in public
    assert "175\u00a0000,00\u00a0€" not in public
    client.post(where(world, "complete_award", got.id), {"signed_on": SIGNED, "notified_on": SIGNED})
    assert client.get(page).status_code == 302


def test_before_the_opening_the_page_leads_back_to_the_file() -> None:
    world = published(lots=0)
    answer = client_of(world).get(where(world, "record_award"), follow=True)
    assert "une fois les plis ouverts en séance" in answer.content.decode()
    assert where(world, "record_award") not in answer.content.decode()


def test_an_observer_reads_the_award_and_is_led_to_no_closed_door() -> None:
    world = opened()
    client_of(world).post(where(world, "record_award"), {**FORM, "company": "73282932000074"})
    observer = signed_in(an_agent(world.house, "observer", "Olga"), world.house, "observer")
    text = shown(observer, where(world, "desk_consultation"))
    assert "Toitures Invention" in text
    assert "/attribution/" not in text
    assert observer.get(where(world, "record_award")).status_code == 403


def test_a_bid_that_comes_after_the_award_is_kept_sealed() -> None:
    """Late by its stamp, or in time and slow to arrive: received all the same, and never opened."""
    world = opened()
    client_of(world).post(where(world, "record_award"), {**FORM, "company": "73282932000074"})
    world.again()
    rival = company("Rivale", "55208131766522")
    late = deposited(world, rival, T + MINUTE, lots=(None,))
    slow = deposited(world, rival, T - MINUTE, lots=(None,))
    with scope.authority(world.house.id):
        kept = {one.id: (one.state, one.after_closing) for one in Submission.objects.filter(company_id=rival.id)}
    assert kept == {late.id: ("late", False), slow.id: ("sealed", True)}
