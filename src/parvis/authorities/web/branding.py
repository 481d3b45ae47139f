"""An authority's own look: its colour with the contrasts proved, its coat, its host name, whom to call."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.authorities.gates import desk_page
from parvis.authorities.models import Authority
from parvis.authorities.services.save_authority import save_authority
from parvis.authorities.web.forms import BrandingForm
from parvis.kit.theme import DARK, LIGHT, proofs


@require_http_methods(["GET", "POST"])
@desk_page("branding.edit")
def branding(request: Any) -> HttpResponseBase:
    authority = Authority.objects.get(id=request.authority.id)
    form = BrandingForm(request.POST or None, request.FILES or None, instance=authority)
    if request.method == "POST" and form.is_valid():
        save_authority(request.actor.person_id, form.save(commit=False), form.changed_fields())
        messages.success(request, _("L’identité de %(name)s est à jour.") % {"name": authority.name})
        return HttpResponseRedirect(request.path)
    accent = request.authority.accent
    worst = {scheme.name: min(proofs(accent, scheme), key=lambda p: p.ratio / p.least) for scheme in (LIGHT, DARK)}
    context = {"form": form, "has_logo": bool(request.authority.logo), "worst": worst}
    return render(request, "authorities/branding.html", context)
