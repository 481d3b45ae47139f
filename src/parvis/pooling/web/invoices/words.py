"""What the pages of invoices say: states, levels of differences, what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.accounts.facade import people
from parvis.audit.contracts import FactView
from parvis.audit.facade import facts
from parvis.kit.money import euros
from parvis.pooling.models import Invoice, InvoiceState, OrderState, PurchaseOrder
from parvis.pooling.rules.invoice import InvoiceRead, Level, Profile
from parvis.pooling.rules.matching import Matching
from parvis.pooling.rules.words import several

Status = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """A line of the timeline."""

    at: datetime
    what: str
    who: str
    detail: str


def state_words(invoice: Invoice) -> Status:
    signs = {
        InvoiceState.READ: ("info", "clock"),
        InvoiceState.MATCHED: ("success", "check"),
        InvoiceState.REFUSED: ("danger", "closed"),
    }
    return (str(invoice.get_state_display()), *signs[InvoiceState(invoice.state)])


def level_words(level: Level | str) -> Status:
    if level == Level.BLOCKING:
        return _("À régler d’abord"), "danger", "danger"
    return _("À vérifier"), "warning", "warning"


def verdict_words(matching: Matching | None) -> Status:
    """Of an invoice to be matched, in a list."""
    if matching is None:
        return _("Commande à choisir"), "warning", "search"
    if matching.blocked:
        return _("Ne peut pas être acceptée"), "danger", "danger"
    if matching.differences:
        return _("À vérifier"), "warning", "warning"
    return _("Tout correspond"), "success", "check"


def kind_words(read: InvoiceRead) -> str:
    return _("Avoir") if read.is_credit else _("Facture")


def refuse_words(read: InvoiceRead) -> str:
    return _("Refuser l’avoir") if read.is_credit else _("Refuser la facture")


def source_words(read: InvoiceRead) -> str:
    if read.profile is Profile.NONE:
        return _("Recopié à la main\u202f; le scan est joint.")
    if read.from_pdf:
        return _("Lu dans un PDF Factur-X\u202f: rien n’a été retapé.")
    return _("Lu dans un fichier XML\u202f: rien n’a été retapé.")


def next_words(invoice: Invoice, order: PurchaseOrder | None, matching: Matching | None) -> str:
    """What is expected now, in one sentence."""
    if invoice.state == InvoiceState.REFUSED:
        return _("Le titulaire peut envoyer une pièce corrigée, même sous le même numéro.")
    if order is None or matching is None:
        return _("Prochaine étape\u202f: choisir la commande concernée.")
    return _next_on_order(invoice, order, matching).format(number=order.number)


def _next_on_order(invoice: Invoice, order: PurchaseOrder, matching: Matching) -> str:
    if invoice.state == InvoiceState.MATCHED:
        if order.state == OrderState.PAID:
            return _("La commande {number} est payée et soldée.")
        return _("Comptée sur la commande {number}. Prochaine étape\u202f: noter le paiement, une fois fait.")
    if matching.blocked:
        count = sum(one.level is Level.BLOCKING for one in matching.differences)
        what = several(count, _("point empêche"), _("points empêchent"))
        return what + _(" de l’accepter sur la commande {number}.")
    if matching.differences:
        what = several(len(matching.differences), _("point"))
        return what + _(" à vérifier avant de l’accepter sur la commande {number}.")
    return _("Tout correspond à la commande {number}. Prochaine étape\u202f: rapprocher.")


def amount_words(invoice: Invoice, read: InvoiceRead) -> str:
    """A credit note is taken off."""
    return euros(read.effect_ttc if read.effect_ttc is not None else invoice.ttc_cents)


def history(subject_ids: Iterable[UUID]) -> list[Done]:
    """Facts that the authority in scope keeps: another member's are not shown."""
    found = facts(subject_ids)
    known = people([one.actor_id for one in found if one.actor_id])
    return [
        Done(one.at, what, known[one.actor_id].full_name if one.actor_id in known else "", detail)
        for one in found
        for what, detail in [_what(one)]
        if what
    ]


def _what(fact: FactView) -> tuple[str, str]:
    reason = str(fact.data.get("reason", ""))
    told = _("Une lettre est partie au titulaire par courriel.") if fact.data.get("told") else ""
    return {
        "invoice.received": (_("Facture déposée et lue"), ""),
        "invoice.entered": (_("Facture recopiée à la main, avec son scan"), ""),
        "invoice.matched": (_("Rapprochée de sa commande"), reason),
        "invoice.unmatched": (_("Détachée de sa commande"), reason),
        "invoice.refused": (_("Refusée"), f"{reason} {told}".strip()),
    }.get(fact.kind, ("", ""))
