"""The pages of the entry, one group of questions each. Texts are in French, amounts in euros, hours in Paris time."""

from datetime import time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from parvis.procurement.labels import PURCHASE_ORDERS, nature_choices
from parvis.procurement.models import Consultation
from parvis.procurement.models.consultation import OpeningOrder
from parvis.procurement.rules import cpv_error, nuts_error, procedures, reference_error, technique
from parvis.procurement.web.entry.codes import cpv_list, department_choices
from parvis.procurement.web.entry.fields import DraftForm, MoneyField, day_field, hour_field, paris_instant, paris_parts


class StepForm(DraftForm):
    """A page that edits fields of the consultation by their own names."""

    def __init__(self, data: Any, consultation: Consultation) -> None:
        self.consultation = consultation
        super().__init__(data, initial=self.values_of(consultation))

    def values_of(self, consultation: Consultation) -> dict[str, Any]:
        return {name: getattr(consultation, name) for name in self.base_fields if hasattr(consultation, name)}


def _text(label: Any, length: int, help_text: Any = "", *, required: bool = True, rows: int = 0) -> forms.CharField:
    message = _("C’est trop long\u202f: %(limit_value)d caractères au plus, vous en avez écrit %(show_value)d.")
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, max_length=length, help_text=help_text, required=required, widget=widget,
        error_messages={"max_length": message},
    )  # fmt: skip


class SubjectForm(StepForm):
    title = _text(
        _("Intitulé"),
        200,
        _("C’est lui que les entreprises cherchent. Exemple\u202f: Réfection de la toiture de l’école."),
    )
    nature = forms.ChoiceField(label=_("Nature de l’achat"), widget=forms.RadioSelect)
    purpose = _text(_("Objet du marché"), 4000, _("Quelques phrases\u202f: quoi, où, pour qui, pour quand."), rows=6)
    reference = _text(
        _("Référence"), 40, _("Celle que portent vos courriers et vos pièces. Exemple\u202f: 2027-T-004.")
    )
    cpv = _text(_("Code CPV"), 10, _("Le vocabulaire européen des achats\u202f: 8 chiffres. Exemple\u202f: 45261910."))
    place_nuts = _text(_("Département d’exécution"), 5, _("Code NUTS à 5 caractères. Haut-Rhin\u202f: FRF12."))
    place = _text(
        _("Précision sur le lieu"), 200, _("Exemple\u202f: école du Centre, 3 rue des Tilleuls."), required=False
    )
    duration_months = forms.IntegerField(
        label=_("Durée du marché, en mois"), min_value=1, max_value=600, help_text=_("Reconductions comprises."),
        error_messages={
            "invalid": _("Écrivez un nombre entier de mois, par exemple 12."),
            "min_value": _("Un marché dure au moins un mois. Écrivez par exemple 12."),
            "max_value": _("600 mois au plus. Écrivez par exemple 48 pour quatre ans."),
        },
    )  # fmt: skip

    def __init__(self, data: Any, consultation: Consultation) -> None:
        super().__init__(data, consultation)
        self.fields["nature"].choices = nature_choices()  # type: ignore[attr-defined]
        departments = department_choices()
        if departments:
            choices = [("", _("Choisissez un département")), *departments]
            self.fields["place_nuts"] = forms.ChoiceField(label=_("Département d’exécution"), choices=choices)

    def clean_reference(self) -> str:
        reference = str(self.cleaned_data["reference"]).strip().upper()
        if error := reference_error(reference):
            raise ValidationError(error)
        return reference

    def clean_cpv(self) -> str:
        code = str(self.cleaned_data["cpv"]).strip()
        if not code:
            return ""
        if error := cpv_error(code):
            raise ValidationError(error)
        known = cpv_list()
        if known and known.label(code) is None:
            message = _(
                "Le code %(code)s n’est pas dans la liste. Cherchez-le ci-dessous par un mot, par exemple toiture."
            )
            raise ValidationError(message % {"code": code})
        return code

    def clean_place_nuts(self) -> str:
        code = str(self.cleaned_data["place_nuts"]).strip().upper()
        if code and (error := nuts_error(code)):
            raise ValidationError(error)
        return code


class ProcedureForm(StepForm):
    estimated_cents = MoneyField(
        label=_("Valeur estimée hors taxes"),
        help_text=_(
            "Tous les lots, toute la durée, reconductions comprises. Confidentielle\u202f: elle ne sort pas du bureau."
        ),
    )
    procedure = forms.ChoiceField(label=_("Procédure"), widget=forms.RadioSelect)
    framework = forms.BooleanField(required=False)
    framework_min_cents = MoneyField(label=_("Minimum de l’accord-cadre"), required=False)
    framework_max_cents = MoneyField(
        label=_("Maximum de l’accord-cadre"),
        required=False,
        help_text=_("Obligatoire pour un accord-cadre\u202f: il est public."),
    )

    def __init__(self, data: Any, consultation: Consultation) -> None:
        super().__init__(data, consultation)
        shape = technique(PURCHASE_ORDERS)
        choices = [
            (one.code, format_html('{}<br><span class="field__hint">{}</span>', one.label, one.help))
            for one in procedures()
        ]
        self.fields["procedure"].choices = choices  # type: ignore[attr-defined]
        self.fields["framework"].label = shape.label
        self.fields["framework"].help_text = f"{shape.help} {shape.estimate_help}"

    def clean(self) -> None:
        low, high = self.cleaned_data.get("framework_min_cents"), self.cleaned_data.get("framework_max_cents")
        if low is not None and high is not None and low > high:
            message = _("Le maximum est inférieur au minimum. Corrigez l’un des deux.")
            self.add_error("framework_max_cents", message)
            self.cleaned_data.pop("framework_min_cents", None)


