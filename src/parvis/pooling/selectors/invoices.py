"""Invoices of a group: what they say, the orders they may be for, and what differs."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.authorities.facade import authority
from parvis.kit import clock, scope
from parvis.pooling.models import FrameworkAgreement, Invoice, InvoiceState, OrderLine, OrderState, PurchaseOrder
from parvis.pooling.rules import order_facts
from parvis.pooling.rules.candidates import Candidate, candidates
from parvis.pooling.rules.invoice import Difference, InvoiceRead, Level, bare_number
from parvis.pooling.rules.invoice_json import read_invoice_json
from parvis.pooling.rules.matching import Matching, match
from parvis.pooling.rules.order_facts import OrderFacts
from parvis.pooling.rules.past_invoices import Account, account_of, past_of
from parvis.pooling.rules.words import NARROW, day, quoted
from parvis.pooling.selectors.reach import reach
from parvis.pooling.states import RESERVING

LONGEST_KEY = 160


def invoice_in_reach(group_id: UUID, invoice_id: UUID) -> Invoice:
    """Raises Http404."""
    return reach(Invoice, invoice_id, circle_id=group_id)


def reading_of(invoice: Invoice) -> InvoiceRead:
    return read_invoice_json(invoice.content)


def sender_key(read: InvoiceRead) -> str:
    """Its seller and its number, whatever the case, spaces and separators."""
    seller = read.seller.siren or bare_number(read.seller.name)
    return f"{seller}:{bare_number(read.number) or read.number}"[:LONGEST_KEY]


def known_invoice(read: InvoiceRead, owner_id: UUID) -> Invoice | None:
    """The same invoice, already there and not refused."""
    found = Invoice.objects.filter(authority_id=owner_id, sender_key=sender_key(read))
    return found.exclude(state=InvoiceState.REFUSED).first()


def own_orders(group_id: UUID) -> list[PurchaseOrder]:
    """The orders of the authority in scope that an invoice may be for, newest first."""
    found = PurchaseOrder.objects.filter(authority_id=scope.current_authority(), framework__group_id=group_id)
    return list(found.filter(state__in=RESERVING).select_related("framework").order_by("-issued_at"))


def accepted_on(order_ids: Collection[UUID], besides: UUID | None = None) -> dict[UUID, list[InvoiceRead]]:
    """The invoices and credit notes accepted on each of these orders, oldest first."""
    rows = Invoice.objects.filter(order_id__in=order_ids, state=InvoiceState.MATCHED).order_by("received_at")
    found: dict[UUID, list[InvoiceRead]] = {one: [] for one in order_ids}
    for row in rows.exclude(id=besides) if besides else rows:
        found[row.order_id].append(reading_of(row))
    return found


def facts_of(orders: Collection[PurchaseOrder], besides: UUID | None = None) -> dict[UUID, OrderFacts]:
    """Issued orders of one authority as an invoice is compared with them; `besides`: the invoice compared."""
    if not orders:
        return {}
    ids = [one.id for one in orders]
    buyer = authority(next(iter(orders)).authority_id)
    accepted, sent = accepted_on(ids, besides), _sent_to(buyer.id, besides)
    lines: dict[UUID, list[order_facts.OrderLine]] = {one: [] for one in ids}
    for line in OrderLine.objects.filter(order_id__in=ids).select_related("price"):
        lines[line.order_id].append(_line(line))
    return {
        one.id: OrderFacts(
            key=str(one.id),
            number=one.number,
            commitment_number=one.commitment,
            buyer_siret=buyer.siret,
            contractor_siret=one.framework.contractor_siret,
            framework_reference=one.framework.reference,
            ht_cents=one.ht_cents,
            vat_cents=one.vat_cents,
            ttc_cents=one.ht_cents + one.vat_cents,
            issued_on=one.issued_at.astimezone(clock.PARIS).date(),
            delivered=one.state != OrderState.ISSUED,
            lines=tuple(lines[one.id]),
            past=past_of(accepted[one.id]),
            # Of a contractor, or of nobody knows whom.
            seen_numbers=sent.get(one.framework.contractor_siret[:9], frozenset()) | sent.get("", frozenset()),
            buyer_name=buyer.name,
            contractor_name=one.framework.contractor_name,
        )
        for one in orders
        if one.issued_at
    }


def _line(line: OrderLine) -> order_facts.OrderLine:
    quantity = Decimal(line.quantity_hundredths) / 100
    return order_facts.OrderLine(line.price.code, line.label, quantity, line.unit_cents, line.vat_rate)


def _sent_to(buyer_id: UUID, besides: UUID | None) -> dict[str, frozenset[str]]:
    """The invoice numbers that each seller, by its SIREN, sent to a buyer; a refused one may be sent again."""
    rows = Invoice.objects.filter(authority_id=buyer_id).exclude(state=InvoiceState.REFUSED)
    found: dict[str, frozenset[str]] = {}
    for number, siret in (rows.exclude(id=besides) if besides else rows).values_list("number", "seller_siret"):
        found[siret[:9]] = found.get(siret[:9], frozenset()) | {number}
    return found


def candidates_for(read: InvoiceRead, group_id: UUID, besides: UUID | None = None) -> tuple[Candidate, ...]:
    """Among the orders of the authority in scope, the likeliest first."""
    return candidates(read, facts_of(own_orders(group_id), besides).values())


def likeliest(found: tuple[Candidate, ...]) -> UUID | None:
    """The order to propose: none when two are as likely."""
    if not found or (len(found) > 1 and found[0].weight == found[1].weight):
        return None
    return UUID(found[0].order.key)


def compared(read: InvoiceRead, order: PurchaseOrder, besides: UUID | None = None) -> Matching:
    """What differs between an invoice and an issued order: what the delivery or the payment said of it included."""
    found = match(read, facts_of([order], besides)[order.id]).differences
    more = [one for one in (_paid(read, order), _reserves(read, order)) if one is not None]
    return Matching(tuple(sorted((*more, *found), key=lambda one: one.level is not Level.BLOCKING)))


def _paid(read: InvoiceRead, order: PurchaseOrder) -> Difference | None:
    if order.state != OrderState.PAID or order.paid_on is None:
        return None
    late = (
        "Un avoir reçu après le paiement se règle avec votre comptable et le titulaire."
        if read.is_credit
        else "Voyez avec votre comptable ce que demande cette facture, et refusez-la si elle est de trop."
    )
    closed = (
        f"La commande {order.number} est payée et soldée depuis le {day(order.paid_on)}{NARROW}: rien ne s’y ajoute."
    )
    return Difference("order_paid", Level.BLOCKING, closed, late)


def _reserves(read: InvoiceRead, order: PurchaseOrder) -> Difference | None:
    if not order.open_reserves or read.is_credit:
        return None
    what = f"La livraison a été reçue avec des réserves{NARROW}: {quoted(order.open_reserves[:200])}"
    return Difference("reserves", Level.TO_CHECK, what, "Levez-les sur la page de la commande avant de payer.")


def account(order: PurchaseOrder) -> Account:
    """What is left to invoice on an order, and why."""
    return account_of(order.ht_cents, order.ht_cents + order.vat_cents, accepted_on([order.id])[order.id])


def invoices_of_order(order: PurchaseOrder) -> list[Invoice]:
    """Accepted or proposed on this order, oldest first."""
    found = Invoice.objects.filter(order=order).exclude(state=InvoiceState.REFUSED)
    return list(found.order_by("received_at"))


def framework_of(invoice: Invoice) -> FrameworkAgreement | None:
    """The framework that an invoice is under: its order's, else the group's one with this contractor."""
    if invoice.order is not None:
        return invoice.order.framework
    if not invoice.seller_siret:
        return None
    of_group = FrameworkAgreement.objects.filter(group_id=invoice.circle_id)
    return of_group.filter(contractor_siret__startswith=invoice.seller_siret[:9]).first()


def sentence_of(differences: Iterable[Difference]) -> str:
    """The gravest of them with its way out; empty for none."""
    for one in sorted(differences, key=lambda one: one.level is not Level.BLOCKING):
        return _("{what} {todo}").format(what=one.sentence, todo=one.what_to_do)
    return ""
