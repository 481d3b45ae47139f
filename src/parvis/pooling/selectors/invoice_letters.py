"""What the contractor is told of a refused invoice, and where."""

from parvis.authorities.facade import authority
from parvis.pooling.models import Invoice
from parvis.pooling.rules.refusal_letter import Letter, refusal_letter
from parvis.pooling.selectors.invoices import framework_of, reading_of


def contractor_email(invoice: Invoice) -> str:
    """Where the contractor reads its mail; blank when the framework does not say."""
    framework = framework_of(invoice)
    return framework.contractor_email if framework else ""


def letter_of(invoice: Invoice) -> Letter:
    """Of an invoice whose `reason` is written."""
    order, house = invoice.order, authority(invoice.authority_id)
    return refusal_letter(
        reading_of(invoice),
        invoice.reason,
        buyer=house.name,
        order_number=order.number if order else "",
        commitment=order.commitment if order else "",
        contact=house.desk_contact,
    )
