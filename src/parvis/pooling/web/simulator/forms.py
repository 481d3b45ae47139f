"""One form for each kind of change: what it asks, and the change that it makes. Sent by GET: nothing is kept."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from parvis.kit.money import euros
from parvis.pooling.models.costs import Formula
from parvis.pooling.rules import KINDS, Book, Key
from parvis.pooling.rules.key_terms import AGGLOMERATION, FORMULAS
from parvis.pooling.rules.scenario import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_TEXT,
    Bought,
    CostTried,
    Expense,
    Joins,
    KeyTried,
    Offers,
    Uses,
    Wish,
    plain,
)
from parvis.pooling.rules.scenario_tried import EXPENSES, key_on, members_of
from parvis.pooling.rules.words import percent, several
from parvis.pooling.selectors.simulations import Ground
from parvis.pooling.web.committee.forms import PartField
from parvis.pooling.web.forms import EurosField, PlainForm, ask_plainly, day_field

Choices = list[tuple[str, str]]


class NameField(forms.CharField):
    """A label that an address can carry."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_TEXT, **options)

    def clean(self, value: Any) -> str:
        try:
            return plain(str(super().clean(value)))
        except ValueError as error:
            raise ValidationError(
                _now("Écrivez un nom de quelques mots. Exemple\u202f: Inscription à la cantine.")
            ) from error


class ChangeForm(PlainForm):
    """`ground`: what scenarios are tried on; `book`: the group as the changes before this one leave it."""

    dated: ClassVar[bool] = True
    why_nothing: ClassVar[Any] = _("Le groupement n’a pas encore de membre.")

    def __init__(self, data: Any, ground: Ground, book: Book) -> None:
        super().__init__(data)
        self.ground, self.book = ground, book
        if self.dated:
            self.fields["from_on"] = day_field(_("À partir du"), initial=date(ground.year, 1, 1))
            ask_plainly(self)
        self.fill()

    def fill(self) -> None:
        """The choices, and the first answers."""

    def clean_from_on(self) -> date:
        day: date = self.cleaned_data["from_on"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_now("Choisissez un jour entre 2000 et 2100."))
        return day

    @property
    def wish(self) -> Wish:
        raise NotImplementedError

    @property
    def nothing(self) -> str:
        """Why this change cannot be tried here; empty when it can."""
        chosen = [field for field in self.fields.values() if isinstance(field, forms.ChoiceField) and field.required]
        return "" if all(field.choices for field in chosen) else str(self.why_nothing)

    def choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def members(self) -> Choices:
        return [(one.siren, one.name) for one in members_of(self.book)]


class JoinsForm(ChangeForm):
    why_nothing = _("Toutes les communes de la plateforme sont déjà dans le groupement, ou dans cette simulation.")
    siren = forms.ChoiceField(label=_("Commune"))
    inhabitants = forms.IntegerField(
        label=_("Habitants"), min_value=1, max_value=10**8, required=False,
        help_text=_("Laissez vide pour prendre la population connue."),
    )  # fmt: skip
    own = forms.IntegerField(
        label=_("Téléservices qu’elle proposerait en plus"), min_value=0, max_value=200, initial=3,
        help_text=_("Ceux qu’elle propose déjà sont comptés. Sans aucun téléservice, elle ne paie rien."),
    )  # fmt: skip

    def fill(self) -> None:
        inside = {one.siren for one in members_of(self.book)}
        free = [one for one in self.ground.candidates if one.siren not in inside]
        self.choose("siren", [(one.siren, _candidate(one.name, one.inhabitants, one.offered)) for one in free])

    @property
    def wish(self) -> Joins:
        given = self.cleaned_data
        known = next(one.inhabitants for one in self.ground.candidates if one.siren == given["siren"])
        return Joins(given["siren"], given["from_on"], given["inhabitants"] or known, given["own"])


def _candidate(name: str, inhabitants: int, offered: int) -> str:
    return f"{name}, {several(inhabitants, 'habitant')}, {several(offered, 'téléservice')}"


