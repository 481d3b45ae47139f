"""What a contractor's file says is read word for word; the library that follows the standard is the outside judge."""

from dataclasses import replace
from decimal import Decimal

import facturx
import pytest

from parvis.pooling.invoices.reading import read_invoice
from parvis.pooling.rules.invoice import Level, Profile
from tests.pooling.invoice_world import INVOICE, SELLER, facturx_pdf, invoice_xml

PROFILES = [one for one in Profile if one is not Profile.NONE]


def read(xml: str) -> object:
    return read_invoice(xml.encode(), "facture.xml")


@pytest.mark.parametrize("profile", PROFILES, ids=[one.value for one in PROFILES])
def test_every_profile_is_read(profile: Profile) -> None:
    xml = invoice_xml(profile)
    assert facturx.xml_check_xsd(xml.encode()) is True
    expected = replace(INVOICE, profile=profile)
    if not profile.has_lines:
        expected = replace(expected, lines=())
    if profile is Profile.MINIMUM:
        totals = replace(INVOICE.totals, lines=None)
        expected = replace(expected, totals=totals, vat_parts=(), due_on=None, contract_reference="")
    assert read(xml) == expected


@pytest.mark.parametrize("profile", PROFILES, ids=[one.value for one in PROFILES])
def test_the_library_reads_the_same(profile: Profile) -> None:
    """Its parser is another hand's work on the same standard."""
    xml = invoice_xml(profile)
    invoice = read_invoice(xml.encode(), "facture.xml")
    judge = facturx.parse_ubl_cii_xml(xml.encode())
    assert judge["BT-1"] == invoice.number
    assert judge["BT-2"] == invoice.issued_on
    assert judge["BT-3"] == invoice.type_code
    assert judge["BT-5"] == invoice.currency
    assert judge["BT-10"] == invoice.buyer_reference
    assert judge.get("BT-12", "") == invoice.contract_reference
    assert judge["BT-13"] == invoice.order_reference
    assert judge.get("BT-9") == invoice.due_on
    assert judge["BG-4"]["legal_identifier"] == invoice.seller.siret
    assert judge["BG-4"]["vat_identifier"] == invoice.seller.vat_id
    totals = invoice.totals
    for term, cents in (("BT-109", totals.ht), ("BT-110", totals.vat), ("BT-112", totals.ttc), ("BT-115", totals.due)):
        assert int(Decimal(judge[term]) * 100) == cents, term
    assert [
        (part["BT-119"], int(Decimal(part["BT-116"]) * 100), int(Decimal(part["BT-117"]) * 100))
        for part in judge.get("BG-23", [])
    ] == [("20.00", part.base_cents, part.vat_cents) for part in invoice.vat_parts]
    assert [
        (line["BT-153"], Decimal(line["BT-129"]), Decimal(line["BT-146"]), int(Decimal(line["BT-131"]) * 100))
        for line in judge.get("BG-25", [])
    ] == [(line.label, line.quantity, line.unit_price, line.net_cents) for line in invoice.lines]


@pytest.mark.parametrize("profile", [Profile.MINIMUM, Profile.EN16931, Profile.EXTENDED], ids=lambda one: one.value)
def test_a_pdf_says_what_its_xml_says(profile: Profile) -> None:
    pdf = facturx_pdf(invoice_xml(profile))
    alone = read_invoice(invoice_xml(profile).encode(), "facture.xml")
    assert read_invoice(pdf, "facture.pdf") == replace(alone, from_pdf=True)


def test_a_credit_note_says_what_it_corrects() -> None:
    credit = read_invoice(invoice_xml(type_code="381", preceding="F-2027-0031").encode(), "avoir.xml")
    assert credit.is_credit
    assert credit.preceding == ("F-2027-0031",)
    assert (credit.effect_ht, credit.effect_ttc) == (-375000, -450000)
    assert credit.problems == ()


def test_another_alphabet_is_read() -> None:
    xml = invoice_xml().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read_invoice(xml.encode("utf-16"), "facture.xml") == INVOICE


def codes(xml: str) -> list[tuple[str, Level]]:
    return [(one.code, one.level) for one in read_invoice(xml.encode(), "facture.xml").problems]


