from typing import Any

from allauth.account.views import LoginView, PasswordResetFromKeyView
from django.http import HttpResponse

from parvis.accounts.web.device import remember_device
from parvis.accounts.web.identity import identity_providers


class SignIn(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "providers": identity_providers()}


class NewPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        """The letter opens the way even from a network where too many failed."""
        response: HttpResponse = super().form_valid(form)
        remember_device(response, self.reset_user.email)
        return response


sign_in = SignIn.as_view()
new_password = NewPassword.as_view()
