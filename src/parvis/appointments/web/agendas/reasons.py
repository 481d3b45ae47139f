"""Why people come: the reasons that all places share, by one click, and an agenda's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.appointments.models import Reason
from parvis.appointments.rules.reasons import SHARED
from parvis.appointments.selectors.agendas import missing
from parvis.appointments.services.save_reason import add_shared_reason, save_reason
from parvis.appointments.web.agendas.forms import ReasonForm
from parvis.appointments.web.agendas.guide import crumbs, guide, next_step
from parvis.appointments.web.agendas.own import own_agenda, own_reason
from parvis.appointments.web.forms import add_refusal
from parvis.authorities.facade import desk_page
from parvis.kit.errors import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def reasons(request: Any, agenda: UUID) -> HttpResponse:
    house, found = request.authority, own_agenda(request, agenda)
    if request.method == "POST":
        try:
            made = add_shared_reason(found, request.POST.get("code", ""), actor=request.actor.person_id)
            messages.success(request, _("«\u202f{label}\u202f» est proposé.").format(label=made.label))
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return HttpResponseRedirect(request.path)
    known = list(Reason.objects.filter(agenda=found).order_by("-active", "rank", "label"))
    offered = {one.code for one in known if one.active}
    context = {
        "agenda": found,
        "rows": [(one, reverse("agenda_reason", args=[house.slug, found.id, one.id])) for one in known],
        "shared": [one for code, one in SHARED.items() if code not in offered] if not found.collective else [],
        "steps": guide(house, found.place, found),
        "crumbs": crumbs(house, (_("Motifs"), ""), agenda=found),
        "new": reverse("agenda_new_reason", args=[house.slug, found.id]),
        "next": next_step(house, found) if known and missing(found) else "",
        "back": reverse("agenda", args=[house.slug, found.id]),
    }
    return render(request, "appointments/agendas/reasons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("agendas.manage")
def edit_reason(request: Any, agenda: UUID, reason: UUID | None = None) -> HttpResponse:
    """A new reason of the agenda's own, or one that it has already."""
    house, found = request.authority, own_agenda(request, agenda)
    known = own_reason(found, reason) if reason else None
    form = ReasonForm(
        request.POST if request.method == "POST" else None, found, own_reason(found, reason) if reason else None
    )
    back = reverse("agenda_reasons", args=[house.slug, found.id])
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_reason(found, form.cleaned_data, known, actor=request.actor.person_id)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("«\u202f{label}\u202f» est enregistré.").format(label=saved.label))
            return HttpResponseRedirect(back)
    label = known.label if known else _("Nouveau motif")
    context = {
        "form": form, "agenda": found, "reason": known, "back": back, "steps": guide(house, found.place, found),
        "crumbs": crumbs(house, (_("Motifs"), back), (label, ""), agenda=found),
    }  # fmt: skip
    return render(request, "appointments/agendas/reason.html", context)
