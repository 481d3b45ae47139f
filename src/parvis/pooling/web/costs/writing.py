"""Writing costs by hand: a new one, a change, its final amount, taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.facade import desk_page
from parvis.eservices import facade as eservices
from parvis.kit.errors import Refusal
from parvis.pooling.models import CostItem, JointProcurement
from parvis.pooling.rules import KINDS
from parvis.pooling.selectors.cost_proposals import closing_proposal
from parvis.pooling.selectors.key_versions import last_versions
from parvis.pooling.selectors.reach import group_in_reach
from parvis.pooling.selectors.today import today
from parvis.pooling.services.close_cost import close_cost
from parvis.pooling.services.record_cost import record_cost
from parvis.pooling.services.remove_cost import remove_cost
from parvis.pooling.services.save_cost import save_cost
from parvis.pooling.web.costs.access import address, costs_page, members_of, own_cost
from parvis.pooling.web.costs.forms import CloseForm, CostForm, cost_initial
from parvis.pooling.web.forms import add_refusal

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@desk_page("pooling.take_part")
def cost_new(request: Any, group: UUID) -> HttpResponse:
    found = group_in_reach(group)
    form = _form(request, found, {"from_on": today().replace(month=1, day=1)})
    if form.is_valid():
        try:
            item = record_cost(found.id, form.terms, actor_id=request.actor.person_id)
        except Refusal as refusal:
            _told(form, refusal)
        else:
            messages.success(request, _("Le coût est inscrit. Voici qui le paie, et pourquoi."))
            return HttpResponseRedirect(address(request, "cost", found.id, item.id))
    context = _context(form, address(request, "group_costs", found.id))
    return costs_page(request, "form", found, context, (_("Inscrire un coût"), ""))


@require_http_methods(FORM_METHODS)
@desk_page("pooling.take_part")
def cost_edit(request: Any, group: UUID, cost: UUID) -> HttpResponse:
    found = group_in_reach(group)
    item = own_cost(found, cost)
    form = _form(request, found, cost_initial(item))
    back = address(request, "cost", found.id, item.id)
    if form.is_valid():
        try:
            save_cost(item.id, form.terms, actor_id=request.actor.person_id)
        except Refusal as refusal:
            _told(form, refusal)
        else:
            messages.success(request, _("Le coût est modifié."))
            return HttpResponseRedirect(back)
    context = {**_context(form, back), "item": item}
    return costs_page(request, "form", found, context, (item.label, back), (_("Modifier"), ""))


@require_http_methods(FORM_METHODS)
@desk_page("pooling.take_part")
def cost_close(request: Any, group: UUID, cost: UUID) -> HttpResponse:
    """The final amount, proposed from the order and its invoices."""
    found = group_in_reach(group)
    item = own_cost(found, cost)
    proposal = closing_proposal(item)
    back = address(request, "cost", found.id, item.id)
    initial = {"ht_cents": proposal.ht_cents, "vat_cents": proposal.vat_cents, "proof": proposal.proof}
    form = CloseForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            close_cost(item.id, **form.cleaned_data, actor_id=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Le coût est arrêté. Les parts portent sur son montant définitif."))
            return HttpResponseRedirect(back)
    context = {"form": form, "item": item, "proposal": proposal, "back": back}
    return costs_page(request, "close", found, context, (item.label, back), (_("Arrêter"), ""))


@require_http_methods(["POST"])
@desk_page("pooling.take_part")
def cost_remove(request: Any, group: UUID, cost: UUID) -> HttpResponse:
    found = group_in_reach(group)
    item = own_cost(found, cost)
    try:
        remove_cost(item.id, actor_id=request.actor.person_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(address(request, "cost", found.id, cost))
    messages.success(request, _("Le coût «\u202f{label}\u202f» est retiré.").format(label=item.label))
    return HttpResponseRedirect(f"{address(request, 'group_costs', found.id)}?annee={item.year}")


def _form(request: Any, group: JointProcurement, initial: dict[str, Any]) -> CostForm:
    return CostForm(
        request.POST if request.method == "POST" else None, initial=initial, members=members_of(group),
        services=eservices.catalogue(), keys=last_versions(group),
    )  # fmt: skip


def _told(form: CostForm, refusal: Refusal) -> None:
    """The last day is typed, the first day without is kept."""
    field = "last_day" if refusal.field == "until_on" else refusal.field
    form.add_error(field if field in form.fields else None, refusal.message)


def _context(form: CostForm, back: str) -> dict[str, Any]:
    item: CostItem | None = None
    return {"form": form, "back": back, "item": item, "kinds": [(one.label, one.rule) for one in KINDS.values()]}