DISTRUSTED = [
    pytest.param("<ram:GrandTotalAmount>4500.00", "<ram:GrandTotalAmount>4500.005", "amount", id="three decimals"),
    pytest.param("<ram:GrandTotalAmount>4500.00", "<ram:GrandTotalAmount>4500.01", "ttc_sum", id="wrong total"),
    pytest.param("<ram:DuePayableAmount>4500.00", "<ram:DuePayableAmount>4400.00", "due_sum", id="wrong due"),
    pytest.param("<ram:BasisAmount>3750.00", "<ram:BasisAmount>3700.00", "base_sum", id="base of another total"),
    pytest.param("<ram:CalculatedAmount>750.00", "<ram:CalculatedAmount>749.00", "vat_sum", id="VAT of another total"),
    pytest.param(">750.00</ram:LineTotalAmount>", ">751.00</ram:LineTotalAmount>", "lines_sum", id="wrong lines"),
    pytest.param(">20.00</ram:RateApplicablePercent></ram:ApplicableTradeTax><ram:SpecifiedTradePaymentTerms>",
                 ">10.00</ram:RateApplicablePercent></ram:ApplicableTradeTax><ram:SpecifiedTradePaymentTerms>",
                 "vat_of_rate", id="VAT of another rate"),
    pytest.param("<ram:ChargeAmount>1500.00", "<ram:ChargeAmount>1400.00", "line_sum", id="line beside its price"),
    pytest.param(f'0002">{SELLER}', f'0002">{SELLER[:-1]}', "bad_siret", id="a figure is missing from the SIRET"),
    pytest.param("20270502", "20270230", "value", id="a day that does not exist"),
    pytest.param(">1500.00<", ">1500000000000.00<", "value", id="a price out of all measure"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), DISTRUSTED)
def test_what_cannot_be_trusted_is_said(old: str, new: str, code: str) -> None:
    assert old in invoice_xml()
    assert code in [found for found, _level in codes(invoice_xml().replace(old, new))]


def test_an_amount_with_three_decimals_is_not_rounded() -> None:
    invoice = read_invoice(invoice_xml().replace("TotalAmount>4500.00", "TotalAmount>4500.005").encode(), "facture.xml")
    assert invoice.totals.ttc is None
    (problem,) = invoice.problems
    assert problem.level is Level.BLOCKING
    assert "4500.005" in problem.sentence
    assert "le total TTC" in problem.sentence


def test_zeros_behind_the_cents_are_no_decimals() -> None:
    invoice = read_invoice(invoice_xml().replace("Amount>4500.00", "Amount>4500.0000").encode(), "facture.xml")
    assert invoice == INVOICE


def test_one_cent_a_line_is_the_seller_s_rounding() -> None:
    xml = invoice_xml().replace(">750.00</ram:CalculatedAmount>", ">750.02</ram:CalculatedAmount>")
    xml = xml.replace('"EUR">750.00', '"EUR">750.02').replace("Amount>4500.00", "Amount>4500.02")
    assert codes(xml) == []
    assert ("vat_of_rate", Level.BLOCKING) in codes(xml.replace("750.02", "750.03").replace("4500.02", "4500.03"))


def test_a_heading_of_the_extended_profile_is_in_no_sum() -> None:
    heading = "<ram:LineID>1</ram:LineID><ram:LineStatusCode>1</ram:LineStatusCode>"
    heading += "<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    xml = invoice_xml(Profile.EXTENDED).replace("<ram:LineID>1</ram:LineID>", heading)
    invoice = read_invoice(xml.encode(), "facture.xml")
    assert [line.counts for line in invoice.lines] == [False, True]
    assert [one.code for one in invoice.problems] == ["lines_sum"], "what is left is 750,00 of the 3 750,00 announced"


def test_the_seller_s_siren_is_in_its_vat_number() -> None:
    legal = (
        f'<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{SELLER}</ram:ID></ram:SpecifiedLegalOrganization>'
    )
    invoice = read_invoice(invoice_xml().replace(legal, "").encode(), "facture.xml")
    assert (invoice.seller.siret, invoice.seller.siren) == ("", SELLER[:9])
