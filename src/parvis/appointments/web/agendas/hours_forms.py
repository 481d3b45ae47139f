"""Hours, closures and extra openings."""

from datetime import time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.appointments.models import Agenda, Audience, Place, Resource, Season
from parvis.appointments.rules.hours import Terms
from parvis.appointments.rules.paris import day_of, instant
from parvis.appointments.selectors.agendas import Grid
from parvis.appointments.services.add_opening import AddOpening
from parvis.appointments.services.change_hours import ChangeHours
from parvis.appointments.services.close_period import ClosePeriod
from parvis.appointments.web.agendas.fields import DeskForm, HoursField, day_field, hour_field
from parvis.kit import clock
from parvis.kit.jinja import DAYS


class HoursForm(DeskForm):
    """Seven days as text and the terms under which they are worked."""

    valid_from = day_field(
        _("À partir du"), help_text=_("Un jour à venir\u202f: les horaires d’avant restent jusqu’à sa veille.")
    )
    valid_until = day_field(_("Jusqu’au"), required=False, help_text=_("Vide\u202f: sans fin."))
    season = forms.ChoiceField(
        label=_("Période de l’année"), choices=Season.choices,
        help_text=_("Les vacances scolaires sont celles de votre zone, telles que le ministère les publie."),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=_("Pour qui"), choices=Audience.choices,
        help_text=_("Réservé aux agents\u202f: l’accueil y place qui il veut, le public ne le voit pas."),
    )  # fmt: skip
    release_days = forms.IntegerField(
        label=_("Montrés combien de jours avant"), required=False, min_value=0, max_value=60,
        help_text=_(
            "Vide\u202f: avec les autres créneaux. 2\u202f: gardés pour ceux qui s’y prennent tard, deux jours avant."
            " 0\u202f: le jour même, à 0 h."
        ),
    )  # fmt: skip
    also = forms.MultipleChoiceField(
        label=_("Donner les mêmes horaires à"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tous leurs horaires seront remplacés par ceux de ce guichet."),
    )  # fmt: skip

    def __init__(self, data: Any, resource: Resource, grid: Grid | None, ticked: bool = False) -> None:
        self.resource, self.grid = resource, grid
        self.others = list(Resource.objects.filter(agenda_id=resource.agenda_id, active=True).exclude(id=resource.id))
        super().__init__(data, initial=self._initial(ticked))
        for number, name in enumerate(DAYS):
            self.fields[f"day{number}"] = HoursField(label=name.capitalize())
        self.order_fields([f"day{number}" for number in range(7)])
        self.fields["also"].choices = [(str(one.id), one.name) for one in self.others]  # type: ignore[attr-defined]
        if not self.others:
            del self.fields["also"]

    def _initial(self, ticked: bool) -> dict[str, Any]:
        also = [str(one.id) for one in self.others] if ticked else []
        if self.grid is None:
            return {
                "valid_from": day_of(clock.now()),
                "season": Season.ALWAYS,
                "audience": Audience.ONLINE,
                "also": also,
            }
        terms = self.grid.terms
        week = {f"day{number}": spans for number, spans in enumerate(self.grid.week)}
        return week | {
            "valid_from": terms.valid_from, "valid_until": terms.valid_until, "season": terms.season,
            "audience": terms.audience, "release_days": terms.release_days, "also": also,
        }  # fmt: skip

    def clean(self) -> None:
        first, last = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Cette date vient avant la première. Corrigez l’une des deux."))

    def change(self) -> ChangeHours:
        values = self.cleaned_data
        chosen = values.get("also") or []
        return ChangeHours(
            self.resource,
            Terms(
                values["valid_from"], values["valid_until"], values["season"], values["audience"],
                values["release_days"],
            ),
            tuple(values[f"day{number}"] for number in range(7)),
            self.grid.terms if self.grid else None,
            tuple(one for one in self.others if str(one.id) in chosen),
        )  # fmt: skip


class ClosureForm(DeskForm):
    what = forms.ChoiceField(label=_("Que fermez-vous\u202f?"))
    first_day = day_field(_("Premier jour"))
    from_hour = hour_field(_("À partir de"), required=False, help_text=_("Vide\u202f: dès le matin."))
    last_day = day_field(_("Dernier jour"), help_text=_("Le même jour, pour une journée."))
    to_hour = hour_field(_("Jusqu’à"), required=False, help_text=_("Vide\u202f: jusqu’au soir."))
    why = forms.CharField(
        label=_("Raison, montrée au public"), max_length=160, required=False,
        help_text=_("Sur la page du lieu. Exemple\u202f: travaux, formation de l’équipe, fête de la commune."),
    )  # fmt: skip

    def __init__(self, data: Any, place: Place, what: str = "") -> None:
        self.place = place
        agendas = Agenda.objects.filter(place=place).order_by("name")
        self.resources = {
            str(one.id): one
            for agenda in agendas
            for one in Resource.objects.filter(agenda=agenda, active=True).select_related("agenda")
        }
        tomorrow = day_of(clock.now()) + timedelta(days=1)
        super().__init__(data, initial={"what": what, "first_day": tomorrow, "last_day": tomorrow})
        one_by_one = [(key, f"{one.agenda.name} · {one.name}") for key, one in self.resources.items()]
        self.fields["what"].choices = [("", str(_("Tout le lieu"))), *one_by_one]  # type: ignore[attr-defined]
        self.fields["what"].required = False

    def change(self) -> ClosePeriod:
        values = self.cleaned_data
        start = instant(values["first_day"], values["from_hour"] or time())
        if values["to_hour"]:
            end = instant(values["last_day"], values["to_hour"])
        else:
            end = instant(values["last_day"] + timedelta(days=1), time())
        return ClosePeriod(self.place, self.resources.get(values["what"]), start, end, values["why"])


class ExtraForm(DeskForm):
    resource = forms.ChoiceField(label=_("Quel guichet\u202f?"))
    day = day_field(_("Jour"))
    opens = hour_field(_("De"))
    closes = hour_field(_("À"))
    audience = forms.ChoiceField(label=_("Pour qui"), choices=Audience.choices)

    def __init__(self, data: Any, agenda: Agenda) -> None:
        found = Resource.objects.filter(agenda=agenda, active=True).select_related("agenda")
        self.resources = {str(one.id): one for one in found}
        super().__init__(data)
        self.fields["resource"].choices = [(key, one.name) for key, one in self.resources.items()]  # type: ignore[attr-defined]

    def change(self) -> AddOpening:
        values = self.cleaned_data
        start, end = (instant(values["day"], values[name]) for name in ("opens", "closes"))
        return AddOpening(self.resources[values["resource"]], start, end, values["audience"])
