"""Lots and criteria: pages of repeated rows."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from parvis.procurement.models import Consultation, Criterion, Lot
from parvis.procurement.rules import cpv_error
from parvis.procurement.services.save_draft import CriterionInput, LotInput
from parvis.procurement.web.entry.fields import DraftForm, MoneyField, WeightField


class Rows(BaseFormSet[Any]):
    """Rows that may be removed; rows left empty do not count."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Retirer")
        form.fields["DELETE"].required = True  # so that it is not called optional

    def kept(self) -> list[dict[str, Any]]:
        """The right values of the rows that stay, in order; a row in error keeps what is right in it."""
        found = []
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            marked = form.data.get(form.add_prefix("DELETE"))
            if marked or not any(
                value not in (None, "") for name, value in values.items() if name not in {"DELETE", "id"}
            ):
                continue
            found.append(values)
        return found


class LotForm(DraftForm):
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Intitulé du lot"), max_length=200)
    cpv = forms.CharField(label=_("Code CPV"), max_length=10, required=False)
    estimated_cents = MoneyField(label=_("Valeur estimée, € HT"), required=False)

    def clean_cpv(self) -> str:
        code = str(self.cleaned_data["cpv"]).strip()
        if code and (error := cpv_error(code)):
            raise ValidationError(error)
        return code


class CriterionForm(DraftForm):
    label = forms.CharField(label=_("Critère"), max_length=200)
    weight = WeightField(label=_("Poids, sur 100"))
    lot = forms.ChoiceField(label=_("Porte sur"), required=False)

    def __init__(self, *arguments: Any, lots: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        if lots:
            self.fields["lot"].choices = [("", _("Tous les lots")), *lots]  # type: ignore[attr-defined]
            self.fields["lot"].required = True
        else:
            del self.fields["lot"]


def lot_rows(data: Any, consultation: Consultation, extra: int = 0) -> Any:
    lots = Lot.objects.filter(consultation=consultation).order_by("number")
    initial = [{"id": x.id, "title": x.title, "cpv": x.cpv, "estimated_cents": x.estimated_cents} for x in lots]
    made = formset_factory(LotForm, formset=Rows, extra=extra, can_delete=True, max_num=200, absolute_max=220)
    # With data, the rows are what was sent: beside what is stored, a row sent again would look empty and be dropped.
    return made(data, initial=initial if data is None else None, prefix="lots")


def criterion_rows(data: Any, consultation: Consultation, extra: int = 0) -> Any:
    lots = [
        (str(lot.number), f"Lot {lot.number}\u202f: {lot.title}")
        for lot in Lot.objects.filter(consultation=consultation).order_by("number")
    ]
    criteria = Criterion.objects.filter(consultation=consultation).select_related("lot").order_by("position", "id")
    initial = [
        {"label": one.label, "weight": one.weight_hundredths or None, "lot": str(one.lot.number) if one.lot else ""}
        for one in criteria
    ]
    made = formset_factory(CriterionForm, formset=Rows, extra=extra, can_delete=True, max_num=200, absolute_max=220)
    # With data, the rows are what was sent: beside what is stored, a row sent again would look empty and be dropped.
    return made(data, initial=initial if data is None else None, prefix="criteres", form_kwargs={"lots": lots})


def lots_from(rows: Any) -> list[LotInput]:
    return [
        LotInput(
            title=values.get("title", ""),
            cpv=values.get("cpv", ""),
            estimated_cents=values.get("estimated_cents"),
            id=_uuid(values.get("id")),
        )
        for values in rows.kept()
    ]


def criteria_from(rows: Any) -> list[CriterionInput]:
    """A criterion without a weight yet is kept at zero, which publication refuses."""
    return [
        CriterionInput(
            label=values.get("label", ""),
            weight_hundredths=values.get("weight") or 0,
            lot=int(values["lot"]) if values.get("lot") else None,
        )
        for values in rows.kept()
    ]


def _uuid(value: Any) -> UUID | None:
    return value if isinstance(value, UUID) else None
