"""Forms of a group: what it is, who joins it, what its members need, what its coordinator does."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.authorities.facade import AuthorityView
from parvis.pooling.models import JointProcurement, Need
from parvis.pooling.rules import KINDS
from parvis.pooling.web.forms import DayField, EurosField, PlainForm, day_field

PAPER_HINT = _("Un fichier PDF de préférence, 20\u00a0Mo au plus.")


class LastDayField(DayField):
    """A last day as people say it; in the rows, the first day without."""

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        return day + timedelta(days=1) if day else None

    def prepare_value(self, value: Any) -> Any:
        return value - timedelta(days=1) if isinstance(value, date) else value


def last_day_field(label: Any, **more: Any) -> LastDayField:
    return LastDayField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Cette date n’existe pas. Écrivez par exemple 31/12/2030.")},
        **more,
    )


class GroupForm(PlainForm):
    name = forms.CharField(
        label=_("Nom du groupement"), max_length=160, help_text=_("Exemple\u202f: Services numériques des communes.")
    )
    purpose = forms.CharField(
        label=_("Objet"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce que vous achetez ensemble, en deux phrases. Les habitants et les entreprises le liront."),
    )  # fmt: skip
    decision = forms.CharField(
        label=_("Délibération de l’agglomération qui crée le groupement"), max_length=80,
        help_text=_("Son numéro ou son intitulé."),
    )  # fmt: skip
    decided_on = day_field(_("Prise le"))
    starts_on = day_field(
        _("Commence le"),
        required=False,
        help_text=_("Prévu\u202f: vous le confirmerez à la signature de la convention."),
    )
    ends_on = last_day_field(_("Dernier jour du groupement"), required=False)
    cpv = forms.CharField(
        label=_("Code CPV"), max_length=10, required=False, help_text=_("Repris par la consultation.")
    )
    information_days = forms.IntegerField(
        label=_("Délai d’information mutuelle, en jours"), min_value=1, max_value=90, initial=10,
        help_text=_("Avant chaque commande, les autres membres ont ce temps pour répondre ou s’y joindre."),
    )  # fmt: skip
    vat_mode = forms.ChoiceField(
        label=_("Qui paie le titulaire\u202f?"), choices=JointProcurement._meta.get_field("vat_mode").choices or [],
        widget=forms.RadioSelect, initial="recharge",
    )  # fmt: skip
    instalments = forms.IntegerField(label=_("Acomptes par an"), min_value=1, max_value=12, initial=2)
    public = forms.BooleanField(
        label=_("Montrer le groupement au public"), required=False, initial=True,
        help_text=_("Objet, membres, accord-cadre et parts annuelles. Une commune peut alors demander à le rejoindre."),
    )  # fmt: skip


class StartForm(PlainForm):
    signed_on = day_field(_("Convention constitutive signée le"))
    starts_on = day_field(_("Le groupement commence le"))
    ends_on = last_day_field(_("Son dernier jour"), help_text=_("Aucun membre ne quitte le groupement avant."))
    file = forms.FileField(label=_("Convention constitutive signée"), help_text=PAPER_HINT)


class InviteForm(PlainForm):
    member = forms.ChoiceField(label=_("Quelle collectivité inviter\u202f?"))

    def __init__(self, *arguments: Any, candidates: Sequence[AuthorityView], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choisir")), *((str(one.id), one.name) for one in candidates)]


class NotifyForm(PlainForm):
    """`needs`: whether the commune has stated some; otherwise it says why there is none."""

    decision = forms.CharField(
        label=_("Décision d’adhésion"), max_length=80, help_text=_("Son numéro ou son intitulé.")
    )
    decided_on = day_field(_("Prise le"))
    notified_on = day_field(
        _("Notifiée le"), required=False,
        help_text=_("Laissez vide pour aujourd’hui. Une date passée si vous l’avez déjà adressée au coordinateur."),
    )  # fmt: skip
    file = forms.FileField(label=_("La décision signée"), help_text=PAPER_HINT)
    no_need = forms.CharField(
        label=_("Pourquoi aucun besoin n’est encore écrit"), max_length=300, required=False,
        help_text=_("Exemple\u202f: nos services les choisiront au printemps. Ou écrivez d’abord un besoin."),
    )  # fmt: skip
    service_code = forms.CharField(
        label=_("Code service pour les relevés"), max_length=40, required=False,
        help_text=_("Celui que votre comptable attend sur ce que vous devrez."),
    )  # fmt: skip
    commitment = forms.CharField(label=_("Numéro d’engagement"), max_length=40, required=False)

    def __init__(self, *arguments: Any, needs: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if needs:
            del self.fields["no_need"]


class AcceptForm(PlainForm):
    effective_on = day_field(_("Membre à partir du"))


class ReturnForm(PlainForm):
    missing = forms.CharField(
        label=_("Ce qui manque"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=_("La commune reçoit ce texte tel quel et notifie de nouveau sa décision."),
    )  # fmt: skip


class NeedForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("De quelle nature\u202f?"), choices=[(one.code, one.label) for one in KINDS.values()]
    )
    label = forms.CharField(
        label=_("Le besoin"), max_length=200,
        help_text=_("En quelques mots. Écrit comme vos voisins, il s’additionne au leur."),
    )  # fmt: skip
    quantity = forms.IntegerField(label=_("Quantité"), min_value=1, max_value=1_000_000, initial=1)
    unit = forms.CharField(
        label=_("Unité"), max_length=40, required=False, help_text=_("Exemple\u202f: an, jour, forfait.")
    )
    estimated_cents = EurosField(
        label=_("Estimation sur toute la durée, hors taxes"), required=False,
        help_text=_("Laissez vide si vous ne savez pas."),
    )  # fmt: skip
    wanted_on = day_field(_("Souhaité pour le"), required=False)
    remark = forms.CharField(label=_("Précisions"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


def need_initial(need: Need) -> dict[str, Any]:
    return {name: getattr(need, name) for name in NeedForm.base_fields}


class ConsolidateForm(PlainForm):
    title = forms.CharField(label=_("Intitulé de la consultation"), max_length=200)
    nature = forms.ChoiceField(
        label=_("Nature"), widget=forms.RadioSelect, initial="services",
        choices=[("services", _("Services")), ("supplies", _("Fournitures")), ("works", _("Travaux"))],
    )  # fmt: skip
    cpv = forms.CharField(label=_("Code CPV"), max_length=10, required=False)
    min_cents = EurosField(label=_("Minimum hors taxes"), required=False)
    max_cents = EurosField(label=_("Maximum hors taxes, pour tous les membres ensemble"), allow_zero=False)
    duration_months = forms.IntegerField(label=_("Durée, en mois"), min_value=1, max_value=120)


class TaskForm(PlainForm):
    label = forms.CharField(label=_("Tâche"), max_length=200)
    due_on = day_field(_("Pour le"), required=False)
    note = forms.CharField(label=_("Remarque"), max_length=300, required=False)


class DutyForm(PlainForm):
    """A duty of the procedure keeps its words."""

    due_on = day_field(_("Pour le"), required=False, help_text=_("Laissez vide pour la date que donnent les faits."))
    note = forms.CharField(label=_("Remarque"), max_length=300, required=False)


class DoneForm(PlainForm):
    done_on = day_field(_("Fait le"), required=False, help_text=_("Laissez vide pour aujourd’hui."))
    note = forms.CharField(label=_("Remarque"), max_length=300, required=False)


class DisputeForm(PlainForm):
    subject = forms.CharField(label=_("Objet du litige"), max_length=200)
    opponent = forms.CharField(label=_("Avec qui"), max_length=160)
    opened_on = day_field(_("Commencé le"))
    account = forms.CharField(
        label=_("Ce qui s’est passé"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Les membres du groupement le liront\u202f; le public, non."),
    )  # fmt: skip
    file = forms.FileField(label=_("Une pièce"), required=False, help_text=PAPER_HINT)


class CloseDisputeForm(PlainForm):
    closed_on = day_field(_("Réglé le"))
    outcome = forms.CharField(label=_("Comment il s’est réglé"), widget=forms.Textarea(attrs={"rows": 4}))
