from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.notifications import facade as notifications
from parvis.pooling.models import Invoice, InvoiceState
from parvis.pooling.selectors.invoice_letters import contractor_email, letter_of
from parvis.pooling.services.held_invoice import held_invoice


def refuse_invoice(invoice_id: UUID, reason: str, *, tell: bool = True, actor_id: UUID | None = None) -> Invoice:
    """Refuse an invoice for good, with a reason written for the contractor.

    `tell`: its letter also leaves by mail, where the framework has the contractor's address. Raises Http404, Refusal
    not_yours, not_now, no_reason.
    """
    if not reason.strip():
        message = _("Écrivez pourquoi vous refusez cette facture\u202f: le titulaire le lira pour la corriger.")
        raise Refusal("no_reason", message, "reason")
    invoice = held_invoice(invoice_id, "refuse_invoice")
    invoice.state, invoice.reason = InvoiceState.REFUSED, reason.strip()
    invoice.save(update_fields=["state", "reason"])
    to = contractor_email(invoice) if tell else ""
    if to:
        letter = letter_of(invoice)
        notifications.send(
            to, letter.title, letter.text, once_key=f"invoice.refused:{invoice.id}",
            authority_id=invoice.authority_id, subject_id=invoice.id,
        )  # fmt: skip
    data = {"reason": invoice.reason, "told": bool(to), "number": invoice.number}
    audit.record("invoice.refused", subject=invoice.id, data=data, actor=actor_id)
    return invoice
