"""Places, agendas, desks and reasons: what each setting does is said beside it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.accounts.facade import people
from parvis.appointments.models import Agenda, Place, Reason, Resource
from parvis.appointments.web.agendas.fields import CoordinateField, ask_plainly, number_choices
from parvis.authorities.facade import AuthorityView, Role, people_with
from parvis.kit.jinja import DAYS

_LEADS = (
    (0, _("Aucun\u202f: jusqu’à la dernière minute")), (60, _("1 heure")), (120, _("2 heures")),
    (240, _("4 heures")), (1440, _("Un jour")), (2880, _("Deux jours")), (10080, _("Une semaine")),
)  # fmt: skip


class PlaceForm(forms.ModelForm[Place]):
    use_required_attribute = False
    latitude = CoordinateField(
        label=_("Latitude"),
        help_text=_("En degrés, par exemple 47,7508. Elle sert à classer les lieux du plus proche au plus lointain."),
    )
    longitude = CoordinateField(
        label=_("Longitude"), help_text=_("En degrés, par exemple 7,3359. Une carte en ligne donne les deux.")
    )

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = [
            "name", "address", "postcode", "city", "latitude", "longitude", "has_lift", "access", "phone", "email",
            "website", "national", "active",
        ]  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("Celui que les gens connaissent. Exemple\u202f: Mairie, Mairie annexe, Piscine des Tilleuls."),
            "address": _("Numéro et rue. Exemple\u202f: 1 place de la Mairie."),
            "postcode": _("Cinq chiffres."),
            "has_lift": _("Une personne en fauteuil entre et va au guichet seule. On peut chercher les lieux ainsi."),
            "access": _("Arrêt de bus, parking, entrée. Exemple\u202f: entrée côté jardin, tram 1 arrêt Mairie."),
            "phone": _("Celui de l’accueil. Exemple\u202f: 03 89 00 00 00."),
            "website": _("Exemple\u202f: https://www.commune.fr"),
            "national": _(
                "Pour les cartes d’identité et les passeports\u202f: vos créneaux libres se trouvent aussi sur la"
                " recherche nationale des rendez-vous."
            ),
            "active": _("Décoché, le lieu n’est plus montré. Les rendez-vous déjà pris restent."),
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        ask_plainly(self)

    def clean_postcode(self) -> str:
        postcode = str(self.cleaned_data["postcode"]).replace(" ", "")
        if not (len(postcode) == 5 and postcode.isdigit()):
            raise ValidationError(_("Un code postal compte cinq chiffres, par exemple 68100."))
        return postcode


class AgendaForm(forms.ModelForm[Agenda]):
    use_required_attribute = False
    lead_minutes = forms.TypedChoiceField(
        label=_("Délai minimal avant un rendez-vous"), coerce=int,
        help_text=_("Personne ne réserve en ligne plus tard que cela. Vos agents le peuvent toujours."),
    )  # fmt: skip
    wave_weekday = forms.TypedChoiceField(
        label=_("Mise en ligne des créneaux"), required=False, coerce=int, empty_value=None,
        help_text=_(
            "Au fil des jours\u202f: chaque matin à 0 h, un jour de plus. Sinon, une semaine entière à la fois, le jour"
            " et à l’heure que vous dites\u202f: tout le monde le sait."
        ),
    )  # fmt: skip
    wave_hour = forms.TypedChoiceField(
        label=_("Heure de mise en ligne"), required=False, coerce=int, empty_value=None,
        help_text=_("À remplir si une semaine sort à la fois."),
    )  # fmt: skip

    class Meta:
        model = Agenda
        fields: ClassVar[list[str]] = [
            "name", "intro", "collective", "step_minutes", "lead_minutes", "horizon_days", "wave_weekday", "wave_hour",
            "closed_on_holidays", "walk_in_quota", "keeps_waiting_list", "active",
        ]  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("Ce que fait l’équipe. Exemple\u202f: Titres d’identité, État civil, Leçons de natation."),
            "intro": _("Montré avant le choix du créneau. Exemple\u202f: chaque personne vient, même les enfants."),
            "collective": _(
                "À cocher pour une salle où plusieurs personnes viennent à la même heure\u202f: chaque période des"
                " horaires est alors une séance, et chacun y prend une place."
            ),
            "step_minutes": _("Avec 20\u202f: 8 h 30, 8 h 50, 9 h 10… Les rendez-vous déjà pris ne bougent pas."),
            "horizon_days": _("Avec 60, on réserve jusqu’à deux mois à l’avance."),
            "closed_on_holidays": _("Avec ceux d’Alsace-Moselle, si votre commune les observe."),
            "walk_in_quota": _("Pour que l’accueil sache quand dire que c’est complet. 0\u202f: sur rendez-vous."),
            "keeps_waiting_list": _("Un créneau rendu est proposé à ceux qui attendent une date plus proche."),
            "active": _("Décoché, personne ne réserve plus en ligne. Les rendez-vous déjà pris restent."),
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        ask_plainly(self)
        self.fields["lead_minutes"].choices = number_choices(_LEADS, self.instance.lead_minutes, "min")  # type: ignore[attr-defined]
        days = [(n, str(_("Une semaine à la fois, le {day}")).format(day=day)) for n, day in enumerate(DAYS)]
        self.fields["wave_weekday"].choices = [("", _("Au fil des jours")), *days]  # type: ignore[attr-defined]
        hours = [(n, f"{n}\u00a0h") for n in range(24)]
        self.fields["wave_hour"].choices = [("", _("Aucune")), *hours]  # type: ignore[attr-defined]
        self.fields["intro"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = self.cleaned_data
        if values.get("wave_weekday") is None:
            values["wave_weekday"] = values["wave_hour"] = None
        elif values.get("wave_hour") is None:
            self.add_error("wave_hour", _("Choisissez aussi l’heure, par exemple 18 h."))
        return values


class ResourceForm(forms.ModelForm[Resource]):
    use_required_attribute = False
    person_id = forms.TypedChoiceField(
        label=_("Agent"), required=False, empty_value=None,
        help_text=_("Quand c’est l’agenda d’une personne. Vide pour un guichet que l’équipe tient à tour de rôle."),
    )  # fmt: skip
    active = forms.BooleanField(
        label=_("En service"), required=False,
        help_text=_("Décoché, il n’a plus de créneaux\u202f: vous verrez d’abord quels rendez-vous replacer."),
    )  # fmt: skip

    class Meta:
        model = Resource
        fields: ClassVar[list[str]] = ["name", "capacity", "person_id", "active"]
        help_texts: ClassVar[dict[str, Any]] = {
            "name": _("Appelé à l’écran de la salle d’attente. Exemple\u202f: Guichet 1, Bureau 12, Petit bassin."),
            "capacity": _("Combien de personnes ensemble, à chaque séance."),
        }

    def __init__(self, data: Any, agenda: Agenda, house: AuthorityView, resource: Resource | None = None) -> None:
        super().__init__(data, instance=resource or Resource(agenda=agenda))
        ask_plainly(self)
        held = {hat.person_id for hat in people_with([Role.DESK_MANAGER, Role.DESK_AGENT], house.id)}
        if resource is not None and resource.person_id:
            held.add(resource.person_id)
        names = sorted((one.full_name, str(one.id)) for one in people(held).values())
        choices = [("", _("Personne en particulier")), *((key, name) for name, key in names)]
        self.fields["person_id"].choices = choices  # type: ignore[attr-defined]
        if not agenda.collective:
            del self.fields["capacity"]
        if resource is None:
            del self.fields["active"]


class ReasonForm(forms.ModelForm[Reason]):
    use_required_attribute = False

    class Meta:
        model = Reason
        fields: ClassVar[list[str]] = [
            "label", "minutes", "minutes_more", "buffer_minutes", "units", "max_persons", "active",
        ]  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "label": _("Ce que les gens viennent faire. Exemple\u202f: Déclarer une naissance."),
            "minutes": _("Du bonjour au revoir."),
            "minutes_more": _("Une famille de trois prend\u202f: la première durée, puis deux fois celle-ci."),
            "buffer_minutes": _("Pour ranger ou noter, avant la personne suivante. 0 suffit souvent."),
            "units": _("2 quand il faut deux agents à la fois\u202f: autant de guichets sont pris."),
            "max_persons": _("Dans un même rendez-vous. Au-delà, on en prend deux."),
            "active": _("Décoché, on ne le choisit plus. Les rendez-vous déjà pris restent."),
        }

    def __init__(self, data: Any, agenda: Agenda, reason: Reason | None = None) -> None:
        super().__init__(data, instance=reason or Reason(agenda=agenda))
        ask_plainly(self)
        if reason is None:
            del self.fields["active"]
        if agenda.collective:
            # A session lasts what its hours say, and each person takes a seat.
            for name in ("minutes", "minutes_more", "buffer_minutes", "units"):
                del self.fields[name]
