from uuid import UUID

from django.utils.translation import gettext as _

from parvis.audit import facade as audit
from parvis.kit.errors import Refusal
from parvis.pooling.invoices.reading import MAX_FILE
from parvis.pooling.models import Invoice
from parvis.pooling.rules.hand_entry import HandEntry, invoice_by_hand
from parvis.pooling.selectors.today import today
from parvis.pooling.services.record_invoice import record_invoice


def enter_invoice(
    group_id: UUID,
    entry: HandEntry,
    data: bytes,
    name: str,
    *,
    order_id: UUID | None = None,
    actor_id: UUID | None = None,
) -> Invoice:
    """An invoice that no software can read, typed by an agent with its scan (`data`, at most 10 MiB) beside it.

    Checked as a file's own content is. Raises Http404, Refusal no_number, in_the_future, invoice_too_large, and those
    of record_invoice.
    """
    if not entry.number.strip():
        raise Refusal("no_number", _("Recopiez le numéro de la facture, tel qu’il est écrit."), "number")
    if entry.issued_on > today():
        raise Refusal(
            "in_the_future", _("Cette facture serait datée d’un jour à venir. Vérifiez sa date."), "issued_on"
        )
    if len(data) > MAX_FILE:
        message = _("« {name} » dépasse 10 Mio. Numérisez la facture en noir et blanc, ou en moins fin.")
        raise Refusal("invoice_too_large", message.format(name=name), "file")
    invoice = record_invoice(group_id, invoice_by_hand(entry), data, name, order_id, actor_id)
    facts = {
        "number": invoice.number,
        "seller": invoice.seller_siret,
        "ttc_cents": invoice.ttc_cents,
        "paper": str(invoice.paper_id),
        "order": str(invoice.order_id) if invoice.order_id else None,
    }
    audit.record("invoice.entered", subject=invoice.id, data=facts, actor=actor_id)
    return invoice
