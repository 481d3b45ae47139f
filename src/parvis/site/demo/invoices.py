"""Invoices as the demo's contractors send them: a Factur-X PDF (profile EN 16931) that people and software can read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import facturx

from parvis.kit.money import euros
from parvis.kit.pdf import render_pdf
from parvis.kit.siret import spaced_siret
from parvis.site.demo.cast import Firm
from parvis.site.demo.numbers import company_siret

TEMPLATE = Path(__file__).resolve().parent / "invoice.typ"
INVOICE, CREDIT_NOTE = "380", "381"
NO_VALUE = "Document de démonstration, sans valeur."
_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class BilledLine:
    """`unit_cents` excluding VAT; `vat_rate` in hundredths of a percent: 2000 is 20 %."""

    label: str
    quantity: Decimal
    unit_cents: int
    vat_rate: int = 2000
    code: str = ""

    @property
    def net_cents(self) -> int:
        """Raises ValueError when it is no whole number of cents."""
        cents = self.quantity * self.unit_cents
        if cents != int(cents):
            raise ValueError(f"{self.label}: {cents} cents")
        return int(cents)


@dataclass(frozen=True, slots=True)
class Bill:
    """What a firm asks a buyer for. `corrects` makes it a credit note on that invoice; its amounts stay positive."""

    number: str
    delivered_on: date
    issued_on: date
    due_on: date
    firm: Firm
    buyer_name: str
    buyer_siret: str
    lines: tuple[BilledLine, ...]
    commitment_number: str = ""
    framework_reference: str = ""
    service_code: str = ""
    corrects: str = ""

    @property
    def ht_cents(self) -> int:
        return sum(line.net_cents for line in self.lines)

    @property
    def vat_by_rate(self) -> dict[int, tuple[int, int]]:
        """Base and VAT in cents of each rate, rounded once per rate, half up."""
        bases: dict[int, int] = {}
        for line in self.lines:
            bases[line.vat_rate] = bases.get(line.vat_rate, 0) + line.net_cents
        return {rate: (base, (2 * base * rate + _WHOLE) // (2 * _WHOLE)) for rate, base in sorted(bases.items())}

    @property
    def terms(self) -> str:
        how = f"À déduire de la facture {self.corrects}." if self.corrects else "Paiement à 30 jours."
        return f"{how} {NO_VALUE}"

    @property
    def vat_cents(self) -> int:
        return sum(vat for _base, vat in self.vat_by_rate.values())


def bill_pdf(bill: Bill) -> bytes:
    """The PDF with its XML inside, checked against the standard's schema."""
    page = render_pdf(TEMPLATE, _page(bill))
    what = "Avoir" if bill.corrects else "Facture"
    made: bytes = facturx.generate_from_binary(
        page,
        bill_xml(bill),
        flavor="factur-x",
        level="en16931",
        lang="fr-FR",
        pdf_metadata={
            "author": bill.firm.name,
            "keywords": "Factur-X, démonstration",
            "title": f"{what} {bill.number}",
            "subject": f"{what} {bill.number} de {bill.firm.name} à {bill.buyer_name}",
        },
    )
    return made


def bill_xml(bill: Bill) -> bytes:
    """The XML alone, checked against the standard's schema."""
    made: bytes = facturx.generate_cii_xml(_terms(bill), level="en16931", check_xsd=True, check_schematron=False)
    return made


def _terms(bill: Bill) -> dict[str, Any]:
    """The business terms (BT) and groups (BG) of EN 16931 that the library writes; those left empty are dropped."""
    siret = company_siret(bill.firm.rank)
    total = bill.ht_cents + bill.vat_cents
    found: dict[str, Any] = {
        "BT-1": bill.number,
        "BT-2": bill.issued_on,
        "BT-3": CREDIT_NOTE if bill.corrects else INVOICE,
        "BT-5": "EUR",
        "BT-9": bill.due_on,
        "BT-10": bill.service_code,
        "BT-12": bill.framework_reference,
        "BT-13": bill.commitment_number,
        "BT-20": bill.terms,
        "BG-3": [{"BT-25": bill.corrects}] if bill.corrects else [],
        "BG-4": {
            **_party(bill.firm.name, siret),
            "vat_identifier": _vat_number(siret[:9]),
            "addr_l1": bill.firm.address,
        },
        "BG-7": _party(bill.buyer_name, bill.buyer_siret),
        "BG-23": [
            {"BT-116": _amount(base), "BT-117": _amount(vat), "BT-118": "S" if rate else "Z", "BT-119": _amount(rate)}
            for rate, (base, vat) in bill.vat_by_rate.items()
        ],
        "BG-25": [_line(rank, line) for rank, line in enumerate(bill.lines, 1)],
        "BT-72": bill.delivered_on,
        "BT-106": _amount(bill.ht_cents),
        "BT-109": _amount(bill.ht_cents),
        "BT-110": _amount(bill.vat_cents),
        "BT-112": _amount(total),
        "BT-115": _amount(total),
    }
    return {term: value for term, value in found.items() if value}


def _party(name: str, siret: str) -> dict[str, Any]:
    return {
        "name": name,
        "identifiers": {"0009": siret},
        "legal_identifier": siret[:9],
        "legal_identifier_schemeid": "0002",
        "country_code": "FR",
    }


def _line(rank: int, line: BilledLine) -> dict[str, Any]:
    found = {
        "BT-126": str(rank),
        "BT-129": f"{line.quantity.normalize():f}",
        "BT-130": "C62",
        "BT-131": _amount(line.net_cents),
        "BT-146": _amount(line.unit_cents),
        "BT-151": "S" if line.vat_rate else "Z",
        "BT-152": _amount(line.vat_rate),
        "BT-153": line.label,
        "BT-156": line.code,
    }
    return {term: value for term, value in found.items() if value}


def _vat_number(siren: str) -> str:
    """French VAT number: a key of two figures, then the SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _amount(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _page(bill: Bill) -> dict[str, Any]:
    total = bill.ht_cents + bill.vat_cents
    totals = [("Total HT", bill.ht_cents)]
    totals += [(f"TVA à {_rate(rate)}", vat) for rate, (_base, vat) in bill.vat_by_rate.items()]
    totals.append(("Total de l’avoir TTC" if bill.corrects else "Net à payer TTC", total))
    return {
        "title": f"{'Avoir' if bill.corrects else 'Facture'} {bill.number}",
        "seller": [bill.firm.name, bill.firm.address, f"SIRET {spaced_siret(company_siret(bill.firm.rank))}"],
        "buyer": [bill.buyer_name, f"SIRET {spaced_siret(bill.buyer_siret)}"],
        "facts": list(_facts(bill)),
        "lines": [
            [line.label, _decimal(line.quantity), euros(line.unit_cents), _rate(line.vat_rate), euros(line.net_cents)]
            for line in bill.lines
        ],
        "totals": [[name, euros(cents)] for name, cents in totals],
        "terms": bill.terms,
    }


def _facts(bill: Bill) -> Iterable[list[str]]:
    facts = (
        ("Date", f"{bill.issued_on:%d/%m/%Y}"),
        ("Livré le", f"{bill.delivered_on:%d/%m/%Y}"),
        ("Échéance", f"{bill.due_on:%d/%m/%Y}"),
        ("Facture corrigée", bill.corrects),
        ("Numéro d’engagement", bill.commitment_number),
        ("Marché", bill.framework_reference),
        ("Code service", bill.service_code),
    )
    return ([name, value] for name, value in facts if value)


def _rate(hundredths: int) -> str:
    return f"{_decimal(Decimal(hundredths) / 100)}\u00a0%"


def _decimal(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")
