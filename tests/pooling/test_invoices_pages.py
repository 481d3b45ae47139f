"""Pages of invoices: what an agent of the finances sees and does, what the others read."""

import json
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.kit import scope
from parvis.pooling.models import Invoice, PurchaseOrder
from parvis.pooling.selectors.today import today
from parvis.pooling.services.match_invoice import match_invoice
from parvis.pooling.services.refuse_invoice import refuse_invoice
from parvis.site.demo.invoices import bill_pdf
from tests.pooling.invoice_circle import (
    a_bill,
    a_billed_circle,
    a_delivered_order,
    bill_bytes,
    invoice_now,
    order_now,
    received,
)
from tests.pooling.invoice_world import blank_pdf
from tests.pooling.pooling_world import Circle, a_client, address

pytestmark = pytest.mark.django_db
HALF = Decimal("0.5")


@pytest.fixture
def circle() -> Circle:
    return a_billed_circle()


@pytest.fixture
def order(circle: Circle) -> PurchaseOrder:
    return a_delivered_order(circle)


@pytest.fixture
def agent(circle: Circle) -> Client:
    return a_client(circle.member, "finance_agent")


def here(order: PurchaseOrder, circle: Circle, *parts: Any) -> str:
    return address(circle.member, "groupements", circle.group.id, *parts)


