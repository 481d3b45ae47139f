"""Form fields of the agendas: hours as agents type them, minutes in words, coordinates with a comma."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.appointments.rules.hours_text import HoursTextError, parse_hours, write_hours
from parvis.appointments.web import forms as shared
from parvis.appointments.web.forms import PlainForm

_HOURS_ERRORS = {
    "unreadable": _("«\u202f{part}\u202f» n’est pas un horaire. Écrivez par exemple 8 h 30 – 12 h, 13 h 30 – 17 h."),
    "no_such_hour": _("«\u202f{part}\u202f» n’existe pas\u202f: les heures vont de 0 h à 23 h 59."),
    "backwards": _("«\u202f{part}\u202f» finit avant de commencer. Écrivez l’ouverture, puis la fermeture."),
    "overlap": _("{part} chevauche une autre période du même jour. Écrivez chaque heure une seule fois."),
}


class DeskForm(PlainForm):
    """A form whose empty answers are asked for in plain words."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        ask_plainly(self)


def ask_plainly(form: forms.BaseForm) -> None:
    for field in form.fields.values():
        field.error_messages["required"] = _("Il manque cette réponse\u202f: écrivez-la pour continuer.")
        if isinstance(field, forms.IntegerField) and not isinstance(field, forms.FloatField):
            field.error_messages["invalid"] = _("Écrivez un nombre entier, par exemple 20.")
            field.error_messages["min_value"] = _("Écrivez %(limit_value)s au moins.")
            field.error_messages["max_value"] = _("Écrivez %(limit_value)s au plus.")


class HoursField(forms.CharField):
    """The periods of one day; none when it is left empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_hours(text)
        except HoursTextError as error:
            raise ValidationError(str(_HOURS_ERRORS[error.code]).format(part=error.part)) from error

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else write_hours(value)


class CoordinateField(forms.CharField):
    """Degrees from "47,7508" or "47.7508"."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return float(str(text).replace(",", ".").replace("\u2212", "-").strip())
        except ValueError as error:
            raise ValidationError(_now("Écrivez des degrés, par exemple 47,7508.")) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(value, float) else value


def number_choices(known: Iterable[tuple[int, Any]], present: int | None, unit: str) -> list[tuple[int, Any]]:
    """Choices of whole numbers; one that was set otherwise stays among them."""
    choices = list(known)
    if present is not None and present not in dict(choices):
        choices.append((present, f"{present}\u00a0{unit}"))
    return sorted(choices)


def day_field(label: Any, **more: Any) -> forms.DateField:
    return shared.day_field(label, invalid=_("Cette date n’existe pas. Écrivez par exemple 12/01/2027."), **more)


def hour_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(
        label=label, required=required, help_text=help_text, input_formats=["%H:%M", "%H:%M:%S", "%Hh%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Cette heure n’existe pas. Écrivez par exemple 12:00.")},
    )  # fmt: skip
