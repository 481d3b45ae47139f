"""allauth's forms with our words: labels without placeholders, hints that help."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Person
from parvis.accounts.services.verify_only_address import verify_only_address

PASSWORD_HINT = _("12 caractères au moins. Une phrase que vous retenez vaut mieux qu’un mot compliqué.")


_MISSING: dict[str, Any] = {
    "login": _("Écrivez l’adresse électronique de votre compte."),
    "email": _("Écrivez votre adresse électronique."),
    "full_name": _("Écrivez votre prénom et votre nom."),
    "password": _("Écrivez votre mot de passe."),
    "oldpassword": _("Écrivez votre mot de passe actuel."),
    "password1": _("Choisissez un mot de passe."),
    "password2": _("Écrivez le même mot de passe une seconde fois."),
}


class _Plain:
    """Rewrites the labels and hints of the fields named in `words`, and drops every placeholder."""

    words: dict[str, tuple[Any, Any]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            label, hint = self.words.get(name, (field.label, ""))
            field.label, field.help_text = label, hint
            if name in _MISSING:
                field.error_messages["required"] = _MISSING[name]


EMAIL = (_("Adresse électronique"), "")


class SignInForm(_Plain, allauth.LoginForm):  # type: ignore[misc]
    words = {"login": EMAIL, "password": (_("Mot de passe"), "")}


class SignUpForm(_Plain, allauth.SignupForm):  # type: ignore[misc]
    words = {
        "full_name": (_("Prénom et nom"), ""),
        "email": (_("Adresse électronique"), _("Nous y envoyons un lien pour vérifier qu’elle est à vous.")),
        "password1": (_("Mot de passe"), PASSWORD_HINT),
    }


class AddressForm(_Plain, allauth.AddEmailForm):  # type: ignore[misc]
    words = {
        "email": (
            _("Nouvelle adresse électronique"),
            _("Elle remplace l’ancienne quand vous ouvrez le lien que nous y envoyons."),
        )
    }


class PasswordChangeForm(_Plain, allauth.ChangePasswordForm):  # type: ignore[misc]
    words = {
        "oldpassword": (_("Mot de passe actuel"), ""),
        "password1": (_("Nouveau mot de passe"), PASSWORD_HINT),
        "password2": (_("Le nouveau mot de passe, encore une fois"), ""),
    }


class FirstPasswordForm(_Plain, allauth.SetPasswordForm):  # type: ignore[misc]
    words = {"password1": (_("Mot de passe"), PASSWORD_HINT), "password2": (_("Le mot de passe, encore une fois"), "")}


class PasswordResetForm(_Plain, allauth.ResetPasswordForm):  # type: ignore[misc]
    words = {"email": EMAIL}


class NewPasswordForm(_Plain, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    words = {
        "password1": (_("Nouveau mot de passe"), PASSWORD_HINT),
        "password2": (_("Le mot de passe, encore une fois"), ""),
    }
    user: Person

    def save(self) -> None:
        super().save()
        verify_only_address(self.user.id)


class PasswordAgainForm(_Plain, allauth.ReauthenticateForm):  # type: ignore[misc]
    words = {"password": (_("Votre mot de passe"), "")}