class EnvelopesForm(StepForm):
    application_expected = forms.BooleanField(
        label=_("Demander une enveloppe de candidature"), required=False,
        help_text=_("Elle est commune à tous les lots. Chaque lot a en plus sa propre enveloppe d’offre."),
    )  # fmt: skip
    opening_order = forms.ChoiceField(
        label=_("En séance, la commission ouvre"), choices=OpeningOrder.choices, widget=forms.RadioSelect
    )
    backup_copy = forms.BooleanField(
        label=_("Admettre une copie de sauvegarde"), required=False,
        help_text=_("Une entreprise peut alors aussi remettre son pli sur un support physique, dans les délais."),
    )  # fmt: skip
    discard_keys = forms.BooleanField(label=_("Refaire la cérémonie des clés"), required=False)

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in super().changes().items() if name != "discard_keys"}

    def clean_opening_order(self) -> str:
        return str(self.cleaned_data["opening_order"] or self.consultation.opening_order)


class CalendarForm(StepForm):
    dispatch_on = day_field(_("Envoi de l’avis"), required=False, help_text=_("Vide\u202f: le jour de la publication."))
    urgent = forms.BooleanField(
        label=_("Urgence"), required=False,
        help_text=_("Le délai est plus court\u202f; vous devrez pouvoir dire pourquoi."),
    )  # fmt: skip
    prior_notice = forms.BooleanField(label=_("Un avis de préinformation a déjà paru"), required=False)
    deadline_day = day_field(_("Date limite de dépôt des plis"))
    deadline_hour = hour_field(_("Heure limite, à Paris"))
    questions_day = day_field(_("Dernier jour des questions"), required=False)
    questions_hour = hour_field(_("Heure, à Paris"), required=False)

    _pairs: ClassVar[dict[str, tuple[str, str]]] = {
        "deadline": ("deadline_day", "deadline_hour"),
        "questions_until": ("questions_day", "questions_hour"),
    }

    def values_of(self, consultation: Consultation) -> dict[str, Any]:
        values = super().values_of(consultation)
        for name, (day, hour) in self._pairs.items():
            values[day], values[hour] = paris_parts(getattr(consultation, name))
        values["deadline_hour"] = values["deadline_hour"] or time(12)
        return values

    def clean(self) -> None:
        for name, (day, hour) in self._pairs.items():
            if day in self.errors or hour in self.errors:
                continue
            self._join(name, day, hour)

    def _join(self, name: str, day: str, hour: str) -> None:
        date, clock_time = self.cleaned_data.get(day), self.cleaned_data.get(hour)
        if date is None:
            self.cleaned_data[name] = None
            return
        if clock_time is None:
            self.add_error(hour, _("Donnez aussi l’heure, par exemple 12:00."))
            return
        try:
            self.cleaned_data[name] = paris_instant(date, clock_time)
        except ValidationError as error:
            self.add_error(hour, error)

    def changes(self) -> dict[str, Any]:
        names = {"dispatch_on", "urgent", "prior_notice", *self._pairs}
        return {name: value for name, value in self.cleaned_data.items() if name in names}


class ContactForm(StepForm):
    contact_name = _text(_("Personne ou service à joindre"), 120, _("Exemple\u202f: Service de la commande publique."))
    contact_email = forms.EmailField(
        label=_("Adresse électronique"), help_text=_("Exemple\u202f: marches@commune.fr"),
        error_messages={"invalid": _("Cette adresse est incomplète. Exemple\u202f: marches@commune.fr")},
    )  # fmt: skip
    contact_phone = _text(_("Téléphone"), 30, _("Exemple\u202f: 03 89 00 00 00"), required=False)


class NewForm(DraftForm):
    """The first question: enough to open a file, the rest can wait."""

    title = _text(_("Que voulez-vous acheter\u202f?"), 200, _("Exemple\u202f: Réfection de la toiture de l’école."))
    nature = forms.ChoiceField(label=_("C’est un marché de"), widget=forms.RadioSelect)
    is_test = forms.BooleanField(
        label=_("Consultation d’essai"), required=False,
        help_text=_("Pour s’entraîner\u202f: elle reste hors des listes et n’engage personne."),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["nature"].choices = nature_choices()  # type: ignore[attr-defined]

    def clean(self) -> None:
        if not self.cleaned_data.get("title"):
            self.add_error("title", _("Donnez un intitulé\u202f: vous pourrez le changer jusqu’à la publication."))
        if not self.cleaned_data.get("nature"):
            self.add_error("nature", _("Choisissez travaux, fournitures ou services\u202f: la référence en dépend."))
