"""Outside identity providers: ProConnect for agents, FranceConnect for everyone, by OpenID Connect (docs/adr)."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _


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
    found = [app["provider_id"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]]
    return [ProviderButton(reverse("openid_connect_login", args=[name]), *words[name]) for name in found]
