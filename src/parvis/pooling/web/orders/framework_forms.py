"""Forms of a framework agreement: its terms, its schedule, its amendments, who was named at the launch."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.kit.jinja import typo
from parvis.pooling.models import FrameworkAgreement
from parvis.pooling.rules.framework_terms import Amendment, Earlier, FrameworkTerms
from parvis.pooling.rules.schedule import PriceRow, read_schedule
from parvis.pooling.services.write_earlier import Proof
from parvis.pooling.web.forms import EurosField, PlainForm, day_field
from parvis.pooling.web.groups.forms import last_day_field
from parvis.procurement.facade import AwardView

MOST_BYTES = 500_000


EARLIER = ("earlier_cents", "earlier_until", "earlier_source", "earlier_file")


class FrameworkForm(PlainForm):
    """`fresh`: an existing contract, which procurement does not know and asks for its signature. `earlier`: whether
    something may have been ordered already.
    """

    reference = forms.CharField(label=_("Référence"), max_length=40, help_text=_("Celle du marché."))
    title = forms.CharField(label=_("Intitulé"), max_length=200)
    contractor_name = forms.CharField(label=_("Titulaire"), max_length=160)
    contractor_siret = forms.CharField(label=_("SIRET du titulaire"), max_length=20, help_text=_("14 chiffres."))
    contractor_email = forms.EmailField(
        label=_("Courriel où envoyer les commandes"), required=False,
        help_text=_("Chaque bon de commande y part en PDF dès son émission. Vide\u202f: vous l’envoyez vous-même."),
    )  # fmt: skip
    launched_on = day_field(
        _("Procédure lancée le"), help_text=_("Les membres de ce jour-là sont ceux que la procédure nommait.")
    )
    awarded_on = day_field(_("Décision d’attribution du"))
    signed_on = day_field(_("Signé le"))
    notified_on = day_field(_("Notifié le"))
    starts_on = day_field(_("Premier jour"))
    ends_on = last_day_field(_("Dernier jour"), help_text=_("Quatre ans au plus."))
    term_reason = forms.CharField(
        label=_("Pourquoi plus de quatre ans"), max_length=300, required=False,
        help_text=_("Seulement dans ce cas, que la loi réserve à des situations rares (à confirmer par un juriste)."),
    )  # fmt: skip
    min_cents = EurosField(
        label=_("Minimum hors taxes"), required=False, help_text=_("Garanti au titulaire. Vide\u202f: aucun.")
    )
    max_cents = EurosField(
        label=_("Maximum hors taxes"), allow_zero=False,
        help_text=_("Pour tous les membres ensemble. Aucune commande n’ira au-delà."),
    )  # fmt: skip
    earlier_cents = EurosField(
        label=_("Déjà commandé avant Parvis, hors taxes"), required=False,
        help_text=_("Tous les membres ensemble, depuis le début du contrat. Vide\u202f: rien."),
    )  # fmt: skip
    earlier_until = day_field(
        _("Jusqu’au"),
        required=False,
        help_text=_("Le jour de la dernière commande comptée. Ensuite, tout se passe ici."),
    )
    earlier_source = forms.CharField(
        label=_("D’où vient ce montant"), required=False, max_length=300,
        help_text=_("Exemple\u202f: état des commandes tenu par le service des finances."),
    )  # fmt: skip
    earlier_file = forms.FileField(label=_("Le document qui le montre"), required=False)

    def __init__(self, *arguments: Any, fresh: bool, earlier: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in [*(() if fresh else ("signed_on",)), *(() if earlier else EARLIER)]:
            del self.fields[name]

    def terms(self) -> FrameworkTerms:
        values = {name: value for name, value in self.cleaned_data.items() if name not in EARLIER}
        values["min_cents"] = values["min_cents"] or 0
        return FrameworkTerms(**values, earlier=earlier_of(self.cleaned_data))


def earlier_of(values: dict[str, Any]) -> Earlier:
    return Earlier(values.get("earlier_cents") or 0, values.get("earlier_until"), values.get("earlier_source") or "")


def proof_of(values: dict[str, Any]) -> Proof | None:
    file = values.get("earlier_file")
    return (file.name, file) if file else None


class EarlierForm(PlainForm):
    """What was ordered before the take-up, corrected."""

    earlier_cents = EurosField(
        label=_("Déjà commandé avant Parvis, hors taxes"), required=False,
        help_text=_("Tous les membres ensemble, depuis le début du contrat. Vide\u202f: rien."),
    )  # fmt: skip
    earlier_until = day_field(_("Jusqu’au"), required=False, help_text=_("Le jour de la dernière commande comptée."))
    earlier_source = forms.CharField(label=_("D’où vient ce montant"), required=False, max_length=300)
    earlier_file = forms.FileField(label=_("Le document qui le montre"), required=False)
    reason = forms.CharField(
        label=_("Pourquoi ce montant change"), max_length=300,
        help_text=_("Lu par tous les membres. Exemple\u202f: une commande de mai avait été oubliée."),
    )  # fmt: skip


def earlier_initial(framework: FrameworkAgreement) -> dict[str, Any]:
    shown = ("earlier_cents", "earlier_until", "earlier_source")
    return {name: getattr(framework, name) for name in shown} if framework.earlier_cents else {}


def terms_initial(framework: FrameworkAgreement) -> dict[str, Any]:
    left_out = {"signed_on", *EARLIER}
    return {name: getattr(framework, name) for name in FrameworkForm.base_fields if name not in left_out}


def award_initial(award: AwardView) -> dict[str, Any]:
    """What the award says of it: nobody types it again."""
    return {
        "reference": award.reference, "title": award.title, "contractor_name": award.contractor_name,
        "contractor_siret": award.contractor_siret, "awarded_on": award.decided_on, "notified_on": award.notified_on,
        "starts_on": award.notified_on, "min_cents": award.framework_min_cents, "max_cents": award.framework_max_cents,
    }  # fmt: skip


class ScheduleForm(PlainForm):
    """A schedule pasted, or sent as a CSV file; the file wins."""

    sheet = forms.CharField(
        label=_("Bordereau"), required=False, widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("Une ligne par prix, copiée d’un tableur ou écrite avec des points-virgules."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Ou un fichier CSV"), required=False, help_text=_("Les mêmes colonnes, 500\u00a0ko au plus.")
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = self.cleaned_data
        text = _decoded(values["file"]) if values.get("file") else values.get("sheet", "")
        rows, faults = read_schedule(text)
        if not rows and not faults:
            raise ValidationError(_now("Collez au moins une ligne du bordereau, ou choisissez un fichier."))
        if faults:
            words = _now("Ligne {line}\u202f: {why}")
            raise ValidationError([words.format(line=one.line, why=typo(one.why)) for one in faults[:20]])
        values["rows"] = rows
        return values


def _decoded(file: Any) -> str:
    if file.size > MOST_BYTES:
        raise ValidationError(_now("Ce fichier dépasse 500\u00a0ko\u202f: ce n’est sans doute pas un bordereau."))
    content = file.read()
    try:
        return str(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        # What French spreadsheets still write.
        return str(content.decode("cp1252", errors="replace"))


class AmendForm(PlainForm):
    purpose = forms.CharField(
        label=_("Ce que change l’avenant"), max_length=300, help_text=_("Exemple\u202f: révision annuelle des prix.")
    )
    signed_on = day_field(_("Signé le"))
    effective_on = day_field(_("En vigueur à partir du"))
    max_cents = EurosField(label=_("Nouveau maximum hors taxes"), required=False, allow_zero=False)
    ends_on = last_day_field(_("Nouveau dernier jour"), required=False)
    term_reason = forms.CharField(label=_("Pourquoi plus de quatre ans"), max_length=300, required=False)
    sheet = forms.CharField(
        label=_("Prix nouveaux ou changés"), required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Les lignes qui changent seulement, avec leur code. L’ancien prix vaut jusqu’à la veille."),
    )  # fmt: skip
    ended = forms.CharField(
        label=_("Codes qui ne se commandent plus"), required=False, max_length=500,
        help_text=_("Séparés par des virgules."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("L’avenant signé"), required=False, help_text=_("Un fichier PDF de préférence, 20\u00a0Mo au plus.")
    )

    def clean_sheet(self) -> list[PriceRow]:
        rows, faults = read_schedule(str(self.cleaned_data["sheet"]))
        if faults:
            words = _now("Ligne {line}\u202f: {why}")
            raise ValidationError([words.format(line=one.line, why=typo(one.why)) for one in faults[:20]])
        return rows

    def amendment(self) -> Amendment:
        values = self.cleaned_data
        codes = tuple(code.strip() for code in values["ended"].split(",") if code.strip())
        return Amendment(
            purpose=values["purpose"], signed_on=values["signed_on"], effective_on=values["effective_on"],
            max_cents=values["max_cents"], ends_on=values["ends_on"], term_reason=values["term_reason"],
            prices=tuple(values["sheet"]), ended=codes,
        )  # fmt: skip


class EntitlementForm(PlainForm):
    identified = forms.ChoiceField(
        label=_("La procédure nommait-elle cette collectivité à son lancement\u202f?"), widget=forms.RadioSelect,
        choices=[("yes", _("Oui")), ("no", _("Non"))],
    )  # fmt: skip
    because = forms.CharField(
        label=_("Comment le savez-vous\u202f?"), max_length=300,
        help_text=_("Exemple\u202f: nommée à l’article 1 du règlement de la consultation."),
    )  # fmt: skip


def last_day(framework: FrameworkAgreement) -> date:
    return framework.ends_on - timedelta(days=1)


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
