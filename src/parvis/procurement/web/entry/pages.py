"""What every page of the entry shares: its frame, and where it goes once saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.procurement.models import Consultation
from parvis.procurement.selectors.consultations import consultation_for_desk
from parvis.procurement.selectors.keys import opening_keys
from parvis.procurement.web.entry.steps import entry_steps, neighbours, step_url
from parvis.procurement.web.entry.summary import summary


def answer(request: Any, found: Consultation, errors: dict[str, str]) -> HttpResponse | None:
    """Where to go once what was right is saved; None stays here to show the errors."""
    if "application/json" in request.headers.get("Accept", ""):
        fresh = consultation_for_desk(found.id)
        html = render_to_string("procurement/entry/summary.html", page_context(request, fresh), request)
        return JsonResponse({"saved": not errors, "errors": errors, "summary": html})
    slug = request.authority.slug
    if "search_cpv" in request.POST:
        return HttpResponseRedirect(reverse("cpv_search", args=[slug, found.id]))
    if errors:
        return None
    if "add_row" in request.POST:
        return HttpResponseRedirect(f"{step_url(slug, found.id, request.step)}?ajouter")
    if {"stay", "move"} & set(request.POST):
        return HttpResponseRedirect(step_url(slug, found.id, request.step))
    after = neighbours(request.step)[3]
    if after is None or "leave" in request.POST:
        messages.success(request, _("Vos réponses sont enregistrées."))
        return HttpResponseRedirect(reverse("desk_consultation", args=[slug, found.id]))
    return HttpResponseRedirect(step_url(slug, found.id, after.slug))


def page_context(request: Any, found: Consultation) -> dict[str, Any]:
    """What every page of the entry shows: the steps, the live summary, what this step still lacks."""
    slug = request.authority.slug
    rank, step, before, after = neighbours(request.step)
    return {
        "consultation": found,
        "step": step,
        "rank": rank,
        "steps": [(one.label, step_url(slug, found.id, one.slug)) for one in entry_steps()],
        "before_url": step_url(slug, found.id, before.slug) if before else "",
        "after": after,
        "summary": summary(found, request.authority, request.step),
        "with_keys": bool(opening_keys(found.id)),
        "file_url": reverse("desk_consultation", args=[slug, found.id]),
        "page_title": _("%(question)s · %(reference)s") % {"question": step.question, "reference": found.reference},
    }
