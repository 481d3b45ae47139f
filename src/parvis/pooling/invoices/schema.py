"""From bytes to an XML tree that the standard's own schema accepts, and what it refuses in plain words."""

import logging
import re
from typing import Any

import facturx
from django.utils.translation import gettext as _
from lxml import etree

from parvis.kit.errors import Refusal
from parvis.pooling.invoices.container import MAX_XML
from parvis.pooling.rules.invoice import Profile

NAMESPACES: dict[str, str] = facturx.get_xml_namespaces("factur-x")
ROOT = f"{{{NAMESPACES['rsm']}}}CrossIndustryInvoice"
SHOWN_FAULTS = 3
# As for the PDF's reader: what the schema refuses is told to the agent.
logging.getLogger("factur-x").setLevel(logging.CRITICAL)
_ELEMENT = re.compile(r"^Element '(?:\{[^}]*\})?([^']+)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\( (.*) \)")
_VALUE = re.compile(r"'([^']*)' is not a valid value")
_ATTRIBUTE = re.compile(r"The attribute '([^']+)' is required")
# What the agent and the contractor call the elements that are missed most.
_NAMES = {
    "ID": "le numéro",
    "TypeCode": "le type de pièce",
    "IssueDateTime": "la date d’émission",
    "SellerTradeParty": "le vendeur",
    "BuyerTradeParty": "l’acheteur",
    "Name": "le nom",
    "InvoiceCurrencyCode": "la monnaie",
    "LineTotalAmount": "le total des lignes",
    "TaxBasisTotalAmount": "le total HT",
    "TaxTotalAmount": "le total de TVA",
    "GrandTotalAmount": "le total TTC",
    "DuePayableAmount": "le net à payer",
    "ApplicableTradeTax": "le détail de la TVA",
    "BilledQuantity": "la quantité",
    "ChargeAmount": "le prix unitaire",
    "RateApplicablePercent": "le taux de TVA",
}


def parsed(xml: bytes, name: str) -> Any:
    """The root element, read without network, entities or document type. Raises Refusal: invoice_xml_too_large,
    xml_damaged, xml_document_type.
    """
    if len(xml) > MAX_XML:
        message = _(
            "La facture électronique « {name} » dépasse 5 Mio. Demandez au titulaire une facture sans pièces jointes."
        )
        raise Refusal("invoice_xml_too_large", message.format(name=name))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        message = _(
            "La facture électronique de « {name} » est abîmée\u202f: son XML s’interrompt ou ne se lit pas. Demandez "
            "au titulaire de l’envoyer de nouveau."
        )
        raise Refusal("xml_damaged", message.format(name=name)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        message = _(
            "Le XML de « {name} » contient une déclaration de type (DOCTYPE), qu’une facture n’a jamais. Par prudence "
            "il n’a pas été lu\u202f: demandez au titulaire le fichier produit par son logiciel de facturation."
        )
        raise Refusal("xml_document_type", message.format(name=name))
    return root


def checked(root: Any, name: str) -> Profile:
    """The profile that the invoice announces, once its schema accepts it.

    Raises Refusal: other_format, unknown_profile, schema.
    """
    if root.tag != ROOT:
        raise _other_format(etree.QName(root), name)
    try:
        profile = Profile(facturx.get_level(root, "factur-x"))
    # The library reads the identifier without looking: an empty one has no text to split.
    except (ValueError, AttributeError) as error:
        message = _(
            "« {name} » n’annonce aucun profil Factur-X connu (de MINIMUM à EXTENDED). Demandez au titulaire une "
            "facture Factur-X au profil EN 16931."
        )
        raise Refusal("unknown_profile", message.format(name=name)) from error
    try:
        facturx.xml_check_xsd(root, flavor="factur-x", level=profile.value)
    # The library raises a bare Exception, and keeps the schema's own as its cause.
    except Exception as error:
        if not isinstance(error.__cause__, etree.DocumentInvalid):
            raise
        raise _invalid(error.__cause__, profile, name) from error
    return profile


def _other_format(tag: Any, name: str) -> Refusal:
    if tag.localname == "CrossIndustryDocument":
        what = _("une ancienne facture ZUGFeRD 1")
    elif tag.localname in ("Invoice", "CreditNote"):
        what = _("une facture UBL")
    elif tag.localname == "SCRDMCCBDACIOMessageStructure":
        what = _("une commande Order-X, pas une facture")
    elif tag.localname == "CrossIndustryInvoice":
        what = _("une facture CII dans une version que l’on ne connaît pas")
    else:
        what = _("un XML qui n’est pas une facture")
    message = _("« {name} » est {what}. Demandez au titulaire une facture Factur-X au profil EN 16931.")
    return Refusal("other_format", message.format(name=name, what=what))


def _invalid(error: Any, profile: Profile, name: str) -> Refusal:
    faults = [_in_words(entry) for entry in error.error_log]
    shown = "\u202f; ".join(dict.fromkeys(faults[:SHOWN_FAULTS]))
    message = _(
        "« {name} » ne respecte pas le format Factur-X qu’il annonce ({profile})\u202f: {faults}. Transmettez cette "
        "phrase au titulaire et demandez-lui une facture corrigée."
    )
    return Refusal("schema", message.format(name=name, profile=profile.value.upper(), faults=shown))


def _in_words(entry: Any) -> str:
    said = str(entry.message)
    found = _ELEMENT.match(said)
    where = _named(found.group(1)) if found else _("le document")
    place = _("à la ligne {line}").format(line=entry.line)
    if value := _VALUE.search(said):
        text = _("{place}, {where} vaut « {value} », qui n’a pas la forme attendue")
        return text.format(place=place, where=where, value=value.group(1)[:60])
    if attribute := _ATTRIBUTE.search(said):
        text = _("{place}, il manque « {attribute} » à {where}")
        return text.format(place=place, where=where, attribute=attribute.group(1))
    expected = _EXPECTED.search(said)
    tags = sorted(_tags(expected.group(1)), key=lambda one: one not in _NAMES) if expected else []
    wanted = _(" ou ").join(_named(one) for one in tags[:3])
    if "Missing child" in said and wanted:
        return _("{place}, il manque {wanted} dans {where}").format(place=place, wanted=wanted, where=where)
    if "not expected" in said and wanted:
        text = _("{place}, on attend {wanted} là où se trouve {where}")
        return text.format(place=place, wanted=wanted, where=where)
    if "not expected" in said:
        return _("{place}, {where} n’a pas sa place dans ce profil").format(place=place, where=where)
    return _("{place}, {where} est refusé par le format").format(place=place, where=where)


def _tags(listed: str) -> list[str]:
    return [re.sub(r"\{[^}]*\}|\*", "", one).strip() for one in listed.split(",")]


def _named(tag: str) -> str:
    return f"{_(_NAMES[tag])} ({tag})" if tag in _NAMES else f"« {tag} »"
