"""What the page of an invoice shows: what it says beside what was ordered."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from parvis.kit import clock
from parvis.kit.money import euros
from parvis.kit.siret import siret_words
from parvis.pooling.models import OrderLine, PurchaseOrder
from parvis.pooling.rules.invoice import InvoiceLine, InvoiceRead, Party
from parvis.pooling.rules.order_totals import quantity_words
from parvis.pooling.rules.words import NO_BREAK, day, rate
from parvis.pooling.selectors.invoices import facts_of

NOT_WRITTEN = "—"


@dataclass(frozen=True, slots=True)
class Facing:
    """One thing, as the invoice says it and as the order does."""

    label: str
    invoice: str
    order: str
    is_amount: bool = False


@dataclass(frozen=True, slots=True)
class ShownLine:
    label: str
    quantity: str
    price: str
    vat: str
    net: str


def facing(read: InvoiceRead, order: PurchaseOrder | None) -> list[Facing]:
    """With no order, only what the invoice says."""
    facts = facts_of([order])[order.id] if order is not None else None
    numbers = " · ".join(filter(None, (facts.commitment_number, facts.number))) if facts else ""
    issued = day(order.issued_at.astimezone(clock.PARIS).date()) if order is not None and order.issued_at else ""
    totals = read.totals
    contractor = _named(facts.contractor_name, facts.contractor_siret) if facts else ""
    buyer = _named(facts.buyer_name, facts.buyer_siret) if facts else ""
    return [
        Facing(_("Vendeur"), _party(read.seller), contractor),
        Facing(_("Acheteur"), _party(read.buyer), buyer),
        Facing(_("Numéro d’engagement"), read.order_reference or NOT_WRITTEN, numbers),
        *([Facing(_("Corrige la facture"), ", ".join(read.preceding) or NOT_WRITTEN, "")] if read.is_credit else []),
        Facing(_("Marché"), read.contract_reference or NOT_WRITTEN, facts.framework_reference if facts else ""),
        Facing(_("Date"), day(read.issued_on), issued),
        Facing(_("À payer pour le"), day(read.due_on) if read.due_on else NOT_WRITTEN, ""),
        Facing(_("Hors taxes"), _euros(totals.ht), _euros(facts.ht_cents) if facts else "", is_amount=True),
        Facing(_("TVA"), _euros(totals.vat), _euros(facts.vat_cents) if facts else "", is_amount=True),
        Facing(_("TTC"), _euros(totals.ttc), _euros(facts.ttc_cents) if facts else "", is_amount=True),
    ]


def invoice_lines(read: InvoiceRead) -> list[ShownLine]:
    return [
        ShownLine(one.label, _quantity(one), _price(one), _rate(one.vat_rate), _euros(one.net_cents))
        for one in read.lines
        if one.counts
    ]


def ordered_lines(lines: list[OrderLine]) -> list[ShownLine]:
    return [
        ShownLine(
            one.label, f"{quantity_words(one.quantity_hundredths)} {one.unit}", euros(one.unit_cents),
            rate(one.vat_rate), euros(one.ht_cents),
        )
        for one in lines
    ]  # fmt: skip


def _party(party: Party) -> str:
    return _named(party.name, party.siret or party.siren)


def _named(name: str, number: str) -> str:
    return ", ".join(filter(None, (name, siret_words(number)))) or NOT_WRITTEN


def _euros(cents: int | None) -> str:
    return NOT_WRITTEN if cents is None else euros(cents)


def _rate(hundredths: int | None) -> str:
    return NOT_WRITTEN if hundredths is None else rate(hundredths)


def _quantity(line: InvoiceLine) -> str:
    return NOT_WRITTEN if line.quantity is None else _decimal(line.quantity)


def _price(line: InvoiceLine) -> str:
    if line.unit_price is None:
        return NOT_WRITTEN
    cents = line.unit_price * 100
    price = euros(int(cents)) if cents == int(cents) else f"{_decimal(line.unit_price)}{NO_BREAK}€"
    each = line.price_quantity
    return price if each == 1 else _("{price} pour {each}").format(price=price, each=_decimal(each))


def _decimal(value: Decimal) -> str:
    """1.50 → "1,5", 2.00 → "2"."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",")