class OffersForm(ChangeForm):
    siren = forms.ChoiceField(label=_("Membre"))
    name = NameField(label=_("Nom du téléservice"), help_text=_("Exemple\u202f: Inscription à la cantine."))

    def fill(self) -> None:
        self.choose("siren", self.members())

    @property
    def wish(self) -> Offers:
        given = self.cleaned_data
        return Offers(given["siren"], given["from_on"], given["name"])


class UsesForm(ChangeForm):
    why_nothing = _("Aucun membre ne propose encore de téléservice à rejoindre.")
    siren = forms.ChoiceField(label=_("Qui le rejoint"))
    service = forms.ChoiceField(
        label=_("Téléservice existant"), help_text=_("Ceux dont un coût est partagé viennent en premier.")
    )

    def fill(self) -> None:
        self.choose("siren", self.members())
        shared = {one.service for one in self.book.costs}
        users: dict[str, list[str]] = {}
        names = dict(self.members())
        for use in self.book.uses:
            if use.siren in names and names[use.siren] not in users.setdefault(use.service, []):
                users[use.service].append(names[use.siren])
        found = [one for one in self.book.services if one.code in users]
        found.sort(key=lambda one: (one.code not in shared, one.name))
        self.choose("service", [(one.code, f"{one.name} ({_few(users[one.code])})") for one in found])

    @property
    def wish(self) -> Uses:
        given = self.cleaned_data
        return Uses(given["siren"], given["from_on"], given["service"])


def _few(names: list[str]) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return _now("%(names)s et %(count)s autres") % {"names": ", ".join(names[:2]), "count": len(names) - 2}


class BoughtForm(ChangeForm):
    name = NameField(label=_("Nom du téléservice"), help_text=_("Exemple\u202f: Inscription à la cantine."))
    acquisition = EurosField(label=_("Acquisition, hors taxes"))
    maintenance = EurosField(label=_("Maintenance par an, hors taxes"), help_text=_("Écrivez 0 s’il n’y en a pas."))
    users = forms.MultipleChoiceField(label=_("Qui l’utilise"), widget=forms.CheckboxSelectMultiple)

    def fill(self) -> None:
        self.choose("users", self.members())

    @property
    def wish(self) -> Bought:
        given = self.cleaned_data
        return Bought(
            given["from_on"], given["acquisition"], given["maintenance"], tuple(given["users"]), given["name"]
        )


class KeyForm(ChangeForm):
    why_nothing = _(
        "Le groupement n’a pas encore de clé\u202f: le coordinateur en crée une dans «\u202fCoûts et parts\u202f»."
    )
    code = forms.ChoiceField(label=_("Clé"))
    formula = forms.ChoiceField(label=_("Nouvelle formule"), choices=Formula.choices)
    weight = PartField(
        label=_("Part des téléservices, en %"), max_length=20, initial="50",
        help_text=_("Pour la formule pondérée seulement\u202f; le reste suit la population. Par exemple 50, ou 1/3."),
    )  # fmt: skip
    people = forms.ChoiceField(label=_("Population"))
    agglomeration = forms.ChoiceField(
        label=_("Population de l’agglomération"),
        choices=[(code, words[:1].upper() + words[1:]) for code, words in AGGLOMERATION.items()],
    )
    payer = forms.ChoiceField(
        label=_("Qui paie seul"),
        required=False,
        help_text=_("Pour la formule «\u202fUne seule collectivité paie\u202f»."),
    )

    def fill(self) -> None:
        on = date(self.ground.year, 1, 1)
        used = list(dict.fromkeys(one.key for one in self.book.costs))
        codes = sorted({one.code for one in self.book.keys}, key=lambda code: (code not in used, code))
        found = [key for key in (key_on(self.book, code, on) for code in codes) if key is not None]
        self.choose("code", [(one.code, _key_words(one)) for one in found])
        known = {(one.kind, one.year) for one in self.book.populations}
        known |= {(one.population_kind, one.reference_year) for one in self.book.keys}
        self.choose("people", [(f"{kind}-{year}", f"{kind} {year}") for kind, year in sorted(known)])
        self.choose("payer", [("", _now("Personne en particulier")), *self.members()])
        if found:
            self.initial = {
                "code": found[0].code, "formula": found[0].formula, "agglomeration": found[0].agglomeration,
                "people": f"{found[0].population_kind}-{found[0].reference_year}",
            }  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        given = super().clean()
        if given and given.get("formula") == Formula.SINGLE_PAYER and not given.get("payer"):
            self.add_error("payer", _now("Choisissez qui paie seul, ou une autre formule."))
        return given

    @property
    def wish(self) -> KeyTried:
        given = self.cleaned_data
        kind, year = given["people"].rsplit("-", 1)
        alone = given["formula"] == Formula.SINGLE_PAYER
        return KeyTried(
            code=given["code"], from_on=given["from_on"], formula=given["formula"], reference_year=int(year),
            weight=given["weight"], population_kind=kind, agglomeration=given["agglomeration"],
            payer=given["payer"] if alone else None,
        )  # fmt: skip


