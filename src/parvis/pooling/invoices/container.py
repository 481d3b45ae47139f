"""The XML that a Factur-X PDF carries. The PDF comes from outside, and may be damaged on purpose."""

import logging
from io import BytesIO

from django.utils.translation import gettext as _
from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError

from parvis.kit.errors import Refusal

# The names that the standard gives: Factur-X, ZUGFeRD 2.0, and XRechnung in a PDF.
STANDARD_NAMES = frozenset({"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"})
MAX_XML = 5 * 1024 * 1024
# What one stream of the PDF may unpack to, whatever it announces.
MAX_UNPACKED = 2 * MAX_XML
MAX_ATTACHMENTS = 100
# A damaged file is its sender's trouble, told to the agent: it must neither alarm us nor fill our logs.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def embedded_invoice(data: bytes, name: str) -> bytes:
    """The XML as it was put in, at most 5 MiB. Raises Refusal: pdf_damaged, pdf_encrypted, pdf_without_invoice,
    pdf_two_invoices, invoice_xml_too_large.
    """
    try:
        found, others = _attachments(data, name)
    except LimitReachedError as error:
        raise _too_large(name) from error
    except Refusal:
        raise
    # A hostile file can make the reader fail anywhere, with any error: each means that the PDF cannot be read.
    except Exception as error:
        message = _(
            "« {name} » est un PDF abîmé ou incomplet\u202f: il ne s’ouvre pas. Demandez au titulaire de l’envoyer de "
            "nouveau, ou récupérez-le sur Chorus Pro."
        )
        raise Refusal("pdf_damaged", message.format(name=name)) from error
    if not found:
        raise _nothing(name, others)
    if len(found) > 1:
        message = _(
            "« {name} » contient plusieurs factures différentes\u202f: on ne sait pas laquelle fait foi. Demandez au "
            "titulaire un fichier par facture."
        )
        raise Refusal("pdf_two_invoices", message.format(name=name))
    (xml,) = found
    if len(xml) > MAX_XML:
        raise _too_large(name)
    return xml


def _attachments(data: bytes, name: str) -> tuple[set[bytes], list[str]]:
    """The contents that bear a standard name, and the names of the other attachments."""
    found: set[bytes] = set()
    others: list[str] = []
    with apply_configuration(
        maximum_declared_stream_length=MAX_UNPACKED,
        array_based_stream_maximum_output_length=MAX_UNPACKED,
        zlib_maximum_output_length=MAX_UNPACKED,
        lzw_maximum_output_length=MAX_UNPACKED,
        run_length_maximum_output_length=MAX_UNPACKED,
        stream_decoding_work_maximum_length=4 * MAX_UNPACKED,
    ):
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            message = _(
                "« {name} » est protégé par un mot de passe\u202f: sa facture ne peut pas être lue. Demandez au "
                "titulaire un fichier sans protection."
            )
            raise Refusal("pdf_encrypted", message.format(name=name))
        for rank, attachment in enumerate(reader.attachment_list):
            names = {str(one) for one in (attachment.name, attachment.alternative_name) if one}
            if {one.casefold() for one in names} & STANDARD_NAMES:
                found.add(bytes(attachment.content))
            else:
                others += sorted(names)[:1]
            if rank >= MAX_ATTACHMENTS or len(found) > 1:
                break
    return found, others


def _nothing(name: str, others: list[str]) -> Refusal:
    if others:
        message = _(
            "« {name} » ne contient pas de facture électronique\u202f: sa pièce jointe « {other} » n’en porte pas le "
            "nom. Demandez au titulaire le fichier Factur-X."
        )
        return Refusal("pdf_without_invoice", message.format(name=name, other=_shown(others[0])))
    message = _(
        "« {name} » est un PDF ordinaire\u202f: aucune facture électronique n’y est jointe. Demandez au titulaire le "
        "fichier Factur-X."
    )
    return Refusal("pdf_without_invoice", message.format(name=name))


def _shown(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:80]


def _too_large(name: str) -> Refusal:
    message = _(
        "La facture électronique jointe à « {name} » est démesurée\u202f: plus de 5 Mio une fois ouverte. Demandez au "
        "titulaire une facture sans pièces jointes."
    )
    return Refusal("invoice_xml_too_large", message.format(name=name))
