"""One order: where it stands and what comes next, what the members said, its lines, who pays, what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.authorities.facade import authority, desk_page
from parvis.eservices import facade as eservices
from parvis.pooling.models import OrderState, PurchaseOrder
from parvis.pooling.rules.order_totals import quantity_words
from parvis.pooling.selectors.order_costs import order_shares
from parvis.pooling.selectors.orders import Round, answers_words, lines_of, order_of, round_of, totals_of
from parvis.pooling.selectors.papers import papers_of
from parvis.pooling.web.orders.access import address, framework_address, order_address, order_page
from parvis.pooling.web.orders.moves import ready
from parvis.pooling.web.orders.story import story_of
from parvis.pooling.web.orders.words import TONES, kind_label, rate_words


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, in a sentence; the button of whoever does it, with its words and address."""

    words: str
    label: str = ""
    url: str = ""
    at: datetime | None = None


@require_safe
@desk_page("pooling.read")
def order(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = order_of(group, order)
    house, mine = authority(one.authority_id), one.authority_id == request.authority.id
    told, writes = round_of(one), request.actor.may("orders.write", request.authority.id)
    shares, no_shares = order_shares(one) if one.ht_cents and one.state != OrderState.CANCELLED else ([], "")
    context = {
        "house": house, "mine": mine, "state": (one.get_state_display(), *TONES[one.state]),
        "next": _next(request, one, told, mine), "told": told, "totals": totals_of(one),
        "lines": [(line, kind_label(line.kind)) for line in lines_of(one)], "rate_words": rate_words,
        "quantity_words": quantity_words,
        "shares": shares, "no_shares": no_shares, "estimated": one.issued_at is None, "papers": papers_of(one.id),
        "story": story_of(one), "invoices": _invoices(request, one),
        "framework_url": framework_address(request, one.framework),
        "service": eservices.eservice(one.eservice_id) if one.eservice_id else None,
        "urls": {name: order_address(request, one, f"order_{name}") for name in ("pdf", "json", "answer")},
        "secondary": _secondary(request, one) if mine and writes else [],
        "may_join": mine and writes and one.state == OrderState.INFORMED,
        "join_urls": {v.member.id: address(request, "order_join", group, one.id, v.member.id) for v in told.wishes},
        "costs_url": address(request, "group_costs", group),
    }  # fmt: skip
    return order_page(request, "order", one.framework.group, context, order=one)


def _invoices(request: Any, order: PurchaseOrder) -> list[tuple[Any, str]]:
    group_id = order.framework.group_id
    return [(one, address(request, "invoice", group_id, one.id)) for one in order.invoices.all()]


def _secondary(request: Any, order: PurchaseOrder) -> list[tuple[str, str, str]]:
    """What its own agents may also do now: words, address, kind of button."""
    offers = (
        ("save_order", _("Modifier"), "order_edit", "secondary"),
        ("rework_order", _("Reprendre"), "order_rework", "secondary"),
        ("cancel_order", _("Annuler la commande"), "order_cancel", "quiet"),
    )
    found = [
        (label, order_address(request, order, name), kind) for verb, label, name, kind in offers if ready(order, verb)
    ]
    if order.open_reserves and ready(order, "lift_reserves"):
        found.insert(0, (_("Lever les réserves"), order_address(request, order, "order_reserves"), "secondary"))
    return found


def _next(request: Any, order: PurchaseOrder, told: Round, mine: bool) -> Next:
    return (_own_next if mine else _other_next)(request, order, told)


def _own_next(request: Any, order: PurchaseOrder, told: Round) -> Next:
    def may(permission: str) -> bool:
        return bool(request.actor.may(permission, request.authority.id))

    def go(name: str) -> str:
        return order_address(request, order, name)

    if order.state == OrderState.DRAFT:
        words = _("Vous seuls la voyez. Informez le groupement\u202f: les autres ont {days} jours pour répondre.")
        words = words.format(days=order.framework.group.information_days)
        return Next(words, _("Informer le groupement"), go("order_inform") if may("orders.write") else "")
    if order.state == OrderState.INFORMED and not told.over:
        words = _("{answers}. Vous émettrez quand tous auront répondu, ou après le délai.")
        return Next(words.format(answers=answers_words(told)) + _wish_words(told), at=told.until)
    if order.state == OrderState.INFORMED:
        words = _("L’information du groupement est faite. Vous pouvez émettre le bon de commande.")
        if not may("orders.issue"):
            return Next(_("L’information du groupement est faite. Votre référent peut émettre le bon de commande."))
        return Next(words + _wish_words(told), _("Vérifier et émettre"), go("order_issue"))
    if order.state == OrderState.ISSUED:
        words = _("Le titulaire livre. À la livraison, constatez ce que vous recevez.")
        return Next(words, _("Constater la livraison"), go("order_delivery") if may("orders.write") else "")
    return _after_delivery(request, order, may("invoices.handle"))


def _wish_words(told: Round) -> str:
    names = ", ".join(one.member.name for one in told.wishes)
    return " " + _("À décider avant\u202f: {names} veut se joindre.").format(names=names) if names else ""


def _after_delivery(request: Any, order: PurchaseOrder, handles: bool) -> Next:
    if order.state == OrderState.DELIVERED:
        url = address(request, "group_invoices", order.framework.group_id) if handles else ""
        return Next(_("La livraison est constatée. Le titulaire envoie sa facture."), _("Voir les factures"), url)
    if order.state == OrderState.INVOICED:
        url = order_address(request, order, "order_payment") if handles else ""
        return Next(_("La facture correspond à la commande. Le comptable paie."), _("Noter le paiement"), url)
    if order.state == OrderState.PAID:
        return Next(_("Tout est fait\u202f: la commande est payée."))
    return Next(_("Annulée\u202f: {reason}").format(reason=order.cancel_reason))


def _other_next(request: Any, order: PurchaseOrder, told: Round) -> Next:
    if order.state == OrderState.CANCELLED:
        return Next(_("Annulée\u202f: {reason}").format(reason=order.cancel_reason))
    if order.state != OrderState.INFORMED:
        return Next(_("Elle suit son cours. Vous n’avez rien à faire."))
    voice = next((one for one in told.voices if one.member.id == request.authority.id), None)
    if voice is None or not request.actor.may("pooling.take_part", request.authority.id):
        return Next(_("Les membres du groupement répondent. Votre référent peut le faire pour vous."), at=told.until)
    url = order_address(request, order, "order_answer")
    if voice.answer is None:
        return Next(_("Votre réponse est attendue."), _("Répondre"), url, told.until)
    return Next(_("Vous avez répondu, et pouvez changer d’avis jusqu’à l’émission."), _("Changer ma réponse"), url)
