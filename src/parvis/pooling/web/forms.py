"""What the forms of every page of the room have in common: amounts as people type them, dates, empty answers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.kit.errors import Refusal
from parvis.kit.money import euros, parse_euros


class PlainForm(forms.Form):
    """The server says what is missing, in plain words: browsers do not stop a form on their own."""

    use_required_attribute = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        ask_plainly(self)


def ask_plainly(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        field.error_messages["required"] = _("Il manque cette réponse\u202f: écrivez-la pour continuer.")


class EurosField(forms.CharField):
    """An amount in cents from "1 250,50"; shown again as it is written in French."""

    def __init__(self, *, allow_zero: bool = True, **options: Any) -> None:
        super().__init__(max_length=30, **options)
        self.allow_zero = allow_zero
        self.widget.attrs.setdefault("inputmode", "decimal")

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            cents = parse_euros(text)
        except ValueError as error:
            raise ValidationError(
                _now("«\u202f%s\u202f» n’est pas un montant. Exemple\u202f: 1 250,50") % text
            ) from error
        if cents < 0 or (cents == 0 and not self.allow_zero) or cents > 10**13:
            raise ValidationError(_now("Écrivez un montant positif, en euros. Exemple\u202f: 1 250,50"))
        return cents

    def prepare_value(self, value: Any) -> Any:
        return euros(value).removesuffix("\u00a0€") if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day that dates may be counted from: four years after 31/12/9999 there is no day."""

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year < 2200:
            raise ValidationError(_now("Vérifiez l’année de cette date. Écrivez par exemple 12/01/2027."))
        return day


def day_field(label: Any, **more: Any) -> DayField:
    return DayField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Cette date n’existe pas. Écrivez par exemple 12/01/2027.")},
        **more,
    )


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Puts a service's no beside the field that caused it, where the form has it."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
