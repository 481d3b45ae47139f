"""What the forms of every page of the room have in common."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.kit.errors import Refusal

TOO_LONG = _("C’est trop long\u202f: %(limit_value)d caractères au plus, vous en avez écrit %(show_value)d.")
UNREADABLE_DAY = _("Cette date n’est pas lisible. Exemple\u202f: 19/12/2026")


class PlainForm(forms.Form):
    """The server says what is missing, in plain words: browsers do not stop a form on their own."""

    use_required_attribute = False


class AddressField(forms.EmailField):
    """An e-mail address, in small letters: it is compared with those that were typed before."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("Cette adresse est incomplète. Exemple\u202f: camille@exemple.fr")
    }

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).strip().lower()


def day_field(label: Any, *, missing: Any = None, invalid: Any = UNREADABLE_DAY, **more: Any) -> forms.DateField:
    """`missing`: what is said where nothing is written."""
    said = {"invalid": invalid, **({"required": missing} if missing else {})}
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages=said,
        **more,
    )


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Puts a service's no beside the field that caused it, where the form has it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
