"""Two ways in for an invoice: its file, read by itself, or a paper one typed by an agent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal
from parvis.pooling.models import Invoice, JointProcurement
from parvis.pooling.selectors.invoices import own_orders
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.services.enter_invoice import enter_invoice
from parvis.pooling.services.receive_invoice import receive_invoice
from parvis.pooling.services.record_invoice import AlreadyReceived
from parvis.pooling.web.forms import add_refusal
from parvis.pooling.web.frame import crumbs, group_page
from parvis.pooling.web.invoices.forms import DepositForm, FileForm, HandForm

FORM = ["GET", "HEAD", "POST"]
# Refused for its form, not for what it asks: somebody may still read it and type it.
TO_TYPE = frozenset({
    "not_an_invoice", "pdf_damaged", "pdf_encrypted", "pdf_without_invoice", "pdf_two_invoices",
    "invoice_xml_too_large", "xml_damaged", "xml_document_type", "other_format", "unknown_profile", "schema",
    "unreadable",
})  # fmt: skip


@require_http_methods(FORM)
@desk_page("invoices.handle")
def receive(request: Any, group: UUID) -> HttpResponse:
    """`?commande=`: the order that it is for, when one comes from its page."""
    found = group_in_reach(group)
    form = DepositForm(*_posted(request), orders=own_orders(found.id), initial=_initial(request))
    failed: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        data, name = form.content()
        try:
            made = receive_invoice(found.id, data, name, order_id=form.order_id, actor_id=request.actor.person_id)
        except Refusal as refusal:
            failed = refusal
            add_refusal(form, refusal)
        else:
            return _gone(request, found, made)
    limits = _("PDF Factur-X ou fichier XML, 10\u00a0Mo au plus.")
    return _shown(request, "pooling/invoices/receive.html", found, form, failed, limits, _("Déposer une facture"))


@require_http_methods(FORM)
@desk_page("invoices.handle")
def enter(request: Any, group: UUID) -> HttpResponse:
    """The invoice on paper, or in a PDF that no software can read."""
    found, house = group_in_reach(group), request.authority
    form = HandForm(*_posted(request), orders=own_orders(found.id), house=house, initial=_initial(request))
    failed: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        data, name = form.content()
        try:
            made = enter_invoice(
                found.id, form.entry(), data, name, order_id=form.order_id, actor_id=request.actor.person_id
            )
        except Refusal as refusal:
            failed = refusal
            add_refusal(form, refusal)
        else:
            return _gone(request, found, made)
    limits = _("PDF ou image, 10\u00a0Mo au plus.")
    return _shown(request, "pooling/invoices/enter.html", found, form, failed, limits, _("Recopier une facture"))


def _posted(request: Any) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _initial(request: Any) -> dict[str, str]:
    return {"order": request.GET.get("commande", "")}


def _gone(request: Any, group: JointProcurement, made: Invoice) -> HttpResponse:
    if made.order is None:
        messages.warning(request, _("La facture est enregistrée. Choisissez maintenant sa commande."))
    else:
        done = _("La facture est enregistrée. Voici ce qu’elle dit, en face de la commande {number}.")
        messages.success(request, done.format(number=made.order.number))
    return HttpResponseRedirect(reverse("invoice", args=[request.authority.slug, group.id, made.id]))


def _shown(
    request: Any,
    template: str,
    group: JointProcurement,
    form: FileForm,
    failed: Refusal | None,
    limits: str,
    title: str,
) -> HttpResponse:
    house = request.authority
    known = failed.invoice_id if isinstance(failed, AlreadyReceived) else None
    all_url = reverse("group_invoices", args=[house.slug, group.id])
    context = {
        "form": form,
        "limits": limits,
        "unreadable": failed is not None and failed.code in TO_TYPE,
        "known_url": reverse("invoice", args=[house.slug, group.id, known]) if known else "",
        "has_orders": len(form.fields["order"].choices) > 1,  # type: ignore[attr-defined]
        "back": all_url,
        "crumbs": crumbs(
            house,
            (_("Commandes"), reverse("group_orders", args=[house.slug, group.id])),
            (_("Factures"), all_url),
            (title, ""),
            group=group,
        ),
    }
    return group_page(request, template, group, "group_orders", context, status=422 if form.errors else 200)