def _key_words(key: Key) -> str:
    now = _now("aujourd’hui\u202f: %s") % FORMULAS[key.formula]
    if key.formula == "weighted":
        now += _now(", %s pour les téléservices") % percent(key.weight)
    return f"{key.name} ({now})"


class CostForm(ChangeForm):
    dated = False
    why_nothing = _("Aucun coût n’est inscrit pour cette année.")
    cost_id = forms.ChoiceField(label=_("Coût"))
    ht_cents = EurosField(label=_("Nouveau montant, hors taxes"))

    def fill(self) -> None:
        self.choose("cost_id", [(one.id, f"{one.label} ({euros(one.ht_cents)} HT)") for one in self.book.costs])

    @property
    def wish(self) -> CostTried:
        return CostTried(self.cleaned_data["cost_id"], self.cleaned_data["ht_cents"])


class ExpenseForm(ChangeForm):
    dated = False
    kind = forms.ChoiceField(label=_("Nature"), choices=[(code, KINDS[code].label) for code in EXPENSES])
    label = NameField(label=_("Intitulé"), help_text=_("Exemple\u202f: Formation des agents d’accueil."))
    ht_cents = EurosField(label=_("Montant pour l’année, hors taxes"), allow_zero=False)

    @property
    def wish(self) -> Expense:
        given = self.cleaned_data
        return Expense(given["kind"], given["ht_cents"], given["label"])


class ViewForm(PlainForm):
    """Which year, with or without VAT."""

    annee = forms.ChoiceField(label=_("Coûts de l’année"))
    taxes = forms.ChoiceField(
        label=_("Montants"), choices=[("ttc", _("Toutes taxes comprises")), ("ht", _("Hors taxes"))]
    )

    def __init__(self, ground: Ground, taxes: str) -> None:
        super().__init__(initial={"annee": str(ground.year), "taxes": taxes})
        field = self.fields["annee"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(year), str(year)) for year in ground.years]


# In the order of the page: the name in the address, what it does, what for, its form.
KINDS_OF_CHANGE: dict[str, tuple[Any, Any, type[ChangeForm]]] = {
    "rejoint": (_("Une commune rejoint le groupement"), _("La vôtre, par exemple, à partir d’un jour"), JoinsForm),
    "propose": (_("Un membre propose un téléservice de plus"), _("Le sien, pour ses habitants"), OffersForm),
    "partage": (_("Un membre rejoint un téléservice existant"), _("Il en partage alors les coûts"), UsesForm),
    "nouveau": (_("Des membres achètent un téléservice ensemble"), _("Acquisition et maintenance"), BoughtForm),
    "cle": (_("Une clé change"), _("Formule, pondération, population"), KeyForm),
    "cout": (_("Un coût change"), _("Un devis, une facture plus haute ou plus basse"), CostForm),
    "depense": (_("Une dépense s’ajoute"), _("Formation, assistance, hébergement"), ExpenseForm),
}
