"""Forms of costs: what is written by hand, what it came to, the first version of a key, populations, e-services."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.authorities.facade import AuthorityView
from parvis.eservices.facade import EServiceView
from parvis.pooling.models import CostItem, CostKey
from parvis.pooling.rules import KINDS
from parvis.pooling.rules.cost_terms import CostTerms
from parvis.pooling.rules.populations import KINDS_OF_POPULATION, Counted
from parvis.pooling.rules.vat import RATES, rate_of
from parvis.pooling.rules.words import rate
from parvis.pooling.web.committee.forms import KeyDecisionForm
from parvis.pooling.web.forms import EurosField, PlainForm, day_field
from parvis.pooling.web.groups.forms import last_day_field

ONE_DAY = timedelta(days=1)
THEMES = (
    ("identity", _("Papiers, état civil, élections")), ("family", _("Enfance, école, famille")),
    ("housing", _("Logement et urbanisme")), ("surroundings", _("Rue, déchets, cadre de vie")),
    ("leisure", _("Sport, culture, loisirs")), ("associations", _("Associations et salles")),
    ("solidarity", _("Aide et solidarité")), ("business", _("Commerces et entreprises")),
    ("other", _("Autres démarches")),
)  # fmt: skip


class CostForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("Nature"), choices=[("", _("Choisir")), *((one.code, one.label) for one in KINDS.values())]
    )
    label = forms.CharField(label=_("Intitulé"), max_length=200, help_text=_("Exemple\u202f: Hébergement 2026."))
    from_on = day_field(_("Du"))
    last_day = last_day_field(_("Au, ce jour compris"), help_text=_("Dans la même année\u202f: un coût par exercice."))
    ht_cents = EurosField(label=_("Montant hors taxes"), allow_zero=False)
    vat_rate = forms.TypedChoiceField(
        label=_("Taux de TVA"), coerce=int, choices=[(str(one), rate(one)) for one in RATES], initial="2000"
    )
    vat_cents = EurosField(
        label=_("TVA écrite sur la facture"), required=False,
        help_text=_("Si vous l’avez\u202f: elle remplace le calcul par le taux."),
    )  # fmt: skip
    eservice = forms.TypedChoiceField(
        label=_("Téléservice"), required=False, coerce=UUID, empty_value=None,
        help_text=_("Pour une acquisition ou une maintenance\u202f: seuls ceux qui l’utilisent paient."),
    )  # fmt: skip
    users = forms.TypedMultipleChoiceField(
        label=_("Ou les membres qui ont rejoint ce projet"), required=False, coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Pour un projet partagé qui n’est pas encore ouvert aux habitants."),
    )  # fmt: skip
    payer = forms.TypedChoiceField(
        label=_("Membre qui paie seul"), required=False, coerce=UUID, empty_value=None,
        help_text=_("Pour un téléservice ou une adaptation demandés par un seul membre."),
    )  # fmt: skip
    key = forms.ChoiceField(
        label=_("Clé de répartition"), required=False, help_text=_("Laissez vide\u202f: chaque nature a la sienne.")
    )

    def __init__(
        self,
        *arguments: Any,
        members: Sequence[AuthorityView],
        services: Sequence[EServiceView],
        keys: Sequence[CostKey],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        of_members = [(str(one.id), one.name) for one in members]
        self._choose("eservice", [("", _("Aucun")), *((str(one.id), _named(one)) for one in services)])
        self._choose("users", of_members)
        self._choose("payer", [("", _("Aucun")), *of_members])
        self._choose("key", [("", _("Celle de la nature")), *((one.code, one.name) for one in keys)])

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    @property
    def terms(self) -> CostTerms:
        given = self.cleaned_data
        return CostTerms(
            kind=given["kind"], label=given["label"], from_on=given["from_on"], until_on=given["last_day"],
            ht_cents=given["ht_cents"], vat_cents=given["vat_cents"], vat_rate=given["vat_rate"], key=given["key"],
            eservice_id=given["eservice"], payer_id=given["payer"], users=tuple(given["users"]),
        )  # fmt: skip


def _named(one: EServiceView) -> str:
    return f"{one.name} ({one.authority_name})"


def cost_initial(item: CostItem) -> dict[str, Any]:
    known = rate_of(item.ht_cents, item.vat_cents)
    return {
        "kind": item.kind, "label": item.label, "from_on": item.from_on, "last_day": item.until_on,
        "ht_cents": item.ht_cents, "vat_rate": str(known if known is not None else 2000),
        "vat_cents": item.vat_cents if known is None else None, "eservice": item.eservice_id or "",
        "users": item.users, "payer": item.payer_id or "", "key": item.key_code,
    }  # fmt: skip


class CloseForm(PlainForm):
    ht_cents = EurosField(label=_("Montant hors taxes définitif"))
    vat_cents = EurosField(label=_("TVA définitive"))
    proof = forms.CharField(
        label=_("Ce qui prouve ces montants"), max_length=300,
        help_text=_("Exemple\u202f: facture F-2026-118 du 3 décembre. Chaque membre le lira."),
    )  # fmt: skip


class FirstKeyForm(KeyDecisionForm):
    """The first version of a key: no committee has to change what nobody decided yet."""

    text = None  # type: ignore[assignment]


class PopulationsForm(PlainForm):
    """One figure a member, of one kind and year; empty for who has none."""

    source = forms.CharField(
        label=_("D’où viennent ces chiffres"), max_length=160,
        help_text=_("Exemple\u202f: Insee, populations de référence 2022."),
    )  # fmt: skip

    def __init__(
        self, *arguments: Any, members: Sequence[tuple[UUID, str]], known: dict[UUID, int], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.members = list(members)
        for member_id, name in self.members:
            self.fields[f"of-{member_id}"] = forms.IntegerField(
                label=name, required=False, min_value=0, max_value=100_000_000, initial=known.get(member_id),
                error_messages={"invalid": _("Écrivez un nombre d’habitants, sans décimale. Exemple\u202f: 15362.")},
            )  # fmt: skip

    @property
    def rows(self) -> list[Any]:
        return [self[f"of-{member_id}"] for member_id, _name in self.members]

    def counted(self, kind: str, year: int) -> list[Counted]:
        given = self.cleaned_data
        found = [(member_id, given[f"of-{member_id}"]) for member_id, _name in self.members]
        return [Counted(member_id, kind, year, value) for member_id, value in found if value is not None]


class ColumnForm(PlainForm):
    """Which kind and year are typed."""

    kind = forms.ChoiceField(label=_("Population"), choices=list(KINDS_OF_POPULATION.items()))
    year = forms.IntegerField(label=_("Année de référence"), min_value=1999, max_value=2100)


class PasteForm(PlainForm):
    kind = forms.ChoiceField(label=_("Population"), choices=list(KINDS_OF_POPULATION.items()))
    source = PopulationsForm.base_fields["source"]
    table = forms.CharField(
        label=_("Tableau"), widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}), max_length=200_000,
        help_text=_(
            "Copié d’un tableur ou d’un fichier CSV. Première ligne\u202f: Membre, puis les années. Chaque membre par"
            " son nom, son SIREN ou son code Insee."
        ),
    )  # fmt: skip


class OfferForm(PlainForm):
    """What a member offers. `members`: one for a member, all for the coordinator, who then says how they agreed."""

    member = forms.TypedChoiceField(label=_("Qui le propose\u202f?"), coerce=UUID)
    service = forms.TypedChoiceField(
        label=_("Téléservice du catalogue"), required=False, coerce=UUID, empty_value=None,
        help_text=_("Le sien, ou celui d’une autre collectivité que ce membre a rejoint."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Ou un nouveau téléservice"), max_length=120, required=False,
        help_text=_("S’il n’est pas dans la liste. Exemple\u202f: Inscription à la cantine."),
    )  # fmt: skip
    theme = forms.ChoiceField(label=_("Thème du nouveau"), choices=THEMES, initial="other", required=False)
    from_on = day_field(_("Ouvert aux habitants depuis le"))
    agreement = forms.CharField(
        label=_("Accord du membre"), max_length=200, required=False,
        help_text=_("Quand vous l’écrivez pour un autre. Exemple\u202f: courriel de la mairie du 3 mars 2026."),
    )  # fmt: skip

    def __init__(
        self, *arguments: Any, members: Sequence[AuthorityView], services: Sequence[EServiceView], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        member, service = self.fields["member"], self.fields["service"]
        assert isinstance(member, forms.ChoiceField)
        assert isinstance(service, forms.ChoiceField)
        member.choices = [(str(one.id), one.name) for one in members]
        service.choices = [("", _("Aucun")), *((str(one.id), _named(one)) for one in services)]
        if len(members) == 1:
            member.widget = forms.HiddenInput()
            member.initial = str(members[0].id)
            del self.fields["agreement"]


class WithdrawForm(PlainForm):
    until_on = day_field(_("Dernier jour"))
    agreement = OfferForm.base_fields["agreement"]

    def __init__(self, *arguments: Any, own: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if own:
            del self.fields["agreement"]
