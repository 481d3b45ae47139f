"""What is decided of an invoice: matched, taken back, refused."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.authorities.facade import desk_page
from parvis.kit import scope
from parvis.kit.errors import Refusal
from parvis.pooling.models import Invoice, InvoiceState
from parvis.pooling.rules.invoice import Level
from parvis.pooling.selectors.invoice_letters import contractor_email
from parvis.pooling.selectors.invoices import compared, invoice_in_reach, own_orders, reading_of
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.match_invoice import match_invoice
from parvis.pooling.services.refuse_invoice import refuse_invoice
from parvis.pooling.services.unmatch_invoice import unmatch_invoice
from parvis.pooling.states import RESERVING
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import group_page
from parvis.pooling.web.invoices.forms import LONGEST_REASON, MatchForm, ReasonForm, RefuseForm
from parvis.pooling.web.invoices.page import invoice_crumbs, invoice_url, shown
from parvis.pooling.web.invoices.words import amount_words, refuse_words

FORM = ["GET", "HEAD", "POST"]


@require_POST
@desk_page("invoices.handle")
def match(request: Any, group: UUID, invoice: UUID) -> HttpResponse:
    """The form of the invoice's page; refused, that page again with what was typed."""
    found, house = invoice_in_reach(group, invoice), request.authority
    form = MatchForm(request.POST)
    order_id = form.cleaned_data["order"] if form.is_valid() else None
    order = next((one for one in own_orders(group) if one.id == order_id), found.order)
    if order is None:
        messages.warning(request, _("Choisissez d’abord la commande que cette facture demande de payer."))
        return HttpResponseRedirect(invoice_url(house, found))
    if not form.is_valid():
        return shown(request, found, order, form, status=422)
    values = form.cleaned_data
    try:
        match_invoice(
            found.id, order.id, reason=values["reason"], accepted=values["accepted"].split(),
            actor_id=request.actor.person_id,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.field == "reason":
            add_refusal(form, refusal)
            return shown(request, found, order, form, status=422)
        messages.error(request, refusal.message)
        return HttpResponseRedirect(f"{invoice_url(house, found)}?commande={order.id}")
    done = _("La facture {number} compte maintenant sur la commande {order}.")
    messages.success(request, done.format(number=found.number, order=order.number))
    return HttpResponseRedirect(invoice_url(house, found))


@require_http_methods(FORM)
@desk_page("invoices.handle")
def unmatch(request: Any, group: UUID, invoice: UUID) -> HttpResponse:
    found = _own_in(group, invoice)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].label = _("Pourquoi vous la détachez")
    if found.state != InvoiceState.MATCHED and request.method != "POST":
        return _back(request, found, _("Cette facture n’est rapprochée d’aucune commande."))
    if request.method == "POST" and form.is_valid():
        try:
            unmatch_invoice(found.id, form.cleaned_data["reason"], actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            done = _("La facture {number} est détachée. Elle attend sa commande.").format(number=found.number)
            messages.success(request, done)
            return HttpResponseRedirect(invoice_url(request.authority, found))
    return _asked(request, "pooling/invoices/unmatch.html", found, form, _("Détacher"))


@require_http_methods(FORM)
@desk_page("invoices.handle")
def refuse(request: Any, group: UUID, invoice: UUID) -> HttpResponse:
    found = _own_in(group, invoice)
    form = RefuseForm(
        request.POST if request.method == "POST" else None,
        address=contractor_email(found),
        initial={"reason": _proposed_reason(found)},
    )
    if found.state != InvoiceState.READ and request.method != "POST":
        return _back(request, found, _("Cette facture n’attend plus de décision."))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            refuse_invoice(found.id, values["reason"], tell=values.get("tell", False), actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            told = _("La lettre au titulaire part par courriel.") if values.get("tell") else ""
            done = _("La facture {number} est refusée.").format(number=found.number)
            messages.success(request, f"{done} {told}".strip())
            return HttpResponseRedirect(invoice_url(request.authority, found))
    return _asked(request, "pooling/invoices/refuse.html", found, form, _("Refuser"))


def _own_in(group_id: UUID, invoice_id: UUID) -> Invoice:
    """Raises Http404 for another member's: it is read, not handled."""
    found = invoice_in_reach(group_id, invoice_id)
    if found.authority_id != scope.current_authority():
        raise Http404(_("Cette facture est celle d’un autre membre\u202f: lui seul la traite."))
    return found


def _proposed_reason(found: Invoice) -> str:
    """What blocks it, in the words of the comparison."""
    read, order = reading_of(found), found.order
    if order is not None and order.state in RESERVING:
        differences = compared(read, order, found.id).differences
    else:
        differences = read.problems
    blocking = [one.sentence for one in differences if one.level is Level.BLOCKING]
    return "\n".join(blocking)[:LONGEST_REASON]


def _back(request: Any, found: Invoice, why: str) -> HttpResponse:
    messages.info(request, why)
    return HttpResponseRedirect(invoice_url(request.authority, found))


def _asked(request: Any, template: str, found: Invoice, form: ReasonForm, title: str) -> HttpResponse:
    house, read = request.authority, reading_of(found)
    context = {
        "invoice": found,
        "refuse_words": refuse_words(read),
        "is_credit": read.is_credit,
        "amount": amount_words(found, read),
        "form": form,
        "back": reverse("invoice", args=[house.slug, found.circle_id, found.id]),
        "crumbs": invoice_crumbs(house, found, (title, "")),
    }
    status = 422 if form.errors else 200
    return group_page(request, template, group_in_reach(found.circle_id), "group_orders", context, status)
