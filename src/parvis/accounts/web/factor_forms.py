"""The second factor's forms, with our words; spaces typed in a code are forgiven."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _


class _Code:
    hint: Any = _("Les 6 chiffres que montre votre application, ou un de vos codes de secours.")
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.help_text = _("Code à usage unique"), self.hint
        field.error_messages["required"] = _("Écrivez le code que montre votre application.")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["inputmode"] = "numeric"
        field.widget.attrs["size"] = 12


class CodeForm(_Code, base.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(_Code, base.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateForm(_Code, totp.ActivateTOTPForm):  # type: ignore[misc]
    hint = _("Les 6 chiffres que votre application montre maintenant.")


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        field.label = _("Nom de cette clé d’accès")
        field.help_text = _(
            "Pour la reconnaître plus tard\u202f: «\u202ftéléphone\u202f», «\u202fordinateur de la mairie\u202f»."
        )


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Nom de cette clé d’accès")
