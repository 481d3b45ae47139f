"""The pages of frameworks and orders: a whole order through its forms, and what each visitor is shown."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.kit import clock, scope
from parvis.pooling.models import FrameworkAgreement, PriceLine, PurchaseOrder
from parvis.pooling.selectors.today import today
from tests.pooling.order_world import a_price, answered, drafted, informed, issued, use
from tests.pooling.pooling_world import Circle, a_client, a_framework, a_group, add_member, address, an_order, houses
from tests.world import an_authority

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> Circle:
    made = a_group(houses(3))
    a_framework(made)
    return made


def orders_at(circle: Circle, house: int, *parts: str) -> str:
    return address(circle.houses[house], "groupements", circle.group.id, "commandes", *parts)


def frameworks_at(circle: Circle, house: int, *parts: str) -> str:
    return address(circle.houses[house], "groupements", circle.group.id, "accords-cadres", *parts)


def seen(response: object) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\u00a0", " ")  # type: ignore[attr-defined]


def the_order() -> PurchaseOrder:
    return PurchaseOrder.objects.get()


def test_an_order_from_the_schedule_to_its_delivery(circle: Circle) -> None:
    """The way of the screens, each form posted as a browser does."""
    buyer, other = a_client(circle.member), a_client(circle.houses[2])
    coordinator = a_client(circle.coordinator, "coordinator")
    page = seen(buyer.get(orders_at(circle, 1, "nouvelle")))
    assert "7 350,00 €" in page
    quantity = f"q-{circle.prices['ACQ'].id.hex}"
    bad = buyer.post(orders_at(circle, 1, "nouvelle"), {"title": "École en ligne", quantity: "deux"})
    assert "« deux » n’est pas une quantité" in seen(bad)
    made = buyer.post(
        orders_at(circle, 1, "nouvelle"), {"title": "École en ligne", quantity: "1", "deliver_to": "Mairie"}
    )
    with scope.authority(circle.member.id):
        order = the_order()
    here = str(order.id)
    assert made.url == orders_at(circle, 1, here)  # type: ignore[attr-defined]
    assert "École en ligne" not in seen(other.get(orders_at(circle, 2))), "a draft is its owner's business"
    assert other.get(orders_at(circle, 2, here)).status_code == 404
    assert "Informer le groupement" in seen(buyer.get(orders_at(circle, 1, here)))
    assert "Illzach" in seen(buyer.get(orders_at(circle, 1, here, "informer")))
    buyer.post(orders_at(circle, 1, here, "informer"))

    assert "École en ligne" in seen(other.get(orders_at(circle, 2))), "« à répondre » comes first"
    assert "Votre réponse est attendue" in seen(other.get(orders_at(circle, 2, here)))
    assert "Écrivez votre remarque" in seen(other.post(orders_at(circle, 2, here, "repondre"), {"kind": "comment"}))
    other.post(orders_at(circle, 2, here, "repondre"), {"kind": "join", "text": "Nous aussi"})
    coordinator.post(orders_at(circle, 0, here, "repondre"), {"kind": "seen"})

    page = seen(buyer.get(orders_at(circle, 1, here)))
    assert "Nous aussi" in page
    assert "Accepter de partager" in page
    assert "se fera sans" in seen(buyer.get(orders_at(circle, 1, here, "emettre")))
    assert buyer.get(orders_at(circle, 1, here, "partager", str(circle.houses[2].id))).status_code == 200
    buyer.post(orders_at(circle, 1, here, "partager", str(circle.houses[2].id)))
    page = seen(buyer.get(orders_at(circle, 1, here, "emettre")))
    assert "0,00 € utilisés avant, 7 350,00 € après" in page
    assert "Un point à corriger" in seen(buyer.post(orders_at(circle, 1, here, "emettre"), {"signatory": ""}))
    buyer.post(orders_at(circle, 1, here, "emettre"), {"signatory": "Claude Signataire, maire"})

    page = seen(other.get(orders_at(circle, 2, here)))
    assert "BC-2026-0001 émis, 7 350,00 € hors taxes" in page
    assert "Partage la commande" in page
    assert other.get(orders_at(circle, 2, here, "commande.pdf")[:-1]).content.startswith(b"%PDF")
    assert other.get(orders_at(circle, 2, here, "commande.json")[:-1]).json()["order"]["ht_cents"] == 7_350_00

    delivery = {
        "delivered_on": str(today()), "report": "Tout est conforme", "reserves": "Logo à changer",
        "serves_from": str(today()), "new_name": "Inscription scolaire", "new_code": "ecole", "new_theme": "family",
        "file": SimpleUploadedFile("pv.pdf", b"%PDF-1.7 constat"),
    }  # fmt: skip
    assert "Inscription" not in seen(buyer.get(orders_at(circle, 1, here, "reception")))
    buyer.post(orders_at(circle, 1, here, "reception"), delivery)
    page = seen(other.get(orders_at(circle, 2, here)))
    for word in ("Logo à changer", "Inscription scolaire", "Procès-verbal de réception", "Livraison constatée"):
        assert word in page


def test_reserves_are_lifted_on_their_page(circle: Circle) -> None:
    order = issued(circle, circle.member.id, circle.prices["JOUR"])
    here, buyer, other = str(order.id), a_client(circle.member, "buyer"), a_client(circle.houses[2])
    delivery = {"delivered_on": str(today()), "report": "Reçu", "reserves": "Logo à changer"}
    buyer.post(orders_at(circle, 1, here, "reception"), delivery)
    assert "Lever les réserves" not in seen(other.get(orders_at(circle, 2, here)))
    every = orders_at(circle, 1) + "?vue=toutes"
    assert "Lever les réserves" in seen(buyer.get(orders_at(circle, 1, here)))
    assert "Réserves à lever" in seen(buyer.get(every))
    lifting = {
        "lifted_on": str(today()), "put_right": "Le logo est le bon",
        "file": SimpleUploadedFile("logo.pdf", b"%PDF-1.7 logo"),
    }  # fmt: skip
    late = {**lifting, "lifted_on": str(today() + timedelta(days=1))}
    assert "cette date est à venir" in seen(buyer.post(orders_at(circle, 1, here, "reserves"), late))
    lifting["file"] = SimpleUploadedFile("logo.pdf", b"%PDF-1.7 logo")
    assert buyer.post(orders_at(circle, 1, here, "reserves"), lifting).status_code == 302
    page = seen(other.get(orders_at(circle, 2, here)))
    for word in ("Réserves levées", "Le logo est le bon", "Levée des réserves", "Logo à changer"):
        assert word in page
    assert "Reçue avec réserves" not in page
    assert "Réserves à lever" not in seen(buyer.get(every))
    assert "pas de réserve à lever" in seen(buyer.get(orders_at(circle, 1, here, "reserves")))


def test_who_pays_what_is_explained(circle: Circle) -> None:
    order = issued(circle, circle.member.id, circle.prices["ACQ"])
    page = seen(a_client(circle.houses[2]).get(orders_at(circle, 2, str(order.id))))
    assert "Qui paie quoi" in page
    assert "8 820,00 €" in page


def test_the_list_has_views_and_filters(circle: Circle) -> None:
    issued(circle, circle.member.id, circle.prices["JOUR"], title="Un jour de Mulhouse")
    informed(circle, circle.houses[2].id, circle.prices["JOUR"], title="Un jour d’Illzach")
    client = a_client(circle.coordinator, "coordinator")
    assert "Un jour d’Illzach" in seen(client.get(orders_at(circle, 0)))
    every = orders_at(circle, 0) + "?vue=toutes"
    both = seen(client.get(every))
    assert "Un jour d’Illzach" in both
    assert "Un jour de Mulhouse" in both
    only = seen(client.get(f"{every}&membre={circle.member.id}"))
    assert "Un jour d’Illzach" not in only
    assert "Aucune commande ne répond" in seen(client.get(f"{every}&membre={circle.member.id}&etat=paid"))
    assert client.get(f"{every}&membre=x&etat=y").status_code == 200


def test_the_list_leads_to_the_invoices_and_to_the_payment(circle: Circle) -> None:
    an_order(circle, circle.member, "JOUR", state="invoiced")
    an_order(circle, circle.houses[2], "JOUR", state="invoiced")
    for role, links in (("finance_agent", 1), ("buyer", 0)):
        page = seen(a_client(circle.member, role).get(orders_at(circle, 1) + "?vue=toutes"))
        assert page.count("Noter le paiement") == links
        assert address(circle.member, "groupements", circle.group.id, "factures") in page


def test_a_long_list_comes_in_pages(circle: Circle) -> None:
    for n in range(51):
        an_order(circle, circle.member, "JOUR", title=f"Jour {n:02d}")
    client, every = a_client(circle.member), orders_at(circle, 1) + "?vue=toutes"
    assert "Jour 00" not in seen(client.get(every))
    assert "Jour 00" in seen(client.get(f"{every}&page=2"))


def test_a_draft_is_changed_reworked_and_cancelled(circle: Circle) -> None:
    order, client = drafted(circle, circle.member.id, circle.prices["JOUR"]), a_client(circle.member)
    here = str(order.id)
    assert 'value="1"' in seen(client.get(orders_at(circle, 1, here, "modifier")))
    name = f"q-{circle.prices['JOUR'].id.hex}"
    client.post(orders_at(circle, 1, here, "modifier"), {"title": "Deux jours", name: "2"})
    client.post(orders_at(circle, 1, here, "informer"))
    assert client.get(orders_at(circle, 1, here, "reprendre")).status_code == 200
    client.post(orders_at(circle, 1, here, "reprendre"))
    with scope.authority(circle.member.id):
        assert (the_order().state, the_order().ht_cents) == ("draft", 1160_00)
    assert "Un point à corriger" in seen(client.post(orders_at(circle, 1, here, "annuler"), {"reason": ""}))
    client.post(orders_at(circle, 1, here, "annuler"), {"reason": "Doublon"})
    assert "Annulée : Doublon" in seen(client.get(orders_at(circle, 1, here)))


@pytest.mark.parametrize("page", ["informer", "reprendre", "emettre", "reception", "annuler", "modifier"])
def test_what_the_orderer_does_is_not_anothers_page(circle: Circle, page: str) -> None:
    order = answered(circle, circle.member.id, circle.prices["JOUR"])
    response = a_client(circle.houses[2]).get(orders_at(circle, 2, str(order.id), page))
    assert response.status_code == 404


def test_a_buyer_prepares_and_does_not_issue(circle: Circle) -> None:
    order = answered(circle, circle.member.id, circle.prices["JOUR"])
    client = a_client(circle.member, "buyer")
    page = seen(client.get(orders_at(circle, 1, str(order.id))))
    assert "Votre référent peut émettre" in page
    assert "Vérifier et émettre" not in page
    assert client.get(orders_at(circle, 1, str(order.id), "emettre")).status_code == 403


def test_the_refusal_of_the_ceiling_stands_on_the_page(circle: Circle) -> None:
    order = answered(circle, circle.member.id, a_price(circle, 11_600_01))
    use(circle, 1_588_400_00)
    client = a_client(circle.member)
    page = seen(client.get(orders_at(circle, 1, str(order.id), "emettre")))
    assert "il reste 11 600,00 € hors taxes" in page
    assert "Émettre le bon de commande" not in page


def test_who_was_not_named_writes_why_on_the_page(circle: Circle) -> None:
    late = an_authority("venue-apres")
    add_member(circle.group, late, date(2026, 3, 1))
    order = informed(circle, late.id, circle.prices["JOUR"])
    client = a_client(late)
    here = address(late, "groupements", circle.group.id, "commandes", order.id, "emettre")
    with clock.frozen_at(clock.now() + timedelta(days=12)):
        assert "à confirmer par un juriste" in seen(client.get(here))
        client.post(here, {"signatory": "Le maire"})
        with scope.authority(late.id):
            assert the_order().state == "informed"
        client.post(here, {"signatory": "Le maire", "reason": "Avis du conseil"})
    with scope.authority(late.id):
        assert the_order().entitlement_reason == "Avis du conseil"


def test_everybody_reads_the_framework_and_only_its_coordinator_writes(circle: Circle) -> None:
    issued(circle, circle.member.id, circle.prices["ACQ"])
    assert circle.framework
    here = str(circle.framework.id)
    page = seen(a_client(circle.houses[2]).get(frameworks_at(circle, 2, here)))
    for word in ("7 350,00 €", "1 592 650,00 €", "Minimum garanti : il reste 92 650,00 €", "Pourquoi", "Mulhouse"):
        assert word in page
    assert "Enregistrer un avenant" not in page
    client = a_client(circle.coordinator, "coordinator")
    assert "Enregistrer un avenant" in seen(client.get(frameworks_at(circle, 0, here)))
    for part in ("corriger", "bordereau", "avenant"):
        assert client.get(frameworks_at(circle, 0, here, part)).status_code == 200
    assert a_client(circle.member, "coordinator").get(frameworks_at(circle, 1, here, "avenant")).status_code == 404
    assert client.get(frameworks_at(circle, 0)).status_code == 200


def test_an_existing_contract_then_its_schedule_then_an_amendment() -> None:
    circle = a_group(houses(2))
    client = a_client(circle.coordinator, "coordinator")
    assert "Enregistrer l’accord-cadre" in seen(client.get(frameworks_at(circle, 0)))
    assert "Un contrat que vous avez déjà" in seen(client.get(frameworks_at(circle, 0, "nouveau")))
    terms = {
        "reference": "AC-1", "title": "Guichet", "contractor_name": "Lignes Claires",
        "contractor_siret": "732 829 320 00074", "launched_on": "2026-01-15", "awarded_on": "2026-03-01",
        "signed_on": "2026-03-15", "notified_on": "2026-03-20", "starts_on": "2026-04-01", "ends_on": "2030-04-01",
        "min_cents": "100 000", "max_cents": "1 600 000,00",
    }  # fmt: skip
    new = frameworks_at(circle, 0, "nouveau") + "?reprise=1"
    assert "quatre ans au plus" in seen(client.post(new, terms))
    client.post(new, {**terms, "ends_on": "2030-03-31"})
    with scope.authority(circle.coordinator.id):
        made = FrameworkAgreement.objects.get()
    assert (made.max_cents, made.ends_on) == (1_600_000_00, date(2030, 4, 1))
    here = str(made.id)
    bad = client.post(frameworks_at(circle, 0, here, "bordereau"), {"sheet": "BASE;Socle;inconnu;an;1"})
    assert "Ligne 1 :" in seen(bad)
    sheet = SimpleUploadedFile(
        "prix.csv", "Code;Désignation;Nature;Unité;Prix\nJOUR;Journée;support;jour;580,50".encode("cp1252")
    )
    client.post(frameworks_at(circle, 0, here, "bordereau"), {"file": sheet})
    assert "580,50 €" in seen(client.get(frameworks_at(circle, 0, here)))
    assert "JOUR;Journée;Assistance;jour;580,50;20" in seen(
        client.get(frameworks_at(circle, 0, here, "bordereau.csv")[:-1])
    )
    change = {
        "purpose": "Révision", "signed_on": str(today()), "effective_on": str(today()), "max_cents": "1 700 000",
        "sheet": "JOUR;Journée;support;jour;600", "file": SimpleUploadedFile("avenant.pdf", b"%PDF-1.7 avenant"),
    }  # fmt: skip
    client.post(frameworks_at(circle, 0, here, "avenant"), change)
    page = seen(client.get(frameworks_at(circle, 0, here)))
    for word in ("600,00 €", "de 1 600 000,00 € à 1 700 000,00 €", "Avenant 1"):
        assert word in page
    with scope.authority(circle.coordinator.id):
        assert PriceLine.objects.count() == 2
    member = frameworks_at(circle, 0, here, "membres", str(circle.member.id))
    client.post(member, {"identified": "no", "because": "Absente du règlement"})
    assert "Absente du règlement" in seen(client.get(frameworks_at(circle, 0, here)))
    save = {**terms, "ends_on": "2030-03-31", "max_cents": "1 700 000", "contractor_email": "c@titulaire.test"}
    client.post(frameworks_at(circle, 0, here, "corriger"), save)
    assert "c@titulaire.test" in seen(client.get(frameworks_at(circle, 0, here)))
