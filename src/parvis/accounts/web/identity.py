"""Outside identity providers: ProConnect for agents, FranceConnect for everyone, by OpenID Connect (docs/adr)."""

from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.models import Person
from parvis.accounts.provider import IdentityAdapter


@dataclass(frozen=True, slots=True)
class ProviderButton:
    url: str
    label: str
    hint: str


def identity_providers() -> list[ProviderButton]:
    """Those that the settings name, agents first."""
    words = {
        "agents": (_("Se connecter avec ProConnect"), _("Pour les agents, avec leur compte professionnel.")),
        "usagers": (
            _("Se connecter avec FranceConnect"),
            _("Avec le compte des impôts, de l’assurance maladie, de La Poste…"),
        ),
    }
    found = [app["provider_id"] for app in settings.SOCIALACCOUNT_PROVIDERS["identity"]["APPS"]]
    return [ProviderButton(reverse("identity_login", args=[name]), *words[name]) for name in found]


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        person: Person = super().populate_user(request, sociallogin, data)
        person.full_name = " ".join((data.get("name") or "").split())[:150] or person.email
        return person

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("my_account")


@require_POST
def identity_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _run(OAuth2LoginView, request, provider_id)


@require_safe
def identity_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _run(OAuth2CallbackView, request, provider_id)


def _run(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view.adapter_view(IdentityAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404(_("Ce service d’identité n’est pas proposé ici.")) from error
    return answer
