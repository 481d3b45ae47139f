"""« Votre rôle »: what a person does next depends on the hat they wear, or the company for which they act."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.accounts.contracts import COMPANY_KEY
from parvis.authorities.actor import HAT_KEY, Actor, actor_of
from parvis.authorities.contracts import Hat
from parvis.authorities.gates import sign_in_first
from parvis.authorities.rules import Role, may
from parvis.authorities.services.wear_hat import wear_hat
from parvis.kit.errors import Refusal


@require_http_methods(["GET", "POST"])
def choose_hat(request: HttpRequest) -> HttpResponseBase:
    """Where the sign-in lands. One hat or one company: straight there. A change asked for shows the list."""
    actor = actor_of(request)
    if actor is None:
        return sign_in_first(request)
    if actor.hats and not actor.second_factor:
        return HttpResponseRedirect(reverse("second_factor"))
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_choose(request, actor))
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return _page(request, actor)
    straight = _only_way(request, actor)
    return HttpResponseRedirect(straight) if straight else _page(request, actor)


def _page(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "authorities/choose_hat.html", {"actor": actor})


def _only_way(request: HttpRequest, actor: Actor) -> str | None:
    if len(actor.hats) == 1 and not actor.companies and actor.hat is None:
        home, wanted = _wear(request, actor, actor.hats[0]), request.GET.get("next", "")
        return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else home
    if actor.hats:
        return None
    if len(actor.companies) == 1:
        return reverse("all_consultations")
    return reverse("choose_company") if not actor.companies or actor.company is None else None


def _choose(request: HttpRequest, actor: Actor) -> str:
    """Raises Refusal."""
    if company_id := request.POST.get("company"):
        if all(str(c.id) != company_id for c in actor.companies):
            raise Refusal("not_member", _("Vous n’êtes plus rattaché à cette entreprise. Choisissez dans la liste."))
        request.session.cycle_key()
        request.session.pop(HAT_KEY, None)
        request.session[COMPANY_KEY] = company_id
        return reverse("all_consultations")
    authority_id, _sep, role = request.POST.get("hat", "").partition(":")
    try:
        wanted = UUID(authority_id)
    except ValueError as error:
        raise Refusal("nothing_chosen", _("Choisissez un rôle ou une entreprise de la liste.")) from error
    hat = next((h for h in actor.hats if h.authority_id == wanted and h.role == role), None)
    if hat is None:
        raise Refusal("no_such_role", _("Vous n’avez plus ce rôle aujourd’hui. Choisissez-en un de la liste."))
    return _wear(request, actor, hat)


def _wear(request: HttpRequest, actor: Actor, hat: Hat) -> str:
    wear_hat(actor.person_id, hat.authority_id, hat.role)
    request.session.cycle_key()
    request.session[HAT_KEY] = [str(hat.authority_id), hat.role]
    if hat.role == Role.OPERATOR.value:
        return reverse("operator_home")
    return reverse(_first_page(Role(hat.role)), args=[hat.authority_slug])


def _first_page(role: Role) -> str:
    """Where the work of this role is."""
    if may(role, "reception.serve"):
        return "reception"
    return "pooling" if may(role, "pooling.read") and not may(role, "consultation.read") else "desk"
