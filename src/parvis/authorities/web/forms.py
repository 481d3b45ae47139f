"""Forms of the operator and of an authority's administrators."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.accounts.facade import read_siret
from parvis.authorities.models import Authority
from parvis.authorities.rules import RESERVED_SLUGS, Role
from parvis.authorities.selectors import today
from parvis.authorities.svg import BadSvg, clean_svg
from parvis.kit.errors import Refusal
from parvis.kit.theme import parse_accent


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AgentForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Adresse électronique"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    full_name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Seulement si cette personne n’a pas encore de compte."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Rôle"))
    valid_from = forms.DateField(label=gettext_lazy("À partir du"), widget=_date())
    valid_until = forms.DateField(
        label=gettext_lazy("Jusqu’au"),
        required=False,
        widget=_date(),
        help_text=gettext_lazy("Ce jour compris. Vide\u202f: sans fin."),
    )

    def __init__(self, roles: Iterable[Role], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(role.value, role.label) for role in roles]
        self.fields["valid_from"].initial = today()


class AuthorityForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Authority
        fields = (
            "name", "slug", "kind", "siren", "siret", "insee_code", "department", "population", "population_kind",
            "population_year", "address", "postcode", "latitude", "longitude", "good_friday",
        )  # fmt: skip
        localized_fields = ("latitude", "longitude")
        labels = {"slug": gettext_lazy("Nom dans les adresses des pages")}
        help_texts = {
            "slug": gettext_lazy(
                "Sans accent ni espace, par exemple «\u202fval-bruche\u202f». Il ne change plus ensuite."
            ),
            "siren": gettext_lazy("9 chiffres."),
            "latitude": gettext_lazy("En degrés, par exemple 47,7499. Elle sert à trouver la mairie la plus proche."),
            "longitude": gettext_lazy("En degrés, par exemple 7,3362."),
            "siret": gettext_lazy("Celui qui signe les marchés\u202f: 14 chiffres, dont les 9 premiers sont le SIREN."),
        }

    siren = forms.CharField(label=gettext_lazy("Numéro SIREN"), max_length=20, help_text=Meta.help_texts["siren"])
    siret = forms.CharField(label=gettext_lazy("Numéro SIRET"), max_length=40, help_text=Meta.help_texts["siret"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["slug"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("Ce mot est déjà une adresse de la plateforme. Choisissez-en un autre."))
        return slug

    def clean_siret(self) -> str:
        try:
            return read_siret(self.cleaned_data["siret"])
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal

    def clean_siren(self) -> str:
        digits = "".join(self.cleaned_data["siren"].split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == 9):
            raise ValidationError(_("Le numéro SIREN compte 9 chiffres."))
        return digits

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "siren" in data and "siret" in data and not data["siret"].startswith(data["siren"]):
            self.add_error("siret", _("Ce SIRET n’est pas celui de ce SIREN\u202f: ses 9 premiers chiffres diffèrent."))
        return data


class BrandingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Authority
        fields = ("accent", "host_name", "desk_name", "desk_hours", "desk_contact")
        widgets = {"accent": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "accent": gettext_lazy(
                "Les nuances lisibles en sont tirées, claires et sombres\u202f: aucune couleur n’est interdite."
            ),
            "host_name": gettext_lazy(
                "Par exemple marches.val-bruche.fr. L’exploitant l’ouvre d’abord. Vide\u202f: l’adresse commune."
            ),
            "desk_contact": gettext_lazy("Imprimé au bas de chaque page."),
        }

    logo_file = forms.FileField(
        label=gettext_lazy("Nouveau blason"),
        required=False,
        help_text=gettext_lazy(
            "Un dessin SVG de 60\u00a0ko au plus, sans image ni police. Sinon, un blason est dessiné à partir du nom."
        ),
        widget=forms.FileInput(attrs={"accept": ".svg,image/svg+xml"}),
    )
    drop_logo = forms.BooleanField(label=gettext_lazy("Revenir au blason dessiné"), required=False)
    host_name = forms.CharField(
        label=gettext_lazy("Nom de domaine propre"),
        max_length=253,
        required=False,
        validators=[
            RegexValidator(
                r"^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$", gettext_lazy("Écrivez le nom seul, sans https ni barre.")
            )
        ],
        help_text=Meta.help_texts["host_name"],
    )

    def clean_accent(self) -> str:
        try:
            return parse_accent(self.cleaned_data["accent"])
        except ValueError as error:
            raise ValidationError(_("Une couleur s’écrit comme #1f4e79.")) from error

    def clean_host_name(self) -> str:
        name: str = self.cleaned_data["host_name"]
        if name and (name not in settings.OWN_HOSTS or name == urlsplit(settings.PUBLIC_URL).hostname):
            raise ValidationError(
                _("Ce nom n’est pas encore ouvert. Demandez à l’exploitant de l’ajouter (PARVIS_HOSTS), puis revenez.")
            )
        return name

    def clean_logo_file(self) -> str | None:
        sent = self.cleaned_data["logo_file"]
        if not sent:
            return None
        try:
            return clean_svg(sent.read())
        except BadSvg as fault:
            raise ValidationError(_said(fault)) from fault

    def save(self, commit: bool = True) -> Authority:
        logo = "" if self.cleaned_data["drop_logo"] else self.cleaned_data["logo_file"]
        if logo is not None:
            self.instance.logo = logo
        saved: Authority = super().save(commit)
        return saved

    def changed_fields(self) -> list[str]:
        """Names of the model's fields that differ; the logo is told by its presence."""
        own = {"logo_file": "logo", "drop_logo": "logo"}
        return sorted({own.get(name, name) for name in self.changed_data})


def _said(fault: BadSvg) -> str:
    words = {
        "size": _("Ce dessin dépasse 60\u00a0ko. Simplifiez-le."),
        "xml": _("Ce fichier n’est pas un dessin SVG lisible."),
        "doctype": _(
            "Ce dessin commence par une déclaration (DOCTYPE) qui peut cacher du code."
            " Enregistrez-le en «\u202fSVG simple\u202f»."
        ),
        "root": _("Ce dessin n’a pas de cadre (viewBox). Enregistrez-le à nouveau depuis votre logiciel de dessin."),
        "many": _("Ce dessin a trop d’éléments. Simplifiez-le."),
        "element": _(
            "Ce dessin contient «\u202f%(what)s\u202f», qui n’est pas une forme."
            " Transformez textes et images en tracés."
        ),
        "attribute": _(
            "Ce dessin contient «\u202f%(what)s\u202f», qui n’est pas une forme ni une couleur. Retirez-le."
        ),
        "value": _("Une valeur de «\u202f%(what)s\u202f» renvoie hors du dessin. Retirez-la."),
    }
    return words[fault.kind] % {"what": fault.what}
