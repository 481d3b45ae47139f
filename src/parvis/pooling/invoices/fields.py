"""Where each figure of an invoice stands in its XML (UN/CEFACT CII), and the business term (BT) it is."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from stdnum.fr import siren as siren_number
from stdnum.fr import siret as siret_number

from parvis.kit.errors import Refusal
from parvis.pooling.invoices.sheet import Sheet
from parvis.pooling.rules.invoice import Difference, InvoiceLine, InvoiceRead, Level, Party, Profile, Totals, VatPart

SIRET_SCHEME, SIREN_SCHEME = "0009", "0002"
# Groups and information of the EXTENDED profile: they repeat or comment what other lines charge.
_NOT_CHARGED = ("GROUP", "INFORMATION")
_FRENCH_VAT = 13
LONGEST_NUMBER = 60
_TYPE = re.compile(r"\d{1,3}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")


def invoice_of(root: Any, profile: Profile, name: str, *, from_pdf: bool) -> InvoiceRead:
    """The invoice of a tree that its schema accepted. Raises Refusal unreadable where its number, date, type
    or currency is missing or makes no sense."""
    problems: list[Difference] = []
    sheet = Sheet(root, problems)
    document = sheet.branch("rsm:ExchangedDocument")
    trade = sheet.branch("rsm:SupplyChainTradeTransaction")
    agreement = trade.branch("ram:ApplicableHeaderTradeAgreement")
    settlement = trade.branch("ram:ApplicableHeaderTradeSettlement")
    number = document.text("ram:ID")  # BT-1
    issued_on = document.day("ram:IssueDateTime/udt:DateTimeString", _("sa date d’émission"))  # BT-2
    currency = settlement.text("ram:InvoiceCurrencyCode")  # BT-5
    type_code = document.text("ram:TypeCode")  # BT-3
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise _unreadable(name, _("son numéro"))
    if issued_on is None:
        raise _unreadable(name, _("sa date d’émission"))
    if not _TYPE.fullmatch(type_code):
        raise _unreadable(name, _("s’il s’agit d’une facture ou d’un avoir"))
    if not _CURRENCY.fullmatch(currency):
        raise _unreadable(name, _("sa monnaie"))
    return InvoiceRead(
        number=number,
        type_code=type_code,
        issued_on=issued_on,
        due_on=_due_on(settlement),
        currency=currency,
        seller=_party(agreement.branch("ram:SellerTradeParty"), _("le vendeur")),
        buyer=_party(agreement.branch("ram:BuyerTradeParty"), _("l’acheteur")),
        buyer_reference=agreement.text("ram:BuyerReference"),  # BT-10
        order_reference=agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),  # BT-13
        contract_reference=agreement.text("ram:ContractReferencedDocument/ram:IssuerAssignedID"),  # BT-12
        preceding=tuple(settlement.texts("ram:InvoiceReferencedDocument/ram:IssuerAssignedID")),  # BT-25
        totals=_totals(settlement.branch("ram:SpecifiedTradeSettlementHeaderMonetarySummation"), currency),
        vat_parts=tuple(_vat_part(one) for one in settlement.branches("ram:ApplicableTradeTax")),
        lines=tuple(_line(one) for one in trade.branches("ram:IncludedSupplyChainTradeLineItem")),
        profile=profile,
        from_pdf=from_pdf,
        problems=tuple(problems),
    )


def _due_on(settlement: Sheet) -> date | None:
    """BT-9. The EXTENDED profile may give several instalments: the first day counts."""
    terms = settlement.branches("ram:SpecifiedTradePaymentTerms")
    days = [one.day("ram:DueDateDateTime/udt:DateTimeString", _("son échéance")) for one in terms]
    return min((day for day in days if day is not None), default=None)


def _party(sheet: Sheet, who: str) -> Party:
    """BG-4 or BG-7. The SIRET comes from the identifiers (BT-29, BT-46) or from the legal one (BT-30, BT-47): some
    software writes it under the SIREN's scheme, so the count of figures decides.
    """
    schemes = f"@schemeID='{SIRET_SCHEME}' or @schemeID='{SIREN_SCHEME}'"
    given = sheet.texts(f"ram:GlobalID[{schemes}]")
    given += sheet.texts(f"ram:SpecifiedLegalOrganization/ram:ID[not(@schemeID) or {schemes}]")
    bare = list(dict.fromkeys("".join(one.split()) for one in given))
    sirets = [one for one in bare if siret_number.is_valid(one)]
    sirens = [one for one in bare if siren_number.is_valid(one)]
    for one in bare:
        if one not in sirets and one not in sirens:
            sentence = _(
                "La facture donne « {text} » comme numéro pour {who}\u202f: ce n’est ni un SIRET, ni un SIREN."
            )
            sheet.note("bad_siret", Level.TO_CHECK, sentence.format(text=one[:40], who=who))
    if len(sirets) > 1:
        sentence = _("La facture donne plusieurs SIRET pour {who}\u202f: {list}.")
        sheet.note("several_sirets", Level.TO_CHECK, sentence.format(who=who, list=", ".join(sirets[:3])))
    siret = sirets[0] if len(sirets) == 1 else ""
    vat_id = "".join(sheet.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']").split()).upper()  # BT-31, BT-48
    return Party(sheet.text("ram:Name"), siret, _siren(siret, sirens, vat_id), vat_id)


def _siren(siret: str, sirens: list[str], vat_id: str) -> str:
    """A French VAT number ends with the SIREN."""
    if siret or sirens:
        return siret[:9] or sirens[0]
    last = vat_id[4:]
    return last if vat_id.startswith("FR") and len(vat_id) == _FRENCH_VAT and siren_number.is_valid(last) else ""


def _totals(sheet: Sheet, currency: str) -> Totals:
    """BG-22. What the standard leaves out when it is nothing reads as zero."""
    return Totals(
        ht=sheet.cents("ram:TaxBasisTotalAmount", _("le total HT")),  # BT-109
        vat=_vat(sheet, currency),  # BT-110
        ttc=sheet.cents("ram:GrandTotalAmount", _("le total TTC")),  # BT-112
        due=sheet.cents("ram:DuePayableAmount", _("le net à payer")),  # BT-115
        lines=sheet.cents("ram:LineTotalAmount", _("le total des lignes")),  # BT-106
        allowances=sheet.cents("ram:AllowanceTotalAmount", _("le total des remises"), 0),  # BT-107
        charges=sheet.cents("ram:ChargeTotalAmount", _("le total des frais"), 0),  # BT-108
        paid=sheet.cents("ram:TotalPrepaidAmount", _("les acomptes"), 0),  # BT-113
        rounding=sheet.cents("ram:RoundingAmount", _("l’arrondi"), 0),  # BT-114
    )


def _vat(sheet: Sheet, currency: str) -> int | None:
    """The total in the invoice's own currency; the other one, if any, is for the seller's books (BT-111)."""
    given = sheet.branches("ram:TaxTotalAmount")
    ours = [one for one in given if one.text("@currencyID") in (currency, "")]
    if given and not ours:
        sentence = _("La facture est en {currency}, mais sa TVA n’est donnée qu’en {other}.")
        text = sentence.format(currency=currency, other=given[0].text("@currencyID"))
        sheet.note("vat_currency", Level.BLOCKING, text)
        return None
    return ours[0].cents(".", _("le total de TVA")) if ours else 0


def _vat_part(sheet: Sheet) -> VatPart:
    """BG-23. Exempt and reverse-charged parts may leave their rate out: it is zero."""
    rate = sheet.rate("ram:RateApplicablePercent", _("un taux de TVA"))  # BT-119
    category = sheet.text("ram:CategoryCode")  # BT-118
    if rate is None and not sheet.text("ram:RateApplicablePercent") and category != "S":
        rate = 0
    return VatPart(
        rate=rate,
        category=category,
        base_cents=sheet.cents("ram:BasisAmount", _("une base de TVA")),  # BT-116
        vat_cents=sheet.cents("ram:CalculatedAmount", _("un montant de TVA")),  # BT-117
    )


def _line(sheet: Sheet) -> InvoiceLine:
    """BG-25."""
    product = sheet.branch("ram:SpecifiedTradeProduct")
    price = sheet.branch("ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice")
    settled = sheet.branch("ram:SpecifiedLineTradeSettlement")
    document = sheet.branch("ram:AssociatedDocumentLineDocument")
    quantity = sheet.branch("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")  # BT-129
    label = product.text("ram:Name")  # BT-153
    where = _("la ligne « {label} »").format(label=label[:60])
    counts = document.text("ram:LineStatusReasonCode") not in _NOT_CHARGED
    total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return InvoiceLine(
        number=document.text("ram:LineID"),  # BT-126
        label=label,
        quantity=quantity.number(".", where),
        unit=quantity.text("@unitCode"),  # BT-130
        unit_price=price.number("ram:ChargeAmount", where),  # BT-146
        net_cents=settled.cents(total, where) if counts else None,  # BT-131
        vat_rate=settled.rate("ram:ApplicableTradeTax/ram:RateApplicablePercent", where),  # BT-152
        reference=product.text("ram:BuyerAssignedID") or product.text("ram:SellerAssignedID"),  # BT-156, BT-155
        price_quantity=price.number("ram:BasisQuantity", where) or Decimal(1),  # BT-149
        extras_cents=_extras(settled, where),
        counts=counts,
    )


def _extras(settled: Sheet, where: str) -> int | None:
    """BG-27 and BG-28: the line's charges less its allowances."""
    total = 0
    for one in settled.branches("ram:SpecifiedTradeAllowanceCharge"):
        cents = one.cents("ram:ActualAmount", where)
        if cents is None:
            return None
        total += cents if one.text("ram:ChargeIndicator/udt:Indicator") in ("true", "1") else -cents
    return total


def _unreadable(name: str, what: str) -> Refusal:
    message = _(
        "« {name} » ne dit pas {what}, ou ne l’écrit pas comme il faut. Demandez au titulaire une facture corrigée."
    )
    return Refusal("unreadable", message.format(name=name, what=what))
