from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.authorities.facade import AuthorityView
from parvis.procurement.labels import nature_choices
from parvis.procurement.rules import procedures
from parvis.procurement.selectors.listing import Filters, When
from parvis.procurement.web.entry.fields import DraftForm

WHEN = (
    ("open", _("En cours")),
    ("7", _("En cours, encore 7 jours au plus")),
    ("30", _("En cours, encore 30 jours au plus")),
    ("closed", _("Closes")),
    ("all", _("Toutes")),
)


class FilterForm(DraftForm):
    """The filters of a public list. Nothing is ever refused: what cannot be understood is left out."""

    q = forms.CharField(label=_("Chercher"), max_length=200, widget=forms.TextInput(attrs={"type": "search"}))
    collectivite = forms.ChoiceField(label=_("Acheteur"))
    nature = forms.ChoiceField(label=_("Nature"))
    procedure = forms.ChoiceField(label=_("Procédure"))
    etat = forms.ChoiceField(label=_("Date limite"), choices=WHEN)

    def __init__(self, data: Any, authorities: list[AuthorityView]) -> None:
        values = {"etat": "open", **{name: data[name] for name in data if name in self.base_fields}}
        super().__init__(values)
        self.slugs = {house.slug: house.id for house in authorities}
        any_of: list[tuple[str, Any]] = [("", _("Toutes"))]
        self._choose("collectivite", [("", _("Tous")), *((house.slug, house.name) for house in authorities)])
        self._choose("nature", [*any_of, *nature_choices()])
        self._choose("procedure", [*any_of, *((one.code, one.short) for one in procedures())])
        if not authorities:
            del self.fields["collectivite"]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        self.is_valid()
        values = self.cleaned_data
        state = values.get("etat") or "open"
        return Filters(
            text=values.get("q", "").strip(),
            authority_id=self.slugs.get(values.get("collectivite", "")),
            nature=values.get("nature", ""),
            procedure=values.get("procedure", ""),
            when=cast(When, "open" if state.isdigit() else state),
            within_days=int(state) if state.isdigit() else None,
        )


class WatchForm(forms.Form):
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        error_messages={
            "required": _("Écrivez votre adresse, par exemple atelier@exemple.fr."),
            "invalid": _("Cette adresse est incomplète. Exemple\u202f: atelier@exemple.fr"),
        },
    )
