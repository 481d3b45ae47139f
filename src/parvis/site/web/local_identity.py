"""A local identity provider, for the demo and the tests: one page where an invented person says who they are.

It speaks as ProConnect ("agents") and FranceConnect ("usagers") do: code flow with PKCE and nonce, RS256, user
information as a signed token, a subject that differs by audience. Mounted only where settings.LOCAL (site/web/urls.py).
"""

import base64
import hashlib
import json
import os
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.request import validate_host
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.facade import PersonView, everyone, people
from parvis.authorities.facade import hats_of

AUDIENCES = {"agents": "ProConnect", "usagers": "FranceConnect"}
CODE_AGE = 60
TOKEN_AGE = 300
_CODE, _TOKEN = "parvis.local_identity.code", "parvis.local_identity.token"


def _issuer(audience: str) -> str:
    if audience not in AUDIENCES:
        raise Http404
    return f"{settings.PUBLIC_URL}/demo/identite/{audience}"


def _key() -> rsa.RSAPrivateKey:
    """The same for every process, made by the first."""
    path = settings.DATA / "local-identity.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(pem)
        draft.chmod(0o600)
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _kid() -> str:
    public = (
        _key().public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return hashlib.sha256(public).hexdigest()[:16]


def _signed(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": _kid()})


@require_safe
def discovery(request: HttpRequest, audience: str) -> JsonResponse:
    issuer = _issuer(audience)
    pages = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "userinfo_endpoint": "person",
        "jwks_uri": "keys",
    }
    found = {k: settings.PUBLIC_URL + reverse(f"local_identity_{v}", args=[audience]) for k, v in pages.items()}
    supported = {"token_endpoint_auth_methods_supported": ["client_secret_post"], "response_types_supported": ["code"]}
    return JsonResponse({"issuer": issuer, **found, **supported, "id_token_signing_alg_values_supported": ["RS256"]})


@require_safe
def keys(request: HttpRequest, audience: str) -> JsonResponse:
    _issuer(audience)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key()))
    return JsonResponse({"keys": [{**public, "kid": _kid(), "use": "sig", "alg": "RS256"}]})


def _people_for(audience: str) -> list[tuple[PersonView, str]]:
    known = [(p, hats_of(p.id)) for p in everyone()]
    return [
        (p, ", ".join(f"{h.role_label} ({h.authority_name})" for h in hats))
        for p, hats in known
        if bool(hats) is (audience == "agents")
    ]


@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest, audience: str) -> HttpResponse:
    _issuer(audience)
    asked = request.GET
    target = urlsplit(asked.get("redirect_uri", ""))
    ours = target.path == reverse("identity_callback", args=[audience])
    if (
        not ours
        or not validate_host(target.hostname or "", settings.ALLOWED_HOSTS)
        or asked.get("response_type") != "code"
    ):
        raise Http404(_("Cette demande d’identité ne vient pas d’ici."))
    choices = _people_for(audience)
    if request.method == "GET":
        context = {"choices": choices, "provider": AUDIENCES[audience], "here": request.get_full_path()}
        return render(request, "site/local_identity.html", context)
    if "refuse" in request.POST:
        return HttpResponseRedirect(
            f"{target.geturl()}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}"
        )
    chosen = next((p for p, _roles in choices if str(p.id) == request.POST.get("person")), None)
    if chosen is None:
        raise Http404(_("Cette personne n’est pas de la démonstration."))
    kept = {name: asked.get(name, "") for name in ("client_id", "redirect_uri", "nonce", "code_challenge")}
    code = signing.dumps({**kept, "person": str(chosen.id), "audience": audience}, salt=_CODE)
    return HttpResponseRedirect(f"{target.geturl()}?{urlencode({'code': code, 'state': asked.get('state', '')})}")


@csrf_exempt
@require_POST
def token(request: HttpRequest, audience: str) -> JsonResponse:
    issuer = _issuer(audience)
    code = request.POST.get("code", "")
    try:
        kept = signing.loads(code, salt=_CODE, max_age=CODE_AGE)
    except signing.BadSignature:
        return JsonResponse({"error": "invalid_grant"}, status=400)
    verifier = hashlib.sha256(request.POST.get("code_verifier", "").encode()).digest()
    fits = (
        kept["audience"] == audience
        and kept["client_id"] == request.POST.get("client_id")
        and kept["redirect_uri"] == request.POST.get("redirect_uri")
        and kept["code_challenge"] == base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        and cache.add(f"local-identity:{hashlib.sha256(code.encode()).hexdigest()}", 1, CODE_AGE)
    )
    if not fits:
        return JsonResponse({"error": "invalid_grant"}, status=400)
    claims = {**_base(issuer, kept["client_id"], audience, kept["person"]), "nonce": kept["nonce"], "acr": "eidas1"}
    access = signing.dumps({"person": kept["person"], "client": kept["client_id"], "audience": audience}, salt=_TOKEN)
    return JsonResponse(
        {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_AGE, "id_token": _signed(claims)}
    )


def _base(issuer: str, client_id: str, audience: str, person_id: str) -> dict[str, Any]:
    now = int(time.time())
    subject = hashlib.sha256(f"{audience}:{person_id}:{settings.SECRET_KEY}".encode()).hexdigest()
    return {"iss": issuer, "aud": client_id, "sub": subject, "iat": now, "exp": now + TOKEN_AGE}


@require_safe
def person(request: HttpRequest, audience: str) -> HttpResponse:
    issuer = _issuer(audience)
    try:
        kept = signing.loads(
            request.headers.get("Authorization", "").removeprefix("Bearer "), salt=_TOKEN, max_age=TOKEN_AGE
        )
    except signing.BadSignature:
        return JsonResponse({"error": "invalid_token"}, status=401)
    found = people([UUID(kept["person"])]).get(UUID(kept["person"]))
    if found is None or kept["audience"] != audience:
        return JsonResponse({"error": "invalid_token"}, status=401)
    given, _sep, family = found.full_name.partition(" ")
    named = {
        "given_name": given,
        "family_name": family,
        "usual_name": family,
        "email": found.email,
        "email_verified": True,
    }
    return HttpResponse(
        _signed({**_base(issuer, kept["client"], audience, kept["person"]), **named}), content_type="application/jwt"
    )
