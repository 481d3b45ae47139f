from typing import Any

from allauth.account.views import LoginView

from parvis.accounts.web.identity import identity_providers


class SignIn(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "providers": identity_providers()}


sign_in = SignIn.as_view()
