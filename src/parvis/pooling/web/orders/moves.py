"""What moves an order before its issue, and gives it up: each says what will happen before it does."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import authorities, authority, desk_page
from parvis.kit import clock, scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import AnswerKind, OrderState, PurchaseOrder
from parvis.pooling.rules.order_round import answers_until
from parvis.pooling.selectors.members import not_identified
from parvis.pooling.selectors.orders import answers_of, asked_ids, lines_of, order_of, party_ids
from parvis.pooling.services.accept_joining import accept_joining
from parvis.pooling.services.answer_order import answer_order
from parvis.pooling.services.cancel_order import cancel_order
from parvis.pooling.services.inform_group import inform_group
from parvis.pooling.services.rework_order import rework_order
from parvis.pooling.states import OrderState as State
from parvis.pooling.states import allowed
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.orders.access import FORM_METHODS, order_page, own_order, to_order
from parvis.pooling.web.orders.forms import AnswerForm, CancelForm


def ready(order: PurchaseOrder, verb: str) -> bool:
    return allowed(State(order.state), verb)


def _do(request: Any, order: PurchaseOrder, act: Callable[[], Any], done: str) -> HttpResponse:
    """The verb of a page that only confirms; its no is said on the order's page."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return to_order(request, order)


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_inform(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = own_order(group, order)
    if request.method == "POST":
        done = _("Les autres membres sont informés par courriel.")
        return _do(request, one, lambda: inform_group(one.id, actor_id=request.actor.person_id), done)
    until = answers_until(clock.now(), one.framework.group.information_days)
    context = {"asked": authorities(asked_ids(one)), "until": until, "ready": ready(one, "inform_group")}
    return order_page(request, "inform", one.framework.group, context, (_("Informer le groupement"), ""), order=one)


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_rework(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = own_order(group, order)
    if request.method == "POST":
        done = _("La commande est de nouveau en préparation. Informez le groupement quand elle est prête.")
        return _do(request, one, lambda: rework_order(one.id, actor_id=request.actor.person_id), done)
    context = {"ready": ready(one, "rework_order"), "answered": len(answers_of(one))}
    return order_page(request, "rework", one.framework.group, context, (_("Reprendre"), ""), order=one)


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_join(request: Any, group: UUID, order: UUID, member: UUID) -> HttpResponse:
    """Accept a member that asked to share the order."""
    one = own_order(group, order)
    answer = answers_of(one).get(member)
    if answer is None or answer.kind != AnswerKind.JOIN:
        raise Http404(_("Cette collectivité ne demande pas à partager la commande."))
    who = authority(member)
    if request.method == "POST":
        done = _("{name} partage cette commande.").format(name=who.name)
        return _do(request, one, lambda: accept_joining(one.id, member, actor_id=request.actor.person_id), done)
    context = {
        "who": who, "answer": answer, "ready": ready(one, "accept_joining"),
        "named": not not_identified(one.framework, [member]),
    }  # fmt: skip
    return order_page(request, "join", one.framework.group, context, (_("Partager la commande"), ""), order=one)


@require_http_methods(FORM_METHODS)
@desk_page("pooling.take_part")
def order_answer(request: Any, group: UUID, order: UUID) -> HttpResponse:
    """What another member says; its last answer counts."""
    one, here = order_of(group, order), scope.current_authority()
    if one.authority_id == here:
        raise Http404(_("C’est votre commande\u202f: ce sont les autres membres qui y répondent."))
    mine = answers_of(one).get(here)
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, initial={"kind": mine.kind, "text": mine.text} if mine else {"kind": AnswerKind.SEEN})
    if posted is not None and form.is_valid():
        said = form.cleaned_data
        try:
            answer_order(one.id, AnswerKind(said["kind"]), said["text"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Votre réponse est enregistrée. Vous pouvez la changer jusqu’à l’émission."))
            return to_order(request, one)
    context = {
        "form": form, "who": authority(one.authority_id), "lines": lines_of(one), "ready": ready(one, "answer_order"),
        "mine": mine, "shares": here in party_ids(one),
    }  # fmt: skip
    return order_page(request, "answer", one.framework.group, context, (_("Répondre"), ""), order=one)


@require_http_methods(FORM_METHODS)
@desk_page("orders.write")
def order_cancel(request: Any, group: UUID, order: UUID) -> HttpResponse:
    one = own_order(group, order)
    issues = request.actor.may("orders.issue", request.authority.id)
    may = one.state != OrderState.ISSUED or issues
    posted = request.POST if request.method == "POST" else None
    form = CancelForm(posted)
    if posted is not None and form.is_valid() and may:
        try:
            cancel_order(
                one.id, form.cleaned_data["reason"], may_cancel_issued=issues, actor_id=request.actor.person_id
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("La commande est annulée."))
            return to_order(request, one)
    context = {"form": form, "ready": ready(one, "cancel_order"), "may": may}
    return order_page(request, "cancel", one.framework.group, context, (_("Annuler"), ""), order=one)
