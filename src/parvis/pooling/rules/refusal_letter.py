"""What the contractor is told of an invoice that is refused: ready to be sent, or copied."""

from dataclasses import dataclass

from parvis.kit.money import euros
from parvis.pooling.rules.invoice import InvoiceRead
from parvis.pooling.rules.words import NARROW, day, quoted


@dataclass(frozen=True, slots=True)
class Letter:
    title: str
    text: str


def refusal_letter(
    invoice: InvoiceRead, reason: str, *, buyer: str, order_number: str, commitment: str, contact: str = ""
) -> Letter:
    """`buyer` refuses and signs; `order_number` and `commitment` are what the next invoice must cite, blank if none;
    `contact`: where the contractor may ask.
    """
    credit = invoice.is_credit
    what = "votre avoir" if credit else "votre facture"
    refused = "ne peut pas être accepté" if credit else "ne peut pas être acceptée"
    after = "Celui-ci n’est pas déduit." if credit else "Celle-ci n’est pas mise en paiement."
    amount = f", de {euros(abs(invoice.totals.ttc))} TTC" if invoice.totals.ttc is not None else ""
    order = f", pour la commande {order_number}" if order_number else ""
    cited = commitment or order_number
    again = f", avec le numéro d’engagement {quoted(cited)}" if cited else ""
    text = (
        f"Bonjour,\n\n{buyer} ne peut pas accepter {what} {invoice.number} du {day(invoice.issued_on)}{amount}{order}."
        f"\n\nPourquoi{NARROW}:\n{reason.strip()}\n\n"
        f"Envoyez-en {'un corrigé' if credit else 'une corrigée'}{again}. {after}\n\n{buyer}"
        + (f"\n{contact}" if contact else "")
    )
    return Letter(f"{what[0].upper()}{what[1:]} {invoice.number} {refused}", text)
