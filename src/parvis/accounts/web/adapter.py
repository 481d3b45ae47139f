"""allauth's hooks: our sentences, our throttle, our mails, and secrets of second factors encrypted at rest."""

import base64
import time
from io import BytesIO
from typing import Any

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from parvis.accounts.models import Person
from parvis.accounts.services import throttle
from parvis.accounts.web.device import remember_device

ERRORS = {
    "account_inactive": _("Ce compte est fermé. Écrivez au service indiqué au bas de cette page."),
    "cannot_remove_primary_email": _("Cette adresse est la seule de votre compte\u202f: ajoutez-en une autre d’abord."),
    "duplicate_email": _("Cette adresse est déjà la vôtre."),
    "email_password_mismatch": _(
        "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez-les, ou choisissez un nouveau mot de passe."
    ),
    "email_taken": _("Cette adresse sert déjà à un compte. Connectez-vous avec elle."),
    "enter_current_password": _("Ce n’est pas votre mot de passe actuel. Tapez-le à nouveau."),
    "incorrect_code": _("Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant et tapez-le."),
    "incorrect_password": _("Ce n’est pas votre mot de passe. Tapez-le à nouveau."),
    "invalid_or_expired_key": _("Ce lien a déjà servi ou il est trop ancien. Demandez-en un nouveau."),
    "invalid_login": _("Tapez l’adresse électronique de votre compte."),
    "invalid_password_reset": _("Ce lien a déjà servi ou il est trop ancien. Demandez-en un nouveau."),
    "too_many_login_attempts": _(
        "Trop d’essais manqués. Recommencez dans un quart d’heure,"
        " ou tout de suite avec «\u202fMot de passe oublié\u202f»."
    ),
    "unknown_email": _("Aucun compte n’a cette adresse."),
    "unverified_primary_email": _("Vérifiez d’abord votre adresse\u202f: ouvrez le lien que nous y avons envoyé."),
    "same_as_current": _("C’est déjà l’adresse de votre compte. Tapez la nouvelle."),
    "rate_limited": _("Trop d’essais à la suite. Attendez quelques minutes, puis recommencez."),
}

MESSAGES = {
    "account/messages/email_confirmed.txt": _("Votre adresse %(email)s est vérifiée."),
    "account/messages/email_confirmation_failed.txt": _(
        "L’adresse %(email)s sert déjà à un autre compte\u202f: elle ne peut pas être vérifiée ici."
    ),
    "account/messages/password_changed.txt": _("Votre mot de passe est changé."),
    "account/messages/password_set.txt": _("Votre mot de passe est enregistré."),
    "account/messages/email_deleted.txt": _("L’adresse %(email)s ne sert plus à votre compte."),
    "account/messages/cannot_delete_primary_email.txt": ERRORS["cannot_remove_primary_email"],
    "account/messages/logged_out.txt": _("Vous êtes déconnecté."),
    "mfa/messages/totp_activated.txt": _(
        "La deuxième étape est en place\u202f: votre application vous donnera un code à chaque connexion."
    ),
    "mfa/messages/totp_deactivated.txt": _("Votre application ne sert plus à vous connecter."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "Vos codes de secours sont prêts\u202f: gardez-les hors de votre téléphone."
    ),
    "mfa/messages/webauthn_added.txt": _("Votre clé d’accès est enregistrée."),
    "mfa/messages/webauthn_removed.txt": _("Votre clé d’accès est retirée."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {**DefaultAccountAdapter.error_messages, **ERRORS}

    def save_user(self, request: HttpRequest, user: Person, form: BaseForm, commit: bool = True) -> Person:
        user.full_name = " ".join(form.cleaned_data.get("full_name", user.full_name).split())
        saved: Person = super().save_user(request, user, form, commit)
        return saved

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        template = MESSAGES.get(message_template or "")
        text = message or (str(template) % (message_context or {}) if template else "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)

    def _attempt(self, request: HttpRequest, email: str) -> throttle.Attempt:
        return throttle.Attempt(email, self.get_client_ip(request), request.COOKIES.get(throttle.DEVICE_COOKIE, ""))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if throttle.is_refused(self._attempt(request, credentials.get("email", ""))):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        throttle.record_failure(self._attempt(request, credentials.get("email", "")))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        throttle.forgive_account(credentials["email"])

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_device(response, user.email)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        not_me = self.request.build_absolute_uri(reverse("account_reset_password"))
        super().send_mail(template_prefix, email, {"not_me": not_me, **context})

    def send_account_already_exists_mail(self, email: str) -> None:
        make_password("as long as for a new account")  # so that the answer takes the same time
        super().send_account_already_exists_mail(email)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of any proof of identity, the sign-in itself included."""
        request = context.request
        proofs = [record["at"] for record in get_authentication_records(request, request.user)]
        if proofs and time.time() - max(proofs) < app_settings.REAUTHENTICATION_TIMEOUT:  # the clock that wrote them
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(self.get_login_redirect_url(request))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": ERRORS["incorrect_code"],
        "unverified_email": ERRORS["unverified_primary_email"],
        "cannot_generate_recovery_codes": _("Mettez d’abord en place une application ou une clé d’accès."),
    }

    def build_totp_svg(self, url: str) -> str:
        """On white, so that it is read in the dark scheme too."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken when the platform's secret key changed: second factors must then be set up anew."""
        plain: bytes = _cipher().decrypt(encrypted_text.encode())
        return plain.decode()


def _cipher() -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"parvis second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