def text(response: Any) -> str:
    """As it is read: no-break spaces are spaces."""
    return unescape(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def a_file(data: bytes, name: str = "facture.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def matched(order: PurchaseOrder, number: str = "BRU-001", **fields: Any) -> Invoice:
    invoice = received(order, number, **fields)
    with scope.authority(order.authority_id):
        return match_invoice(invoice.id, order.id)


def test_the_empty_list_teaches_what_a_factur_x_is(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    page = text(agent.get(here(order, circle, "factures")))
    assert "Une facture Factur-X est un PDF comme les autres" in page
    assert "Déposer une facture" in page


def test_each_view_lists_its_invoices_and_counts_are_true(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    received(order, "BRU-1", commitment_number="")
    matched(order, "BRU-2")
    refused = received(order, "BRU-3")
    with scope.authority(order.authority_id):
        refuse_invoice(refused.id, "Doublon", tell=False)
    other = a_delivered_order(circle, circle.houses[2])
    matched(other, "BRU-4")
    for view, number, state in (
        ("a-rapprocher", "BRU-1", "Ne peut pas être acceptée"),
        ("rapprochees", "BRU-2", "Rapprochée"),
        ("refusees", "BRU-3", "Refusée"),
        ("groupement", "BRU-4", "Illzach"),
    ):
        page = text(agent.get(f"{here(order, circle, 'factures')}?vue={view}"))
        assert f"Facture {number}" in page
        assert state in page
        assert [n for n in ("BRU-1", "BRU-2", "BRU-3", "BRU-4") if f"Facture {n}" in page] == [number]


def test_a_file_is_deposited_read_and_shown_in_face_of_its_order(
    circle: Circle, order: PurchaseOrder, agent: Client
) -> None:
    sent = agent.post(
        here(order, circle, "factures", "deposer"), {"file": a_file(bill_pdf(a_bill(order)))}, follow=True
    )
    page = text(sent)
    assert sent.redirect_chain
    for words in ("Facture BRU-001", "Tout correspond à la commande", "8 820,00 €", "Rien ne diffère", "ENG-118"):
        assert words in page
    assert "Rapprocher de la commande" in page
    assert "Facture déposée et lue" in page


@pytest.mark.parametrize(
    ("data", "words", "may_be_typed"),
    [(blank_pdf(), "PDF ordinaire", True), (b"", "est vide", False), (b"bonjour", "ni un PDF Factur-X", True)],
    ids=["ordinary", "empty", "text"],
)
def test_an_unreadable_file_is_said_with_the_way_out(
    circle: Circle, order: PurchaseOrder, agent: Client, data: bytes, words: str, may_be_typed: bool
) -> None:
    answer = agent.post(here(order, circle, "factures", "deposer"), {"file": a_file(data)})
    assert answer.status_code == 422
    assert words in text(answer)
    assert ("recopiez la facture à la main" in text(answer)) is may_be_typed


def test_the_same_file_again_leads_to_the_first(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    invoice = received(order)
    answer = agent.post(here(order, circle, "factures", "deposer"), {"file": a_file(bill_bytes(order))})
    assert answer.status_code == 422
    assert here(order, circle, "factures", invoice.id) in text(answer)


def test_without_an_order_the_deposit_says_so(circle: Circle, order: PurchaseOrder) -> None:
    client = a_client(circle.houses[2], "finance_agent")
    page = address(circle.houses[2], "groupements", circle.group.id, "factures", "deposer")
    assert "Aucune commande émise" in text(client.get(page))


def typed(order: PurchaseOrder, **fields: Any) -> dict[str, Any]:
    base = {
        "kind": "invoice", "number": "P-7", "issued_on": today().isoformat(), "seller_name": "Brumevent Services",
        "seller_siret": order.framework.contractor_siret, "buyer_siret": "", "order_reference": "ENG-118",
        "ht": "7 350,00", "vat": "1470", "ttc": "8 820,00", "file": a_file(b"%PDF scan", "scan.pdf"),
    }  # fmt: skip
    return {**base, **fields}


def test_a_paper_invoice_is_typed(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    page = agent.post(here(order, circle, "factures", "saisir"), typed(order), follow=True)
    assert "Recopié à la main" in text(page)
    assert "1 point à vérifier" in text(page)  # it does not say who buys
    with scope.authority(order.authority_id):
        assert Invoice.objects.get().content["profile"] == "none"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"seller_siret": "123"}, "Un SIRET compte 14 chiffres"),
        ({"kind": "credit"}, "Recopiez le numéro de la facture que cet avoir corrige"),
        ({"ttc": "8 000,00"}, "Le total TTC annoncé est de 8 000,00 €"),
        ({"ht": "beaucoup"}, "n’est pas un montant"),
        ({"issued_on": "2150-01-01"}, "un jour à venir"),
    ],
    ids=["SIRET", "credit note", "sums", "amount", "date"],
)
def test_what_is_typed_wrong_is_said_and_kept(
    circle: Circle, order: PurchaseOrder, agent: Client, fields: dict[str, str], words: str
) -> None:
    answer = agent.post(here(order, circle, "factures", "saisir"), typed(order, **fields))
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="P-7"' in text(answer)


def test_a_typed_credit_note_matches_its_invoice(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    matched(order)
    credit = {"kind": "credit", "number": "AV-1", "corrects": "BRU-001", "buyer_siret": circle.member.siret}
    page = agent.post(here(order, circle, "factures", "saisir"), typed(order, **credit), follow=True)
    assert "Avoir AV-1" in text(page)
    assert "Tout correspond à la commande" in text(page)


def test_matching_from_the_page(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    invoice = received(order)
    url = here(order, circle, "factures", invoice.id, "rapprocher")
    page = agent.post(url, {"order": str(order.id), "accepted": "", "reason": ""}, follow=True)
    assert "compte maintenant sur la commande" in text(page)
    assert "Noter le paiement" in text(page)
    assert order_now(order).state == "invoiced"


def test_what_differs_wants_a_reason_and_keeps_it(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    invoice = received(order, commitment_number="")
    url = here(order, circle, "factures", invoice.id)
    agent.post(f"{url}rapprocher/", {"order": str(order.id), "accepted": "", "reason": "Bonne"})
    assert invoice_now(invoice, order.authority_id).state == "read"
    # Blocked: no order number and no commitment is to check only; the page shows what it is.
    page = text(agent.get(url))
    assert "À vérifier" in page
    assert "Rappelez" in page or "rappelez au titulaire" in page
    form = {"order": str(order.id), "accepted": "missing_commitment"}
    refused = agent.post(f"{url}rapprocher/", {**form, "reason": ""})
    assert refused.status_code == 422
    assert "Écrivez pourquoi vous acceptez cette facture" in text(refused)
    done = agent.post(f"{url}rapprocher/", {**form, "reason": "Confirmé par téléphone"}, follow=True)
    assert "Acceptée parce que" in text(done)
    assert "Confirmé par téléphone" in text(done)


def test_a_blocked_invoice_is_refused_with_its_letter(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    matched(order, "BRU-1")
    invoice = received(order, "BRU-2")
    url = here(order, circle, "factures", invoice.id)
    page = text(agent.get(url))
    assert "À régler d’abord" in page
    assert "Refuser et écrire au titulaire" in page
    assert "Rapprocher de la commande" not in page
    asked = text(agent.get(f"{url}refuser/"))
    assert "il reste 0,00 € HT" in asked
    assert "factures@brumevent.example" in asked
    done = agent.post(f"{url}refuser/", {"reason": "Déjà facturé.", "tell": "on"}, follow=True)
    assert "La lettre au titulaire part par courriel" in text(done)
    assert "Votre facture BRU-2 ne peut pas être acceptée" in text(done)
    again = agent.get(f"{url}refuser/")
    assert again.status_code == 302


def test_another_order_may_be_compared(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    other = a_delivered_order(circle, commitment="ENG-999")
    invoice = received(order)
    url = here(order, circle, "factures", invoice.id)
    page = text(agent.get(f"{url}?commande={other.id}"))
    assert f"Comparée à la commande {other.number}" in page
    assert "ENG-999" in page
    assert f"Comparer à la commande {order.number}" in page


def test_taking_back_from_the_page(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    invoice = matched(order)
    url = here(order, circle, "factures", invoice.id)
    assert agent.post(f"{url}detacher/", {"reason": ""}).status_code == 422
    page = agent.post(f"{url}detacher/", {"reason": "Mauvaise commande"}, follow=True)
    assert "est détachée" in text(page)
    assert order_now(order).state == "delivered"
    assert agent.get(f"{url}detacher/").status_code == 302


def test_the_payment_says_what_goes_back(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    matched(order, part=HALF)
    url = here(order, circle, "commandes", order.id, "paiement")
    page = text(agent.get(url))
    assert "3 675,00 € hors taxes n’ont pas été facturés" in page
    assert "Moins les factures rapprochées : 3 675,00 €" in page
    stale = agent.post(url, {"paid_on": today().isoformat(), "reference": "M-1", "left": "0"})
    assert stale.status_code == 422
    assert "Ce qui reste à facturer a changé" in text(stale)
    assert 'name="left" value="367500"' in text(stale)
    done = agent.post(url, {"paid_on": today().isoformat(), "reference": "M-1", "left": "367500"}, follow=True)
    assert "3 675,00 € hors taxes retournent au maximum" in text(done)
    assert "Elle est payée et soldée" in text(done)
    assert order_now(order).payment_reference == "M-1"


def test_a_payment_waits_for_what_is_not_decided(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    matched(order, "BRU-1", part=HALF)
    received(order, "BRU-2", part=HALF)
    page = text(agent.get(here(order, circle, "commandes", order.id, "paiement")))
    assert "rapprochez ou refusez ce qui attend" in page
    assert "Numéro du mandat" not in page


def test_an_order_without_invoice_has_nothing_to_pay(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    page = text(agent.get(here(order, circle, "commandes", order.id, "paiement")))
    assert "Aucune facture sur cette commande" in page
    assert "Numéro du mandat" not in page


def test_another_member_reads_and_does_nothing(circle: Circle, order: PurchaseOrder) -> None:
    invoice = received(order)
    client = a_client(circle.houses[2], "finance_agent")
    url = address(circle.houses[2], "groupements", circle.group.id, "factures", invoice.id)
    page = text(client.get(url))
    assert "Facture BRU-001" in page
    assert "Rapprocher de la commande" not in page
    assert "Refuser" not in page
    assert client.get(f"{url}refuser/").status_code == 404
    assert client.post(f"{url}detacher/", {"reason": "Non"}).status_code == 404
    payment = address(circle.houses[2], "groupements", circle.group.id, "commandes", order.id, "paiement")
    assert client.get(payment).status_code == 404


def test_an_observer_reads_without_the_buttons(circle: Circle, order: PurchaseOrder) -> None:
    invoice = received(order)
    client = a_client(circle.member, "observer")
    url = here(order, circle, "factures", invoice.id)
    assert "Rapprocher de la commande" not in text(client.get(url))
    assert client.get(f"{url}refuser/").status_code == 403
    assert client.get(here(order, circle, "factures", "deposer")).status_code == 403


def test_what_was_read_is_downloaded(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    invoice = matched(order)
    answer = agent.get(f"{here(order, circle, 'factures', invoice.id)}facture.json")
    data = json.loads(answer.content)
    assert "attachment" in answer["Content-Disposition"]
    assert (data["invoice"]["number"], data["invoice"]["totals"]["ht"]) == ("BRU-001", 7_350_00)
    assert (data["state"], data["order"]) == ("matched", order.number)


def test_an_invoice_that_cites_no_order_lets_one_choose(circle: Circle, order: PurchaseOrder, agent: Client) -> None:
    a_delivered_order(circle, commitment="")
    invoice = received(order, commitment_number="", framework_reference="")
    assert invoice.order is None
    url = here(order, circle, "factures", invoice.id)
    page = text(agent.get(url))
    assert "Aucune ne s’impose. Comparez, puis choisissez." in page
    assert f"Comparer à la commande {order.number}" in page
    assert "Rapprocher de la commande" not in page
    none = agent.post(f"{url}rapprocher/", {"accepted": "", "reason": ""}, follow=True)
    assert "Choisissez d’abord la commande" in text(none)
