"""The second step of signing in: to have one, and to have proved it in this session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

AFTER = "choose_hat"
_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
_RECORDS = "account_authentication_methods"


def has_proved_factor(request: HttpRequest) -> bool:
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """To the proof if the person has a factor, to its setting up if not, and on if both are done."""
    if not is_mfa_enabled(request.user, _FACTORS):
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    if has_proved_factor(request):
        return HttpResponseRedirect(reverse(AFTER))
    only_passkeys = not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    page = "mfa_reauthenticate_webauthn" if only_passkeys else "mfa_reauthenticate"
    return HttpResponseRedirect(f"{reverse(page)}?next={reverse(AFTER)}")


def proved_if_any(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who has a factor proves it before any is seen, added or removed: a session older than it has shown a password
    only, and a password alone must not put another factor in its place.
    """

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = request.user.is_authenticated and is_mfa_enabled(request.user, _FACTORS)
        if known and not has_proved_factor(request):
            return HttpResponseRedirect(reverse("second_factor"))
        return view(request, *args, **kwargs)

    return gate


class ActivateTotp(ActivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        """The code just typed is the proof: allauth alone would ask for it again at the next sign-in only."""
        response: HttpResponse = super().form_valid(form)
        post_authentication(
            self.request, Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        )
        return response


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        newest = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.WEBAUTHN).latest("pk")
        post_authentication(self.request, newest)
        return response


def _forget_proof_without_factor(request: HttpRequest) -> None:
    if not is_mfa_enabled(request.user, _FACTORS):
        records = request.session.get(_RECORDS, [])
        request.session[_RECORDS] = [record for record in records if record["method"] != "mfa"]


class DeactivateTotp(DeactivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _forget_proof_without_factor(self.request)
        return response


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _forget_proof_without_factor(self.request)
        return response


activate_totp = proved_if_any(ActivateTotp.as_view())
deactivate_totp = proved_if_any(DeactivateTotp.as_view())
add_passkey = proved_if_any(AddPasskey.as_view())
remove_passkey = proved_if_any(RemovePasskey.as_view())
edit_passkey = proved_if_any(passkeys.edit_webauthn)
view_codes = proved_if_any(codes.view_recovery_codes)
generate_codes = proved_if_any(codes.generate_recovery_codes)
download_codes = proved_if_any(codes.download_recovery_codes)
