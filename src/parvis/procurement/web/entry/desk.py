"""The agents' list, and the opening of a new file."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.facade import access_notice, desk_page
from parvis.procurement.labels import procedure_label, status
from parvis.procurement.selectors.desk import desk_list, first_view_with_rows
from parvis.procurement.services.create_consultation import create_consultation
from parvis.procurement.web.entry.forms import NewForm
from parvis.procurement.web.entry.steps import step_url
from parvis.procurement.web.numbers import page_number

SLUGS = {"preparation": "drafts", "en-cours": "running", "a-ouvrir": "to_open", "closes": "closed", "toutes": "all"}


@require_safe
@desk_page("consultation.read")
def desk(request: Any) -> HttpResponse:
    """The authority's consultations: saved views are links, the search stays across them."""
    house, text = request.authority, request.GET.get("q", "").strip()
    asked = SLUGS.get(request.GET.get("vue", ""), "")
    view = asked or first_view_with_rows(desk_list("all", text).counts)
    page = desk_list(view, text, page_number(request))
    base = reverse("desk", args=[house.slug])
    labels = {
        "preparation": _("En préparation"), "en-cours": _("En cours"), "a-ouvrir": _("À ouvrir"),
        "closes": _("Closes"), "toutes": _("Toutes"),
    }  # fmt: skip
    more = {"q": text} if text else {}
    shown = next(slug for slug, name in SLUGS.items() if name == view)
    context = {
        "view": shown,
        "view_label": labels[shown],
        "text": text,
        "base_url": base,
        "tabs_items": [
            (labels[slug], f"{base}?{urlencode({'vue': slug, **more})}", name == view, page.counts[name])
            for slug, name in SLUGS.items()
        ],
        "rows": [
            {
                "row": row,
                "url": reverse("desk_consultation", args=[house.slug, row.id]),
                "procedure": procedure_label(row.procedure, row.framework),
                "status": status(row.state, row.deadline),
            }
            for row in page.rows
        ],
        "list_page": page,
        "prefix": f"?{urlencode({'vue': shown, **more})}&page=",
        "notice": access_notice(house),
        "export_url": reverse("export", args=[house.slug]) if request.actor.may("registers.read", house.id) else "",
        "may_write": request.actor.may("consultation.write", house.id),
        "new_url": reverse("new_consultation", args=[house.slug]),
    }
    return render(request, "procurement/desk/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("consultation.write")
def new_consultation(request: Any) -> HttpResponse:
    form = NewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = create_consultation(
            title=form.cleaned_data["title"],
            nature=form.cleaned_data["nature"],
            is_test=form.cleaned_data["is_test"],
            actor_id=request.actor.person_id,
        )
        return HttpResponseRedirect(step_url(request.authority.slug, made.id, "objet"))
    return render(request, "procurement/entry/new.html", {"form": form})
