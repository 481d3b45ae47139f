"""Invoices of a contractor that does not exist, written by hand: the reading is tried on them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import facturx
from pypdf import PdfWriter

from parvis.pooling.rules.invoice import InvoiceLine, InvoiceRead, Party, Profile, Totals, VatPart
from parvis.pooling.rules.order_facts import OrderFacts, OrderLine
from parvis.site.demo.numbers import company_siret, town_hall_siret

SELLER = company_siret(1)
OTHER_SELLER = company_siret(2)
BUYER = town_hall_siret("216802249")
OTHER_BUYER = town_hall_siret("216801548")

GUIDELINES = {
    Profile.MINIMUM: "urn:factur-x.eu:1p0:minimum",
    Profile.BASIC_WL: "urn:factur-x.eu:1p0:basicwl",
    Profile.BASIC: "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    Profile.EN16931: "urn:cen.eu:en16931:2017",
    Profile.EXTENDED: "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
    Profile.EXTENDED_CTC_FR: "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
}
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100" '
    'xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100">'
)
# Label, quantity, unit price, net, and the article's code: 2 × 1 500,00 and 3 × 250,00 make 3 750,00 HT at 20 %.
LINES = (("Module état civil", "2", "1500.00", "3000.00", "ACQ-01"), ("Formation", "3", "250.00", "750.00", "SUP-02"))


def invoice_xml(profile: Profile = Profile.EN16931, type_code: str = "380", preceding: str = "") -> str:
    """A valid invoice of 3 750,00 HT, 750,00 of VAT, with what its profile may hold."""
    full = profile.has_lines
    return (
        f"{HEAD}<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>"
        f"<ram:ID>{GUIDELINES[profile]}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>"
        "</rsm:ExchangedDocumentContext><rsm:ExchangedDocument><ram:ID>F-2027-0042</ram:ID>"
        f"<ram:TypeCode>{type_code}</ram:TypeCode><ram:IssueDateTime>{_day('20270402')}</ram:IssueDateTime>"
        "</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>"
        f"{''.join(_line(rank, *line) for rank, line in enumerate(LINES, 1)) if full else ''}"
        f"{_agreement(profile)}<ram:ApplicableHeaderTradeDelivery/>{_settlement(profile, preceding)}"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
    )


def _day(text: str) -> str:
    return f'<udt:DateTimeString format="102">{text}</udt:DateTimeString>'


def _line(rank: int, label: str, quantity: str, price: str, net: str, code: str) -> str:
    return (
        "<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>"
        f"<ram:LineID>{rank}</ram:LineID></ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct><ram:Name>{label}</ram:Name></ram:SpecifiedTradeProduct>"
        f"<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>{price}</ram:ChargeAmount>"
        "</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>"
        f'<ram:BilledQuantity unitCode="C62">{quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>'
        "<ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>"
        "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20.00</ram:RateApplicablePercent>"
        f"</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{net}"
        "</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )


def _agreement(profile: Profile) -> str:
    """MINIMUM holds no address of the buyer and no contract."""
    address = "<ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>"
    least = profile is Profile.MINIMUM
    contract = "<ram:ContractReferencedDocument><ram:IssuerAssignedID>2027-AC-01</ram:IssuerAssignedID>"
    contract += "</ram:ContractReferencedDocument>"
    return (
        "<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>SERVICE-7</ram:BuyerReference>"
        "<ram:SellerTradeParty><ram:Name>Brumevent Services</ram:Name><ram:SpecifiedLegalOrganization>"
        f'<ram:ID schemeID="0002">{SELLER}</ram:ID></ram:SpecifiedLegalOrganization>{address}'
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR00' + SELLER[:9] + "</ram:ID>"
        "</ram:SpecifiedTaxRegistration></ram:SellerTradeParty><ram:BuyerTradeParty>"
        + ("" if least else f'<ram:GlobalID schemeID="0009">{BUYER}</ram:GlobalID>')
        + "<ram:Name>Commune de Mulhouse</ram:Name><ram:SpecifiedLegalOrganization>"
        f'<ram:ID schemeID="0002">{BUYER if least else BUYER[:9]}</ram:ID></ram:SpecifiedLegalOrganization>'
        f"{'' if least else address}</ram:BuyerTradeParty><ram:BuyerOrderReferencedDocument>"
        "<ram:IssuerAssignedID>ENG-2027-118</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>"
        f"{'' if least else contract}</ram:ApplicableHeaderTradeAgreement>"
    )


def _settlement(profile: Profile, preceding: str) -> str:
    least = profile is Profile.MINIMUM
    vat = (
        "<ram:ApplicableTradeTax><ram:CalculatedAmount>750.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>"
        "<ram:BasisAmount>3750.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>"
        "<ram:RateApplicablePercent>20.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
    )
    terms = f"<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>{_day('20270502')}</ram:DueDateDateTime>"
    terms += "</ram:SpecifiedTradePaymentTerms>"
    lines = "<ram:LineTotalAmount>3750.00</ram:LineTotalAmount>"
    before = f"<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{preceding}</ram:IssuerAssignedID>"
    before += "</ram:InvoiceReferencedDocument>"
    return (
        "<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
        f"{'' if least else vat + terms}<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{'' if least else lines}"
        "<ram:TaxBasisTotalAmount>3750.00</ram:TaxBasisTotalAmount>"
        '<ram:TaxTotalAmount currencyID="EUR">750.00</ram:TaxTotalAmount>'
        "<ram:GrandTotalAmount>4500.00</ram:GrandTotalAmount><ram:DuePayableAmount>4500.00</ram:DuePayableAmount>"
        f"</ram:SpecifiedTradeSettlementHeaderMonetarySummation>{before if preceding else ''}"
        "</ram:ApplicableHeaderTradeSettlement>"
    )


def blank_pdf(attachments: Sequence[tuple[str, bytes]] = (), password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    for name, content in attachments:
        writer.add_attachment(name, content)
    if password:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def facturx_pdf(xml: str) -> bytes:
    """As the library makes it, its own schema check included."""
    made: bytes = facturx.generate_from_binary(blank_pdf(), xml.encode(), flavor="factur-x")
    return made


INVOICE = InvoiceRead(
    number="F-2027-0042",
    type_code="380",
    issued_on=date(2027, 4, 2),
    due_on=date(2027, 5, 2),
    currency="EUR",
    seller=Party("Brumevent Services", SELLER, SELLER[:9], f"FR00{SELLER[:9]}"),
    buyer=Party("Commune de Mulhouse", BUYER, BUYER[:9], ""),
    buyer_reference="SERVICE-7",
    order_reference="ENG-2027-118",
    contract_reference="2027-AC-01",
    preceding=(),
    totals=Totals(ht=375000, vat=75000, ttc=450000, due=450000, lines=375000),
    vat_parts=(VatPart(2000, "S", 375000, 75000),),
    lines=(
        InvoiceLine("1", "Module état civil", Decimal(2), "C62", Decimal("1500.00"), 300000, 2000),
        InvoiceLine("2", "Formation", Decimal(3), "C62", Decimal("250.00"), 75000, 2000),
    ),
    profile=Profile.EN16931,
    from_pdf=False,
)
"""What `invoice_xml()` says, as it must be read."""

CREDIT = replace(INVOICE, number="A-2027-0007", type_code="381", preceding=("F-2027-0042",))

ORDER = OrderFacts(
    key="1",
    number="BC-2027-014",
    commitment_number="ENG-2027-118",
    buyer_siret=BUYER,
    contractor_siret=SELLER,
    framework_reference="2027-AC-01",
    ht_cents=375000,
    vat_cents=75000,
    ttc_cents=450000,
    issued_on=date(2027, 3, 1),
    delivered=True,
    lines=(
        OrderLine("ACQ-01", "Module état civil", Decimal(2), 150000, 2000),
        OrderLine("SUP-02", "Formation", Decimal(3), 25000, 2000),
    ),
    buyer_name="Mulhouse",
    contractor_name="Brumevent Services",
)
"""The order that `INVOICE` is for: nothing differs."""
