"""The gates of the web: each resolves the authority, checks who comes in, and opens the scope around the view."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.authorities.access import access_notice
from parvis.authorities.actor import Actor, actor_of
from parvis.authorities.contracts import AuthorityView
from parvis.authorities.rules import PREROGATIVES
from parvis.authorities.selectors import authority_by_slug
from parvis.kit import scope
from parvis.kit.errors import Refusal

P = ParamSpec("P")


class ParvisRequest(HttpRequest):
    """What the gates add to a request."""

    actor: Actor | None
    authority: AuthorityView


View = Callable[Concatenate[Any, P], HttpResponseBase]


def wants_json(request: HttpRequest) -> bool:
    return request.path.endswith(".json") or request.content_type == "application/json"


def refusal_response(refusal: Refusal, status: int = 409) -> JsonResponse:
    return JsonResponse(
        {"error": {"code": refusal.code, "message": refusal.message, "field": refusal.field}}, status=status
    )


def sign_in_first(request: HttpRequest) -> HttpResponseBase:
    if wants_json(request):
        message = _(
            "Votre session est terminée. Connectez-vous dans un autre onglet,"
            " puis recommencez ici\u202f: rien n’est perdu."
        )
        return refusal_response(Refusal("signed_out", message), 401)
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")


def closed_page(request: HttpRequest, title: str, reason: str, way_out: tuple[str, str]) -> HttpResponseBase:
    """403 that says for whom the page is, who you are now, and where to go."""
    if wants_json(request):
        return refusal_response(Refusal("forbidden", f"{title} {reason}"), 403)
    context = {"title": title, "reason": reason, "way_label": way_out[0], "way_url": way_out[1]}
    return render(request, "authorities/closed.html", context, status=403)


def _lent_no_more(request: HttpRequest, actor: Actor, authority: AuthorityView) -> HttpResponseBase:
    """403 to whom the role alone would let in: the tool of procurement is closed, and another role changes nothing."""
    notice = access_notice(authority)
    if notice is None or not notice.closed:
        # It opened between two reads of this very request.
        return HttpResponseRedirect(request.get_full_path())
    if wants_json(request):
        return refusal_response(
            Refusal("procurement_closed", f"{notice.title} {notice.reason} {notice.ask}"), status=403
        )
    may_export = actor.may("registers.read", authority.id)
    context = {"notice": notice, "export_url": reverse("export", args=[authority.slug]) if may_export else ""}
    return render(request, "authorities/lent_no_more.html", context, status=403)


def authority_page(view: View[P]) -> Callable[..., HttpResponseBase]:
    """A public page of one authority: the url's `authority` slug becomes `request.authority`, its rows are in scope."""

    @wraps(view)
    def scoped(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with scope.authority(request.authority.id):
            response = view(request, *args, **kwargs)
            render_now = getattr(response, "render", None)
            return render_now() if render_now else response

    return _in_the_house(scoped)


def authority_stream(view: View[P]) -> Callable[..., HttpResponseBase]:
    """As authority_page, but opens no scope: for a view that asks an outside system between two short transactions."""
    return _in_the_house(view)


def platform_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A public page that compares authorities. Under one's own host name the others' pages do not exist: it is shown
    at the platform's own address, where every link leads somewhere.
    """

    @wraps(view)
    def there(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(request, "host_authority", None) is not None:
            return HttpResponseRedirect(f"{settings.PUBLIC_URL}{request.get_full_path()}")
        return view(request, *args, **kwargs)

    return there


def _in_the_house(view: View[P]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def gate(request: Any, authority: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = authority_by_slug(authority)
        own_host = getattr(request, "host_authority", None)
        if found is None or (own_host is not None and own_host.id != found.id):
            raise Http404(_("Cette collectivité n’est pas sur cette plateforme."))
        request.authority = found
        request.actor = actor_of(request)
        return view(request, *args, **kwargs)

    gate.gate = "public"  # type: ignore[attr-defined]
    return gate


def desk_page(permission: str) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """A page of the agents of one authority, for the hats that have a permission there.

    Raises KeyError at import for an unknown permission.
    """
    roles = PREROGATIVES[permission]

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inside(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor, authority = request.actor, request.authority
            if actor is None:
                return sign_in_first(request)
            if actor.may(permission, authority.id):
                return view(request, *args, **kwargs)
            if actor.would(permission, authority.id):
                return _lent_no_more(request, actor, authority)
            return _not_with_this_hat(request, actor, authority)

        gate = authority_page(inside)
        gate.gate = permission  # type: ignore[attr-defined]
        return gate

    def _not_with_this_hat(request: HttpRequest, actor: Actor, authority: AuthorityView) -> HttpResponseBase:
        if actor.hats and not actor.second_factor:
            reason = _(
                "Votre rôle d’agent demande une deuxième preuve de votre identité\u202f:"
                " un code de votre téléphone ou une clé d’accès."
            )
            return closed_page(
                request,
                _("Il manque la deuxième étape de la connexion."),
                reason,
                (_("Continuer"), reverse("second_factor")),
            )
        who = " · ".join(sorted(role.label for role in roles))
        if request.method == "GET" and actor.hat is None and len(actor.hats) == 1 and not actor.companies:
            # There is nothing to choose: the only role is put on, and the page is asked again.
            return HttpResponseRedirect(f"{reverse('choose_hat')}?{urlencode({'next': request.get_full_path()})}")
        title = _("Cette page est réservée à %(who)s, pour %(authority)s.") % {"who": who, "authority": authority.name}
        if actor.hat:
            now = _("Vous êtes connecté comme %(role)s, pour %(name)s.") % {
                "role": actor.hat.role_label.lower(),
                "name": actor.hat.authority_name,
            }
        else:
            now = _("Vous n’avez choisi aucun rôle.")
        return closed_page(request, title, now, (_("Changer de rôle"), reverse("choose_hat")))

    return decorate


def company_page(view: View[P]) -> Callable[..., HttpResponseBase]:
    """A page where a person acts for a company in one authority."""
    gate = authority_page(_for_a_company(view))
    gate.gate = "company"  # type: ignore[attr-defined]
    return gate


def company_stream(view: View[P]) -> Callable[..., HttpResponseBase]:
    """As company_page, but opens no scope: a stream would hold its transaction; the view opens it in short steps."""
    gate = _in_the_house(_for_a_company(view))
    gate.gate = "company"  # type: ignore[attr-defined]
    return gate


def _for_a_company(view: View[P]) -> View[P]:
    @wraps(view)
    def inside(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = request.actor
        if actor is None:
            return sign_in_first(request)
        if actor.company is not None:
            return view(request, *args, **kwargs)
        title = _("Pour déposer un pli, agissez au nom d’une entreprise.")
        if actor.companies:
            reason = _("Vous êtes rattaché à plusieurs entreprises\u202f: choisissez celle qui répond.")
        else:
            reason = _("Votre compte n’est rattaché à aucune entreprise. Il suffit de son numéro SIRET.")
        return closed_page(request, title, reason, (_("Choisir ou ajouter une entreprise"), reverse("choose_company")))

    return inside


def operator_page(view: View[P]) -> Callable[..., HttpResponseBase]:
    """A page of the platform's operator; no authority is in scope, so no tenant's row can be read."""

    @wraps(view)
    def gate(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.actor = actor = actor_of(request)
        if actor is None:
            return sign_in_first(request)
        if actor.hat is not None and actor.may("platform.operate", actor.hat.authority_id):
            return view(request, *args, **kwargs)
        title = _("Cette page est réservée à l’exploitant de la plateforme.")
        return closed_page(
            request, title, _("Votre rôle actuel n’y donne pas accès."), (_("Changer de rôle"), reverse("choose_hat"))
        )

    gate.gate = "operator"  # type: ignore[attr-defined]
    return gate
