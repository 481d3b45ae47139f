"""A file from the contractor becomes an invoice, or a refusal that says what to ask for."""

from dataclasses import replace

from django.utils.translation import gettext as _

from parvis.kit.errors import Refusal
from parvis.pooling.invoices.container import embedded_invoice
from parvis.pooling.invoices.fields import invoice_of
from parvis.pooling.invoices.schema import checked, parsed
from parvis.pooling.rules.invoice import InvoiceRead, told
from parvis.pooling.rules.invoice_sums import wrong_sums

MAX_FILE = 10 * 1024 * 1024
_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1024
_XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def read_invoice(data: bytes, name: str) -> InvoiceRead:
    """What a Factur-X PDF or its XML (UN/CEFACT CII, MINIMUM to EXTENDED) says, with what cannot be trusted in it.

    `data` at most 10 MiB; `name` only serves the sentences. Nothing is fetched, no entity is expanded. Takes up to a
    second. Raises Refusal: invoice_empty, invoice_too_large, not_an_invoice, pdf_damaged, pdf_encrypted,
    pdf_without_invoice, pdf_two_invoices, invoice_xml_too_large, xml_damaged, xml_document_type, other_format,
    unknown_profile, schema, unreadable.
    """
    if not data:
        raise Refusal("invoice_empty", _("« {name} » est vide. Envoyez de nouveau la facture.").format(name=name))
    if len(data) > MAX_FILE:
        message = _(
            "« {name} » dépasse 10 Mio, la limite d’une facture. Demandez au titulaire une facture sans "
            "pièces jointes, et déposez les pièces à part."
        )
        raise Refusal("invoice_too_large", message.format(name=name))
    from_pdf = _PDF_MARK in data[:_PDF_MARK_WITHIN]
    if not from_pdf and not data.lstrip(b" \t\r\n").startswith(_XML_STARTS):
        message = _(
            "« {name} » n’est ni un PDF Factur-X, ni une facture XML. Demandez au titulaire le fichier "
            "Factur-X qu’il a déposé sur Chorus Pro."
        )
        raise Refusal("not_an_invoice", message.format(name=name))
    root = parsed(embedded_invoice(data, name) if from_pdf else data, name)
    profile = checked(root, name)
    invoice = invoice_of(root, profile, name, from_pdf=from_pdf)
    return replace(invoice, problems=told((*invoice.problems, *wrong_sums(invoice))))
