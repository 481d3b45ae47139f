from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling import states
from parvis.pooling.models import Invoice, InvoiceState, OrderState, PurchaseOrder
from parvis.pooling.rules.invoice_json import difference_json
from parvis.pooling.rules.matching import Matching
from parvis.pooling.selectors.invoices import compared, reading_of, sentence_of
from parvis.pooling.services.held import require_move
from parvis.pooling.services.held_invoice import held_invoice, held_invoiced_order


def match_invoice(
    invoice_id: UUID,
    order_id: UUID,
    *,
    reason: str = "",
    accepted: Collection[str] | None = None,
    actor_id: UUID | None = None,
) -> Invoice:
    """Say that an invoice, or a credit note, asks to pay this order: it counts from then on.

    Nothing blocks; what is to be checked is accepted with a written `reason`. `accepted`: the codes of the differences
    that the person saw; None: whatever they are. Raises Http404, Refusal not_yours, not_now, blocked, changed,
    no_reason.
    """
    order = held_invoiced_order(order_id)
    invoice = held_invoice(invoice_id, "match_invoice")
    _require_issued(order)
    matching = compared(reading_of(invoice), order, invoice.id)
    _require_accepted(matching, reason, accepted)
    # Nothing that blocks is left: it is delivered and not paid.
    require_move(states.OrderState(order.state), "match_invoice", order.get_state_display())
    invoice.order, invoice.state, invoice.reason = order, InvoiceState.MATCHED, reason.strip()
    invoice.differences = [difference_json(one) for one in matching.differences]
    invoice.save(update_fields=["order", "state", "reason", "differences"])
    if order.state != OrderState.INVOICED:
        order.state = OrderState.INVOICED
        order.save(update_fields=["state"])
    data = {
        "order": str(order.id),
        "ht_cents": invoice.ht_cents,
        "ttc_cents": invoice.ttc_cents,
        "accepted": [one.code for one in matching.differences],
        "reason": invoice.reason,
    }
    audit.record("invoice.matched", subject=invoice.id, data=data, actor=actor_id)
    return invoice


def _require_issued(order: PurchaseOrder) -> None:
    if order.state not in states.RESERVING:
        message = _("Cette commande n’est pas émise\u202f: aucune facture ne la concerne. Choisissez-en une autre.")
        raise Refusal("not_now", message, "order")


def _require_accepted(matching: Matching, reason: str, accepted: Collection[str] | None) -> None:
    if matching.blocked:
        raise Refusal("blocked", sentence_of(matching.differences))
    if accepted is not None and {one.code for one in matching.differences} - set(accepted):
        message = _("Quelque chose a changé depuis que vous avez ouvert cette page. Relisez les écarts, puis décidez.")
        raise Refusal("changed", message)
    if matching.differences and not reason.strip():
        message = _("Écrivez pourquoi vous acceptez cette facture malgré ce qui diffère. Cela reste au dossier.")
        raise Refusal("no_reason", message, "reason")
