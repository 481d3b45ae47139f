"""What each sees of a group and does there, page after page, from the founding to the consultation."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.authorities.models import Authority
from parvis.eservices.models import EService, EServiceUse
from parvis.kit import scope
from parvis.pooling.models import (
    CoordinatorTask,
    Dispute,
    FrameworkAgreement,
    GroupConsultation,
    JointProcurement,
    Membership,
    Need,
)
from parvis.pooling.services.accept_membership import accept_membership
from tests.pooling.group_world import ACTOR, a_need, consolidated, founded, joined, notified, proposed, started
from tests.pooling.pooling_world import a_client, a_framework, a_group, address, an_order, houses

pytestmark = pytest.mark.django_db


def text(client: Client, url: str) -> str:
    """The words of a page, on one line."""
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    body = re.sub(r"(?s)<(script|style).*?</\1>", "", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def at(house: Authority, *parts: Any) -> str:
    return address(house, "groupements", *parts)


def a_pdf(name: str = "piece.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 piece", "application/pdf")


def test_a_group_is_founded_and_started_by_its_pages() -> None:
    [whole] = houses(1)
    coordinator = a_client(whole, "coordinator")
    answer = coordinator.post(
        at(whole, "nouveau"),
        {
            "name": "Énergie", "purpose": "Gaz et électricité", "decision": "Délibération 4",
            "decided_on": "2026-01-12", "information_days": "10", "vat_mode": "recharge", "instalments": "2",
            "public": "on", "ends_on": "2030-12-31",
        },
    )  # fmt: skip
    with scope.authority(whole.id):
        group = JointProcurement.objects.get(name="Énergie")
    assert group.ends_on == date(2031, 1, 1)
    assert answer.headers["Location"] == at(whole, group.id)
    assert "Démarrer le groupement" in text(coordinator, at(whole, group.id))
    assert 'value="2030-12-31"' in coordinator.get(at(whole, group.id, "modifier")).content.decode()
    signed = {"signed_on": "2026-02-02", "starts_on": "2026-03-01", "ends_on": "2030-12-31", "file": a_pdf()}
    assert coordinator.post(at(whole, group.id, "demarrer"), signed).status_code == 302
    with scope.authority(whole.id):
        assert JointProcurement.objects.get(id=group.id).state == "running"
    assert "Inviter une commune" in text(coordinator, at(whole, group.id))


def test_errors_keep_what_was_typed() -> None:
    [whole] = houses(1)
    coordinator = a_client(whole, "coordinator")
    typed = {"name": "Énergie", "decision": "Délibération 4", "decided_on": "2999-01-01"}
    body = coordinator.post(at(whole, "nouveau"), typed).content.decode()
    assert 'value="Énergie"' in body
    assert "Il manque cette réponse" in body


def test_a_commune_joins_by_its_pages() -> None:
    whole, commune = houses(2)
    group = started(whole)
    referent, coordinator = a_client(commune, "referent"), a_client(whole, "coordinator")
    assert "Services numériques" in text(referent, at(commune))
    assert referent.post(at(commune, group.id, "rejoindre")).status_code == 302
    assert "Écrire un besoin" in text(referent, at(commune, group.id))
    need = {"kind": "hosting", "label": "Hébergement", "quantity": "4", "unit": "an", "estimated_cents": "59 960,00"}
    assert referent.post(at(commune, group.id, "membres", "besoins", "nouveau"), need).status_code == 302
    with scope.authority(commune.id):
        place = Membership.objects.get(member=commune)
        assert Need.objects.get().estimated_cents == 59_960_00
    decision = {"decision": "Délibération 12", "decided_on": "2026-11-02", "file": a_pdf()}
    assert referent.post(at(commune, group.id, "membres", place.id, "notifier"), decision).status_code == 302
    assert "attend votre réponse" in text(coordinator, at(whole, group.id))
    page = at(whole, group.id, "membres", place.id)
    assert "Délibération 12" in text(coordinator, page)
    early = coordinator.post(page, {"verb": "accept", "effective_on": "2026-01-01"}).content.decode()
    assert "avant sa notification" in early
    assert coordinator.post(page, {"verb": "accept", "effective_on": "2026-12-01"}).status_code == 302
    with scope.authority(commune.id):
        place.refresh_from_db()
    assert (place.state, place.effective_on) == ("member", date(2026, 12, 1))
    assert "Délibération 12" in text(referent, at(commune, group.id, "membres"))
    pdf = referent.get(at(commune, group.id, "membres", "annexe.pdf").removesuffix("/"))
    assert pdf.content.startswith(b"%PDF")


def test_what_is_missing_is_read_by_the_commune() -> None:
    whole, commune = houses(2)
    group = started(whole)
    place = notified(proposed(group, commune), no_need="Plus tard")
    coordinator, referent = a_client(whole, "coordinator"), a_client(commune, "referent")
    said = {"verb": "return", "missing": "La page 2."}
    assert coordinator.post(at(whole, group.id, "membres", place.id), said).status_code == 302
    assert "La page 2." in text(referent, at(commune, group.id))


def test_only_the_coordinator_sees_its_buttons_and_opens_its_forms() -> None:
    whole, commune = houses(2)
    group = started(whole)
    place = joined(group, commune)
    referent = a_client(commune, "referent")
    words = text(referent, at(commune, group.id, "membres"))
    assert "Inviter une commune" not in words
    assert "Ajouter une tâche" not in text(referent, at(commune, group.id, "suivi"))
    assert "Prendre acte" not in text(referent, at(commune, group.id, "membres", place.id))
    for page in ("demarrer", "modifier"):
        assert referent.get(at(commune, group.id, page)).status_code == 403


def test_a_commune_does_not_open_the_place_of_another() -> None:
    whole, commune, other = houses(3)
    group = started(whole)
    joined(group, commune)
    place = proposed(group, other)
    assert a_client(commune, "referent").get(at(commune, group.id, "membres", place.id)).status_code == 404


def test_needs_are_summed_and_open_a_draft() -> None:
    whole, commune, other = houses(3)
    group = started(whole)
    joined(group, commune)
    joined(group, other)
    a_need(group, commune, "Hébergement", kind="hosting", estimated_cents=None)
    coordinator = a_client(whole, "coordinator")
    words = text(coordinator, at(whole, group.id, "membres", "besoins"))
    assert "besoins 3" in words
    assert "20 000,00 €" in words
    assert "1 besoin n’a pas d’estimation" in words
    page = at(whole, group.id, "membres", "besoins", "consultation")
    assert "Pourquoi ces propositions" in text(coordinator, page)
    typed = {"title": "Guichet", "nature": "services", "max_cents": "30 000", "min_cents": "0", "duration_months": "48"}
    answer = coordinator.post(page, typed)
    assert answer.status_code == 302
    with scope.authority(whole.id):
        assert len(GroupConsultation.objects.get().needs) == 3
    assert "En préparation" in text(coordinator, at(whole, group.id))
    referent = a_client(commune, "referent")
    assert "Repris par une consultation" in text(referent, at(commune, group.id, "membres", "besoins"))
    with scope.authority(commune.id):
        need = Need.objects.filter(authority_id=commune.id).first()
    assert need is not None
    removed = referent.post(at(commune, group.id, "membres", "besoins", need.id), {"verb": "remove"}, follow=True)
    assert "Une consultation a déjà repris ce besoin" in removed.content.decode()


def test_a_need_is_changed_and_taken_back_by_its_page() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    referent = a_client(commune, "referent")
    with scope.authority(commune.id):
        need = Need.objects.get()
    page = at(commune, group.id, "membres", "besoins", need.id)
    typed = {"kind": "acquisition", "label": "Démarches", "quantity": "2", "estimated_cents": "12 000,50"}
    assert referent.post(page, typed).status_code == 302
    with scope.authority(commune.id):
        need.refresh_from_db()
    assert (need.label, need.quantity, need.estimated_cents) == ("Démarches", 2, 12_000_50)
    assert a_client(whole, "coordinator").get(page.replace(commune.slug, whole.slug)).status_code == 404
    assert referent.post(page, {"verb": "remove"}).status_code == 302
    with scope.authority(commune.id):
        assert not Need.objects.exists()


def test_tasks_and_disputes_by_their_pages() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    coordinator = a_client(whole, "coordinator")
    added = coordinator.post(at(whole, group.id, "suivi", "nouvelle"), {"label": "Relire", "due_on": "2026-01-31"})
    assert added.status_code == 302
    assert "1 tâche en retard" in text(coordinator, at(whole, group.id, "suivi"))
    with scope.authority(whole.id):
        task = CoordinatorTask.objects.get(label="Relire")
    page = at(whole, group.id, "suivi", task.id)
    assert coordinator.post(page, {"verb": "save", "label": "Relire tout", "due_on": ""}).status_code == 302
    assert coordinator.post(page, {"verb": "done"}).status_code == 302
    assert "de nouveau à faire" in text(coordinator, page)
    assert coordinator.post(page, {"verb": "reopen"}).status_code == 302
    typed = {"subject": "Retard", "opponent": "Lignes Claires", "opened_on": "2026-06-01", "account": "Un mois."}
    assert (
        coordinator.post(at(whole, group.id, "suivi", "litiges", "nouveau"), typed | {"file": a_pdf()}).status_code
        == 302
    )
    with scope.authority(whole.id):
        dispute = Dispute.objects.get()
    referent = a_client(commune, "referent")
    read = at(commune, group.id, "suivi", "litiges", dispute.id)
    assert "Un mois." in text(referent, read)
    referent.post(read, {"closed_on": "2026-07-01", "outcome": "Rien"})
    ours = at(whole, group.id, "suivi", "litiges", dispute.id)
    assert "Il est réglé" in text(coordinator, ours)
    assert coordinator.post(ours, {"closed_on": "2026-07-01", "outcome": "Un avoir."}).status_code == 302
    assert "Un avoir." in text(referent, read)


def test_an_empty_chain_says_what_to_do() -> None:
    [whole] = houses(1)
    words = text(a_client(whole, "coordinator"), at(whole, founded(whole).id))
    assert words.count("Pas encore") == 7


def test_the_chain_counts_what_there_is() -> None:
    circle = a_group(houses(3))
    framework = a_framework(circle)
    whole, commune, other = circle.houses
    made = an_order(circle, commune, state="delivered")
    an_order(circle, other, state="issued")
    an_order(circle, whole, state="informed")
    an_order(circle, whole)
    an_order(circle, whole, state="cancelled")
    with scope.authority(whole.id):
        FrameworkAgreement.objects.filter(id=framework.id).update(used_cents=14_700_00)
        service = EService.objects.create(
            code="voirie", name="Signaler un souci", summary="Un trou.", theme="surroundings",
            offered_from=date(2026, 2, 1),
        )  # fmt: skip
    for house, order_id in ((commune, made.id), (other, None)):
        with scope.authority(house.id):
            EServiceUse.objects.create(service=service, from_on=date(2026, 2, 1), order_id=order_id)
    words = text(a_client(commune, "referent"), at(commune, circle.group.id))
    for said in (
        "14 700,00 €", "0,9 % du maximum", "commandes émises 2", "reçue 1", "annoncée au groupement 1",
        "téléservice proposé 1", "partagé 1", "ouvert par une commande 1", "Faite ailleurs",
    ):  # fmt: skip
        assert said in words, said


def test_the_consultation_of_the_chain_is_the_groups_own() -> None:
    whole, commune = houses(2)
    group = started(whole)
    joined(group, commune)
    consolidated(group)
    words = text(a_client(commune, "referent"), at(commune, group.id))
    assert "Guichet en ligne" in words
    assert "En préparation" in words


def links_of(client: Client, url: str) -> set[str]:
    body = client.get(url).content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return {one for one in re.findall(r'href="(/[^"#]*)"', main) if "/static/" not in one}


@pytest.mark.parametrize("role", ["referent", "observer", "buyer", "finance_agent"])
def test_no_link_of_the_pages_of_a_group_is_closed_to_who_sees_it(role: str) -> None:
    whole, commune, other = houses(3)
    group = started(whole)
    joined(group, commune)
    proposed(group, other)
    for house in (commune, other, whole):
        client = a_client(house, role)
        for page in ([], ["membres"], ["membres", "besoins"], ["suivi"]):
            for link in links_of(client, at(house, group.id, *page)):
                assert client.get(link).status_code in {200, 302}, (house.slug, page, link)


def test_no_link_of_the_coordinator_is_closed_at_any_stage() -> None:
    whole, commune = houses(2)
    group = started(whole)
    coordinator = a_client(whole, "coordinator")

    def check() -> None:
        for page in ([], ["membres"], ["membres", "besoins"], ["suivi"]):
            for link in links_of(coordinator, at(whole, group.id, *page)):
                assert coordinator.get(link).status_code in {200, 302}, (page, link)

    check()
    place = proposed(group, commune)
    a_need(group, commune)
    notified(place)
    check()
    with scope.authority(whole.id):
        accept_membership(place.id, date(2026, 3, 1), actor_id=ACTOR)
    check()
    consolidated(group)
    check()
    words = text(coordinator, at(whole, group.id))
    assert "Un acheteur" in words
