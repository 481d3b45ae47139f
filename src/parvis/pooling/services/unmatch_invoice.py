from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.models import Invoice, InvoiceState, OrderState, PurchaseOrder
from parvis.pooling.rules.invoice import bare_number
from parvis.pooling.selectors.invoices import accepted_on, reading_of
from parvis.pooling.services.held_invoice import held_invoice, held_invoiced_order, own_invoice


def unmatch_invoice(invoice_id: UUID, reason: str, *, actor_id: UUID | None = None) -> Invoice:
    """Take back a matching made by mistake, before the payment: the invoice is to be matched again.

    The order is only delivered once none is left on it. Raises Http404, Refusal not_yours, not_now, no_reason,
    order_paid, has_credit (a credit note corrects it: that one comes off first).
    """
    if not reason.strip():
        raise Refusal("no_reason", _("Écrivez pourquoi cette facture est détachée de sa commande."), "reason")
    order_id = own_invoice(invoice_id).order_id
    order = held_invoiced_order(order_id) if order_id else None
    invoice = held_invoice(invoice_id, "unmatch_invoice")
    if order is None or invoice.order_id != order.id:
        message = _("Cette facture vient d’être rattachée à une autre commande. Rechargez la page.")
        raise Refusal("not_now", message)
    if order.state == OrderState.PAID:
        message = _("La commande est payée\u202f: ses factures ne changent plus. Voyez avec votre comptable.")
        raise Refusal("order_paid", message)
    _require_no_credit(invoice, order)
    invoice.state, invoice.reason, invoice.differences = InvoiceState.READ, "", []
    invoice.save(update_fields=["state", "reason", "differences"])
    if not accepted_on([order.id])[order.id]:
        order.state = OrderState.DELIVERED
        order.save(update_fields=["state"])
    data = {"order": str(order.id), "ht_cents": invoice.ht_cents, "reason": reason.strip()}
    audit.record("invoice.unmatched", subject=invoice.id, data=data, actor=actor_id)
    return invoice


def _require_no_credit(invoice: Invoice, order: PurchaseOrder) -> None:
    number = bare_number(invoice.number)
    for one in accepted_on([order.id], invoice.id)[order.id]:
        if one.is_credit and not reading_of(invoice).is_credit and number in map(bare_number, one.preceding):
            message = _("L’avoir {number} corrige cette facture. Détachez-le d’abord.")
            raise Refusal("has_credit", message.format(number=one.number))
