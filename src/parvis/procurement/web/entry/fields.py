"""Form fields of the entry: what a buyer types in French, what the draft stores."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock
from parvis.kit.errors import Refusal
from parvis.kit.money import NARROW, parse_euros
from parvis.procurement.rules import paris_deadline, weight_hundredths


class DraftForm(forms.Form):
    """A form in which everything may be left for later: `required` fields are said so, and asked at publication."""

    use_required_attribute = False

    def _clean_fields(self) -> None:
        required = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        try:
            super()._clean_fields()  # type: ignore[misc]
        finally:
            for name, field in self.fields.items():
                field.required = required[name]

    def changes(self) -> dict[str, Any]:
        """What is right of what was typed, by the consultation's own field names: the rest waits to be corrected."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.fields}


class MoneyField(forms.CharField):
    """Euro cents from "12 500,50"; None when empty."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        if not text.strip():
            return None
        try:
            cents = parse_euros(text)
        except ValueError as error:
            message = _("«\u202f%(text)s\u202f» n’est pas un montant. Écrivez par exemple 12 500 ou 12 500,50.")
            raise ValidationError(message % {"text": text}) from error
        if not 0 <= cents < 10**15:
            raise ValidationError(_("Écrivez un montant positif, par exemple 12 500,50."))
        return cents

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        whole, part = divmod(value, 100)
        text = f"{whole:,}".replace(",", NARROW)
        return f"{text},{part:02d}" if part else text


class WeightField(forms.CharField):
    """Hundredths of a percent point from "40" or "33,33"; None when empty."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        if not text.strip():
            return None
        try:
            return weight_hundredths(text)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        whole, part = divmod(value, 100)
        return f"{whole},{part:02d}" if part else str(whole)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    message = _("Cette date n’existe pas. Écrivez par exemple 12/01/2027.")
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": message},
    )


def hour_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TimeField:
    message = _("Cette heure n’existe pas. Écrivez par exemple 12:00.")
    return forms.TimeField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%H:%M", "%H:%M:%S", "%Hh%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": message},
    )


def paris_parts(instant: datetime | None) -> tuple[date | None, time | None]:
    """The day and the hour in Paris of a stored instant."""
    if instant is None:
        return None, None
    local = instant.astimezone(clock.PARIS)
    return local.date(), local.time().replace(tzinfo=None)


def paris_instant(day: date, hour: time) -> datetime:
    """The UTC instant of a Paris day and hour. Raises ValidationError in the two nights when the clocks change."""
    try:
        return paris_deadline(datetime.combine(day, hour))
    except Refusal as refusal:
        raise ValidationError(refusal.message) from refusal
