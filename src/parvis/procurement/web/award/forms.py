"""The award as the buyer types it: who, for how much, when."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.procurement.contracts import AwardInput, AwardView
from parvis.procurement.models import Consultation, Lot
from parvis.procurement.selectors.results import Bidder
from parvis.procurement.web.entry.fields import MoneyField, day_field

ANOTHER = "autre"


def _text(label: Any, length: int, missing: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, help_text=help_text, required=required, error_messages={"required": missing}
    )


def _money(label: Any, missing: Any = "", help_text: Any = "", *, required: bool = True) -> MoneyField:
    return MoneyField(label=label, help_text=help_text, required=required, error_messages={"required": missing})


class AwardForm(forms.Form):
    """What is asked depends on the consultation: the companies whose bid was opened, a price or a maximum."""

    use_required_attribute = False
    company = forms.ChoiceField(
        label=_("À quelle entreprise le marché est-il attribué\u202f?"), widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez l’entreprise, ou «\u202fUne autre entreprise\u202f».")},
    )  # fmt: skip
    contractor_name = _text(
        _("Nom de l’autre entreprise"),
        200,
        _("Donnez le nom de l’entreprise, tel qu’il est au registre."),
        _("Pour un groupement d’entreprises, son mandataire."),
    )
    contractor_siret = _text(
        _("Numéro SIRET de l’autre entreprise"),
        30,
        _("Donnez le numéro SIRET de l’entreprise\u202f: 14 chiffres."),
        _("14 chiffres. Exemple\u202f: 216 800 722 00011."),
    )
    amount_cents = _money(_("Montant du marché, hors taxes"), _("Donnez le montant du marché, hors taxes."))
    framework_min_cents = _money(_("Minimum de l’accord-cadre, hors taxes"), required=False)
    framework_max_cents = _money(
        _("Maximum de l’accord-cadre, hors taxes"),
        _("Donnez le maximum de l’accord-cadre, hors taxes."),
        _("Aucun bon de commande n’ira au-delà."),
    )
    duration_months = forms.IntegerField(
        label=_("Durée, en mois"), min_value=1, max_value=600, help_text=_("Reconductions comprises."),
        error_messages={
            "required": _("Donnez la durée en mois, par exemple 48 pour quatre ans."),
            "invalid": _("Écrivez un nombre entier de mois, par exemple 12."),
            "min_value": _("Un marché dure au moins un mois. Écrivez par exemple 12."),
            "max_value": _("600 mois au plus. Écrivez par exemple 48 pour quatre ans."),
        },
    )  # fmt: skip
    title = _text(_("Intitulé du marché"), 200, _("Donnez l’intitulé du marché."))
    reference = _text(_("Numéro du marché"), 40, _("Donnez le numéro que porte le marché dans vos dossiers."))
    decided_on = day_field(
        _("Date de la décision d’attribution"),
        help_text=_("Celle de la commission d’appel d’offres, ou de qui décide à sa place."),
    )
    signed_on = day_field(_("Date de signature"), required=False, help_text=_("Vide si ce n’est pas encore fait."))
    notified_on = day_field(
        _("Date de notification au titulaire"), required=False, help_text=_("Vide si ce n’est pas encore fait.")
    )

    why = _text(
        _("Qu’est-ce qui était faux\u202f?"),
        300,
        _("Dites en une phrase ce qui était faux\u202f: la correction reste au dossier."),
        _("Une phrase, gardée au dossier. Exemple\u202f: un zéro de trop dans le montant."),
    )

    def __init__(
        self,
        data: Any,
        found: Consultation,
        lot: Lot | None,
        bidders: list[Bidder],
        correcting: AwardView | None = None,
    ) -> None:
        super().__init__(data, initial=_recorded(correcting, bidders) if correcting else _initial(found, lot))
        if correcting is None:
            del self.fields["why"]
        self.bidders: Mapping[str, Bidder] = {one.siret: one for one in bidders}
        for name in ("amount_cents",) if found.framework else ("framework_min_cents", "framework_max_cents"):
            del self.fields[name]
        self.fields["decided_on"].error_messages["required"] = _("Donnez la date de la décision.")
        if not bidders:
            del self.fields["company"]
            self.fields["contractor_name"].label = _("Nom de l’entreprise")
            self.fields["contractor_siret"].label = _("Numéro SIRET de l’entreprise")
            return
        choices = [(one.siret, one.label) for one in bidders]
        self.fields["company"].choices = [*choices, (ANOTHER, _("Une autre entreprise"))]  # type: ignore[attr-defined]
        for name in ("contractor_name", "contractor_siret"):
            self.fields[name].required = False

    def clean(self) -> None:
        """A chosen company has its name and number already; another must be told."""
        if known := self.bidders.get(self.cleaned_data.get("company", "")):
            self.cleaned_data |= {"contractor_name": known.name, "contractor_siret": known.siret}
            return
        if "company" in self.errors:
            return
        for name in ("contractor_name", "contractor_siret"):
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, str(self.fields[name].error_messages["required"]))

    def terms(self) -> AwardInput:
        return AwardInput(
            **{name: value for name, value in self.cleaned_data.items() if name not in {"company", "why"}}
        )


def _initial(found: Consultation, lot: Lot | None) -> dict[str, Any]:
    """A framework agreement announces its bounds for all lots together: each lot has its own to be given."""
    return {
        "title": lot.title if lot else found.title,
        "reference": f"{found.reference}-{lot.number}" if lot else found.reference,
        "duration_months": found.duration_months,
        "framework_min_cents": None if lot else found.framework_min_cents,
        "framework_max_cents": None if lot else found.framework_max_cents,
    }


def _recorded(award: AwardView, bidders: list[Bidder]) -> dict[str, Any]:
    """A company that the list knows is ticked there; another is named below."""
    known = any(one.siret == award.contractor_siret for one in bidders)
    named = {} if known else {"contractor_name": award.contractor_name, "contractor_siret": award.contractor_siret}
    kept = (
        "title", "reference", "duration_months", "amount_cents", "framework_min_cents", "framework_max_cents",
        "decided_on", "signed_on", "notified_on",
    )  # fmt: skip
    values = {name: getattr(award, name) for name in kept}
    return {**values, **named, "company": award.contractor_siret if known else ANOTHER}


class DatesForm(forms.Form):
    """Only the days that are not recorded yet."""

    use_required_attribute = False
    signed_on = day_field(_("Date de signature"), required=False)
    notified_on = day_field(
        _("Date de notification au titulaire"), required=False, help_text=_("Vide si ce n’est pas encore fait.")
    )

    def __init__(self, data: Any, award: AwardView) -> None:
        super().__init__(data)
        for name in ("signed_on", "notified_on"):
            if getattr(award, name) is not None:
                del self.fields[name]

    def clean(self) -> None:
        first = next(iter(self.fields))
        if not self.errors and not any(self.cleaned_data.values()):
            self.add_error(first, _("Donnez une date, ou revenez quand elle sera connue."))
