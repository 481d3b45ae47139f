"""The platform's operator: opens authorities and names agents. No authority is in scope: no file can be read."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.authorities.access import access_label
from parvis.authorities.gates import operator_page
from parvis.authorities.models import Authority
from parvis.authorities.rules import GIVEN_BY_ADMINISTRATOR, AuthorityKind, Role
from parvis.authorities.selectors import authorities, authority_by_slug, people_with, view
from parvis.authorities.services.save_authority import save_authority
from parvis.authorities.web.agents import agents_of
from parvis.authorities.web.forms import AuthorityForm


@require_safe
@operator_page
def operator_home(request: Any) -> HttpResponseBase:
    rows = [(a, people_with([Role.ADMINISTRATOR], a.id), access_label(a)) for a in authorities()]
    return render(request, "authorities/operator_home.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@operator_page
def create_authority(request: Any) -> HttpResponseBase:
    return _form_page(request, Authority())


@require_http_methods(["GET", "POST"])
@operator_page
def edit_authority(request: Any, slug: str) -> HttpResponseBase:
    found = Authority.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(_("Cette collectivité n’est pas sur cette plateforme."))
    return _form_page(request, found)


def _form_page(request: Any, authority: Authority) -> HttpResponseBase:
    is_new = authority._state.adding
    form = AuthorityForm(request.POST or None, instance=authority)
    if request.method == "POST" and form.is_valid():
        saved = form.save(commit=False)
        save_authority(request.actor.person_id, saved, form.changed_data)
        messages.success(request, _("%(name)s est enregistrée.") % {"name": saved.name})
        onward = "operator_agents" if is_new else "edit_authority"
        return HttpResponseRedirect(reverse(onward, args=[saved.slug]))
    access = "" if is_new else access_label(view(authority))
    context = {"form": form, "is_new": is_new, "slug": "" if is_new else authority.slug, "access": access}
    return render(request, "authorities/operator_authority.html", context)


@require_http_methods(["GET", "POST"])
@operator_page
def operator_agents(request: Any, slug: str) -> HttpResponseBase:
    found = authority_by_slug(slug)
    if found is None:
        raise Http404(_("Cette collectivité n’est pas sur cette plateforme."))
    whole = found.kind == AuthorityKind.AGGLOMERATION.value
    return agents_of(request, found, tuple(Role) if whole else GIVEN_BY_ADMINISTRATOR, as_operator=True)
