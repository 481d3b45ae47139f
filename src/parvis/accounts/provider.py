"""allauth finds here our kind of outside identity provider: OpenID Connect as FranceConnect and ProConnect speak it.

Beyond allauth's own: a nonce, always a verified ID token, user information that comes as a signed token, and nothing of
the request to the provider that a visitor could choose. Particularities: docs/adr.
"""

import secrets
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

NONCES = "identity_nonces"
KEPT_NONCES = 5


class IdentityAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Raises OAuth2Error when a proof is missing or wrong; allauth then shows its error page."""
        claims = self._decode(app, kwargs["response"].get("id_token") or "")
        nonces = request.session.get(NONCES, [])
        if claims.get("nonce") not in nonces:
            raise OAuth2Error("the ID token answers another request")
        request.session[NONCES] = [nonce for nonce in nonces if nonce != claims["nonce"]]
        person = self._user_information(app, token.token)
        if person.get("sub") != claims["sub"]:
            raise OAuth2Error("the user information is somebody else's")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": person, "id_token": claims})

    def _decode(self, app: SocialApp, credential: str) -> dict[str, Any]:
        decoded: dict[str, Any] = jwtkit.verify_and_decode(
            credential=credential,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return decoded

    def _user_information(self, app: SocialApp, access_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            response = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            response.raise_for_status()
        if response.headers.get("Content-Type", "").startswith("application/jwt"):
            return self._decode(app, response.text)
        plain: dict[str, Any] = response.json()
        return plain

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        path = reverse("identity_callback", args=[self.provider_id])
        return str(build_absolute_uri(request, path, self.redirect_uri_protocol))


class IdentityProvider(OpenIDConnectProvider):  # type: ignore[misc]
    id = "identity"
    oauth2_adapter_class = IdentityAdapter
    pkce_enabled_default = True

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        request.session[NONCES] = [*request.session.get(NONCES, []), nonce][-KEPT_NONCES:]
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        answer: HttpResponse = super().redirect(request, process, next_url, data, **kwargs)
        return answer

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return dict(self.get_auth_params())

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = super().extract_common_fields(data)
        person = data["userinfo"]
        family = person.get("preferred_username") or person.get("usual_name") or person.get("family_name") or ""
        found["name"] = person.get("name") or f"{person.get('given_name', '')} {family}".strip()
        return found


provider_classes = [IdentityProvider]
