"""What the demo's contractor sends is read back whole, and agrees with the order it was written for."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import facturx
import pytest
from pypdf import PdfReader

from parvis.pooling.invoices.reading import read_invoice
from parvis.pooling.rules.invoice import InvoiceRead, Profile, VatPart
from parvis.pooling.rules.invoice_json import difference_json, invoice_json, read_difference_json, read_invoice_json
from parvis.pooling.rules.matching import match
from parvis.pooling.rules.order_facts import OrderFacts, PastInvoice
from parvis.site.demo.cast import BRUMEVENT
from parvis.site.demo.invoices import Bill, BilledLine, bill_pdf, bill_xml
from tests.pooling.invoice_world import CREDIT, INVOICE, ORDER, facturx_pdf, invoice_xml

BILL = Bill(
    number="BRU-2027-0007",
    delivered_on=date(2027, 3, 30),
    issued_on=date(2027, 4, 2),
    due_on=date(2027, 5, 2),
    firm=BRUMEVENT,
    buyer_name="Commune de Mulhouse",
    buyer_siret=ORDER.buyer_siret,
    lines=(
        BilledLine("Module état civil", Decimal(2), 150000, 2000, "ACQ-01"),
        BilledLine("Formation", Decimal("1.5"), 25000, 550, "SUP-02"),
    ),
    commitment_number="ENG-2027-118",
    framework_reference="2027-AC-01",
    service_code="SERVICE-7",
)
CREDIT_BILL = replace(BILL, number="BRU-2027-0008", corrects="BRU-2027-0007")


def order_of(bill: Bill) -> OrderFacts:
    lines = (ORDER.lines[0], replace(ORDER.lines[1], vat_rate=550))
    total = bill.ht_cents + bill.vat_cents
    return replace(ORDER, lines=lines, ht_cents=bill.ht_cents, vat_cents=bill.vat_cents, ttc_cents=total)


def test_it_is_read_back_whole() -> None:
    invoice = read_invoice(bill_pdf(BILL), "facture.pdf")
    assert invoice.profile is Profile.EN16931
    assert invoice.from_pdf
    assert invoice.problems == ()
    assert (invoice.totals.ht, invoice.totals.vat, invoice.totals.ttc) == (337500, 62063, 399563)
    assert invoice.vat_parts == (VatPart(550, "S", 37500, 2063), VatPart(2000, "S", 300000, 60000))
    assert [(line.reference, line.quantity) for line in invoice.lines] == [("ACQ-01", 2), ("SUP-02", Decimal("1.5"))]
    assert invoice == replace(read_invoice(bill_xml(BILL), "facture.xml"), from_pdf=True)


def test_it_agrees_with_its_order() -> None:
    assert match(read_invoice(bill_pdf(BILL), "facture.pdf"), order_of(BILL)).differences == ()


def test_a_credit_note_agrees_with_the_invoice_it_corrects() -> None:
    credit = read_invoice(bill_pdf(CREDIT_BILL), "avoir.pdf")
    past = PastInvoice(BILL.number, BILL.ht_cents, BILL.ht_cents + BILL.vat_cents)
    assert credit.is_credit
    assert match(credit, replace(order_of(BILL), past=(past,))).differences == ()


def test_the_library_takes_it_for_a_factur_x() -> None:
    name, xml = facturx.get_facturx_xml_from_pdf(bill_pdf(BILL))
    assert name == "factur-x.xml"
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931") is True


def test_people_read_the_same_figures_on_its_page() -> None:
    text = PdfReader(BytesIO(bill_pdf(BILL))).pages[0].extract_text().replace("\u00a0", " ")
    expected = ("Facture BRU-2027-0007", "Module état civil", "1,5", "5,5 %", "20,63 €", "3 995,63 €", "ENG-2027-118")
    assert [words for words in expected if words not in text] == []


def test_a_line_of_half_a_cent_is_not_billed() -> None:
    with pytest.raises(ValueError, match="Café"):
        bill_xml(replace(BILL, lines=(BilledLine("Café", Decimal("0.5"), 1),)))


KEPT = {
    "invoice": INVOICE,
    "credit note": CREDIT,
    "minimum": read_invoice(invoice_xml(Profile.MINIMUM).encode(), "facture.xml"),
    "from a PDF": read_invoice(facturx_pdf(invoice_xml()), "facture.pdf"),
    "distrusted": read_invoice(invoice_xml().replace("Amount>4500.00", "Amount>4500.005").encode(), "facture.xml"),
}


@pytest.mark.parametrize("invoice", KEPT.values(), ids=KEPT)
def test_what_is_kept_says_the_same_later(invoice: InvoiceRead) -> None:
    assert read_invoice_json(json.loads(json.dumps(invoice_json(invoice)))) == invoice
    for problem in invoice.problems:
        assert read_difference_json(json.loads(json.dumps(difference_json(problem)))) == problem
    assert invoice.adds_up == (invoice is not KEPT["distrusted"])
