from uuid import UUID

from parvis.audit import facade as audit
from parvis.pooling.invoices.reading import read_invoice
from parvis.pooling.models import Invoice
from parvis.pooling.services.record_invoice import record_invoice


def receive_invoice(
    group_id: UUID, data: bytes, name: str, *, order_id: UUID | None = None, actor_id: UUID | None = None
) -> Invoice:
    """Read the contractor's file (Factur-X PDF, or its XML), keep it whole, propose the order that it is for.

    `data` at most 10 MiB. `order_id` overrides the likeliest order. Raises Http404, and the Refusals of read_invoice
    and record_invoice.
    """
    read = read_invoice(data, name)
    invoice = record_invoice(group_id, read, data, name, order_id, actor_id)
    facts = {
        "number": invoice.number,
        "seller": invoice.seller_siret,
        "ttc_cents": invoice.ttc_cents,
        "profile": read.profile.value,
        "paper": str(invoice.paper_id),
        "order": str(invoice.order_id) if invoice.order_id else None,
    }
    audit.record("invoice.received", subject=invoice.id, data=facts, actor=actor_id)
    return invoice
