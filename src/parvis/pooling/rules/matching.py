"""Does an invoice agree with a purchase order? Each disagreement is said with both values and the way out."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from parvis.kit.money import euros
from parvis.kit.siret import siret_words
from parvis.pooling.rules.credit_notes import credit_differences
from parvis.pooling.rules.invoice import (
    CREDIT_TYPES,
    INVOICE_TYPE,
    Difference,
    InvoiceLine,
    InvoiceRead,
    Level,
    Party,
    bare_number,
    cites,
    same_number,
    told,
)
from parvis.pooling.rules.order_facts import OrderFacts, OrderLine
from parvis.pooling.rules.vat import order_vat
from parvis.pooling.rules.words import NARROW, NO_BREAK, day, listed, quoted, rate

BLOCKING, TO_CHECK = Level.BLOCKING, Level.TO_CHECK
# UNTDID 1001, in the words of an accounts office.
_TYPES = {
    "384": "une facture rectificative",
    "386": "une facture d’acompte",
    "389": "une facture établie par l’acheteur lui-même",
}


@dataclass(frozen=True, slots=True)
class Matching:
    """What differs, the gravest first. `ok`: nothing at all; `blocked`: it cannot be accepted as it is."""

    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences

    @property
    def blocked(self) -> bool:
        return any(one.level is BLOCKING for one in self.differences)


def match(invoice: InvoiceRead, order: OrderFacts) -> Matching:
    """Compare an invoice or a credit note with one order, its own problems included."""
    found = [
        *invoice.problems,
        *_seller(invoice.seller, order),
        *_buyer(invoice.buyer, order),
        *_references(invoice, order),
        *_kind(invoice),
        *_duplicate(invoice, order),
        *_currency(invoice),
    ]
    if invoice.is_credit:
        found += credit_differences(invoice, order)
    else:
        found += [*_delivery(order), *_amounts(invoice, order)]
    found += [*_dates(invoice, order), *_vat(invoice, order), *_lines(invoice, order)]
    return Matching(tuple(sorted(told(found), key=lambda one: one.level is not BLOCKING)))


def _seller(seller: Party, order: OrderFacts) -> Iterator[Difference]:
    holder = _who(order.contractor_name, order.contractor_siret)
    if not seller.siren:
        yield Difference(
            "seller_unknown",
            TO_CHECK,
            f"La facture ne donne pas le numéro SIRET de {quoted(seller.name)}{NARROW}; la commande est passée à "
            f"{holder}.",
            "Vérifiez sur la facture que c’est bien le titulaire qui l’a émise.",
        )
    elif seller.siren != order.contractor_siret[:9]:
        yield Difference(
            "other_seller",
            BLOCKING,
            f"La facture vient de {_who(seller.name, seller.siret or seller.siren)}{NARROW}; la commande est passée à "
            f"{holder}.",
            "Rattachez-la à une commande de cette entreprise, ou refusez-la. Un sous-traitant payé directement se "
            "traite à part.",
        )
    elif seller.siret and seller.siret != order.contractor_siret:
        yield Difference(
            "other_establishment",
            TO_CHECK,
            f"La facture vient de l’établissement {siret_words(seller.siret)}{NARROW}; la commande est passée à "
            f"{holder}.",
            "C’est la même entreprise. Vérifiez que les coordonnées bancaires sont celles du marché.",
        )


def _buyer(buyer: Party, order: OrderFacts) -> Iterator[Difference]:
    ours = _who(order.buyer_name, order.buyer_siret)
    if not buyer.siren:
        yield Difference(
            "buyer_unknown",
            TO_CHECK,
            f"La facture ne donne pas le numéro SIRET de l’acheteur ({quoted(buyer.name)}){NARROW}; la commande est de "
            f"{ours}.",
            "Vérifiez que la facture vous est bien adressée.",
        )
    elif buyer.siren != order.buyer_siret[:9]:
        yield Difference(
            "other_buyer",
            BLOCKING,
            f"La facture est adressée à {_who(buyer.name, buyer.siret or buyer.siren)}{NARROW}; la commande est de "
            f"{ours}.",
            "Chaque membre paie ses commandes. Rendez la facture au titulaire pour qu’il l’adresse au bon acheteur.",
        )
    elif buyer.siret and buyer.siret != order.buyer_siret:
        yield Difference(
            "other_buyer_establishment",
            TO_CHECK,
            f"La facture est adressée à l’établissement {siret_words(buyer.siret)}{NARROW}; la commande est de {ours}.",
            "C’est la même collectivité. Vérifiez quel budget doit payer.",
        )


def _references(invoice: InvoiceRead, order: OrderFacts) -> Iterator[Difference]:
    given, known = invoice.order_reference, [one for one in (order.commitment_number, order.number) if one]
    ours = " ou ".join(quoted(one) for one in known)
    if not given:
        yield Difference(
            "missing_commitment",
            TO_CHECK,
            f"La facture ne porte pas de numéro d’engagement{NARROW}; on attend {ours}.",
            "Vérifiez qu’elle correspond bien à cette commande, et rappelez au titulaire de l’écrire sur la prochaine.",
        )
    elif not any(cites(given, one) for one in known):
        yield Difference(
            "other_order",
            BLOCKING,
            f"La facture porte le numéro d’engagement {quoted(given)}{NARROW}; cette commande porte {ours}.",
            "Rattachez-la à la commande qui porte ce numéro, ou demandez au titulaire de le corriger.",
        )
    contract = invoice.contract_reference
    if contract and order.framework_reference and not same_number(contract, order.framework_reference):
        yield Difference(
            "other_framework",
            TO_CHECK,
            f"La facture cite le marché {quoted(contract)}{NARROW}; la commande relève de "
            f"{quoted(order.framework_reference)}.",
            "Vérifiez que la facture relève bien de cet accord-cadre.",
        )


def _kind(invoice: InvoiceRead) -> Iterator[Difference]:
    if invoice.type_code not in CREDIT_TYPES | {INVOICE_TYPE}:
        what = _TYPES.get(invoice.type_code, f"une pièce de type {invoice.type_code}")
        yield Difference(
            "kind",
            TO_CHECK,
            f"Cette pièce est {what}, alors que l’on attend une facture (380) ou un avoir (381).",
            "Vérifiez ce qu’elle remplace ou complète, pour ne pas payer deux fois.",
        )


def _duplicate(invoice: InvoiceRead, order: OrderFacts) -> Iterator[Difference]:
    number = bare_number(invoice.number)
    seen = {bare_number(one) for one in (*order.seen_numbers, *(past.number for past in order.past))}
    theirs = invoice.seller.siren in ("", order.contractor_siret[:9])
    if theirs and number and number in seen:
        yield Difference(
            "duplicate",
            BLOCKING,
            f"Le numéro {quoted(invoice.number)} a déjà servi à ce titulaire{NARROW}; un numéro ne sert qu’une fois.",
            "Ouvrez la facture déjà reçue. Si celle-ci en est une autre, demandez au titulaire de la renuméroter.",
        )


def _currency(invoice: InvoiceRead) -> Iterator[Difference]:
    if invoice.currency != "EUR":
        yield Difference(
            "currency",
            BLOCKING,
            f"La facture est en {invoice.currency}{NARROW}; la commande est en euros (EUR).",
            "Demandez au titulaire une facture en euros.",
        )


def _delivery(order: OrderFacts) -> Iterator[Difference]:
    if not order.delivered:
        yield Difference(
            "not_delivered",
            BLOCKING,
            f"La facture est arrivée{NARROW}; la livraison de la commande {order.number} n’est pas encore constatée.",
            "Constatez la livraison si tout est là. Sinon attendez, et prévenez le titulaire de ce qui manque.",
        )


def _amounts(invoice: InvoiceRead, order: OrderFacts) -> Iterator[Difference]:
    """Never more than what is left, without VAT nor with it."""
    for cents, left, total, what in (
        (invoice.totals.ht, order.left_ht, order.ht_cents, "HT"),
        (invoice.totals.ttc, order.left_ttc, order.ttc_cents, "TTC"),
    ):
        if cents is not None and cents > left:
            yield Difference(
                f"over_{what.lower()}",
                BLOCKING,
                f"La facture demande {euros(cents)} {what}{NARROW}; il reste {euros(left)} {what} à facturer sur les "
                f"{euros(total)} commandés.",
                "Demandez au titulaire une facture au montant commandé, ou émettez d’abord une autre commande.",
            )


def _dates(invoice: InvoiceRead, order: OrderFacts) -> Iterator[Difference]:
    if invoice.issued_on < order.issued_on:
        yield Difference(
            "before_order",
            TO_CHECK,
            f"La facture est datée du {day(invoice.issued_on)}, avant la commande, émise le {day(order.issued_on)}.",
            "Vérifiez que la prestation a bien été commandée avant d’être faite.",
        )


def _vat(invoice: InvoiceRead, order: OrderFacts) -> Iterator[Difference]:
    rates = order.rates
    ours = listed([rate(one) for one in rates])
    strange = sorted({part.rate for part in invoice.vat_parts if part.rate is not None and part.rate not in rates})
    todo = "Vérifiez le taux qui s’applique, et demandez au titulaire de corriger la facture s’il s’est trompé."
    if rates and strange:
        theirs = listed([rate(one) for one in strange])
        yield Difference(
            "vat_rate",
            TO_CHECK,
            f"La facture applique une TVA à {theirs}{NARROW}; la commande la prévoit à {ours}.",
            todo,
        )
    ht, vat = invoice.totals.ht, invoice.totals.vat
    if (
        rates
        and not strange
        and ht is not None
        and vat is not None
        and not _plausible(ht, vat, rates, len(invoice.lines))
    ):
        yield Difference(
            "vat_amount",
            TO_CHECK,
            f"La facture compte {euros(vat)} de TVA sur {euros(ht)} HT{NARROW}; la commande prévoit une TVA à {ours}.",
            todo,
        )


def _plausible(ht: int, vat: int, rates: tuple[int, ...], lines: int) -> bool:
    """Between the lowest and the highest rate ordered, one cent a line let through for rounding."""
    bounds = sorted(order_vat(ht, one) for one in (rates[0], rates[-1]))
    slack = max(1, lines)
    return bounds[0] - slack <= vat <= bounds[1] + slack


def _lines(invoice: InvoiceRead, order: OrderFacts) -> Iterator[Difference]:
    """Each line is one of the order's, at the price of the schedule. A profile without lines says nothing here."""
    if not order.lines:
        return
    for line in invoice.lines:
        if not line.counts:
            continue
        ordered = _ordered(line, order.lines)
        if ordered is None:
            yield Difference(
                "line_unknown",
                TO_CHECK,
                f"La facture compte {quoted(line.label)}{NARROW}; la commande n’a rien de ce nom ni de ce code.",
                "Vérifiez que c’est bien une prestation commandée, sous un autre nom.",
            )
        elif line.unit_price is not None and _cents_each(line) != ordered.unit_price_cents:
            price = f"{line.unit_price:f}".replace(".", ",")
            each = f" pour {line.price_quantity:f}".replace(".", ",") if line.price_quantity != 1 else ""
            yield Difference(
                "line_price",
                TO_CHECK,
                f"La facture compte {quoted(line.label)} à {price}{NO_BREAK}€ HT{each}{NARROW}; la commande l’a à "
                f"{euros(ordered.unit_price_cents)} HT.",
                "Demandez au titulaire d’appliquer le prix du bordereau, ou d’expliquer l’écart.",
            )


def _ordered(line: InvoiceLine, lines: tuple[OrderLine, ...]) -> OrderLine | None:
    by_code = (one for one in lines if same_number(one.code, line.reference))
    by_label = (one for one in lines if same_number(one.label, line.label))
    return next(by_code, None) or next(by_label, None)


def _cents_each(line: InvoiceLine) -> Decimal | None:
    return line.unit_price * 100 / line.price_quantity if line.unit_price is not None and line.price_quantity else None


def _who(name: str, number: str) -> str:
    return f"{name} ({siret_words(number)})" if name else siret_words(number)
