"""The components page's sample data: one form with every kind of field, in each state. Shown to developers only."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.kit import clock

FRAMES = ("base", "desk", "session")
PROCEDURES = (
    ("adapted", _("Procédure adaptée")),
    ("open", _("Appel d’offres ouvert")),
    ("framework", _("Accord-cadre à bons de commande")),
)


class DateField(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SampleForm(forms.Form):
    """Every widget that `field` renders."""

    title = forms.CharField(
        label=_("Objet du marché"),
        help_text=_("En une phrase, comme vous le diriez à un artisan."),
        error_messages={"required": _("Écrivez l’objet en une phrase. Exemple : réfection de la toiture de l’école.")},
    )
    email = forms.EmailField(
        label=_("Adresse électronique"),
        error_messages={"invalid": _("Il manque le signe @. Exemple : mairie@dietwiller.example")},
    )
    lots = forms.IntegerField(
        label=_("Nombre de lots"),
        min_value=1,
        max_value=99,
        error_messages={"min_value": _("Un marché compte au moins un lot. Écrivez 1 s’il n’est pas alloti.")},
    )
    description = forms.CharField(label=_("Description"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    procedure = forms.ChoiceField(label=_("Procédure"), choices=PROCEDURES)
    renewable = forms.ChoiceField(
        label=_("Le marché peut-il être reconduit ?"),
        help_text=_("Une reconduction se décide avant la fin de la première période."),
        choices=(("yes", _("Oui")), ("no", _("Non"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez Oui ou Non.")},
    )
    pieces = forms.MultipleChoiceField(
        label=_("Pièces demandées"),
        choices=(("dc1", _("Lettre de candidature (DC1)")), ("dc2", _("Déclaration du candidat (DC2)"))),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    informed = forms.BooleanField(
        label=_("J’ai lu le règlement de la consultation"),
        error_messages={"required": _("Lisez le règlement, puis cochez cette case.")},
    )
    start = DateField(label=_("Début des travaux"), error_messages={"required": _("Donnez une date, même approchée.")})
    deadline = forms.DateTimeField(
        label=_("Date limite de dépôt"),
        help_text=_("Heure de Paris."),
        error_messages={"required": _("Donnez le jour et l’heure.")},
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    estimate = forms.CharField(label=_("Valeur estimée"), help_text=_("Elle reste confidentielle."), required=False)
    documents = forms.FileField(label=_("Dossier de consultation"), required=False)


class SampleSearch(forms.Form):
    words = forms.CharField(label=_("Rechercher"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    procedure = forms.ChoiceField(label=_("Procédure"), choices=(("", _("Toutes")), *PROCEDURES), required=False)


class SampleCriterion(forms.Form):
    name = forms.CharField(label=_("Critère"))
    weight = forms.IntegerField(label=_("Poids, sur 100"), min_value=1, max_value=100)


class SampleTyped(forms.Form):
    reference = forms.CharField(label=_("Pour confirmer, recopiez la référence 2026-014"))


def _facts() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"at": now - timedelta(days=20), "what": _("Consultation publiée"), "who": _("Service des marchés")},
        {
            "at": now - timedelta(days=9),
            "what": _("Réponse à une question"),
            "who": _("Service des marchés"),
            "detail": _("Le bardage peut être en mélèze ou en douglas."),
            "url": "#timeline",
        },
        {"at": now + timedelta(days=3), "what": _("Ouverture des plis"), "next": True},
    ]


def _due() -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"what": _("Répondre à la question n° 4"), "who": _("le service des marchés"), "at": now + timedelta(days=1)},
        {"what": _("Convoquer la commission"), "who": _("la présidente"), "at": None, "url": "#due"},
    ]


def showcase_context(frame: str = "base") -> dict[str, Any]:
    """What kit/components.html needs beside `page`. `frame` is one of FRAMES; anything else is read as "base"."""
    now = clock.now()
    sent = {
        "title": "",
        "email": "mairie.dietwiller",
        "lots": "0",
        "procedure": "open",
        "start": "",
        "deadline": "",
    }
    criteria = forms.formset_factory(SampleCriterion, extra=0, can_delete=True)
    return {
        "frame": frame if frame in FRAMES else "base",
        "form": SampleForm(initial={"title": _("Réfection de la toiture de l’école")}, prefix="plain"),
        "form_with_errors": SampleForm(sent, auto_id="wrong_%s"),
        "search": SampleSearch(auto_id="search_%s"),
        "criteria": criteria(
            initial=[{"name": _("Prix"), "weight": 60}, {"name": _("Délai"), "weight": 40}], prefix="criteria"
        ),
        "typed": SampleTyped(auto_id="typed_%s"),
        "facts_done": _facts(),
        "due": _due(),
        "soon": now + timedelta(hours=5),
        "later": now + timedelta(days=51),
        "past": now - timedelta(days=2),
        "files": [
            {"name": "memoire-technique.pdf", "size": 4_812_300, "state": _("Scellé, reçu à 11 h 52")},
            {
                "name": "plans-toiture.zip",
                "size": 812_300_000,
                "state": _("312 Mo sur 812 Mo, encore 4 minutes environ"),
            },
        ],
    }
