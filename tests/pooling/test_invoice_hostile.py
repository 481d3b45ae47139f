"""A file that is no invoice, or means harm, is refused with its reason and the way out."""

import random
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from parvis.kit.errors import Refusal
from parvis.pooling.invoices.container import MAX_XML
from parvis.pooling.invoices.reading import MAX_FILE, read_invoice
from parvis.pooling.rules.invoice import Profile
from tests.pooling.invoice_world import GUIDELINES, blank_pdf, facturx_pdf, invoice_xml

XML = invoice_xml()
ROOT = "<rsm:CrossIndustryInvoice"
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)
) + "]>"  # fmt: skip


def with_doctype(declaration: str, entity: str = "") -> bytes:
    """The invoice with a document type, and an entity in place of the seller's name."""
    return XML.replace(ROOT, declaration + ROOT, 1).replace("Brumevent", entity or "Brumevent").encode()


def pdf_of(content: bytes, name: str = "factur-x.xml") -> bytes:
    return blank_pdf([(name, content)])


def deflated(content: bytes) -> bytes:
    """A PDF whose invoice is packed: nothing in its size tells what it unpacks to."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    attachment = writer.add_attachment("factur-x.xml", b"placeholder")
    packed = StreamObject()
    packed.set_data(zlib.compress(content, 9))
    packed[NameObject("/Filter")] = NameObject("/FlateDecode")
    entry = attachment.pdf_object["/EF"]
    for key in ("/F", "/UF"):
        entry[NameObject(key)] = writer._add_object(packed)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def swapped(old: str, new: str) -> bytes:
    assert old in XML
    return XML.replace(old, new, 1).encode()


OTHER = XML.replace("F-2027-0042", "F-2027-0043").encode()
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("invoice_empty", lambda: b""),
    "too large": ("invoice_too_large", lambda: b"<" * (MAX_FILE + 1)),
    "a zip": ("not_an_invoice", lambda: b"PK\x03\x04 and more"),
    "ordinary PDF": ("pdf_without_invoice", blank_pdf),
    "PDF with another paper": ("pdf_without_invoice", lambda: pdf_of(b"<a/>", "notice.xml")),
    "PDF under a password": ("pdf_encrypted", lambda: blank_pdf([("factur-x.xml", XML.encode())], "secret")),
    "PDF cut in two": ("pdf_damaged", lambda: facturx_pdf(XML)[:900]),
    "nothing after the mark": ("pdf_damaged", lambda: b"%PDF-1.7\n"),
    "two invoices": (
        "pdf_two_invoices", lambda: blank_pdf([("factur-x.xml", XML.encode()), ("zugferd-invoice.xml", OTHER)])
    ),
    "giant attachment": ("invoice_xml_too_large", lambda: pdf_of(b"<a>" + b" " * MAX_XML + b"</a>")),
    "attachment that unpacks without end": ("invoice_xml_too_large", lambda: deflated(b" " * 80_000_000)),
    "giant XML": ("invoice_xml_too_large", lambda: b"<a>" + b" " * MAX_XML + b"</a>"),
    "attachment that is no XML": ("xml_damaged", lambda: pdf_of(b"\x00\x01")),
    "XML cut in two": ("xml_damaged", lambda: XML.encode()[:2000]),
    "document type": ("xml_document_type", lambda: with_doctype("<!DOCTYPE x>")),
    "entity of its own": ("xml_document_type", lambda: with_doctype("<!DOCTYPE x [<!ENTITY e 'x'>]>", "&e;")),
    "entities without end": ("xml_damaged", lambda: with_doctype(LAUGHS, "&a9;")),
    "document type in a PDF": ("xml_document_type", lambda: pdf_of(with_doctype("<!DOCTYPE x>"))),
    "wrong namespace": ("other_format", lambda: swapped("CrossIndustryInvoice:100", "CrossIndustryInvoice:99")),
    "UBL": ("other_format", lambda: b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'),
    "ZUGFeRD 1": ("other_format", lambda: b'<x:CrossIndustryDocument xmlns:x="urn:ferd:x"/>'),
    "a web page": ("other_format", lambda: b"<html></html>"),
    "unknown profile": ("unknown_profile", lambda: swapped(GUIDELINES[Profile.EN16931], "urn:example:invoice")),
    "no profile": ("unknown_profile", lambda: swapped(GUIDELINES[Profile.EN16931], "")),
    "no number": ("unreadable", lambda: swapped("<ram:ID>F-2027-0042", "<ram:ID>")),
    "30 February": ("unreadable", lambda: swapped("20270402", "20270230")),
}  # fmt: skip


@pytest.mark.parametrize(("code", "made"), HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_with_the_way_out(code: str, made: Callable[[], bytes]) -> None:
    with pytest.raises(Refusal) as refused:
        read_invoice(made(), "dépôt.pdf")
    assert refused.value.code == code
    assert "dépôt.pdf" in refused.value.message
    assert any(verb in refused.value.message for verb in ("Demandez", "demandez", "Envoyez"))


def test_the_same_invoice_attached_twice_is_one() -> None:
    pdf = blank_pdf([("factur-x.xml", XML.encode()), ("zugferd-invoice.xml", XML.encode())])
    assert read_invoice(pdf, "facture.pdf").number == "F-2027-0042"


def test_a_file_of_the_server_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the server's own")
    data = with_doctype(f"<!DOCTYPE x [<!ENTITY e SYSTEM '{secret.as_uri()}'>]>", "&e;")
    with pytest.raises(Refusal) as refused:
        read_invoice(data, "facture.xml")
    assert refused.value.code == "xml_document_type"
    assert "the server" not in refused.value.message


FAULTS = [
    pytest.param("<ram:GrandTotalAmount>4500.00", "<ram:GrandTotalAmount>gratis",
                 ["le total TTC", "« gratis »"], id="word for an amount"),
    pytest.param("<ram:GrandTotalAmount>4500.00</ram:GrandTotalAmount>", "", ["le total TTC"], id="no total"),
    pytest.param("<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", "", ["la monnaie"], id="no currency"),
    pytest.param("<ram:ApplicableHeaderTradeDelivery/>", "<ram:Gift/>", ["« Gift »"], id="unknown element"),
    pytest.param(' format="102"', "", ["« format »"], id="missing attribute"),
    pytest.param(GUIDELINES[Profile.EN16931], GUIDELINES[Profile.MINIMUM],
                 ["MINIMUM", "« IncludedSupplyChainTradeLineItem »"], id="more than its profile allows"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), FAULTS)
def test_what_the_schema_refuses_is_said_in_plain_words(old: str, new: str, words: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        read_invoice(swapped(old, new), "facture.xml")
    message = refused.value.message.replace("\u202f", " ")
    assert refused.value.code == "schema"
    assert [word for word in words if word not in message] == []
    assert "urn:" not in message, "no namespace is shown to people"
    assert "à la ligne 2" in message


@pytest.mark.parametrize("kind", ["pdf", "xml"])
def test_a_file_damaged_anywhere_is_read_or_refused(kind: str) -> None:
    """Two hundred files with a few bytes changed, always the same ones: no other error ever comes out."""
    whole = facturx_pdf(XML) if kind == "pdf" else XML.encode()
    chance = random.Random(2027)
    ends = set()
    for _round in range(200):
        damaged = bytearray(whole)
        for _change in range(chance.randint(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            ends.add(read_invoice(bytes(damaged), "facture").number)
        except Refusal as refused:
            ends.add(refused.code)
    assert "F-2027-0042" in ends
    assert ends & {"pdf_damaged", "xml_damaged", "schema"}
